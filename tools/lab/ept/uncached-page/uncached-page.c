// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of ordinary RAM that the guest maps UC-: what is uncached if the host
 * lets the guest decide.  It tells the two apart for the lab, where a special
 * page alone cannot.
 *
 * Parameters in sysfs: gfn, where it is; touch, written with a number: write to
 * the page and read from it that many times.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/set_memory.h>

#define WORDS	(PAGE_SIZE / sizeof(unsigned long))

static unsigned long *words;
static unsigned long gfn;
module_param(gfn, ulong, 0444);
MODULE_PARM_DESC(gfn, "guest frame number of the page");

static int touch(const char *value, const struct kernel_param *param)
{
	unsigned int i, times;
	int error = kstrtouint(value, 0, &times);

	if (error)
		return error;
	for (i = 0; i < times; i++) {
		WRITE_ONCE(words[i % WORDS], i);
		if (READ_ONCE(words[i % WORDS]) != i)
			return -EIO;
	}
	return 0;
}

static const struct kernel_param_ops touch_ops = { .set = touch };
module_param_cb(touch, &touch_ops, NULL, 0200);
MODULE_PARM_DESC(touch, "write and read this many times");

static int __init uncached_page_init(void)
{
	int error;

	words = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	if (!words)
		return -ENOMEM;
	error = set_memory_uc((unsigned long)words, 1);
	if (error) {
		free_page((unsigned long)words);
		return error;
	}
	gfn = virt_to_phys(words) >> PAGE_SHIFT;
	return 0;
}
module_init(uncached_page_init);

static void __exit uncached_page_exit(void)
{
	set_memory_wb((unsigned long)words, 1);
	free_page((unsigned long)words);
}
module_exit(uncached_page_exit);

MODULE_DESCRIPTION("A page of RAM mapped UC-, for the lab");
MODULE_LICENSE("GPL");
