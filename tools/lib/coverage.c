// SPDX-License-Identifier: GPL-2.0-only
/*
 * Added to the tests by tools/unit --coverage: writes what gcc has counted to the .gcda
 * files beside the objects when User Mode Linux halts.  The functions of libgcov that do
 * it at exit want a C library; this one, and the list of the objects, do not.
 */

#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <os.h>

#include "coverage.h"

/* Each object names the function that adds up the counts of several runs: there is one run. */
void __gcov_merge_add(s64 *counters, unsigned int nr)
{
}

static void coverage_filename(const char *name, void *arg)
{
	int *fd = arg;

	*fd = os_open_file(name, of_create(of_write(OPENFLAGS())), 0644);
	if (*fd < 0)
		pr_err("coverage: cannot write %s: %d\n", name, *fd);
}

static void coverage_dump(const void *data, unsigned int bytes, void *arg)
{
	int *fd = arg;

	if (*fd >= 0 && os_write_file(*fd, data, bytes) != bytes)
		pr_err("coverage: cannot write\n");
}

static void *coverage_allocate(unsigned int bytes, void *arg)
{
	return kzalloc(bytes, GFP_KERNEL);
}

static int coverage_write(struct notifier_block *block, unsigned long event, void *data)
{
	const struct gcov_info *const *info;
	int fd;

	for (info = __start_xsp_gcov_info; info != __stop_xsp_gcov_info; info++) {
		fd = -1;
		__gcov_info_to_gcda(*info, coverage_filename, coverage_dump, coverage_allocate,
				    &fd);
		if (fd >= 0)
			os_close_file(fd);
	}
	return NOTIFY_DONE;
}

static struct notifier_block coverage_at_halt = { .notifier_call = coverage_write };

static int __init coverage_init(void)
{
	return register_reboot_notifier(&coverage_at_halt);
}
late_initcall(coverage_init);
