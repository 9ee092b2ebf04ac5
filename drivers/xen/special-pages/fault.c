// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures on purpose, to test on a real host how a move is undone: calls to
 * the hypervisor fail as badly as a host can fail.  And a choice of how many
 * hypercalls a move makes, to compare them.  Only in kernels with fault
 * injection, and in test builds of the module.
 */

#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>

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

/* After a move, no CPU drops its TLB. */
static bool xsp_keep_tlb;

static const struct xsp_xen_ops *xsp_real_ops;
static struct xsp_xen_ops xsp_fault_ops;

static bool xsp_fault_hits(unsigned long gfn)
{
	return gfn < xsp_fail_map_below && should_fail(&xsp_fail_map, 1);
}

/* The page is gone from where it was, and is nowhere. */
static int xsp_fault_take_away(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	xsp_real_ops->map(space, idx, gfn);
	xsp_real_ops->unmap(gfn);
	return -ENOMEM;
}

static int xsp_fault_map(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	if (xsp_fault_hits(gfn))
		return xsp_fault_take_away(space, idx, gfn);
	return xsp_real_ops->map(space, idx, gfn);
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
		fails = xsp_fault_hits(some.gfns[some.nr]);
		if (fails)
			break;
		some.nr++;
	}
	if (some.nr)
		xsp_real_ops->map_batches(&some, 1);
	if (fails)
		some.err[some.nr] = xsp_fault_take_away(some.space, some.idx[some.nr],
							some.gfns[some.nr]);
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

static void xsp_fault_map_batches(struct xsp_batch *batches, unsigned int nr)
{
	unsigned int i, first;

	if (!xsp_fail_map.probability) {
		xsp_map_by_choice(batches, nr);
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
	debugfs_create_bool("keep_tlb", 0600, dir, &xsp_keep_tlb);
}
