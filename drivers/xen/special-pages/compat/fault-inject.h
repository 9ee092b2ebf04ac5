/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For test builds, on kernels without fault injection: as much of it as decides
 * by counting, with the same files.  There, see Documentation/fault-injection.
 */

#ifndef XSP_COMPAT_FAULT_INJECT_H
#define XSP_COMPAT_FAULT_INJECT_H

#include <linux/fault-inject.h>

#ifndef CONFIG_FAULT_INJECTION_DEBUG_FS
#include <linux/debugfs.h>
#include <linux/types.h>

struct compat_fault_attr {
	u32 probability;	/* per cent: 0 or 100 */
	u32 interval;		/* every so many calls */
	int times;		/* so often, -1: no limit */
	int space;		/* so much of it passes, less the size of the call that fails */
	u32 verbose;
	u32 count;
};

#undef DECLARE_FAULT_ATTR
#define DECLARE_FAULT_ATTR(_name)						\
	struct compat_fault_attr _name = { .interval = 1, .times = 1 }

static inline bool compat_should_fail(struct compat_fault_attr *attr, ssize_t size)
{
	if (!attr->probability || !attr->times)
		return false;
	if (attr->space > size) {
		attr->space -= size;
		return false;
	}
	if (attr->interval > 1 && ++attr->count % attr->interval)
		return false;
	if (attr->times > 0)
		attr->times--;
	return true;
}

static inline int compat_fault_get_int(void *data, u64 *value)
{
	*value = *(int *)data;
	return 0;
}

static inline int compat_fault_set_int(void *data, u64 value)
{
	*(int *)data = value;
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(compat_fault_int, compat_fault_get_int, compat_fault_set_int,
				"%lld\n");

static inline void compat_fault_create(const char *name, struct dentry *parent,
				       struct compat_fault_attr *attr)
{
	struct dentry *dir = debugfs_create_dir(name, parent);

	debugfs_create_u32("probability", 0600, dir, &attr->probability);
	debugfs_create_u32("interval", 0600, dir, &attr->interval);
	debugfs_create_u32("verbose", 0600, dir, &attr->verbose);
	debugfs_create_file_unsafe("times", 0600, dir, &attr->times, &compat_fault_int);
	debugfs_create_file_unsafe("space", 0600, dir, &attr->space, &compat_fault_int);
}

#define should_fail			compat_should_fail
#define fault_create_debugfs_attr	compat_fault_create
#endif

#endif
