// SPDX-License-Identifier: GPL-2.0-only
/* Carry out what the policy decides, from loading to removal. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/string.h>

#include "balloon.h"
#include "growth.h"
#include "placement.h"
#include "repair.h"
#include "report.h"
#include "special.h"

/* The host may have RAM again when another guest has gone. */
#define XSP_FILL_DELAY		(60 * HZ)

/* --- the module's reference to itself --- */

/* The driver has to be there while pages are away from boot, or RAM is with the host. */
static bool xsp_pin(struct xsp *xsp)
{
	if (!xsp->pinned)
		xsp->pinned = try_module_get(THIS_MODULE);
	return xsp->pinned;
}

static void xsp_unpin(struct xsp *xsp)
{
	enum xsp_state state = xsp_specials_state(xsp);

	if (!xsp->pinned || xsp_state_passage(state, XSP_EXIT_REMOVE) != XSP_PASSAGE_FREE)
		return;
	xsp->pinned = false;
	module_put(THIS_MODULE);
}

/*
 * RAM for the holes that nothing is mapped in.  Tells whether all have it; if not,
 * the driver has to be there to ask again.
 */
static bool xsp_fill_holes(struct xsp *xsp)
{
	if (!xsp_holes_fill(xsp->machine.xen))
		return true;
	xsp_pin(xsp);
	queue_delayed_work(system_freezable_wq, &xsp->repair, XSP_FILL_DELAY);
	return false;
}

/* --- moving --- */

/* Where these pages are while in that placement.  The BAR is where the kernel put the table. */
static const struct xsp_mapping *xsp_target(const struct xsp_special *special,
					    enum xsp_placement placement)
{
	if (placement == XSP_RANGE && special->range.nr && !special->stay)
		return &special->range;
	return &special->boot;
}

static void xsp_add_steps(struct xsp *xsp, struct xsp_move *move, enum xsp_placement placement)
{
	struct xsp_special *special;
	const struct xsp_mapping *to;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		to = xsp_target(special, placement);
		if (special->refusal || xsp_pages_are_at(&special->pages, to))
			continue;
		move->steps[move->nr].mover = &special->mover;
		move->steps[move->nr++].to = to;
	}
}

static void xsp_count_move(struct xsp_stats *stats, const struct xsp_move *move)
{
	if (move->err)
		stats->failed_moves++;
	else
		stats->moves++;
	stats->last_pause_ns = move->pause_ns;
	stats->max_pause_ns = max(stats->max_pause_ns, move->pause_ns);
}

static void xsp_run_move(struct xsp *xsp, struct xsp_move *move, enum xsp_placement placement)
{
	xsp_clear_way(move);
	xsp->moving = true;
	move->err = xsp_move(move);
	xsp->moving = false;
	xsp_count_move(&xsp->stats, move);
	xsp_report_move(xsp, move, placement);
	xsp_vacate(xsp);
	xsp_repair_later(xsp);
}

/*
 * Move whatever is not there yet.  Returns 0 also if nothing had to move; then a frame that
 * the host had no RAM for the last time may get some.
 */
static int xsp_place(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_special *special;
	struct xsp_move move = {
		.xen = xsp->machine.xen,
		.kernel = xsp->machine.kernel,
	};

	xsp_specials_choose_stay(xsp);
	xsp_add_steps(xsp, &move, placement);
	if (move.nr)
		xsp_run_move(xsp, &move, placement);
	else
		xsp_vacate(xsp);
	if (move.err)
		return -EIO;
	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		xsp_mover_arrived(&special->mover);
	return 0;
}

static bool xsp_all_in_boot_placement(const struct xsp *xsp)
{
	const struct xsp_special *special;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		if (!xsp_special_in_boot_placement(special))
			return false;
	return true;
}

/* Before the guest sleeps, or another kernel runs.  Tells whether all went back. */
static bool xsp_go_back(struct xsp *xsp, enum xsp_exit exit)
{
	int tries;

	for (tries = 0; tries < XSP_GO_BACK_TRIES; tries++) {
		if (xsp_state_passage(xsp_specials_state(xsp), exit) != XSP_PASSAGE_GO_BACK)
			break;
		xsp_repair(xsp);
		xsp_place(xsp, XSP_BOOT);
	}
	xsp->resting = XSP_BOOT;
	return xsp_all_in_boot_placement(xsp);
}

/* --- the window --- */

/*
 * A window is only given back when nothing is in it.  A page that is lost may be:
 * the host can refuse to map it back, and leave it where it is.  Holes in RAM are kept.
 */
static void xsp_close_window(struct xsp *xsp)
{
	struct xsp_special *special;

	if (xsp_specials_state(xsp) != XSP_STATE_BOOT)
		return;
	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		special->range = (struct xsp_mapping){};
	xsp->grown = false;
	xsp_window_close(&xsp->window);
	xsp->window_err = -ENODEV;
}

/* What fits goes, the rest stays; but all frames in use have to fit. */
static void xsp_open_window(struct xsp *xsp, struct xsp_search *search)
{
	search->pages = xsp_specials_frames(xsp);
	search->least = xsp_specials_least(xsp);
	xsp->window_err = xsp_window_open(&xsp->window, search, xsp->window_why);
	if (!xsp->window_err)
		xsp_specials_divide(xsp, search->least);
}

static bool xsp_wants_range(const struct xsp *xsp, enum xsp_placement request)
{
	return request == XSP_RANGE ||
	       (request == XSP_AUTO && !xsp_specials_boot_is_range(xsp));
}

/*
 * What this host offers.  A source that costs RAM is not asked for a range that
 * nobody wants.
 */
static void xsp_survey(struct xsp *xsp, enum xsp_placement request)
{
	enum xsp_source sources[XSP_SOURCES];
	struct xsp_search search = {
		.xen = xsp->machine.xen,
		.takes = xsp->machine.takes,
		.host = &xsp->host,
		.sources = sources,
	};
	unsigned int i;

	for (i = 0; i < xsp->nr_sources; i++)
		if (!xsp_source_rows[xsp->sources[i]].costs_ram || xsp_wants_range(xsp, request))
			sources[search.nr_sources++] = xsp->sources[i];
	xsp->machine.xen->read_host(&xsp->host);
	/* A window that could not be closed has pages in it. */
	if (!xsp->refusal && !xsp->window.pieces)
		xsp_open_window(xsp, &search);
}

static bool xsp_window_is_short(const struct xsp *xsp)
{
	return xsp->window_err || xsp->window.mapping.nr < xsp_specials_frames(xsp);
}

/* For a request that may need one, open a window, or a larger one if nothing is in it. */
static void xsp_before_request(struct xsp *xsp, enum xsp_placement request)
{
	if (!xsp_wants_range(xsp, request) || !xsp_window_is_short(xsp))
		return;
	xsp_close_window(xsp);
	xsp_survey(xsp, request);
}

/* Fill holes in RAM that are not needed. */
static void xsp_after_request(struct xsp *xsp)
{
	if (xsp_window_costs_ram(&xsp->window))
		xsp_close_window(xsp);
	xsp_growth_watch(xsp);
	if (xsp_fill_holes(xsp))
		xsp_unpin(xsp);
}

static void xsp_repair_work(struct work_struct *work)
{
	struct xsp *xsp = container_of(to_delayed_work(work), struct xsp, repair);

	mutex_lock(&xsp->lock);
	if (!xsp->suspended) {
		xsp_repair(xsp);
		xsp_after_request(xsp);
		xsp_repair_later(xsp);
	}
	mutex_unlock(&xsp->lock);
}

/* --- requests --- */

static struct xsp_decision xsp_decide(const struct xsp *xsp, enum xsp_placement request)
{
	const struct xsp_facts facts = {
		.range_error = xsp->window_err,
		.host_ipat = xsp->host.ipat,
		.bar_wb = xsp_bar_memtype(xsp) == XSP_MEMTYPE_WB,
		.boot_is_range = xsp_specials_boot_is_range(xsp),
		.guest_decides = xsp->guest_decides,
	};

	return xsp_policy_decide(request, &facts);
}

static int xsp_carry_out(struct xsp *xsp, const struct xsp_decision *decision)
{
	int err = decision->error;

	if (err)
		return err;
	if (decision->placement == XSP_RANGE && !xsp_pin(xsp))
		return -EBUSY;
	err = xsp_place(xsp, decision->placement);
	if (err)
		return err;
	xsp->resting = decision->placement == XSP_BAR ? XSP_BAR : XSP_BOOT;
	xsp->why = decision->why;
	return 0;
}

/* Nobody waits for an answer: if it cannot be met, that is logged and nothing moves. */
static void xsp_apply_request(struct xsp *xsp)
{
	struct xsp_decision decision = xsp_decide(xsp, xsp->request);
	int err = xsp_carry_out(xsp, &decision);

	if (err)
		xsp->why = decision.error ? decision.why : XSP_WHY_MOVE_FAILED;
	xsp_after_request(xsp);
	if (err || xsp->why == XSP_WHY_BOOT_UNCACHED || xsp->why == XSP_WHY_BOOT_UNSURE)
		xsp_report_request(xsp);
}

static int xsp_answer_request(struct xsp *xsp, enum xsp_placement request)
{
	struct xsp_decision decision;
	int err;

	xsp_repair(xsp);
	xsp_before_request(xsp, request);
	decision = xsp_decide(xsp, request);
	if (decision.error && request == XSP_RANGE)
		xsp_report_no_range(xsp, decision.why);
	else if (decision.error)
		xsp_report_refused(request, xsp_why_text(decision.why));
	err = xsp_carry_out(xsp, &decision);
	/* That there was no range before is not the reason any more. */
	if (err == -EIO && xsp_wants_range(xsp, xsp->request) &&
	    xsp_specials_state(xsp) == XSP_STATE_BOOT)
		xsp->why = XSP_WHY_MOVE_FAILED;
	xsp_after_request(xsp);
	return err;
}

/* --- the driver's life --- */

/**
 * xsp_placement_prepare() - find special pages, and be ready to move them
 * @xsp: the driver's state; unmovable is set if there is a reason not to look
 *
 * Nothing has moved after it.
 *
 * Context: process context, sleeps; nobody else uses @xsp yet.
 */
void xsp_placement_prepare(struct xsp *xsp)
{
	mutex_init(&xsp->lock);
	INIT_DELAYED_WORK(&xsp->repair, xsp_repair_work);
	xsp_growth_init(xsp);
	xsp->request = XSP_BOOT;
	xsp->resting = XSP_BOOT;
	xsp->why = XSP_WHY_BOOT_ASKED;
	xsp->window_err = -ENODEV;
	xsp_specials_prepare(xsp);
	xsp->refusal = xsp->unmovable;
	if (xsp->refusal)
		pr_notice("%s\n", xsp->refusal);
}

/**
 * xsp_placement_release() - undo xsp_placement_prepare()
 * @xsp: the driver's state
 *
 * All pages are in their boot placement: the module is pinned as long as they
 * are not.
 *
 * Context: process context, sleeps; nobody else uses @xsp any more.
 */
void xsp_placement_release(struct xsp *xsp)
{
	cancel_delayed_work_sync(&xsp->repair);
	cancel_delayed_work_sync(&xsp->growth);
	xsp_close_window(xsp);
	xsp_holes_fill(xsp->machine.xen);
	xsp_specials_release(xsp);
}

/**
 * xsp_placement_start() - place special pages as the administrator wants them
 * @xsp: the driver's state, prepared
 * @request: where special pages shall go
 *
 * If that cannot be done, nothing moves, and the reason is in sysfs and in the log.
 *
 * Context: process context, sleeps, takes the lock.
 */
void xsp_placement_start(struct xsp *xsp, enum xsp_placement request)
{
	mutex_lock(&xsp->lock);
	xsp->request = request;
	if (!xsp->suspended) {
		xsp_survey(xsp, request);
		if (!xsp->refusal)
			xsp_apply_request(xsp);
	}
	mutex_unlock(&xsp->lock);
}

/**
 * xsp_placement_request() - carry out a request of the administrator
 * @xsp: the driver's state
 * @request: where special pages shall go
 *
 * Context: process context, sleeps, takes the lock.
 * Return: 0; -EOPNOTSUPP if this guest cannot be moved; -EBUSY while it is
 * suspended, or the driver is being removed; -EPERM, -ENODEV, -ENOSPC or -ENOMEM
 * from the policy; -EIO if the move failed.  On an error the request before is still in
 * force; after -EIO some pages may have stayed at the new place, or be lost (reason says so).
 */
int xsp_placement_request(struct xsp *xsp, enum xsp_placement request)
{
	int err;

	mutex_lock(&xsp->lock);
	if (xsp->refusal) {
		xsp_report_refused(request, xsp->refusal);
		err = -EOPNOTSUPP;
	} else if (xsp->suspended) {
		err = -EBUSY;
	} else {
		err = xsp_answer_request(xsp, request);
	}
	if (!err)
		xsp->request = request;
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_suspend() - go back to the boot placement, where the kernel resumes
 * @xsp: the driver's state
 *
 * The next host may not have this one's range.  Holes in RAM stay holes: a migration
 * may not send RAM that is filled in now.  If the host does not let the pages go back,
 * xsp_placement_veto() reports it.  An error here would be too late: Linux would
 * resume as on another host.  Requests get -EBUSY from now on.
 *
 * Context: process context, takes the lock; allocates nothing.
 */
void xsp_placement_suspend(struct xsp *xsp)
{
	mutex_lock(&xsp->lock);
	xsp->suspended = true;
	xsp->went_back = xsp_go_back(xsp, XSP_EXIT_SUSPEND);
	xsp->veto = !xsp->went_back;
	if (xsp->veto)
		pr_warn("the host does not let special pages go back, so this guest cannot be saved or migrated now; try again later\n");
	xsp_close_window(xsp);
	mutex_unlock(&xsp->lock);
}

/**
 * xsp_placement_veto() - may the guest be suspended?
 * @xsp: the driver's state, after xsp_placement_suspend()
 *
 * Context: any, nobody else runs.
 * Return: 0, or -EBUSY if special pages could not go back.
 */
int xsp_placement_veto(struct xsp *xsp)
{
	return xsp->veto ? -EBUSY : 0;
}

/**
 * xsp_placement_resume() - decide again, from what this host says
 * @xsp: the driver's state
 *
 * It may be another host than before, or the same one because the suspend was
 * called off.  Block devices may not work yet, so memory is allocated without them.
 *
 * Context: process context, sleeps, takes the lock.
 */
void xsp_placement_resume(struct xsp *xsp)
{
	unsigned int noio = memalloc_noio_save();

	mutex_lock(&xsp->lock);
	if (xsp->went_back)
		xsp_specials_read_boot(xsp);
	xsp->went_back = false;
	xsp->suspended = false;
	xsp->veto = false;
	xsp_repair(xsp);
	xsp_close_window(xsp);
	xsp->refusal = xsp->unmovable ?: xsp_host_refusal(xsp->machine.xen);
	xsp_survey(xsp, xsp->request);
	if (xsp->refusal)
		xsp_after_request(xsp);
	else
		xsp_apply_request(xsp);
	mutex_unlock(&xsp->lock);
	memalloc_noio_restore(noio);
}

/**
 * xsp_placement_hand_over() - leave everything as the next kernel expects it
 * @xsp: the driver's state
 *
 * It looks for the grant table where the firmware put the BAR, and needs all of
 * its RAM.  Requests get -EBUSY from now on, until xsp_placement_resume().
 *
 * Context: process context, sleeps, takes the lock.
 * Return: whether all pages are in their boot placement, and no RAM is missing.
 */
bool xsp_placement_hand_over(struct xsp *xsp)
{
	bool home, whole;

	mutex_lock(&xsp->lock);
	xsp->suspended = true;
	xsp_go_back(xsp, XSP_EXIT_KEXEC);
	home = xsp_specials_state(xsp) == XSP_STATE_BOOT;
	if (!home)
		pr_crit("the host does not let special pages go back: the next kernel may not get its devices\n");
	xsp_close_window(xsp);
	/* The window is still open if a page could be in it. */
	whole = !xsp_holes_fill(xsp->machine.xen) && !xsp_window_costs_ram(&xsp->window);
	if (!whole)
		pr_crit("the host does not give RAM back: the next kernel may fail\n");
	mutex_unlock(&xsp->lock);
	return home && whole;
}
