// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures on purpose, to test on a real host how a move is undone: calls to
 * the hypervisor fail as badly as a host can fail.  And a choice of how many
 * hypercalls a move makes, to compare them.  Only in kernels with fault
 * injection, and in test builds of the module.
 *
 * In debugfs are the files of the kernel's fault injection, for pages that are mapped and
 * requests for RAM.  The parameter "fail" is there while the module is loaded, too.  It
 * counts the calls of each kind, of the whole driver, and lets those with certain numbers
 * fail: "fail=KIND:NUMBER", "fail=KIND:NUMBER:HOW-MANY", or several of them with commas
 * between.  Each writing of it counts from 1 again.  It reads as one line for each kind:
 * its name, the calls, how many of them failed, and what they have got that has not been
 * given back.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "compat/fault-inject.h"
#include "fault.h"
#include "special-pages.h"

/* Asked once for each page that is to be mapped at a frame below the limit. */
static DECLARE_FAULT_ATTR(xsp_fail_map);
static u64 xsp_fail_map_below = U64_MAX;

/* Asked once for each request for RAM. */
static DECLARE_FAULT_ATTR(xsp_fail_populate);

/* How many hypercalls map the pages of a move. */
enum { XSP_ONE, XSP_ONE_FOR_EACH_KIND, XSP_ONE_FOR_EACH_PAGE };
static u32 xsp_hypercalls = XSP_ONE;

/* How long they took in the last move, in nanoseconds. */
static u64 xsp_hypercalls_ns;

/* After a move, no CPU drops its TLB. */
static bool xsp_keep_tlb;

static const struct xsp_xen_ops *xsp_real_ops;
static struct xsp_xen_ops xsp_fault_ops;

/* --- calls by their number --- */

#define XSP_KIND_BYTES	16

/**
 * struct xsp_fault_count - calls of one kind
 * @calls: how many there were since the parameter was written
 * @first: the number of the first one that fails, 0 for none
 * @nr: how many fail, one after the other
 * @failed: how many have failed
 * @live: units that calls have got and not given back, since the driver was loaded
 *
 * Nothing serialises them but what serialises the driver's own work.
 */
struct xsp_fault_count {
	unsigned int calls;
	unsigned int first;
	unsigned int nr;
	unsigned int failed;
	int live;
};

static struct xsp_fault_count xsp_fault_counts[XSP_FAULTS_NR];

static const char * const xsp_fault_names[XSP_FAULTS_NR] = {
	[XSP_FAULT_HYPERCALL]		= "hypercall",
	[XSP_FAULT_ALLOCATION]		= "allocation",
	[XSP_FAULT_RESOURCE]		= "resource",
	[XSP_FAULT_MAPPING]		= "mapping",
	[XSP_FAULT_STOP]		= "stop",
	[XSP_FAULT_REGISTRATION]	= "registration",
	[XSP_FAULT_TAKEN]		= "taken",
	[XSP_FAULT_REFUSED]		= "refused",
	[XSP_FAULT_SILENT]		= "silent",
};

/* Counts a call of that kind.  Shall it fail?  Context: any, also with every CPU stopped. */
bool xsp_fault_fails(enum xsp_fault kind)
{
	struct xsp_fault_count *count = &xsp_fault_counts[kind];
	bool fails;

	count->calls++;
	fails = count->first && count->calls >= count->first &&
		count->calls - count->first < count->nr;
	count->failed += fails;
	return fails;
}

/* A call of that kind has got so many units, or has given them back.  Context: any. */
void xsp_fault_live(enum xsp_fault kind, int units)
{
	xsp_fault_counts[kind].live += units;
}

static void xsp_fault_restart(void)
{
	enum xsp_fault kind;

	for (kind = 0; kind < XSP_FAULTS_NR; kind++)
		xsp_fault_counts[kind] = (struct xsp_fault_count){
			.live = xsp_fault_counts[kind].live,
		};
}

/* One "KIND:NUMBER[:HOW-MANY]"; 0 or -EINVAL. */
static int xsp_fault_arm(const char *text)
{
	char name[XSP_KIND_BYTES];
	unsigned int first, nr = 1;
	int kind;

	if (sscanf(text, "%15[^:]:%u:%u", name, &first, &nr) < 2)
		return -EINVAL;
	kind = match_string(xsp_fault_names, XSP_FAULTS_NR, name);
	if (kind < 0)
		return kind;
	xsp_fault_counts[kind].first = first;
	xsp_fault_counts[kind].nr = nr;
	return 0;
}

static int xsp_fault_set(const char *text, const struct kernel_param *param)
{
	int err = 0;

	xsp_fault_restart();
	text = skip_spaces(text);
	while (!err && text && *text) {
		err = xsp_fault_arm(text);
		text = strchr(text, ',');
		if (text)
			text++;
	}
	return err;
}

static int xsp_fault_get(char *text, const struct kernel_param *param)
{
	const struct xsp_fault_count *count;
	enum xsp_fault kind;
	int len = 0;

	for (kind = 0; kind < XSP_FAULTS_NR; kind++) {
		count = &xsp_fault_counts[kind];
		len += scnprintf(text + len, PAGE_SIZE - len, "%s %u %u %d\n",
				 xsp_fault_names[kind], count->calls, count->failed, count->live);
	}
	return len;
}

static const struct kernel_param_ops xsp_fault_param_ops = {
	.set = xsp_fault_set,
	.get = xsp_fault_get,
};

module_param_cb(fail, &xsp_fault_param_ops, NULL, 0600);
MODULE_PARM_DESC(fail, "Test builds only: which calls fail, and how many there were");

/* The parameter goes with the module: the log has how many calls failed, and what is left. */
void xsp_fault_exit(void)
{
	const struct xsp_fault_count *count = xsp_fault_counts;
	enum xsp_fault kind;

	for (kind = 0; kind < XSP_FAULTS_NR; kind++, count++) {
		if (count->failed)
			pr_info("fault: %u of %u calls failed: %s\n", count->failed, count->calls,
				xsp_fault_names[kind]);
		if (count->live)
			pr_err("fault: %d not given back: %s\n", count->live,
			       xsp_fault_names[kind]);
	}
}

/* --- pages --- */

/* The page is gone from where it was, and is nowhere. */
static int xsp_fault_take_away(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	xsp_real_ops->map(space, idx, gfn);
	xsp_real_ops->unmap(gfn);
	return -ENOMEM;
}

/* Does this page fail?  Then the host's answer is in *@err. */
static bool xsp_fault_page(enum xsp_space space, unsigned long idx, unsigned long gfn, int *err)
{
	bool taken = xsp_fault_fails(XSP_FAULT_TAKEN);
	bool refused = xsp_fault_fails(XSP_FAULT_REFUSED);

	if (taken || (gfn < xsp_fail_map_below && should_fail(&xsp_fail_map, 1)))
		*err = xsp_fault_take_away(space, idx, gfn);
	else if (refused)
		*err = -ENOMEM;
	else
		return false;
	return true;
}

static int xsp_fault_map(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	int err;

	if (xsp_fault_page(space, idx, gfn, &err))
		return err;
	return xsp_real_ops->map(space, idx, gfn);
}

/* The same for a page of a batch, which may get no answer. */
static bool xsp_fault_entry(const struct xsp_batch *batch, unsigned int i)
{
	return xsp_fault_fails(XSP_FAULT_SILENT) ||
	       xsp_fault_page(batch->space, batch->idx[i], batch->gfns[i], &batch->err[i]);
}

/* Map the pages from @first on up to one that fails, which takes the next call's place. */
static unsigned int xsp_fault_map_some(const struct xsp_batch *batch, unsigned int first)
{
	struct xsp_batch some = {
		.space = batch->space,
		.idx = batch->idx + first,
		.gfns = batch->gfns + first,
		.err = batch->err + first,
	};
	bool fails = false;

	while (first + some.nr < batch->nr) {
		fails = xsp_fault_entry(&some, some.nr);
		if (fails)
			break;
		some.nr++;
	}
	if (some.nr)
		xsp_real_ops->map_batches(&some, 1);
	return some.nr + fails;
}

static void xsp_map_each_page(struct xsp_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr; i++)
		batch->err[i] = xsp_real_ops->map(batch->space, batch->idx[i], batch->gfns[i]);
}

static void xsp_map_by_choice(struct xsp_batch *batches, unsigned int nr)
{
	unsigned int i;

	if (xsp_hypercalls == XSP_ONE) {
		xsp_real_ops->map_batches(batches, nr);
		return;
	}
	for (i = 0; i < nr; i++) {
		if (xsp_hypercalls == XSP_ONE_FOR_EACH_KIND)
			xsp_real_ops->map_batches(&batches[i], 1);
		else
			xsp_map_each_page(&batches[i]);
	}
}

/* Can a page fail?  Otherwise the pages are counted, and mapped as without failures. */
static bool xsp_fault_pages_can_fail(void)
{
	return xsp_fail_map.probability || xsp_fault_counts[XSP_FAULT_TAKEN].first ||
	       xsp_fault_counts[XSP_FAULT_REFUSED].first ||
	       xsp_fault_counts[XSP_FAULT_SILENT].first;
}

static void xsp_fault_count_pages(const struct xsp_batch *batches, unsigned int nr)
{
	unsigned int i, pages = 0;

	for (i = 0; i < nr; i++)
		pages += batches[i].nr;
	xsp_fault_counts[XSP_FAULT_TAKEN].calls += pages;
	xsp_fault_counts[XSP_FAULT_REFUSED].calls += pages;
	xsp_fault_counts[XSP_FAULT_SILENT].calls += pages;
}

static void xsp_map_timed(struct xsp_batch *batches, unsigned int nr)
{
	u64 start = ktime_get_ns();

	xsp_map_by_choice(batches, nr);
	xsp_hypercalls_ns = ktime_get_ns() - start;
}

static void xsp_fault_map_batches(struct xsp_batch *batches, unsigned int nr)
{
	unsigned int i, first;

	if (!xsp_fault_pages_can_fail()) {
		xsp_fault_count_pages(batches, nr);
		xsp_map_timed(batches, nr);
		return;
	}
	for (i = 0; i < nr; i++)
		for (first = 0; first < batches[i].nr;)
			first += xsp_fault_map_some(&batches[i], first);
}

static unsigned int xsp_fault_populate(unsigned int nr, unsigned long *gfns)
{
	return should_fail(&xsp_fail_populate, 1) ? 0 : xsp_real_ops->populate(nr, gfns);
}

/* Shall this CPU use page-table entries from before the move?  Context: any. */
bool xsp_fault_keeps_tlb(void)
{
	return xsp_keep_tlb;
}

/* From now on the driver calls these functions; their files are in @dir, of debugfs. */
void xsp_fault_init(struct xsp *xsp, struct dentry *dir)
{
	/* Nothing is printed while all CPUs are stopped. */
	xsp_fail_map.verbose = 0;
	xsp_fail_populate.verbose = 0;
	xsp_real_ops = xsp->machine.xen;
	xsp_fault_ops = *xsp_real_ops;
	xsp_fault_ops.map = xsp_fault_map;
	xsp_fault_ops.map_batches = xsp_fault_map_batches;
	xsp_fault_ops.populate = xsp_fault_populate;
	xsp->machine.xen = &xsp_fault_ops;
	fault_create_debugfs_attr("fail_map", dir, &xsp_fail_map);
	debugfs_create_x64("fail_map_below", 0600, dir, &xsp_fail_map_below);
	fault_create_debugfs_attr("fail_populate", dir, &xsp_fail_populate);
	debugfs_create_u32("hypercalls", 0600, dir, &xsp_hypercalls);
	debugfs_create_u64("hypercalls_ns", 0400, dir, &xsp_hypercalls_ns);
	debugfs_create_bool("keep_tlb", 0600, dir, &xsp_keep_tlb);
}
