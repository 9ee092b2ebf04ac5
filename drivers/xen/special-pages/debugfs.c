// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures on purpose, so that going back can be tried on a real host:
 * fail_frame makes the next move fail at that frame of the grant table.
 */

#include <linux/debugfs.h>

#include "debugfs.h"
#include "special-pages.h"

static int xsp_fail_frame_get(void *data, u64 *frame)
{
	struct xsp *xsp = data;

	mutex_lock(&xsp->lock);
	*frame = xsp->mover.fail_frame;
	mutex_unlock(&xsp->lock);
	return 0;
}

static int xsp_fail_frame_set(void *data, u64 frame)
{
	struct xsp *xsp = data;
	int err = -EINVAL;

	mutex_lock(&xsp->lock);
	if (!xsp->refusal && frame < xsp->table.max) {
		xsp->mover.fail_frame = frame;
		err = 0;
	}
	mutex_unlock(&xsp->lock);
	return err;
}
DEFINE_DEBUGFS_ATTRIBUTE(xsp_fail_frame, xsp_fail_frame_get, xsp_fail_frame_set, "%lld\n");

struct dentry *xsp_debugfs_create(struct xsp *xsp)
{
	struct dentry *dir = debugfs_create_dir("xen-special-pages", NULL);

	debugfs_create_file_unsafe("fail_frame", 0600, dir, xsp, &xsp_fail_frame);
	return dir;
}
