// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures on purpose, so that going back can be tried on a real host: the next
 * move fails at that page of the grant table (fail_frame) or of shared_info
 * (fail_shared_info, which has page 0 only).
 */

#include <linux/debugfs.h>

#include "debugfs.h"
#include "special-pages.h"

static u64 xsp_fail_get(struct xsp *xsp, enum xsp_special_id id)
{
	int page;

	mutex_lock(&xsp->lock);
	page = xsp->special[id].mover.fail_page;
	mutex_unlock(&xsp->lock);
	return page;
}

static int xsp_fail_set(struct xsp *xsp, enum xsp_special_id id, u64 page)
{
	struct xsp_special *special = &xsp->special[id];
	int err = -EINVAL;

	mutex_lock(&xsp->lock);
	if (!special->refusal && page < special->pages.max) {
		special->mover.fail_page = page;
		err = 0;
	}
	mutex_unlock(&xsp->lock);
	return err;
}

static int xsp_fail_frame_get(void *data, u64 *page)
{
	*page = xsp_fail_get(data, XSP_GRANT_TABLE);
	return 0;
}

static int xsp_fail_frame_set(void *data, u64 page)
{
	return xsp_fail_set(data, XSP_GRANT_TABLE, page);
}
DEFINE_DEBUGFS_ATTRIBUTE(xsp_fail_frame, xsp_fail_frame_get, xsp_fail_frame_set, "%lld\n");

static int xsp_fail_info_get(void *data, u64 *page)
{
	*page = xsp_fail_get(data, XSP_SHARED_INFO);
	return 0;
}

static int xsp_fail_info_set(void *data, u64 page)
{
	return xsp_fail_set(data, XSP_SHARED_INFO, page);
}
DEFINE_DEBUGFS_ATTRIBUTE(xsp_fail_info, xsp_fail_info_get, xsp_fail_info_set, "%lld\n");

struct dentry *xsp_debugfs_create(struct xsp *xsp)
{
	struct dentry *dir = debugfs_create_dir("xen-special-pages", NULL);

	debugfs_create_file_unsafe("fail_frame", 0600, dir, xsp, &xsp_fail_frame);
	debugfs_create_file_unsafe("fail_shared_info", 0600, dir, xsp, &xsp_fail_info);
	return dir;
}
