// SPDX-License-Identifier: GPL-2.0-only
/* Carry out what the policy decides, through the whole life of the driver. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/string.h>

#include "cpu.h"
#include "kernel.h"
#include "placement.h"
#include "report.h"
#include "shared-info.h"
#include "source.h"
#include "special.h"

/* Where these pages are while in that placement.  The BAR is where the table was at boot. */
static const struct xsp_mapping *xsp_target(const struct xsp_special *special,
					     enum xsp_placement placement)
{
	if (placement == XSP_RANGE && special->range.nr && !special->stays)
		return &special->range;
	return &special->boot;
}

/* Returns 0 also if nothing had to move. */
static int xsp_shift(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_move move = { .check = &xsp->check };
	struct xsp_special *special;
	const struct xsp_mapping *to;
	int err;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		to = xsp_target(special, placement);
		if (special->refusal || xsp_pages_are_at(&special->pages, to))
			continue;
		move.steps[move.nr].mover = &special->mover;
		move.steps[move.nr++].to = to;
	}
	if (!move.nr)
		return 0;
	err = xsp_move(&move);
	xsp_report_trace(&move, err);
	if (err)
		return err;
	xsp->stats.moves++;
	xsp->stats.last_pause_ns = move.pause_ns;
	xsp->stats.max_pause_ns = max(xsp->stats.max_pause_ns, move.pause_ns);
	return 0;
}

/* RAM for the frame that shared_info has left, if it has. */
static int xsp_refill(const struct xsp *xsp)
{
	const struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	return xsp_special_in_boot_placement(info) ? 0 : xsp_shared_info_refill(info->boot.gfn[0]);
}

/*
 * Put RAM where shared_info was.  A guest that may not have a page more keeps
 * shared_info at boot; that is no reason to leave the grant table there.
 */
static void xsp_settle_shared_info(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	int err = xsp_refill(xsp);

	if (!err)
		return;
	info->stays = true;
	if (xsp_shift(xsp, placement))
		pr_err("gfn 0x%llx has no RAM any more\n", (u64)info->boot.gfn[0]);
	else
		pr_notice_ratelimited("shared_info stays: %s (error %d)\n",
				      xsp_why_info_stays(xsp), err);
}

static int xsp_move_to(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_whereabouts from = xsp_whereabouts(xsp), to;
	int err;

	xsp->special[XSP_SHARED_INFO].stays = false;
	err = xsp_shift(xsp, placement);
	if (err) {
		/* On the way back, the host may have taken the RAM before it failed. */
		(void)xsp_refill(xsp);
		xsp->stats.failed_moves++;
		pr_warn("moving special pages to %s failed with error %d, they stay where they were\n",
			xsp_placement_names[placement], err);
		return err;
	}
	xsp_settle_shared_info(xsp, placement);
	to = xsp_whereabouts(xsp);
	if (from.gfn[XSP_GRANT_TABLE] != to.gfn[XSP_GRANT_TABLE])
		xsp_report_move(&from, &to);
	return 0;
}

static struct xsp_decision xsp_decide(const struct xsp *xsp, enum xsp_placement request)
{
	const struct xsp_facts facts = {
		.range_error = xsp->window_err,
		.host_ipat = xsp->host.ipat,
		.bar_wb = xsp_bar_memtype(xsp) == XSP_MEMTYPE_WB,
	};

	return xsp_policy_decide(request, &facts);
}

static int xsp_carry_out(struct xsp *xsp, const struct xsp_decision *decision)
{
	int err = decision->error;

	if (!err)
		err = xsp_move_to(xsp, decision->placement);
	if (err)
		return err;
	xsp->state = decision->placement;
	xsp->why = decision->why;
	return 0;
}

static bool xsp_all_in_boot_placement(const struct xsp *xsp)
{
	return xsp_special_in_boot_placement(&xsp->special[XSP_GRANT_TABLE]) &&
	       xsp_special_in_boot_placement(&xsp->special[XSP_SHARED_INFO]);
}

/* A window is only given back when nothing is in it. */
static void xsp_close_window(struct xsp *xsp)
{
	if (!xsp_all_in_boot_placement(xsp))
		return;
	xsp->special[XSP_GRANT_TABLE].range = (struct xsp_mapping){};
	xsp->special[XSP_SHARED_INFO].range = (struct xsp_mapping){};
	xsp_window_close(&xsp->window);
	xsp->window_err = -ENODEV;
	scnprintf(xsp->window_why, sizeof(xsp->window_why), "none was looked for");
}

/* Without shared_info, if there is too little range for it: it does well in RAM. */
static void xsp_open_window(struct xsp *xsp, struct xsp_search *search)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	unsigned int infos = info->refusal || !xsp->want_shared_info ? 0 : info->pages.max;

	search->pages = table->pages.max + infos;
	xsp->window_err = xsp_window_open(&xsp->window, search, xsp->window_why);
	if (xsp->window_err == -ENOSPC && infos) {
		infos = 0;
		search->pages = table->pages.max;
		xsp->window_err = xsp_window_open(&xsp->window, search, xsp->window_why);
	}
	if (xsp->window_err)
		return;
	table->range = xsp_mapping_part(&xsp->window.mapping, 0, table->pages.max);
	info->range = xsp_mapping_part(&xsp->window.mapping, table->pages.max, infos);
}

static bool xsp_wants_range(enum xsp_placement request)
{
	return request == XSP_AUTO || request == XSP_RANGE;
}

/*
 * What this host offers.  Special pages are at boot.  A source that costs RAM
 * is not asked for a range that nobody wants.
 */
static void xsp_survey(struct xsp *xsp, enum xsp_placement request)
{
	enum xsp_source sources[XSP_SOURCES];
	struct xsp_search search = {
		.takes = xsp_source_takes,
		.host = &xsp->host,
		.sources = sources,
	};
	unsigned int i;

	for (i = 0; i < xsp->nr_sources; i++)
		if (!xsp_source_rows[xsp->sources[i]].costs_ram || xsp_wants_range(request))
			sources[search.nr_sources++] = xsp->sources[i];
	xsp_cpu_read_host(&xsp->host);
	/* A window that could not be closed has pages in it. */
	if (!xsp->refusal && !xsp->window.pieces)
		xsp_open_window(xsp, &search);
}

/* Have a window for a request that may need one, and no holes in RAM without need. */
static void xsp_before_request(struct xsp *xsp, enum xsp_placement request)
{
	if (xsp->window_err && xsp_wants_range(request))
		xsp_survey(xsp, request);
}

static void xsp_after_request(struct xsp *xsp)
{
	if (xsp->state != XSP_RANGE && xsp_window_costs_ram(&xsp->window))
		xsp_close_window(xsp);
}

/* Nobody waits for an answer: what cannot be had is logged and stays at boot. */
static void xsp_apply_request(struct xsp *xsp)
{
	struct xsp_decision decision = xsp_decide(xsp, xsp->request);
	char reason[XSP_WHY_BYTES * 2];
	int err = xsp_carry_out(xsp, &decision);

	xsp_after_request(xsp);
	if (err)
		xsp->why = decision.error ? decision.why : XSP_WHY_MOVE_FAILED;
	if (!err && xsp->why != XSP_WHY_BOOT_UNCACHED)
		return;
	xsp_report_reason(xsp, reason, sizeof(reason));
	pr_warn("placement %s, now at %s: %s\n",
		xsp_placement_names[xsp->request], xsp_placement_names[xsp->state], reason);
}

/**
 * xsp_placement_start() - find special pages and mapping them as requested
 * @xsp: the driver's state
 * @request: where special pages shall go
 *
 * What cannot be done is said in the reason, and leaves everything as it was.
 *
 * Context: process context, sleeps; nobody else uses @xsp yet.
 */
void xsp_placement_start(struct xsp *xsp, enum xsp_placement request)
{
	xsp->request = request;
	xsp->state = XSP_BOOT;
	xsp->why = XSP_WHY_BOOT_ASKED;
	xsp->window_err = -ENODEV;
	xsp_specials_prepare(xsp);
	xsp_survey(xsp, request);
	if (xsp->refusal)
		pr_notice("%s\n", xsp->refusal);
	else
		xsp_apply_request(xsp);
}

/**
 * xsp_placement_stop() - go back to boot and release everything
 * @xsp: the driver's state
 *
 * If the host does not let special pages go back, they stay where they work:
 * the window is kept for ever, it needs no driver.
 *
 * Context: process context, sleeps; nobody else uses @xsp any more.
 */
void xsp_placement_stop(struct xsp *xsp)
{
	if (xsp->refusal)
		return;
	xsp_move_to(xsp, XSP_BOOT);
	xsp_close_window(xsp);
	xsp_specials_release(xsp);
}

/**
 * xsp_placement_request() - carry out a request of the administrator
 * @xsp: the driver's state
 * @request: where special pages shall go
 *
 * Context: process context, takes @xsp->lock.
 * Return: 0; -EOPNOTSUPP if this guest cannot be moved, -EBUSY while it is
 * suspended, -EPERM, -ENODEV or -ENOSPC from the policy, or what the
 * hypervisor answered.  On an error nothing has changed.
 */
int xsp_placement_request(struct xsp *xsp, enum xsp_placement request)
{
	struct xsp_decision decision;
	int err;

	mutex_lock(&xsp->lock);
	if (xsp->refusal) {
		xsp_report_refused(request, xsp->refusal);
		err = -EOPNOTSUPP;
	} else if (xsp->suspended) {
		err = -EBUSY;
	} else {
		xsp_before_request(xsp, request);
		decision = xsp_decide(xsp, request);
		if (decision.error)
			xsp_report_refused(request, xsp_why_text(decision.why));
		err = xsp_carry_out(xsp, &decision);
		xsp_after_request(xsp);
	}
	if (!err)
		xsp->request = request;
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_suspend() - go back to boot, where the next kernel or host looks
 * @xsp: the driver's state
 *
 * Another host may not have this one's range; another kernel does not know of it,
 * and wants all of its RAM.  Requests get -EBUSY from now on.
 *
 * Context: process context, takes @xsp->lock.
 * Return: 0, or why special pages could not go back: do not suspend then.
 */
int xsp_placement_suspend(struct xsp *xsp)
{
	int err = 0;

	mutex_lock(&xsp->lock);
	if (!xsp->refusal)
		err = xsp_move_to(xsp, XSP_BOOT);
	if (!err) {
		xsp->state = XSP_BOOT;
		xsp->suspended = true;
		xsp_close_window(xsp);
	}
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_resume() - decide anew, from what this host says
 * @xsp: the driver's state
 *
 * Block devices may not work yet, so memory is allocated without them.
 *
 * Context: process context, sleeps, takes @xsp->lock.
 */
void xsp_placement_resume(struct xsp *xsp)
{
	unsigned int noio = memalloc_noio_save();

	mutex_lock(&xsp->lock);
	xsp->suspended = false;
	if (!xsp->refusal) {
		xsp_survey(xsp, xsp->request);
		xsp_apply_request(xsp);
	}
	mutex_unlock(&xsp->lock);
	memalloc_noio_restore(noio);
}

/**
 * xsp_placement_cpu_online() - a CPU has come up that was down in some moves
 * @xsp: the driver's state
 *
 * Whatever is in its TLB, from before it went down, must not be used.
 *
 * Context: on that CPU; no move is under way.
 */
void xsp_placement_cpu_online(struct xsp *xsp)
{
	if (xsp->refusal)
		return;
	xsp_tlbcheck_verify(&xsp->check);
	xsp_tlbcheck_report(&xsp->check);
	xsp_kernel_flush_tlb();
}
