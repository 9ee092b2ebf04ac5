// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one mechanism: same kernel virtual address, new guest frames, new
 * page-table entries.  Nothing is copied, the pages are the hypervisor's.
 *
 * Xen takes a page away from its old frame before it appears at the new one,
 * and what is written to an empty frame is lost.  So all CPUs stand still with
 * interrupts off while frames, page-table entries and the kernel's record of
 * the frames change together.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/memory.h>
#include <xen/xen.h>

#include "cpu.h"
#include "move.h"

/* The hypervisor writes 0 or a negative value over it. */
#define XSP_NO_ANSWER		1

/* Mapping a frame back can run short of memory for a moment. */
#define XSP_ROLL_BACK_TRIES	3

/* Version 1 entries: the hypervisor changes the flags, only the guest the rest. */
#define XSP_ENTRY_STABLE	(~0xffffULL)

/* How many entries of a frame are looked at for one that is in use. */
#define XSP_SAMPLE_ENTRIES	32

/* No grant table has such a frame. */
#define XSP_NO_FRAME		0x7fffffffUL

/**
 * struct xsp_stop - one move, while every CPU is stopped
 * @mover: prepared by the caller
 * @to: where to go
 * @claimed: the first CPU to set it leads
 * @done: the leader has finished, everyone can flush
 * @ret: the outcome
 */
struct xsp_stop {
	struct xsp_mover *mover;
	const struct xsp_place *to;
	atomic_t claimed;
	int done;
	int ret;
};

int xsp_place_alloc(struct xsp_place *place, unsigned int nr)
{
	place->gfn = kcalloc(nr, sizeof(*place->gfn), GFP_KERNEL);
	place->pte = kcalloc(nr, sizeof(*place->pte), GFP_KERNEL);
	place->nr = nr;
	if (place->gfn && place->pte)
		return 0;
	xsp_place_free(place);
	return -ENOMEM;
}

void xsp_place_free(struct xsp_place *place)
{
	kfree(place->gfn);
	kfree(place->pte);
	*place = (struct xsp_place){};
}

/* Remember where the table is now. */
void xsp_place_read(struct xsp_place *place, const struct xsp_table *table)
{
	unsigned int i;

	for (i = 0; i < place->nr; i++) {
		place->gfn[i] = table->pfn[i];
		place->pte[i] = *table->ptep[i];
	}
}

int xsp_mover_init(struct xsp_mover *mover, struct xsp_table *table)
{
	unsigned int nr = table->max;

	*mover = (struct xsp_mover){ .table = table, .fail_frame = -1 };
	mover->idx = kcalloc(nr, sizeof(*mover->idx), GFP_KERNEL);
	mover->err = kcalloc(nr, sizeof(*mover->err), GFP_KERNEL);
	mover->sample = kcalloc(nr, sizeof(*mover->sample), GFP_KERNEL);
	if (mover->idx && mover->err && mover->sample &&
	    !xsp_place_alloc(&mover->from, nr) && !xsp_tlbcheck_init(&mover->check))
		return 0;
	xsp_mover_destroy(mover);
	return -ENOMEM;
}

void xsp_mover_destroy(struct xsp_mover *mover)
{
	kfree(mover->idx);
	kfree(mover->err);
	kfree(mover->sample);
	xsp_place_free(&mover->from);
	xsp_tlbcheck_destroy(&mover->check);
	*mover = (struct xsp_mover){};
}

/**
 * xsp_query_frames() - how many frames the grant table has now
 * @max: the most that make sense
 *
 * Context: any.
 * Return: the number of frames, or -EIO if the hypervisor's answer is absurd.
 */
int xsp_query_frames(unsigned int max)
{
	struct gnttab_query_size query = { .dom = DOMID_SELF };

	if (HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1) ||
	    query.status != GNTST_okay || query.nr_frames > max)
		return -EIO;
	return query.nr_frames;
}

static int xsp_map_frame(unsigned int frame, xen_pfn_t gfn)
{
	struct xen_add_to_physmap map = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_grant_table,
		.idx = frame,
		.gpfn = gfn,
	};

	return HYPERVISOR_memory_op(XENMEM_add_to_physmap, &map);
}

static void xsp_map_batch(struct xsp_mover *mover, const struct xsp_place *to, unsigned int nr)
{
	struct xen_add_to_physmap_range batch = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_grant_table,
		.size = nr,
	};

	set_xen_guest_handle(batch.idxs, mover->idx);
	set_xen_guest_handle(batch.gpfns, to->gfn);
	set_xen_guest_handle(batch.errs, mover->err);
	/* What the hypervisor did is in the answers, one for each frame. */
	(void)HYPERVISOR_memory_op(XENMEM_add_to_physmap_range, &batch);
}

/* Fail as badly as a host can: the frame is gone from where it was. */
static void xsp_inject_failure(struct xsp_mover *mover, unsigned int nr)
{
	struct xen_remove_from_physmap unmap = { .domid = DOMID_SELF };
	int frame = mover->fail_frame;

	if (frame < 0 || frame >= nr)
		return;
	mover->fail_frame = -1;
	mover->idx[frame] = XSP_NO_FRAME;
	unmap.gpfn = mover->from.gfn[frame];
	(void)HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &unmap);
}

/* Ask for all frames at once, then one by one for those without an answer. */
static int xsp_map_frames(struct xsp_mover *mover, const struct xsp_place *to, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		mover->idx[i] = i;
		mover->err[i] = XSP_NO_ANSWER;
	}
	xsp_inject_failure(mover, nr);
	xsp_map_batch(mover, to, nr);
	for (i = 0; i < nr; i++) {
		if (mover->err[i] > 0)
			mover->err[i] = xsp_map_frame(mover->idx[i], to->gfn[i]);
		if (mover->err[i])
			return mover->err[i] < 0 ? mover->err[i] : -EIO;
	}
	return 0;
}

/* Every page of the table is at @place, as far as this kernel can tell. */
static void xsp_set_ptes(struct xsp_mover *mover, const struct xsp_place *place)
{
	const struct xsp_table *table = mover->table;
	unsigned int i;

	xsp_tlbcheck_switch(&mover->check);
	for (i = 0; i < table->max; i++) {
		table->pfn[i] = place->gfn[i];
		set_pte(table->ptep[i], place->pte[i]);
	}
	xsp_cpu_flush_tlb();
}

static u64 xsp_stable_part(const struct xsp_table *table, unsigned int frame,
			   unsigned int entry)
{
	const u64 *entries = table->vaddr + frame * PAGE_SIZE;

	return READ_ONCE(entries[entry]) & XSP_ENTRY_STABLE;
}

/* Remember an entry of each frame, one in use if there is any among the first. */
static void xsp_take_samples(struct xsp_mover *mover, unsigned int nr)
{
	unsigned int frame, entry;

	for (frame = 0; frame < nr; frame++) {
		struct xsp_sample *sample = &mover->sample[frame];

		*sample = (struct xsp_sample){};
		for (entry = 0; entry < XSP_SAMPLE_ENTRIES && !sample->stable; entry++) {
			sample->entry = entry;
			sample->stable = xsp_stable_part(mover->table, frame, entry);
		}
	}
}

/* Nobody could change the entries meanwhile: another value is another page. */
static int xsp_verify(const struct xsp_mover *mover, unsigned int nr)
{
	unsigned int frame;

	for (frame = 0; frame < nr; frame++) {
		const struct xsp_sample *sample = &mover->sample[frame];

		if (xsp_stable_part(mover->table, frame, sample->entry) != sample->stable)
			return -EIO;
	}
	return 0;
}

/*
 * Map one frame back to where it was.  If the host refuses for good, the new
 * place will do, for this frame alone: no access must be lost.
 */
static int xsp_roll_back_frame(struct xsp_mover *mover, const struct xsp_place *to,
			       unsigned int frame)
{
	const struct xsp_table *table = mover->table;
	int tries;

	for (tries = 0; tries < XSP_ROLL_BACK_TRIES; tries++)
		if (!xsp_map_frame(frame, mover->from.gfn[frame]))
			return 0;
	if (xsp_map_frame(frame, to->gfn[frame]))
		return -EIO;
	table->pfn[frame] = to->gfn[frame];
	set_pte(table->ptep[frame], to->pte[frame]);
	return 0;
}

static void xsp_roll_back(struct xsp_mover *mover, const struct xsp_place *to, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (xsp_roll_back_frame(mover, to, i))
			pr_crit("the host took grant frame %u away\n", i);
	xsp_cpu_flush_tlb();
}

static int xsp_move_frames(struct xsp_mover *mover, const struct xsp_place *to)
{
	const struct xsp_table *table = mover->table;
	int nr = xsp_query_frames(table->max);
	int err;

	if (nr < 0)
		return nr;
	xsp_place_read(&mover->from, table);
	xsp_take_samples(mover, nr);
	err = xsp_map_frames(mover, to, nr);
	if (!err) {
		xsp_set_ptes(mover, to);
		err = xsp_verify(mover, nr);
		if (err)
			xsp_set_ptes(mover, &mover->from);
	}
	if (err)
		xsp_roll_back(mover, to, nr);
	return err;
}

/*
 * Runs on every CPU at once, interrupts off.  No CPU leaves before all have
 * flushed: stop_machine() waits for each of them.
 */
static int xsp_stopped(void *arg)
{
	struct xsp_stop *stop = arg;
	struct xsp_tlbcheck *check = &stop->mover->check;
	u64 start;

	if (!atomic_xchg(&stop->claimed, 1)) {
		start = local_clock();
		stop->ret = xsp_move_frames(stop->mover, stop->to);
		stop->mover->pause_ns = local_clock() - start;
		/* Pairs with the acquire below: the new entries come before the flushes. */
		smp_store_release(&stop->done, 1);
	} else {
		/* Pairs with the leader's release above. */
		while (!smp_load_acquire(&stop->done)) {
			xsp_tlbcheck_touch(check);
			cpu_relax();
		}
	}
	xsp_cpu_flush_tlb();
	xsp_tlbcheck_verify(check);
	return 0;
}

/**
 * xsp_move() - move the grant table to another place
 * @mover: prepared with xsp_mover_init()
 * @to: where to go: as many pages as the table can have, nothing mapped there
 *
 * On failure the table is where it was.
 *
 * Context: process context, sleeps.  The caller serialises moves.
 * Return: 0 or the errno of what failed, often the hypervisor's.
 */
int xsp_move(struct xsp_mover *mover, const struct xsp_place *to)
{
	struct xsp_stop stop = { .mover = mover, .to = to };
	int err;

	if (to->nr != mover->table->max)
		return -EINVAL;
	err = stop_machine(xsp_stopped, &stop, cpu_online_mask);
	if (atomic_xchg(&mover->check.stale, 0))
		pr_err("a CPU kept stale address translations in a move, please report this\n");
	return err ?: stop.ret;
}
