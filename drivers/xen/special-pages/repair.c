// SPDX-License-Identifier: GPL-2.0-only
/* Frames that the host took: get them back, and fill those that pages have left. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/jiffies.h>
#include <linux/printk.h>

#include "repair.h"
#include "report.h"
#include "special.h"

#define XSP_REPAIR_DELAY	HZ

/*
 * Take away the RAM in frames that pages come back to, while the guest still runs.  After
 * a move that failed, xsp_vacate() gives it back.
 */
void xsp_clear_way(const struct xsp_move *move)
{
	const struct xsp_special *special;
	const struct xsp_kind *kind;
	unsigned int i;

	for (i = 0; i < move->nr; i++) {
		special = container_of(move->steps[i].mover, struct xsp_special, mover);
		kind = special->pages.kind;
		if (kind->returning && move->steps[i].to == &special->boot &&
		    !special->mover.nr_lost)
			kind->returning(&special->pages, &special->boot);
	}
}

/* Give RAM to the frames that pages have left, where their kind needs it. */
void xsp_vacate(struct xsp *xsp)
{
	const struct xsp_special *special;
	const struct xsp_kind *kind;
	int err;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		kind = special->pages.kind;
		if (xsp_special_in_boot_placement(special) || !kind->vacated)
			continue;
		err = kind->vacated(&special->pages, &special->boot);
		if (err)
			pr_warn_ratelimited("gfn 0x%lx, which %s has left, has no RAM (error %d): a crash kernel may not start\n",
					    special->boot.gfn[0], kind->name, err);
	}
}

/* Ask for what the host took.  Context: process context, the caller holds the lock. */
void xsp_repair(struct xsp *xsp)
{
	struct xsp_special *special;

	if (xsp_specials_state(xsp) != XSP_STATE_FAILED)
		return;
	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		if (!special->refusal)
			xsp_mover_repair(&special->mover, xsp->machine.xen);
	if (xsp_specials_state(xsp) == XSP_STATE_FAILED)
		return;
	xsp_report_repaired(xsp);
	xsp_vacate(xsp);
}

/* A worker tries again.  Context: process context, the caller holds the lock. */
void xsp_repair_later(struct xsp *xsp)
{
	if (xsp_specials_state(xsp) == XSP_STATE_FAILED)
		mod_delayed_work(system_freezable_wq, &xsp->repair, XSP_REPAIR_DELAY);
}
