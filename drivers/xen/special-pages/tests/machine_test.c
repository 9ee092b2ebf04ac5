// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of moving, going back, suspending, resuming, kexec and removal on
 * a made-up machine (machine.c): every step that can fail fails once, a few times
 * in a row, and from then on.  After each act the record of the kernel, its
 * page-table entries and the hypervisor's map must agree, and the driver must say
 * what is true.
 */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../placement.h"
#include "../repair.h"
#include "../report.h"
#include "../special.h"
#include "machine.h"
#include "rows.h"

/*
 * Acts
 */

enum act {
	ACT_NONE,
	ACT_START_AUTO,		/* the driver is loaded with placement=auto */
	ACT_START_BOOT,
	ACT_AUTO,		/* the administrator asks for a placement */
	ACT_RANGE,
	ACT_BAR,
	ACT_BOOT,
	ACT_SUSPEND,
	ACT_RESUME,
	ACT_KEXEC,
	ACT_REPAIR,		/* the repair's time has come */
	ACT_GROW,		/* the kernel maps another grant frame */
	ACT_LOOK,		/* it is time to look whether it did */
	ACT_HOST_V2,		/* the next host has grant tables of version 2 */
	ACT_HOST_BARE,		/* it has no range */
	ACT_HOST_SMALL,		/* its range has one frame less than there can be pages */
	ACTS
};

static const char * const act_names[ACTS] = {
	[ACT_START_AUTO]	= "start auto",
	[ACT_START_BOOT]	= "start boot",
	[ACT_AUTO]		= "request auto",
	[ACT_RANGE]		= "request range",
	[ACT_BAR]		= "request bar",
	[ACT_BOOT]		= "request boot",
	[ACT_SUSPEND]		= "suspend",
	[ACT_RESUME]		= "resume",
	[ACT_KEXEC]		= "kexec",
	[ACT_REPAIR]		= "repair",
	[ACT_GROW]		= "grow",
	[ACT_LOOK]		= "look",
	[ACT_HOST_V2]		= "host v2",
	[ACT_HOST_BARE]		= "host without a range",
	[ACT_HOST_SMALL]	= "host with a small range",
};

static const enum xsp_placement act_requests[ACTS] = {
	[ACT_START_AUTO]	= XSP_AUTO,
	[ACT_START_BOOT]	= XSP_BOOT,
	[ACT_AUTO]		= XSP_AUTO,
	[ACT_RANGE]		= XSP_RANGE,
	[ACT_BAR]		= XSP_BAR,
	[ACT_BOOT]		= XSP_BOOT,
};

static bool act_is_request(enum act act)
{
	return act >= ACT_AUTO && act <= ACT_BOOT;
}

static bool act_is_departure(enum act act)
{
	return act == ACT_SUSPEND || act == ACT_KEXEC;
}

/* The driver places pages as it was asked to. */
static bool act_places(enum act act)
{
	return act_is_request(act) || act == ACT_START_AUTO || act == ACT_START_BOOT ||
	       act == ACT_RESUME;
}

/*
 * What is true, as seen from the machine
 */

/**
 * struct truth - what is true of pages of one kind
 * @away: pages, in use or not, that the kernel has outside of the boot placement
 * @lost: pages in use that are not where the kernel has them
 */
struct truth {
	unsigned int away;
	unsigned int lost;
};

static struct truth truth_of(const struct xsp_model_pages *pages)
{
	struct truth truth = {};
	unsigned int i;

	for (i = 0; i < pages->max; i++) {
		truth.away += pages->gfn[i] != pages->home + i;
		truth.lost += i < pages->nr && pages->where[i] != pages->gfn[i];
	}
	return truth;
}

static bool all_are_home(const struct xsp_model *model)
{
	unsigned int id;

	for (id = 0; id < XSP_SPECIALS; id++)
		if (truth_of(&model->pages[id]).away)
			return false;
	return true;
}

static unsigned int all_hits(const struct xsp_model *model)
{
	unsigned int point, hits = 0;

	for (point = 0; point < XSP_MODEL_POINTS; point++)
		hits += model->hits[point];
	return hits;
}

/* Apart from lost pages, which the driver has to count. */
static enum xsp_state true_state(const struct xsp_model *model)
{
	bool away = false, left = false, mixed = false;
	unsigned int id;

	for (id = 0; id < XSP_SPECIALS; id++) {
		const struct xsp_special *special = &model->xsp.special[id];
		struct truth truth = truth_of(&model->pages[id]);

		if (special->refusal)
			continue;
		away |= truth.away > 0;
		left |= !truth.away && !special->stay;
		mixed |= truth.away && truth.away != special->range.nr;
	}
	if (!away)
		return XSP_STATE_BOOT;
	return mixed || left ? XSP_STATE_PARTLY : XSP_STATE_RANGE;
}

/*
 * Checks after each act: they note the first thing that is wrong.
 */

/* The record, the page tables, the TLB and the hypervisor's map agree on a page. */
static void check_page(struct xsp_model *model, enum xsp_special_id id, unsigned int page)
{
	const struct xsp_special *special = &model->xsp.special[id];
	const struct xsp_model_pages *pages = &model->pages[id];
	unsigned long gfn = pages->gfn[page];
	bool home = gfn == pages->home + page;
	const struct xsp_mapping *mapping = home ? &special->boot : &special->range;
	u64 pat = model->xsp.machine.xen->read_pat();

	if (page >= mapping->nr || gfn != mapping->gfn[page]) {
		xsp_model_wrong(model, "kind %u page %u is at 0x%lx", id, page, gfn);
		return;
	}
	if (pte_pfn(pages->pte[page]) != gfn)
		xsp_model_wrong(model, "kind %u page %u: record 0x%lx, page table 0x%lx", id,
				page, gfn, (unsigned long)pte_pfn(pages->pte[page]));
	if (xsp_memtype_of_pte(pte_val(pages->pte[page]), pat) !=
	    xsp_memtype_of_pte(pte_val(mapping->pte[page]), pat))
		xsp_model_wrong(model, "kind %u page %u has a wrong memory type", id, page);
	if (pte_val(pages->tlb[page]) != pte_val(pages->pte[page]))
		xsp_model_wrong(model, "kind %u page %u: the TLB is stale", id, page);
	if (page < pages->nr && pages->where[page] != gfn &&
	    !special->mover.lost[page])
		xsp_model_wrong(model, "kind %u page %u is lost, and nobody knows", id, page);
}

static void check_counts(struct xsp_model *model, enum xsp_special_id id)
{
	const struct xsp_mover *mover = &model->xsp.special[id].mover;
	unsigned int i, lost = 0;

	for (i = 0; i < model->pages[id].max; i++)
		lost += mover->lost[i];
	if (lost != mover->nr_lost)
		xsp_model_wrong(model, "kind %u: %u pages lost, counted %u", id, lost,
				mover->nr_lost);
	if (mover->nr_astray > model->pages[id].nr)
		xsp_model_wrong(model, "kind %u: %u pages astray", id, mover->nr_astray);
}

static void check_pages(struct xsp_model *model)
{
	unsigned int id, i;

	for (id = 0; id < XSP_SPECIALS; id++) {
		if (model->xsp.special[id].refusal)
			continue;
		check_counts(model, id);
		for (i = 0; i < model->pages[id].max; i++)
			check_page(model, id, i);
	}
}

static unsigned int counted_lost(const struct xsp *xsp)
{
	return xsp->special[XSP_GRANT_TABLE].mover.nr_lost +
	       xsp->special[XSP_SHARED_INFO].mover.nr_lost;
}

static void check_state(struct xsp_model *model)
{
	enum xsp_state expect = true_state(model), got = xsp_specials_state(&model->xsp);

	if (counted_lost(&model->xsp))
		expect = XSP_STATE_FAILED;
	if (got != expect)
		xsp_model_wrong(model, "state %s, in truth %s", xsp_state_names[got],
				xsp_state_names[expect]);
	if (got != XSP_STATE_BOOT && !model->xsp.pinned)
		xsp_model_wrong(model, "the driver can be removed in state %s",
				xsp_state_names[got]);
}

static const char *expected_word(const struct xsp_model *model)
{
	if (xsp_specials_state(&model->xsp) == XSP_STATE_FAILED)
		return "failed";
	if (truth_of(&model->pages[XSP_GRANT_TABLE]).away)
		return "range";
	return model->xsp.resting == XSP_BAR ? "bar" : "boot";
}

/* How the reason begins, and a text in it. */
static void expected_reason(const struct xsp_model *model, const char **start,
			    const char **inside)
{
	const struct xsp *xsp = &model->xsp;

	*start = xsp->refusal ?: xsp_why_text(xsp->why);
	*inside = "";
	if (xsp->refusal)
		return;
	switch (xsp_specials_state(xsp)) {
	case XSP_STATE_FAILED:
		*start = "the host took ";
		*inside = " and gave them back nowhere, the driver tries again";
		break;
	case XSP_STATE_PARTLY:
		*start = "";
		*inside = " could not follow the others, see the kernel log; all of them work";
		break;
	case XSP_STATE_RANGE:
		*inside = " (source ";
		break;
	default:
		break;
	}
}

/* A kind is in the reason if and only if the reason is about it. */
static bool reason_names(const struct xsp *xsp, const struct xsp_special *special)
{
	switch (xsp_specials_state(xsp)) {
	case XSP_STATE_FAILED:
		return special->mover.nr_lost;
	case XSP_STATE_PARTLY:
		return special->mover.nr_astray;
	case XSP_STATE_RANGE:
		return xsp_special_in_boot_placement(special) ||
		       special->range.nr < special->pages.max;
	default:
		return false;
	}
}

static void check_reason_kinds(struct xsp_model *model, const char *reason)
{
	char pages[XSP_MODEL_TEXT];
	unsigned int id, nr;

	for (id = 0; id < XSP_SPECIALS; id++) {
		const struct xsp_special *special = &model->xsp.special[id];
		const char *name = special->pages.kind->name;

		if (!strstr(reason, name) != !reason_names(&model->xsp, special))
			xsp_model_wrong(model, "about the %s, the reason says: %s", name, reason);
		nr = special->mover.nr_lost;
		scnprintf(pages, sizeof(pages), "%u page%s of %s", nr, nr == 1 ? "" : "s", name);
		if (nr && !strstr(reason, pages))
			xsp_model_wrong(model, "%s lost, the reason says: %s", pages, reason);
	}
}

static void check_words(struct xsp_model *model)
{
	const char *start, *inside, *state = xsp_report_state(&model->xsp);
	char reason[2 * XSP_MODEL_TEXT];

	if (strcmp(state, expected_word(model)))
		xsp_model_wrong(model, "says %s, not %s", state, expected_word(model));
	xsp_report_reason(&model->xsp, reason, sizeof(reason));
	expected_reason(model, &start, &inside);
	if (strncmp(reason, start, strlen(start)) || !strstr(reason, inside))
		xsp_model_wrong(model, "the reason says: %s", reason);
	if (!model->xsp.refusal && xsp_specials_state(&model->xsp) != XSP_STATE_BOOT)
		check_reason_kinds(model, reason);
}

/* The frame that shared_info has left gets RAM, unless the host does not give it. */
static void check_ram(struct xsp_model *model)
{
	const struct xsp_special *special = &model->xsp.special[XSP_SHARED_INFO];
	const struct xsp_model_pages *pages = &model->pages[XSP_SHARED_INFO];

	if (!special->refusal && !special->mover.nr_lost && !model->hits[XSP_MODEL_POPULATE] &&
	    truth_of(pages).away && model->frames[pages->home].what != XSP_MODEL_RAM)
		xsp_model_wrong(model, "the frame that shared_info has left has no RAM");
}

static void check_stats(struct xsp_model *model)
{
	const struct xsp_stats *stats = &model->xsp.stats;

	if (stats->moves + stats->failed_moves != model->count[XSP_MODEL_STOP])
		xsp_model_wrong(model, "%llu moves and %llu failures in %u stops", stats->moves,
				stats->failed_moves, model->count[XSP_MODEL_STOP]);
	if (stats->last_pause_ns != model->last_pause || stats->max_pause_ns != model->max_pause)
		xsp_model_wrong(model, "pause %llu, most %llu; in truth %llu and %llu",
				stats->last_pause_ns, stats->max_pause_ns, model->last_pause,
				model->max_pause);
}

/* Pieces are given back when nothing is in them, or kept for the next request. */
static void check_window(struct xsp_model *model, enum act act)
{
	bool lost = counted_lost(&model->xsp), home = all_are_home(model);
	const struct xsp_piece *piece;
	unsigned int id, pieces = 0;

	for (piece = model->xsp.window.pieces; piece; piece = piece->next)
		pieces++;
	if (pieces != model->pieces)
		xsp_model_wrong(model, "%u pieces, %u taken", pieces, model->pieces);
	if (!home && !pieces)
		xsp_model_wrong(model, "the window is closed, and pages are in it");
	/* A page that is lost may be there. */
	if (home && !lost && pieces && act_is_departure(act))
		xsp_model_wrong(model, "the window is still open");
	if (home && !lost && pieces && !model->room && (act_places(act) || act == ACT_REPAIR))
		xsp_model_wrong(model, "RAM is missing without need");
	for (id = 0; id < XSP_SPECIALS && !pieces; id++)
		if (model->xsp.special[id].range.nr)
			xsp_model_wrong(model, "kind %u has frames of a closed window", id);
}

/**
 * struct before - what was true before an act
 * @gfn: the kernel's record of each page
 * @astray: how many pages of each kind were astray
 * @home: all pages were in the boot placement
 * @request: the placement that was asked for
 * @hits: failures on purpose
 * @stops: how often all CPUs were stopped
 * @failed_moves: the driver's count
 */
struct before {
	unsigned long gfn[XSP_SPECIALS][XSP_MODEL_PAGES];
	unsigned int astray[XSP_SPECIALS];
	bool home;
	enum xsp_placement request;
	unsigned int hits;
	unsigned int stops;
	u64 failed_moves;
};

static struct before look(const struct xsp_model *model)
{
	struct before before = {
		.home = all_are_home(model),
		.request = model->xsp.request,
		.hits = all_hits(model),
		.stops = model->count[XSP_MODEL_STOP],
		.failed_moves = model->xsp.stats.failed_moves,
	};
	unsigned int id;

	for (id = 0; id < XSP_SPECIALS; id++) {
		memcpy(before.gfn[id], model->pages[id].gfn, sizeof(before.gfn[id]));
		before.astray[id] = model->xsp.special[id].mover.nr_astray;
	}
	return before;
}

/* A failed move moves no page, except for those that are astray now, or were before. */
static void check_unmoved(struct xsp_model *model, const struct before *before)
{
	unsigned int id, i, moved;

	for (id = 0; id < XSP_SPECIALS; id++) {
		moved = 0;
		for (i = 0; i < model->pages[id].max; i++)
			moved += model->pages[id].gfn[i] != before->gfn[id][i];
		if (moved > model->xsp.special[id].mover.nr_astray + before->astray[id])
			xsp_model_wrong(model, "kind %u: %u pages moved, %u counted", id, moved,
					model->xsp.special[id].mover.nr_astray);
	}
}

/* Whoever can be in the placement that was asked for is there. */
static void check_arrived(struct xsp_model *model, enum xsp_placement request)
{
	bool stays = model->pages[XSP_GRANT_TABLE].home == XSP_MODEL_CHOSEN;
	bool asked = request == XSP_RANGE || (request == XSP_AUTO && !stays);
	bool range = asked && !model->xsp.window_err;
	unsigned int id;

	for (id = 0; id < XSP_SPECIALS; id++) {
		const struct xsp_special *special = &model->xsp.special[id];
		unsigned int away = truth_of(&model->pages[id]).away;
		bool goes = range && !special->refusal && !special->unwanted && special->range.nr;

		if (away != (goes ? special->range.nr : 0))
			xsp_model_wrong(model, "kind %u is not where it was asked to be", id);
	}
}

static void check_answer(struct xsp_model *model, enum act act, const struct before *before,
			 int err)
{
	enum xsp_placement request = act_requests[act];
	bool failed = model->xsp.stats.failed_moves != before->failed_moves;

	if (model->xsp.refusal) {
		if (err != -EOPNOTSUPP)
			xsp_model_wrong(model, "refused, but the answer is %d", err);
		return;
	}
	if (err != (failed ? -EIO : 0))
		xsp_model_wrong(model, "%s, but the answer is %d",
				failed ? "a move failed" : "no move failed", err);
	if (model->xsp.request != (err ? before->request : request))
		xsp_model_wrong(model, "remembers the wrong request");
	if (err)
		check_unmoved(model, before);
	else
		check_arrived(model, request);
}

/* While the guest is suspended nothing moves. */
static void check_busy(struct xsp_model *model)
{
	unsigned int stops = model->count[XSP_MODEL_STOP];

	if (model->xsp.refusal)
		return;
	if (xsp_placement_request(&model->xsp, XSP_RANGE) != -EBUSY ||
	    model->count[XSP_MODEL_STOP] != stops)
		xsp_model_wrong(model, "a request is carried out while suspended");
}

static void check_departure(struct xsp_model *model, enum act act, const struct before *before)
{
	bool home = all_are_home(model);

	if (act == ACT_SUSPEND && xsp_placement_veto(&model->xsp) != (home ? 0 : -EBUSY))
		xsp_model_wrong(model, "pages are %s, the veto is %d", home ? "back" : "away",
				xsp_placement_veto(&model->xsp));
	if (!home && all_hits(model) == before->hits)
		xsp_model_wrong(model, "pages did not go back although nothing failed");
	if (!home && model->count[XSP_MODEL_STOP] - before->stops < XSP_GO_BACK_TRIES)
		xsp_model_wrong(model, "gave up after %u tries",
				model->count[XSP_MODEL_STOP] - before->stops);
	check_busy(model);
}

static void check_placed(struct xsp_model *model, enum act act, const struct before *before)
{
	bool home = xsp_specials_state(&model->xsp) == XSP_STATE_BOOT;

	if (model->xsp.pinned == home)
		xsp_model_wrong(model, "%s the driver", home ? "pins" : "does not pin");
	if (!model->xsp.refusal && all_hits(model) == before->hits)
		check_arrived(model, model->xsp.request);
	if (xsp_placement_veto(&model->xsp))
		xsp_model_wrong(model, "vetoes without a suspend");
	/* It came with nothing in the range, and this host has none. */
	if (act == ACT_RESUME && before->home && all_hits(model) == before->hits &&
	    model->pieces && !model->room && !model->holes)
		xsp_model_wrong(model, "has the window of another host");
}

/* As long as a page is lost, the repair is on its way.  Nobody waits for it here. */
static void check_repair(struct xsp_model *model, bool *armed)
{
	*armed |= cancel_delayed_work_sync(&model->xsp.repair);
	if (counted_lost(&model->xsp) && !*armed)
		xsp_model_wrong(model, "nobody repairs");
	if (!counted_lost(&model->xsp))
		*armed = false;
}

/*
 * While the grant table is in a range that is too small for all of it, somebody looks
 * whether it grows, and tells so once.  Nobody waits for it here.
 */
static void check_growth(struct xsp_model *model, enum act act)
{
	const struct xsp_special *table = &model->xsp.special[XSP_GRANT_TABLE];
	const struct xsp_model_pages *pages = &model->pages[XSP_GRANT_TABLE];
	bool armed = cancel_delayed_work_sync(&model->xsp.growth);
	bool small = !table->refusal && truth_of(pages).away && table->range.nr < pages->max;

	if ((act_places(act) || act == ACT_LOOK) && armed != (small && !model->xsp.grown))
		xsp_model_wrong(model, "%s sees it grow", armed ? "somebody" : "nobody");
	/* A hypervisor that does not answer has not said that it has grown. */
	if (act == ACT_LOOK && !model->hits[XSP_MODEL_FRAMES] &&
	    model->xsp.grown != (small && pages->nr > table->range.nr))
		xsp_model_wrong(model, "%s that it has grown", model->xsp.grown ? "says" :
				"does not say");
}

/*
 * Doing it
 */

static int carry_out(struct xsp_model *model, enum act act)
{
	struct xsp *xsp = &model->xsp;

	switch (act) {
	case ACT_START_AUTO:
	case ACT_START_BOOT:
		xsp_placement_start(xsp, act_requests[act]);
		return 0;
	case ACT_SUSPEND:
		xsp_placement_suspend(xsp);
		return 0;
	case ACT_RESUME:
		model->in_resume = true;
		xsp_placement_resume(xsp);
		model->in_resume = false;
		return 0;
	case ACT_KEXEC:
		return xsp_placement_hand_over(xsp) ? 0 : -EBUSY;
	case ACT_REPAIR:
		xsp->repair.work.func(&xsp->repair.work);
		return 0;
	case ACT_GROW:
		xsp_model_grow(model);
		return 0;
	case ACT_LOOK:
		xsp->growth.work.func(&xsp->growth.work);
		return 0;
	case ACT_HOST_V2:
		model->v2 = true;
		return 0;
	case ACT_HOST_BARE:
		model->room = 0;
		return 0;
	case ACT_HOST_SMALL:
		model->room = model->pages[XSP_GRANT_TABLE].max;
		return 0;
	default:
		return xsp_placement_request(xsp, act_requests[act]);
	}
}

/* Returns what the driver answered. */
static int do_act(struct xsp_model *model, enum act act)
{
	int err;

	model->in_act = true;
	err = carry_out(model, act);
	model->in_act = false;
	if (!mutex_is_locked(&model->xsp.lock))
		return err;
	xsp_model_wrong(model, "keeps the lock after %s", act_names[act]);
	mutex_unlock(&model->xsp.lock);
	return err;
}

/* The same. */
static int act_and_check(struct xsp_model *model, enum act act, bool *armed)
{
	struct before before = look(model);
	int err = do_act(model, act);

	/* That was the repair that was on its way. */
	if (act == ACT_REPAIR)
		*armed = false;
	if (!act_is_departure(act))
		check_repair(model, armed);
	check_growth(model, act);
	check_pages(model);
	check_state(model);
	check_words(model);
	check_ram(model);
	check_stats(model);
	check_window(model, act);
	if (act_is_request(act))
		check_answer(model, act, &before, err);
	if (act_is_departure(act))
		check_departure(model, act, &before);
	if (act_places(act))
		check_placed(model, act, &before);
	return err;
}

/*
 * Every failure
 */

#define MOST_ACTS	6

static const struct walk_row {
	const char *about;
	unsigned int room, holes;	/* frames of each source; all pages need 6 */
	enum act acts[MOST_ACTS];
} walk_rows[] = {
	{ "loaded with auto", 6, 0, { ACT_START_AUTO } },
	{ "to the range", 6, 0, { ACT_START_BOOT, ACT_RANGE } },
	{ "to the range twice", 6, 0, { ACT_START_BOOT, ACT_RANGE, ACT_RANGE } },
	{ "to the range and back", 6, 0, { ACT_START_AUTO, ACT_BOOT } },
	{ "back, twice", 6, 0, { ACT_START_AUTO, ACT_BOOT, ACT_BOOT } },
	{ "to the range after a way back", 6, 0, { ACT_START_AUTO, ACT_BOOT, ACT_AUTO } },
	{ "a table that grows in the range", 6, 0, { ACT_START_AUTO, ACT_GROW, ACT_BOOT } },
	{ "a table that grows to its limit", 6, 0,
	  { ACT_START_AUTO, ACT_GROW, ACT_GROW, ACT_BOOT } },
	{ "suspend", 6, 0, { ACT_START_AUTO, ACT_SUSPEND, ACT_RESUME } },
	{ "suspend at boot", 6, 0, { ACT_START_BOOT, ACT_SUSPEND, ACT_RESUME } },
	{ "two suspends", 6, 0,
	  { ACT_START_AUTO, ACT_SUSPEND, ACT_RESUME, ACT_SUSPEND, ACT_RESUME } },
	{ "to a host without a range", 6, 0,
	  { ACT_START_AUTO, ACT_SUSPEND, ACT_HOST_BARE, ACT_RESUME } },
	{ "to a host with a small range", 6, 0,
	  { ACT_START_AUTO, ACT_SUSPEND, ACT_HOST_SMALL, ACT_RESUME } },
	{ "to a host with version 2", 6, 0,
	  { ACT_START_AUTO, ACT_SUSPEND, ACT_HOST_V2, ACT_RESUME } },
	{ "kexec", 6, 0, { ACT_START_AUTO, ACT_KEXEC } },
	{ "a repair", 6, 0, { ACT_START_AUTO, ACT_REPAIR, ACT_REPAIR } },
	{ "a repair on the way back", 6, 0, { ACT_START_AUTO, ACT_BOOT, ACT_REPAIR } },
	{ "room for four frames", 5, 0, { ACT_START_AUTO, ACT_BOOT } },
	{ "room for the frames in use", 3, 0, { ACT_START_AUTO, ACT_SUSPEND, ACT_RESUME } },
	{ "a table that grows beyond its range", 5, 0,
	  { ACT_START_AUTO, ACT_GROW, ACT_LOOK, ACT_GROW, ACT_LOOK, ACT_BOOT } },
	{ "a table that has grown beyond its range", 4, 0,
	  { ACT_START_AUTO, ACT_GROW, ACT_SUSPEND, ACT_RESUME, ACT_BOOT, ACT_RANGE } },
	{ "holes and back", 0, 6, { ACT_START_AUTO, ACT_BOOT } },
	{ "holes, suspend", 0, 6, { ACT_START_AUTO, ACT_SUSPEND, ACT_RESUME } },
	{ "holes, a repair", 0, 6, { ACT_START_AUTO, ACT_REPAIR } },
	{ "a range and holes, kexec", 4, 4, { ACT_START_AUTO, ACT_KEXEC } },
};

XSP_ROWS(walk);

struct walk {
	struct kunit *test;
	struct xsp_model *model;
	const struct walk_row *row;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	unsigned int runs;
};

static void walk_start(struct walk *walk)
{
	struct xsp_model *model = walk->model;

	xsp_model_init(model);
	model->room = walk->row->room;
	model->holes = walk->row->holes;
	memcpy(model->faults, walk->faults, sizeof(model->faults));
	xsp_placement_prepare(&model->xsp);
}

/* Nothing fails any more: every page can be got back, and everything works. */
static void walk_end(struct walk *walk, bool *armed)
{
	static const enum act acts[] = { ACT_RESUME, ACT_REPAIR, ACT_RANGE, ACT_BOOT };
	struct xsp_model *model = walk->model;
	unsigned int i;

	xsp_model_heal(model);
	model->v2 = false;
	model->room = walk->row->room;
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		act_and_check(model, acts[i], armed);
		if (counted_lost(&model->xsp))
			xsp_model_wrong(model, "lost after %s, although nothing fails",
					act_names[acts[i]]);
	}
	xsp_placement_release(&model->xsp);
	if (!all_are_home(model) || model->pieces || model->xsp.pinned)
		xsp_model_wrong(model, "something is left after removal");
	xsp_model_exit(model);
}

static void walk_tell(struct walk *walk, enum act act)
{
	const struct xsp_model_fault *f = walk->faults;

	KUNIT_FAIL(walk->test,
		   "after %s, point %u how %u from %u on %u times, point %u how %u from %u on %u times: %s",
		   act ? act_names[act] : "all", f[0].point, f[0].how, f[0].first, f[0].nr,
		   f[1].point, f[1].how, f[1].first, f[1].nr, walk->model->wrong);
}

/* One life of the driver, with the failures of the walk. */
static bool walk_run(struct walk *walk)
{
	struct xsp_model *model = walk->model;
	int level = xsp_model_quiet();
	enum act act = ACT_NONE;
	bool armed = false;
	unsigned int i;

	walk_start(walk);
	for (i = 0; i < MOST_ACTS && walk->row->acts[i] && !model->wrong[0]; i++) {
		act = walk->row->acts[i];
		act_and_check(model, act, &armed);
	}
	if (!model->wrong[0])
		act = ACT_NONE;
	walk_end(walk, &armed);
	xsp_model_loud(level);
	walk->runs++;
	if (!model->wrong[0])
		return true;
	walk_tell(walk, act);
	return false;
}

/* How often: once, so often that a page does not get back, or is lost, and always. */
static const unsigned int walk_times[] = { 3, 4, 1, 2, 5, XSP_MODEL_ALWAYS };

/* A second failure: only the first of these. */
#define WALK_TIMES_SECOND	2

/* Other pages, again and again, cannot be found out: the way back is not verified. */
static bool walk_makes_sense(const struct xsp_model_fault *fault)
{
	if (fault->how == XSP_MODEL_REFUSE)
		return true;
	if (fault->point == XSP_MODEL_FRAMES)
		return fault->how == XSP_MODEL_ABSURD || fault->how == XSP_MODEL_LIE;
	return fault->point == XSP_MODEL_MAP &&
	       (fault->how != XSP_MODEL_LIE || fault->nr == 1);
}

static bool walk_times_of(struct walk *walk, struct xsp_model_fault *fault, unsigned int times)
{
	unsigned int i;

	for (i = 0; i < times; i++) {
		fault->nr = walk_times[i];
		if (walk_makes_sense(fault) && !walk_run(walk))
			return false;
	}
	return true;
}

/* Each passing of each point fails, in each way, so and so often. */
static void walk_singles(struct walk *walk, const unsigned int *count)
{
	struct xsp_model_fault *fault = &walk->faults[0];

	for (fault->point = 0; fault->point < XSP_MODEL_POINTS; fault->point++)
		for (fault->how = 0; fault->how < XSP_MODEL_HOWS; fault->how++)
			for (fault->first = 1; fault->first <= count[fault->point]; fault->first++)
				if (!walk_times_of(walk, fault, ARRAY_SIZE(walk_times)))
					return;
}

/* While the driver deals with a failure, there is a second one. */
static bool walk_seconds(struct walk *walk)
{
	struct xsp_model_fault *second = &walk->faults[1];
	unsigned int count[XSP_MODEL_POINTS], first;
	bool good = walk_run(walk);

	memcpy(count, walk->model->count, sizeof(count));
	for (second->point = 0; good && second->point < XSP_MODEL_POINTS; second->point++)
		for (second->how = XSP_MODEL_REFUSE; good && second->how <= XSP_MODEL_TAKE;
		     second->how++)
			for (first = walk->faults[0].first; good && first <= count[second->point];
			     first++) {
				second->first = first;
				good = walk_times_of(walk, second, WALK_TIMES_SECOND);
			}
	if (good)
		*second = (struct xsp_model_fault){};
	return good;
}

static void walk_doubles(struct walk *walk, const unsigned int *count)
{
	struct xsp_model_fault *fault = &walk->faults[0];

	*fault = (struct xsp_model_fault){
		.point = XSP_MODEL_MAP,
		.how = XSP_MODEL_TAKE,
		.nr = 1,
	};
	for (fault->first = 1; fault->first <= count[XSP_MODEL_MAP]; fault->first++)
		if (!walk_seconds(walk))
			return;
}

static struct xsp_model *model_alloc(struct kunit *test)
{
	struct xsp_model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, model);
	return model;
}

static void walk_test(struct kunit *test)
{
	struct walk walk = {
		.test = test,
		.model = model_alloc(test),
		.row = test->param_value,
	};
	unsigned int count[XSP_MODEL_POINTS];

	if (!walk_run(&walk))
		return;
	memcpy(count, walk.model->count, sizeof(count));
	walk_singles(&walk, count);
	if (!walk.model->wrong[0])
		walk_doubles(&walk, count);
	kunit_info(test, "%u runs\n", walk.runs);
}

/*
 * The way back, refused so and so often
 */

/* Frames 1 to 4 are mapped in one batch; then the way back begins with shared_info. */
#define BATCH_FAILS	{ XSP_MODEL_MAP, XSP_MODEL_TAKE, 2, 1 }
#define REFUSED(first, nr)	{ XSP_MODEL_MAP, XSP_MODEL_REFUSE, first, nr }
#define FOLLOW		" could not follow the others, see the kernel log; all of them work"
#define NOWHERE		" and gave them back nowhere, the driver tries again"

static const struct undo_row {
	const char *about;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	enum xsp_state state;
	const char *reason;
	const char *table;	/* where it is, if all pages work */
} undo_rows[] = {
	{ "nothing is refused", { BATCH_FAILS }, XSP_STATE_BOOT, "asked for" },
	/* Map 7 is the first try to get frame 1 of the grant table back. */
	{ "a frame once", { BATCH_FAILS, REFUSED(7, 1) }, XSP_STATE_BOOT, "asked for" },
	{ "a frame twice", { BATCH_FAILS, REFUSED(7, 2) }, XSP_STATE_BOOT, "asked for" },
	{ "a frame three times", { BATCH_FAILS, REFUSED(7, 3) }, XSP_STATE_PARTLY,
	  "1 page of grant table" FOLLOW, "range" },
	{ "a frame, and the new gfn", { BATCH_FAILS, REFUSED(7, 4) }, XSP_STATE_FAILED,
	  "the host took 1 page of grant table" NOWHERE },
	{ "two frames, and the new gfns", { BATCH_FAILS, REFUSED(7, 8) }, XSP_STATE_FAILED,
	  "the host took 2 pages of grant table" NOWHERE },
	/* Map 5 is the first try to get shared_info back. */
	{ "shared_info twice", { BATCH_FAILS, REFUSED(5, 2) }, XSP_STATE_BOOT, "asked for" },
	{ "shared_info three times", { BATCH_FAILS, REFUSED(5, 3) }, XSP_STATE_PARTLY,
	  "1 page of shared_info" FOLLOW, "boot" },
	{ "shared_info, and the new gfn", { BATCH_FAILS, REFUSED(5, 4) }, XSP_STATE_FAILED,
	  "the host took 1 page of shared_info" NOWHERE },
	{ "everything", { BATCH_FAILS, REFUSED(5, XSP_MODEL_ALWAYS) }, XSP_STATE_FAILED,
	  "the host took 3 pages of grant table, 1 page of shared_info" NOWHERE },
};

XSP_ROWS(undo);

/* Load the driver, and leave it as the row says. */
static void act_quietly(struct kunit *test, struct xsp_model *model, enum act act, int expect)
{
	int level = xsp_model_quiet();
	bool armed = true;
	int err = act_and_check(model, act, &armed);

	xsp_model_loud(level);
	KUNIT_EXPECT_EQ_MSG(test, err, expect, "%s", act_names[act]);
	KUNIT_EXPECT_STREQ(test, model->wrong, "");
}

static void expect_reason(struct kunit *test, struct xsp_model *model, const char *expect)
{
	char reason[2 * XSP_MODEL_TEXT];

	xsp_report_reason(&model->xsp, reason, sizeof(reason));
	KUNIT_EXPECT_STREQ(test, reason, expect);
}

/* Remove it, when it has got everything back. */
static void remove_quietly(struct kunit *test, struct xsp_model *model)
{
	int level = xsp_model_quiet();

	xsp_placement_release(&model->xsp);
	xsp_model_loud(level);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&model->xsp.repair));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&model->xsp.growth));
	KUNIT_EXPECT_TRUE(test, all_are_home(model));
	KUNIT_EXPECT_EQ(test, model->pieces, 0U);
	xsp_model_exit(model);
}

/* A machine on which the driver is prepared, and has done this first. */
static struct xsp_model *model_after(struct kunit *test, enum act act)
{
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, act, 0);
	return model;
}

/* A machine on which the way to the range has failed. */
static struct xsp_model *model_that_failed(struct kunit *test,
					   const struct xsp_model_fault *faults)
{
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	memcpy(model->faults, faults, sizeof(model->faults));
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_BOOT, 0);
	act_quietly(test, model, ACT_RANGE, -EIO);
	return model;
}

static void undo_test(struct kunit *test)
{
	const struct undo_row *row = test->param_value;
	struct xsp_model *model = model_that_failed(test, row->faults);

	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), row->state);
	expect_reason(test, model, row->reason);
	if (row->state == XSP_STATE_PARTLY)
		KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), row->table);
	KUNIT_EXPECT_EQ(test, model->xsp.stats.failed_moves, 1ULL);
	KUNIT_EXPECT_EQ(test, model->xsp.stats.moves, 0ULL);
	xsp_model_heal(model);
	act_quietly(test, model, ACT_REPAIR, 0);
	KUNIT_EXPECT_EQ(test, counted_lost(&model->xsp), 0U);
	KUNIT_EXPECT_EQ(test, model->xsp.pinned, row->state == XSP_STATE_PARTLY);
	act_quietly(test, model, ACT_BOOT, 0);
	KUNIT_EXPECT_FALSE(test, model->xsp.pinned);
	remove_quietly(test, model);
}

/* A hypervisor that never says what is where has not said that a page did not go back. */
static void mute_test(struct kunit *test)
{
	static const struct xsp_model_fault faults[XSP_MODEL_FAULTS] = { BATCH_FAILS };
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	model->mute = true;
	memcpy(model->faults, faults, sizeof(model->faults));
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_BOOT, 0);
	act_quietly(test, model, ACT_RANGE, -EIO);
	KUNIT_EXPECT_EQ(test, counted_lost(&model->xsp), 0U);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), XSP_STATE_BOOT);
	remove_quietly(test, model);
}

/*
 * A second move, after one that left a page apart from the others, or lost it
 */

static const struct again_row {
	const char *about;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	enum xsp_state first;
	enum act act;
	int err;
	enum xsp_state second;
} again_rows[] = {
	/* Map 4 is shared_info in the batch, 5 to 7 are its way back, 8 is the new gfn. */
	{ "astray, back", { REFUSED(4, 4) }, XSP_STATE_PARTLY, ACT_BOOT, 0, XSP_STATE_BOOT },
	{ "astray, the others follow", { REFUSED(4, 4) }, XSP_STATE_PARTLY, ACT_RANGE, 0,
	  XSP_STATE_RANGE },
	/* The batch is refused, and so is the way back from where the others are. */
	{ "astray, comes to the others", { REFUSED(4, 4), REFUSED(12, 4) }, XSP_STATE_PARTLY,
	  ACT_BOOT, -EIO, XSP_STATE_BOOT },
	{ "astray, the others cannot follow", { REFUSED(4, 4), REFUSED(12, 1) },
	  XSP_STATE_PARTLY, ACT_RANGE, -EIO, XSP_STATE_PARTLY },
	{ "astray, the move cannot begin", { REFUSED(4, 4), { XSP_MODEL_FRAMES, 0, 3, 1 } },
	  XSP_STATE_PARTLY, ACT_RANGE, -EIO, XSP_STATE_PARTLY },
	/* Map 12 is the repair that comes before a request. */
	{ "lost, the move gets it", { REFUSED(4, 5), REFUSED(12, 1) }, XSP_STATE_FAILED,
	  ACT_RANGE, 0, XSP_STATE_RANGE },
	{ "a frame lost, the move gets it", { BATCH_FAILS, REFUSED(7, 4), REFUSED(12, 1) },
	  XSP_STATE_FAILED, ACT_RANGE, 0, XSP_STATE_RANGE },
	{ "lost, stays lost", { REFUSED(4, 5), REFUSED(12, 9) }, XSP_STATE_FAILED, ACT_RANGE,
	  -EIO, XSP_STATE_FAILED },
	/* Map 13 is the first frame in the batch. */
	{ "lost, the way back gets it", { REFUSED(4, 5), REFUSED(12, 2) }, XSP_STATE_FAILED,
	  ACT_RANGE, -EIO, XSP_STATE_BOOT },
};

XSP_ROWS(again);

static void again_test(struct kunit *test)
{
	const struct again_row *row = test->param_value;
	struct xsp_model *model = model_that_failed(test, row->faults);

	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), row->first);
	act_quietly(test, model, row->act, row->err);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), row->second);
	xsp_model_heal(model);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/*
 * Wrong answers of the hypervisor on the way to the range
 */

#define LIES(point, how, first, nr)	{ XSP_MODEL_##point, XSP_MODEL_##how, first, nr }

static const struct lie_row {
	const char *about;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	enum xsp_state state;
} lie_rows[] = {
	/* The first number of frames is for the window. */
	{ "no frame in use", { LIES(FRAMES, ABSURD, 2, 1) }, XSP_STATE_BOOT },
	{ "a frame less in use", { LIES(FRAMES, LIE, 2, 1) }, XSP_STATE_BOOT },
	{ "a frame is not mapped", { LIES(MAP, PRETEND, 2, 1) }, XSP_STATE_BOOT },
	{ "shared_info is not mapped", { LIES(MAP, PRETEND, 4, 1) }, XSP_STATE_BOOT },
	{ "nothing is mapped", { LIES(MAP, PRETEND, 1, XSP_MODEL_ALWAYS) }, XSP_STATE_BOOT },
	{ "another frame is mapped", { LIES(MAP, LIE, 1, 1) }, XSP_STATE_BOOT },
	/* All that left stays where it works. */
	{ "nothing is mapped back", { REFUSED(4, 1), LIES(MAP, PRETEND, 5, XSP_MODEL_ALWAYS) },
	  XSP_STATE_PARTLY },
	{ "nothing is mapped back, and one is taken",
	  { BATCH_FAILS, LIES(MAP, PRETEND, 5, XSP_MODEL_ALWAYS) }, XSP_STATE_FAILED },
};

XSP_ROWS(lie);

static void lie_test(struct kunit *test)
{
	const struct lie_row *row = test->param_value;
	struct xsp_model *model = model_that_failed(test, row->faults);

	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), row->state);
	/* The repair does not believe it, either. */
	act_quietly(test, model, ACT_REPAIR, 0);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), row->state);
	xsp_model_heal(model);
	act_quietly(test, model, ACT_REPAIR, 0);
	act_quietly(test, model, ACT_RANGE, 0);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/*
 * Answers to a request
 */

/* The texts of the policy, and of the sources. */
#define IN_RANGE	"write-back, in a range that is kept free for it (source contract"
#define ROOM		"); room for "
#define OF_FIVE		" of 5 frames of grant table"
#define STAYS		"shared_info stays: "
#define UNSURE		"no usable range and the host does not say ipat: whether accesses are " \
			"uncached depends on the host; if they are, add balloon to sources, " \
			"which costs RAM, or ask the host's operator for a range"
#define IPAT		"no usable range, the host makes special pages write-back (ipat)"
#define ASKED_IPAT	"asked for, the host makes special pages write-back (ipat)"
#define BAR_WB		"no usable range, the firmware made the BAR write-back"
#define VERSION_2	"the grant table has version 2, only version 1 can be moved"
#define NO_SOURCE	" (contract: has nothing, balloon: has nothing)"

static const struct answer_row {
	const char *about;
	unsigned int room, holes;
	bool ipat, wb, v2, suspended;
	enum act act;
	int err;
	const char *state, *reason;
} answer_rows[] = {
	{ "range, there is one", 6, 0, 0, 0, 0, 0, ACT_RANGE, 0, "range",
	  IN_RANGE ")" },
	{ "range, of two sources", 4, 2, 0, 0, 0, 0, ACT_RANGE, 0, "range",
	  IN_RANGE "+balloon)" },
	{ "range, there is none", 0, 0, 0, 0, 0, 0, ACT_RANGE, -ENODEV, "boot", "asked for" },
	{ "range, too small", 1, 1, 0, 0, 0, 0, ACT_RANGE, -ENOSPC, "boot", "asked for" },
	{ "range, room for the frames in use", 3, 0, 0, 0, 0, 0, ACT_RANGE, 0, "range",
	  IN_RANGE ROOM "3" OF_FIVE "; " STAYS "too little room" },
	{ "range, and for shared_info", 4, 0, 0, 0, 0, 0, ACT_RANGE, 0, "range",
	  IN_RANGE ROOM "3" OF_FIVE },
	{ "range, and for one more frame", 3, 2, 0, 0, 0, 0, ACT_RANGE, 0, "range",
	  IN_RANGE "+balloon" ROOM "4" OF_FIVE },
	{ "auto, there is no range", 0, 0, 0, 0, 0, 0, ACT_AUTO, 0, "boot",
	  UNSURE NO_SOURCE },
	{ "auto, ipat", 0, 0, 1, 0, 0, 0, ACT_AUTO, 0, "bar",
	  IPAT NO_SOURCE },
	{ "bar, uncached", 6, 0, 0, 0, 0, 0, ACT_BAR, -EPERM, "boot", "asked for" },
	{ "bar, ipat", 6, 0, 1, 0, 0, 0, ACT_BAR, 0, "bar",
	  ASKED_IPAT },
	{ "bar, no range and ipat", 0, 0, 1, 0, 0, 0, ACT_BAR, 0, "bar",
	  ASKED_IPAT },
	{ "bar, write-back by firmware", 6, 0, 0, 1, 0, 0, ACT_BAR, 0, "bar",
	  "asked for, the firmware made the BAR write-back" },
	{ "boot", 6, 0, 0, 0, 0, 0, ACT_BOOT, 0, "boot", "asked for" },
	{ "range, version 2", 6, 0, 0, 0, 1, 0, ACT_RANGE, -EOPNOTSUPP, "boot", VERSION_2 },
	{ "boot, while suspended", 6, 0, 0, 0, 0, 1, ACT_BOOT, -EBUSY, "boot", "asked for" },
};

XSP_ROWS(answer);

static void answer_test(struct kunit *test)
{
	const struct answer_row *row = test->param_value;
	struct xsp_model *model = model_alloc(test);
	int level;

	xsp_model_init(model);
	model->room = row->room;
	model->holes = row->holes;
	model->ipat = row->ipat;
	if (row->wb)
		xsp_model_boot_wb(model);
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_BOOT, 0);
	model->v2 = row->v2;
	if (row->suspended || row->v2)
		act_quietly(test, model, ACT_SUSPEND, 0);
	if (row->v2)
		act_quietly(test, model, ACT_RESUME, 0);
	level = xsp_model_quiet();
	KUNIT_EXPECT_EQ(test, do_act(model, row->act), row->err);
	xsp_model_loud(level);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), row->state);
	expect_reason(test, model, row->reason);
	model->v2 = false;
	act_quietly(test, model, ACT_RESUME, 0);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/*
 * Special pages that cannot or shall not move
 */

static const struct stay_row {
	const char *about;
	const char *missing[XSP_SPECIALS];
	bool unwanted;
	unsigned int spare;
	const char *state, *reason;
} stay_rows[] = {
	{ "no grant table", { "not found" }, false, 8, "boot", "not found" },
	{ "no shared_info", { NULL, "not found" }, false, 8, "range",
	  IN_RANGE "); " STAYS "not found" },
	{ "shared_info is not to move", {}, true, 8, "range",
	  IN_RANGE "); " STAYS "asked for" },
	{ "no RAM for its frame", {}, false, 0, "range",
	  IN_RANGE "); " STAYS "no page to spare" },
};

XSP_ROWS(stay);

static void stay_test(struct kunit *test)
{
	const struct stay_row *row = test->param_value;
	struct xsp_model *model = model_alloc(test);
	int level = xsp_model_quiet();

	xsp_model_init(model);
	model->pages[XSP_GRANT_TABLE].missing = row->missing[XSP_GRANT_TABLE];
	model->pages[XSP_SHARED_INFO].missing = row->missing[XSP_SHARED_INFO];
	model->xsp.special[XSP_SHARED_INFO].unwanted = row->unwanted;
	model->spare = row->spare;
	xsp_placement_prepare(&model->xsp);
	do_act(model, ACT_START_AUTO);
	xsp_model_loud(level);
	KUNIT_EXPECT_EQ(test, truth_of(&model->pages[XSP_SHARED_INFO]).away, 0U);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), row->state);
	expect_reason(test, model, row->reason);
	act_quietly(test, model, ACT_BOOT, row->missing[XSP_GRANT_TABLE] ? -EOPNOTSUPP : 0);
	remove_quietly(test, model);
}

/*
 * A way back before a suspend that fails so and so often
 */

static const struct veto_row {
	const char *about;
	bool alone;		/* shared_info is not to move */
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	u64 failed_moves;
	int veto;
} veto_rows[] = {
	{ "never", false, {}, 0, 0 },
	/* The first answers are for the window, and for the way to the range. */
	{ "once", false, { { XSP_MODEL_FRAMES, 0, 3, 1 } }, 1, 0 },
	{ "twice", false, { { XSP_MODEL_FRAMES, 0, 3, 2 } }, 2, 0 },
	{ "three times", false, { { XSP_MODEL_FRAMES, 0, 3, 3 } }, 3, -EBUSY },
	/* Map 5 is frame 1 in the batch; 7 to 9 are frame 0, which stays in the BAR. */
	{ "three times, frame 0 is back", true,
	  { REFUSED(5, 1), REFUSED(7, 3), { XSP_MODEL_FRAMES, 0, 4, 2 } }, 3, -EBUSY },
};

XSP_ROWS(veto);

static void veto_test(struct kunit *test)
{
	const struct veto_row *row = test->param_value;
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	memcpy(model->faults, row->faults, sizeof(row->faults));
	model->xsp.special[XSP_SHARED_INFO].unwanted = row->alone;
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_AUTO, 0);
	act_quietly(test, model, ACT_SUSPEND, 0);
	KUNIT_EXPECT_EQ(test, xsp_placement_veto(&model->xsp), row->veto);
	KUNIT_EXPECT_EQ(test, model->xsp.stats.failed_moves, row->failed_moves);
	act_quietly(test, model, ACT_RESUME, 0);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), XSP_STATE_RANGE);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* A page is lost in the boot placement until the guest is on a host without a range. */
static void journey_test(struct kunit *test)
{
	static const enum act acts[] = {
		ACT_START_AUTO, ACT_SUSPEND, ACT_HOST_BARE, ACT_RESUME
	};
	struct xsp_model *model = model_alloc(test);
	unsigned int i;

	xsp_model_init(model);
	/* Maps 4 to 8 lose shared_info, 12 to 14 are the repairs before the suspend. */
	model->faults[0] = (struct xsp_model_fault)REFUSED(4, 5);
	model->faults[1] = (struct xsp_model_fault)REFUSED(12, 3);
	xsp_placement_prepare(&model->xsp);
	for (i = 0; i < ARRAY_SIZE(acts); i++)
		act_quietly(test, model, acts[i], 0);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), XSP_STATE_BOOT);
	KUNIT_EXPECT_EQ(test, model->pieces, 0U);
	KUNIT_EXPECT_FALSE(test, model->xsp.pinned);
	remove_quietly(test, model);
}

/* A page without an answer is asked for again: no answer of the first move counts. */
static void no_answer_test(struct kunit *test)
{
	struct xsp_model *model;
	unsigned int map;

	/* Maps 1 to 4 are the way to the range, 5 to 8 the way back. */
	for (map = 5; map <= 8; map++) {
		model = model_alloc(test);
		xsp_model_init(model);
		model->faults[0] = (struct xsp_model_fault){
			XSP_MODEL_MAP, XSP_MODEL_BREAK, map, 1
		};
		xsp_placement_prepare(&model->xsp);
		act_quietly(test, model, ACT_START_AUTO, 0);
		act_quietly(test, model, ACT_BOOT, 0);
		KUNIT_EXPECT_EQ(test, model->hits[XSP_MODEL_MAP], 1U);
		KUNIT_EXPECT_EQ(test, model->xsp.stats.moves, 2ULL);
		KUNIT_EXPECT_EQ(test, model->xsp.stats.failed_moves, 0ULL);
		remove_quietly(test, model);
	}
}

/*
 * The kernel log
 */

#define MOST_LINES	3
#define MOVED_TO_RANGE	"moved grant table from gfn 0x20 (UC) to gfn 0x40 (WB), " \
			"shared_info from gfn 0x10 (WB) to gfn 0x45 (WB)"
#define MOVED_BACK	"moved grant table from gfn 0x40 (WB) to gfn 0x20 (UC), " \
			"shared_info from gfn 0x45 (WB) to gfn 0x10 (WB)"
#define ASTRAY		"the host did not let "
#define LOST		"the host took "
#define LOST_END	" and gave them back nowhere: devices that use them stall; " \
			"trying again every second"
#define ALL_BACK	"the host gave all pages back, special pages are at boot and work again"
#define NO_RAM		"gfn 0x10, which shared_info has left, has no RAM (error -12): " \
			"a crash kernel may not start"
#define VETO		"the host does not let special pages go back, so this guest cannot be " \
			"saved or migrated now; try again later"
#define KEXEC		"the host does not let special pages go back: the next kernel may not " \
			"get its devices"
#define FRAMES_FAIL	{ XSP_MODEL_FRAMES, 0, 3, 3 }

static const struct log_row {
	const char *about;
	unsigned int room;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	enum act acts[MOST_ACTS];
	const char *once[MOST_LINES], *never[MOST_LINES];
} log_rows[] = {
	{ "loaded with boot", 6, {}, { ACT_START_BOOT }, {}, { "moved ", "placement " } },
	{ "to the range", 6, {}, { ACT_START_AUTO }, { MOVED_TO_RANGE },
	  { "stood still", "placement ", NO_RAM } },
	{ "to the range and back", 6, {}, { ACT_START_AUTO, ACT_BOOT },
	  { MOVED_TO_RANGE, MOVED_BACK }, { "failed with error" } },
	{ "a failure", 6, { BATCH_FAILS }, { ACT_START_BOOT, ACT_RANGE },
	  { "moving special pages to range failed with error -12, they stay where they were" },
	  { ASTRAY, LOST, "moved " } },
	{ "a failure of a parameter", 6, { BATCH_FAILS }, { ACT_START_AUTO },
	  { "moving special pages to range failed with error -12, they stay where they were",
	    "placement auto, now at boot: the move failed and was undone, see the kernel log" } },
	{ "astray", 6, { BATCH_FAILS, REFUSED(7, 3) }, { ACT_START_BOOT, ACT_RANGE },
	  { ASTRAY "1 page of grant table go back; they are not where the others are, and work" },
	  { LOST } },
	{ "lost", 6, { BATCH_FAILS, REFUSED(7, 4) }, { ACT_START_BOOT, ACT_RANGE },
	  { LOST "1 page of grant table" LOST_END }, { ASTRAY, ALL_BACK } },
	{ "lost and repaired", 6, { BATCH_FAILS, REFUSED(7, 4) },
	  { ACT_START_BOOT, ACT_RANGE, ACT_REPAIR, ACT_REPAIR }, { ALL_BACK } },
	{ "no range for a parameter", 0, {}, { ACT_START_AUTO },
	  { "placement auto, now at boot: " UNSURE NO_SOURCE } },
	{ "no range for a request", 0, {}, { ACT_START_BOOT, ACT_RANGE },
	  { "placement range refused: no usable range" NO_SOURCE }, { "now at" } },
	{ "version 2", 6, {},
	  { ACT_START_BOOT, ACT_SUSPEND, ACT_HOST_V2, ACT_RESUME, ACT_RANGE },
	  { "placement range refused: " VERSION_2 } },
	{ "the table grows", 4, {}, { ACT_START_AUTO, ACT_GROW, ACT_LOOK, ACT_GROW, ACT_LOOK },
	  { "the grant table has grown beyond its range, frames in use at boot: 1;" } },
	{ "suspend", 6, {}, { ACT_START_AUTO, ACT_SUSPEND, ACT_RESUME }, {},
	  { VETO, "now at", "failed with error" } },
	{ "suspend, refused", 6, { FRAMES_FAIL }, { ACT_START_AUTO, ACT_SUSPEND }, { VETO } },
	{ "kexec", 6, {}, { ACT_START_AUTO, ACT_KEXEC }, { MOVED_BACK },
	  { KEXEC, "the host does not give RAM back" } },
	{ "kexec, refused", 6, { FRAMES_FAIL }, { ACT_START_AUTO, ACT_KEXEC }, { KEXEC } },
	{ "no RAM for the frame", 6, { { XSP_MODEL_POPULATE, 0, 1, 1 } }, { ACT_START_AUTO },
	  { MOVED_TO_RANGE, NO_RAM } },
};

XSP_ROWS(log);

static void expect_lines(struct kunit *test, const struct kmsg_dump_iter *mark,
			 const char * const *texts, unsigned int expect)
{
	unsigned int i;

	for (i = 0; i < MOST_LINES && texts[i]; i++)
		KUNIT_EXPECT_EQ_MSG(test, xsp_model_log_count(mark, texts[i]), expect, "%s",
				    texts[i]);
}

static void log_test(struct kunit *test)
{
	const struct log_row *row = test->param_value;
	struct xsp_model *model = model_alloc(test);
	int level = xsp_model_quiet();
	struct kmsg_dump_iter mark;
	unsigned int i;

	xsp_model_init(model);
	model->room = row->room;
	memcpy(model->faults, row->faults, sizeof(row->faults));
	xsp_model_log_mark(&mark);
	xsp_placement_prepare(&model->xsp);
	for (i = 0; i < MOST_ACTS && row->acts[i]; i++)
		do_act(model, row->acts[i]);
	xsp_model_loud(level);
	expect_lines(test, &mark, row->once, 1);
	expect_lines(test, &mark, row->never, 0);
	cancel_delayed_work_sync(&model->xsp.repair);
	cancel_delayed_work_sync(&model->xsp.growth);
	xsp_model_heal(model);
	model->v2 = false;
	act_quietly(test, model, ACT_RESUME, 0);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* What cannot be moved is named once, unless nobody wanted to move it. */
static void missing_log_test(struct kunit *test)
{
	static const char no_table[] = "no table here", no_info[] = "no shared_info here";
	static const char stays[] = "shared_info stays where it is: no shared_info here";
	unsigned int row;

	for (row = 0; row < 8; row++) {
		bool table = row & 1, info = row & 2, unwanted = row & 4;
		struct xsp_model *model = model_alloc(test);
		int level = xsp_model_quiet();
		struct kmsg_dump_iter mark;

		xsp_model_init(model);
		model->pages[XSP_GRANT_TABLE].missing = table ? no_table : NULL;
		model->pages[XSP_SHARED_INFO].missing = info ? no_info : NULL;
		model->xsp.special[XSP_SHARED_INFO].unwanted = unwanted;
		xsp_model_log_mark(&mark);
		xsp_placement_prepare(&model->xsp);
		xsp_model_loud(level);
		KUNIT_EXPECT_EQ_MSG(test, xsp_model_log_count(&mark, no_table), table, "%u", row);
		KUNIT_EXPECT_EQ_MSG(test, xsp_model_log_count(&mark, stays),
				    info && !table && !unwanted, "%u", row);
		remove_quietly(test, model);
	}
}

/* The first move takes 57 us. */
static void pause_log_test(struct kunit *test)
{
	static const char text[] = "all CPUs stood still for 57 us";
	static const unsigned int limits[] = { 0, 56, 57, 58 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		struct xsp_model *model = model_alloc(test);
		struct kmsg_dump_iter mark;

		xsp_model_init(model);
		model->xsp.pause_warn_us = limits[i];
		xsp_placement_prepare(&model->xsp);
		xsp_model_log_mark(&mark);
		act_quietly(test, model, ACT_START_AUTO, 0);
		KUNIT_EXPECT_EQ_MSG(test, xsp_model_log_count(&mark, text), limits[i] == 56,
				    "limit %u us", limits[i]);
		act_quietly(test, model, ACT_BOOT, 0);
		remove_quietly(test, model);
	}
}

/* What is lost is asked for after a second, and whether the table grows every ten seconds. */
static void delay_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);
	struct xsp *xsp = &model->xsp;
	int level = xsp_model_quiet();
	unsigned long start;

	xsp_model_init(model);
	model->room = 4;
	model->faults[0] = (struct xsp_model_fault)BATCH_FAILS;
	model->faults[1] = (struct xsp_model_fault)REFUSED(7, 4);
	xsp_placement_prepare(xsp);
	start = jiffies;
	do_act(model, ACT_START_AUTO);
	KUNIT_EXPECT_TRUE(test, xsp_model_due(&xsp->repair, start, 1));
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&xsp->growth));
	xsp_model_heal(model);
	start = jiffies;
	do_act(model, ACT_RANGE);
	KUNIT_EXPECT_TRUE(test, xsp_model_due(&xsp->growth, start, 10));
	cancel_delayed_work_sync(&xsp->growth);
	start = jiffies;
	do_act(model, ACT_LOOK);
	KUNIT_EXPECT_TRUE(test, xsp_model_due(&xsp->growth, start, 10));
	do_act(model, ACT_BOOT);
	xsp_model_loud(level);
	/* Both are still on their way, and are not when the driver has gone. */
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&xsp->repair));
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&xsp->growth));
	remove_quietly(test, model);
}

/* A window that was given back is looked for when it is wanted again. */
static void closed_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	model->room = 0;
	model->holes = 6;
	model->ipat = true;
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_BOOT, 0);
	act_quietly(test, model, ACT_RANGE, 0);
	act_quietly(test, model, ACT_BAR, 0);
	expect_reason(test, model, ASKED_IPAT);
	KUNIT_EXPECT_EQ(test, model->xsp.window_err, -ENODEV);
	act_quietly(test, model, ACT_RANGE, 0);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), "range");
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* How many frames in use are outside of the range, one or more. */
static void outgrown_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	model->room = 4;
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_AUTO, 0);
	expect_reason(test, model, IN_RANGE ROOM "3" OF_FIVE);
	act_quietly(test, model, ACT_GROW, 0);
	expect_reason(test, model, IN_RANGE ROOM "3" OF_FIVE ", 1 in use stays");
	act_quietly(test, model, ACT_GROW, 0);
	expect_reason(test, model, IN_RANGE ROOM "3" OF_FIVE ", 2 in use stay");
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* On another host, the table can grow beyond another range, and the log says so again. */
static void regrown_test(struct kunit *test)
{
	static const enum act acts[] = {
		ACT_START_AUTO, ACT_GROW, ACT_LOOK, ACT_SUSPEND, ACT_HOST_SMALL, ACT_RESUME,
		ACT_GROW, ACT_LOOK, ACT_LOOK, ACT_BOOT,
	};
	struct xsp_model *model = model_alloc(test);
	struct kmsg_dump_iter mark;
	unsigned int i;

	xsp_model_init(model);
	model->room = 4;
	xsp_placement_prepare(&model->xsp);
	xsp_model_log_mark(&mark);
	for (i = 0; i < ARRAY_SIZE(acts); i++)
		act_quietly(test, model, acts[i], 0);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, "has grown beyond its range"), 2U);
	remove_quietly(test, model);
}

/* The next kernel begins while the driver is loaded. */
static void late_start_test(struct kunit *test)
{
	struct xsp_model *model = model_after(test, ACT_KEXEC);

	act_quietly(test, model, ACT_START_AUTO, 0);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_STOP], 0U);
	KUNIT_EXPECT_EQ(test, xsp_specials_state(&model->xsp), XSP_STATE_BOOT);
	remove_quietly(test, model);
}

/* There was no range, and now there is one, but the move to it fails. */
static void failed_reason_test(struct kunit *test)
{
	static const struct xsp_model_fault faults[XSP_MODEL_FAULTS] = { BATCH_FAILS };
	static const enum act starts[] = { ACT_START_AUTO, ACT_START_BOOT };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct xsp_model *model = model_alloc(test);

		xsp_model_init(model);
		model->room = 0;
		memcpy(model->faults, faults, sizeof(model->faults));
		xsp_placement_prepare(&model->xsp);
		act_quietly(test, model, starts[i], 0);
		expect_reason(test, model, i ? "asked for" : UNSURE NO_SOURCE);
		model->room = 6;
		act_quietly(test, model, ACT_RANGE, -EIO);
		expect_reason(test, model, i ? "asked for" :
				"the move failed and was undone, see the kernel log");
		remove_quietly(test, model);
	}
}

/* The way back from the range fails: the reason is that of the range. */
static void failed_back_test(struct kunit *test)
{
	struct xsp_model *model = model_after(test, ACT_START_AUTO);

	model->faults[0] = (struct xsp_model_fault){ XSP_MODEL_FRAMES, 0, 1, XSP_MODEL_ALWAYS };
	model->count[XSP_MODEL_FRAMES] = 0;
	act_quietly(test, model, ACT_BOOT, -EIO);
	expect_reason(test, model, IN_RANGE ")");
	xsp_model_heal(model);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* Pages do not go back, and no RAM is missing. */
static void hand_over_test(struct kunit *test)
{
	static const struct xsp_model_fault faults[XSP_MODEL_FAULTS] = { FRAMES_FAIL };
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	memcpy(model->faults, faults, sizeof(model->faults));
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_AUTO, 0);
	act_quietly(test, model, ACT_KEXEC, -EBUSY);
	xsp_model_heal(model);
	act_quietly(test, model, ACT_KEXEC, 0);
	act_quietly(test, model, ACT_RESUME, 0);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), "range");
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* Pages are lost, and may be in holes: so the holes stay, and the next kernel has less RAM. */
static void kexec_holes_test(struct kunit *test)
{
	static const struct xsp_model_fault faults[XSP_MODEL_FAULTS] = {
		BATCH_FAILS, REFUSED(7, 100)
	};
	struct xsp_model *model = model_alloc(test);
	struct kmsg_dump_iter mark;

	xsp_model_init(model);
	model->room = 0;
	model->holes = 6;
	memcpy(model->faults, faults, sizeof(model->faults));
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_BOOT, 0);
	act_quietly(test, model, ACT_RANGE, -EIO);
	KUNIT_EXPECT_EQ(test, counted_lost(&model->xsp), 2U);
	xsp_model_log_mark(&mark);
	act_quietly(test, model, ACT_KEXEC, -EBUSY);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, KEXEC), 1U);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, "the host does not give RAM back"), 1U);
	xsp_model_heal(model);
	act_quietly(test, model, ACT_RESUME, 0);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* The host has no RAM for the frame that shared_info leaves, and has some the next time. */
static void refill_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);
	const struct xsp_model_frame *left;

	xsp_model_init(model);
	left = &model->frames[model->pages[XSP_SHARED_INFO].home];
	model->faults[0] = (struct xsp_model_fault){ XSP_MODEL_POPULATE, 0, 1, 1 };
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_AUTO, 0);
	KUNIT_EXPECT_EQ(test, (int)left->what, (int)XSP_MODEL_EMPTY);
	act_quietly(test, model, ACT_RANGE, 0);
	KUNIT_EXPECT_EQ(test, (int)left->what, (int)XSP_MODEL_RAM);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_STOP], 1U);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/*
 * A kernel that puts the grant table into a range itself
 */

#define CHOSEN "write-back, in a range that the kernel chose for it at boot"

static const struct chosen_row {
	const char *about;
	unsigned int room;
	enum act act;
	int err;
	const char *state, *reason;
} chosen_rows[] = {
	{ "auto", 6, ACT_AUTO, 0, "boot", CHOSEN },
	{ "auto, no other range", 0, ACT_AUTO, 0, "boot", CHOSEN },
	{ "range", 6, ACT_RANGE, 0, "range", IN_RANGE ")" },
	{ "range, no other range", 0, ACT_RANGE, -ENODEV, "boot", CHOSEN },
	{ "bar", 6, ACT_BAR, -EPERM, "boot", CHOSEN },
	{ "boot", 6, ACT_BOOT, 0, "boot", "asked for" },
};

XSP_ROWS(chosen);

/* It stays there, and source balloon is not asked. */
static struct xsp_model *model_chosen(struct kunit *test, unsigned int room)
{
	struct xsp_model *model = model_alloc(test);

	xsp_model_init(model);
	model->room = room;
	model->holes = 6;
	xsp_model_kernel_chooses(model, XSP_MODEL_CHOSEN);
	xsp_placement_prepare(&model->xsp);
	act_quietly(test, model, ACT_START_AUTO, 0);
	expect_reason(test, model, CHOSEN);
	return model;
}

static void chosen_test(struct kunit *test)
{
	const struct chosen_row *row = test->param_value;
	struct xsp_model *model = model_chosen(test, row->room);
	int level = xsp_model_quiet();

	model->holes = 0;
	KUNIT_EXPECT_EQ(test, do_act(model, row->act), row->err);
	xsp_model_loud(level);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), row->state);
	expect_reason(test, model, row->reason);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/* On another host it chooses again while it resumes: there, too, and then the BAR. */
static void chosen_again_test(struct kunit *test)
{
	struct xsp_model *model = model_chosen(test, 0);

	model->holes = 0;
	act_quietly(test, model, ACT_SUSPEND, 0);
	xsp_model_kernel_chooses(model, XSP_MODEL_HOLE);
	act_quietly(test, model, ACT_RESUME, 0);
	expect_reason(test, model, CHOSEN);
	act_quietly(test, model, ACT_SUSPEND, 0);
	xsp_model_kernel_chooses(model, XSP_MODEL_BAR);
	act_quietly(test, model, ACT_RESUME, 0);
	KUNIT_EXPECT_STREQ(test, xsp_report_state(&model->xsp), "bar");
	expect_reason(test, model, BAR_WB NO_SOURCE);
	remove_quietly(test, model);
}

/*
 * Moves that the driver does not ask for
 */

/* Move the grant table of a machine after boot, while it is there. */
static int move_table(struct xsp_model *model, const struct xsp_mapping *to)
{
	struct xsp_move move = {
		.xen = model->xsp.machine.xen,
		.kernel = model->xsp.machine.kernel,
		.steps = { { &model->xsp.special[XSP_GRANT_TABLE].mover, to } },
		.nr = 1,
	};

	return xsp_move(&move);
}

static struct xsp_model *model_at_boot(struct kunit *test)
{
	return model_after(test, ACT_START_BOOT);
}

/* Frames for more pages than there are: nobody is stopped for that. */
static void too_many_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_mapping to = model->xsp.special[XSP_GRANT_TABLE].boot;

	to.nr = model->pages[XSP_GRANT_TABLE].max + 1;
	KUNIT_EXPECT_EQ(test, move_table(model, &to), -EINVAL);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_STOP], 0U);
	remove_quietly(test, model);
}

/* To where they are: the hypervisor is asked for nothing. */
static void nowhere_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_special *special = &model->xsp.special[XSP_GRANT_TABLE];

	KUNIT_EXPECT_EQ(test, move_table(model, &special->boot), 0);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_STOP], 1U);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_MAP], 0U);
	KUNIT_EXPECT_EQ(test, special->mover.nr, model->pages[XSP_GRANT_TABLE].nr);
	KUNIT_EXPECT_EQ(test, special->mover.nr_to_move, 0U);
	remove_quietly(test, model);
}

/* The first two frames of the range; the third one is not in the mapping, and is free. */
static struct xsp_mapping two_frames(unsigned long *gfn, pte_t *pte)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		gfn[i] = XSP_MODEL_RANGE + i;
		pte[i] = pfn_pte(gfn[i], PAGE_KERNEL);
	}
	return (struct xsp_mapping){ .gfn = gfn, .pte = pte, .nr = 2 };
}

/* A page that was not to move has no new gfn: if it does not come back, it is lost. */
static void outside_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_mover *mover = &model->xsp.special[XSP_GRANT_TABLE].mover;
	const struct xsp_model_pages *table = &model->pages[XSP_GRANT_TABLE];
	unsigned long gfn[3];
	pte_t pte[3];
	struct xsp_mapping to = two_frames(gfn, pte);

	/* Maps 3 to 5 are the way back of both, and the first try for the third page. */
	model->faults[0] = (struct xsp_model_fault)REFUSED(2, 1);
	model->faults[1] = (struct xsp_model_fault)REFUSED(5, XSP_MODEL_ALWAYS);
	KUNIT_EXPECT_EQ(test, move_table(model, &to), -ENOMEM);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_MAP], 7U);
	KUNIT_EXPECT_TRUE(test, mover->lost[2]);
	KUNIT_EXPECT_EQ(test, table->gfn[2], table->home + 2);
	KUNIT_EXPECT_EQ(test, mover->nr_astray, 0U);

	/* It stays so when the others move. */
	xsp_model_heal(model);
	KUNIT_EXPECT_EQ(test, move_table(model, &to), 0);
	KUNIT_EXPECT_EQ(test, mover->nr_to_move, 2U);
	KUNIT_EXPECT_TRUE(test, mover->lost[2]);
	KUNIT_EXPECT_EQ(test, mover->nr_lost, 1U);

	KUNIT_EXPECT_EQ(test, move_table(model, &model->xsp.special[XSP_GRANT_TABLE].boot), 0);
	KUNIT_EXPECT_EQ(test, mover->nr_lost, 0U);
	KUNIT_EXPECT_STREQ(test, model->wrong, "");
	remove_quietly(test, model);
}

/* One page-table entry that is elsewhere is enough, also of a page that is not in use. */
static void pte_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_special *special = &model->xsp.special[XSP_GRANT_TABLE];
	pte_t **ptep = special->pages.ptep, *right, other = {};
	unsigned long gfn[3];
	pte_t pte[3];
	struct xsp_mapping to = two_frames(gfn, pte);
	unsigned int i;

	for (i = 0; i < special->pages.max; i++) {
		right = ptep[i];
		ptep[i] = &other;
		KUNIT_EXPECT_EQ_MSG(test, move_table(model, &to), -EFAULT, "page %u", i);
		ptep[i] = right;
	}
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_MAP], 0U);
	remove_quietly(test, model);
}

/* What the next kind answers: a number of pages or an errno. */
static int odd_answer;

static int odd_in_use(const struct xsp_pages *pages)
{
	return odd_answer;
}

/* Nothing has moved if it is not known how many pages there are, or if there are none. */
static void in_use_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_special *special = &model->xsp.special[XSP_GRANT_TABLE];
	const struct xsp_kind *kind = special->pages.kind;
	struct xsp_kind odd = *kind;
	pte_t *right = special->pages.ptep[0], other = {};

	KUNIT_EXPECT_EQ(test, move_table(model, &special->boot), 0);
	KUNIT_EXPECT_EQ(test, special->mover.nr, 3U);
	odd.in_use = odd_in_use;
	special->pages.kind = &odd;
	for (odd_answer = 0; odd_answer > -3; odd_answer--) {
		special->mover.nr_to_move = 3;
		KUNIT_EXPECT_EQ(test, move_table(model, &special->boot), odd_answer ?: -EIO);
		KUNIT_EXPECT_EQ(test, special->mover.nr, 0U);
		KUNIT_EXPECT_EQ(test, special->mover.nr_to_move, 0U);
	}
	odd_answer = 3;
	special->pages.ptep[0] = &other;
	KUNIT_EXPECT_EQ(test, move_table(model, &special->boot), -EFAULT);
	special->pages.ptep[0] = right;
	special->pages.kind = kind;
	remove_quietly(test, model);
}

/* All pages are in use: what is behind the record of the last one is no page. */
static void full_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_model_pages *table = &model->pages[XSP_GRANT_TABLE];

	while (xsp_model_grow(model))
		;
	table->gfn[table->max] = table->home;
	act_quietly(test, model, ACT_RANGE, 0);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

static unsigned int odd_samples;

static void odd_sample(const void *page, struct xsp_sample *sample)
{
	odd_samples++;
	*sample = (struct xsp_sample){};
}

static bool odd_recognise(const void *page, const struct xsp_sample *sample)
{
	return true;
}

/* Pages that are not in use are not read. */
static void sample_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_special *special = &model->xsp.special[XSP_GRANT_TABLE];
	const struct xsp_kind *kind = special->pages.kind;
	struct xsp_kind odd = *kind;

	odd.sample = odd_sample;
	odd.recognise = odd_recognise;
	special->pages.kind = &odd;
	odd_samples = 0;
	KUNIT_EXPECT_EQ(test, move_table(model, &special->boot), 0);
	KUNIT_EXPECT_EQ(test, odd_samples, 3U);
	special->pages.kind = kind;
	remove_quietly(test, model);
}

/* What is behind the last page's mark is not a mark: the page stays lost, no other is. */
static void repair_end_test(struct kunit *test)
{
	struct xsp_model *model = model_at_boot(test);
	struct xsp_mover *mover = &model->xsp.special[XSP_GRANT_TABLE].mover;
	bool lost[XSP_MODEL_PAGES] = {}, *own = mover->lost;

	lost[2] = true;
	lost[mover->pages->max] = true;
	mover->lost = lost;
	mover->nr_lost = 1;
	model->faults[0] = (struct xsp_model_fault)REFUSED(1, 1);
	xsp_mover_repair(mover, model->xsp.machine.xen);
	KUNIT_EXPECT_TRUE(test, lost[2]);
	KUNIT_EXPECT_EQ(test, model->count[XSP_MODEL_MAP], 1U);
	KUNIT_EXPECT_STREQ(test, model->wrong, "");
	xsp_mover_repair(mover, model->xsp.machine.xen);
	KUNIT_EXPECT_FALSE(test, lost[2]);
	KUNIT_EXPECT_EQ(test, mover->nr_lost, 0U);
	mover->lost = own;
	remove_quietly(test, model);
}

/* Each kind is repaired; what is behind them in the driver's state is not one. */
static void repair_kinds_test(struct kunit *test)
{
	static const struct xsp_model_fault faults[XSP_MODEL_FAULTS] = {
		BATCH_FAILS, REFUSED(5, XSP_MODEL_ALWAYS)
	};
	struct xsp_model *model = model_that_failed(test, faults);
	struct xsp_window window = model->xsp.window;
	int level = xsp_model_quiet();

	KUNIT_EXPECT_EQ(test, counted_lost(&model->xsp), 4U);
	xsp_model_heal(model);
	model->xsp.window = (struct xsp_window){};
	xsp_repair(&model->xsp);
	xsp_model_loud(level);
	model->xsp.window = window;
	KUNIT_EXPECT_EQ(test, counted_lost(&model->xsp), 0U);
	act_quietly(test, model, ACT_BOOT, 0);
	remove_quietly(test, model);
}

/*
 * Memory of the driver
 */

/* So many pages that their samples are more than the kernel allocates at once. */
static void no_memory_test(struct kunit *test)
{
	struct xsp_pages pages = { .max = KMALLOC_MAX_SIZE / sizeof(struct xsp_sample) + 1 };
	struct xsp_mover mover;
	int level = xsp_model_quiet();
	int err = xsp_mover_init(&mover, &pages);

	xsp_model_loud(level);
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_NULL(test, mover.idx);
	KUNIT_EXPECT_NULL(test, mover.from.gfn);
	KUNIT_EXPECT_NULL(test, mover.pages);
}

#define LIVES	4096

static void live(struct xsp_model *model)
{
	xsp_model_init(model);
	model->room = 4;
	model->holes = 2;
	xsp_placement_prepare(&model->xsp);
	xsp_placement_start(&model->xsp, XSP_AUTO);
	xsp_placement_request(&model->xsp, XSP_BOOT);
	xsp_placement_release(&model->xsp);
	xsp_model_exit(model);
}

/* Half of the least that a leak of one byte in each life takes. */
#define LEAST_LEAK	(LIVES * KMALLOC_MIN_SIZE / 2)

/* Where nobody else allocates, and where nothing that is freed is kept for a while. */
static void leak_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);
	unsigned long before;
	unsigned int i;
	int level;

	if (IS_ENABLED(CONFIG_SMP) || IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "memory is not counted here");
	level = xsp_model_quiet();
	live(model);
	before = xsp_model_slab_bytes();
	for (i = 0; i < LIVES; i++)
		live(model);
	xsp_model_loud(level);
	KUNIT_EXPECT_LT(test, xsp_model_slab_bytes(), before + LEAST_LEAK);
}

static struct kunit_case machine_cases[] = {
	KUNIT_CASE_PARAM(log_test, log_gen_params),
	KUNIT_CASE(missing_log_test),
	KUNIT_CASE(pause_log_test),
	KUNIT_CASE(delay_test),
	KUNIT_CASE(closed_test),
	KUNIT_CASE(outgrown_test),
	KUNIT_CASE_PARAM(undo_test, undo_gen_params),
	KUNIT_CASE(mute_test),
	KUNIT_CASE_PARAM(again_test, again_gen_params),
	KUNIT_CASE_PARAM(lie_test, lie_gen_params),
	KUNIT_CASE_PARAM(answer_test, answer_gen_params),
	KUNIT_CASE_PARAM(stay_test, stay_gen_params),
	KUNIT_CASE_PARAM(veto_test, veto_gen_params),
	KUNIT_CASE(journey_test),
	KUNIT_CASE(no_answer_test),
	KUNIT_CASE(outside_test),
	KUNIT_CASE(pte_test),
	KUNIT_CASE(in_use_test),
	KUNIT_CASE(full_test),
	KUNIT_CASE(sample_test),
	KUNIT_CASE(repair_end_test),
	KUNIT_CASE(repair_kinds_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE(leak_test),
	KUNIT_CASE_PARAM(chosen_test, chosen_gen_params),
	KUNIT_CASE(chosen_again_test),
	KUNIT_CASE(failed_reason_test),
	KUNIT_CASE(failed_back_test),
	KUNIT_CASE(hand_over_test),
	KUNIT_CASE(kexec_holes_test),
	KUNIT_CASE(regrown_test),
	KUNIT_CASE(late_start_test),
	KUNIT_CASE(refill_test),
	KUNIT_CASE(too_many_test),
	KUNIT_CASE(nowhere_test),
	KUNIT_CASE_PARAM(walk_test, walk_gen_params),
	{}
};

static struct kunit_suite machine_suite = {
	.name = "xen-special-pages-machine",
	.test_cases = machine_cases,
};

kunit_test_suites(&machine_suite);
