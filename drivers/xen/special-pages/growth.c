// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grant table grows while the guest runs.  If the range has room for its first
 * frames only, see the table grow beyond them: access to those others is as before.
 */

#include <linux/jiffies.h>

#include "growth.h"
#include "report.h"
#include "special.h"

/* The kernel tells nobody that the table grows, so the hypervisor is asked. */
#define XSP_GROWTH_DELAY	(10 * HZ)

static bool xsp_growth_possible(const struct xsp_special *table)
{
	return !table->refusal && table->range.nr < table->pages.max &&
	       !xsp_special_in_boot_placement(table);
}

/**
 * xsp_growth_watch() - look from now on whether the grant table grows beyond the range
 * @xsp: the driver's state
 *
 * It ends by itself when the grant table leaves the range, or has grown beyond it.
 *
 * Context: process context; the caller holds the lock.
 */
void xsp_growth_watch(struct xsp *xsp)
{
	const struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];

	if (!xsp_growth_possible(table)) {
		xsp->grown = false;
		return;
	}
	if (!xsp->grown)
		queue_delayed_work(system_freezable_wq, &xsp->growth, XSP_GROWTH_DELAY);
}

/* One line when the first frame is outside. */
static void xsp_growth_look(struct xsp *xsp)
{
	const struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	unsigned int outside;

	if (xsp->grown || !xsp_growth_possible(table))
		return;
	outside = xsp_special_outside(table);
	if (!outside)
		return;
	xsp_report_grown(outside);
	xsp->grown = true;
}

static void xsp_growth_work(struct work_struct *work)
{
	struct xsp *xsp = container_of(to_delayed_work(work), struct xsp, growth);

	mutex_lock(&xsp->lock);
	if (!xsp->suspended) {
		xsp_growth_look(xsp);
		xsp_growth_watch(xsp);
	}
	mutex_unlock(&xsp->lock);
}

/* No CPU wakes up for it.  Context: any; nobody else uses @xsp yet. */
void xsp_growth_init(struct xsp *xsp)
{
	INIT_DEFERRABLE_WORK(&xsp->growth, xsp_growth_work);
}
