// SPDX-License-Identifier: GPL-2.0-only
/*
 * A move: the kernel virtual address stays the same, the guest frames and the
 * page-table entries are new.  Nothing is copied, the pages are the hypervisor's.
 *
 * Xen takes a page away from its old frame before it appears at the new one,
 * and what is written to an empty frame is lost.  So all CPUs stand still with
 * interrupts off while frames, page-table entries and the kernel's record of
 * the frames change together.  Nothing is printed during that time: a console
 * may grant pages.
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "move.h"

#include "fault-calls.h"

/* The hypervisor writes 0 or a negative value over it. */
#define XSP_NO_ANSWER		1

/* Mapping a page back can run short of memory for a moment. */
#define XSP_UNDO_TRIES		3

/* Allocate all that moving @pages needs.  Sleeps; 0 or -ENOMEM. */
int xsp_mover_init(struct xsp_mover *mover, struct xsp_pages *pages)
{
	unsigned int nr = pages->max;

	*mover = (struct xsp_mover){ .pages = pages };
	mover->idx = kcalloc(nr, sizeof(*mover->idx), GFP_KERNEL);
	mover->err = kcalloc(nr, sizeof(*mover->err), GFP_KERNEL);
	mover->sample = kcalloc(nr, sizeof(*mover->sample), GFP_KERNEL);
	mover->lost = kcalloc(nr, sizeof(*mover->lost), GFP_KERNEL);
	mover->astray = kcalloc(nr, sizeof(*mover->astray), GFP_KERNEL);
	if (mover->idx && mover->err && mover->sample && mover->lost && mover->astray &&
	    !xsp_mapping_alloc(&mover->from, nr))
		return 0;
	xsp_mover_destroy(mover);
	return -ENOMEM;
}

/* Undo xsp_mover_init(). */
void xsp_mover_destroy(struct xsp_mover *mover)
{
	kfree(mover->idx);
	kfree(mover->err);
	kfree(mover->sample);
	kfree(mover->lost);
	kfree(mover->astray);
	xsp_mapping_free(&mover->from);
	*mover = (struct xsp_mover){};
}

static void xsp_mover_set_lost(struct xsp_mover *mover, unsigned int page, bool lost)
{
	mover->nr_lost += lost - mover->lost[page];
	mover->lost[page] = lost;
}

static void xsp_mover_set_astray(struct xsp_mover *mover, unsigned int page, bool astray)
{
	mover->nr_astray += astray - mover->astray[page];
	mover->astray[page] = astray;
}

/* All pages of all kinds are where they were to go. */
void xsp_mover_arrived(struct xsp_mover *mover)
{
	unsigned int i;

	for (i = 0; mover->nr_astray && i < mover->pages->max; i++)
		xsp_mover_set_astray(mover, i, false);
}

/*
 * "Done" does not count if the hypervisor also says that there is no page now.  It may
 * refuse to tell: its security policy can keep guests from asking.
 */
static int xsp_mover_map_page(const struct xsp_mover *mover, const struct xsp_xen_ops *xen,
			      unsigned int page, unsigned long gfn)
{
	int err = xen->map(mover->pages->kind->space, page, gfn);
	int type;

	if (err)
		return err;
	type = xen->mem_type(gfn);
	return type < 0 || type == XSP_MEM_RAM ? 0 : -EIO;
}

/*
 * How many pages are in use, or a negative errno.  The kernel has mapped them, from the
 * first on.  A page behind them that is mapped, too, contradicts the hypervisor's answer,
 * and would get lost.
 */
static int xsp_mover_in_use(const struct xsp_mover *mover, const struct xsp_xen_ops *xen)
{
	const struct xsp_pages *pages = mover->pages;
	int nr = pages->kind->in_use(pages);

	if (nr < 0)
		return nr;
	if (!nr || ((unsigned int)nr < pages->max &&
		    xen->mem_type(pages->gfn[nr]) == XSP_MEM_RAM))
		return -EIO;
	return nr;
}

/* The page-table entries are where they were found when the pages were located. */
static bool xsp_mover_ptes_are_valid(const struct xsp_mover *mover,
				     const struct xsp_kernel_ops *kernel)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < pages->max; i++)
		if (kernel->pte((unsigned long)pages->vaddr + i * PAGE_SIZE) != pages->ptep[i])
			return false;
	return true;
}

static void xsp_mover_take_samples(struct xsp_mover *mover)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < mover->nr; i++)
		pages->kind->sample(pages->vaddr + i * PAGE_SIZE, &mover->sample[i]);
}

/* How many of the pages in use have to move; those after them are there, or stay. */
static unsigned int xsp_mover_count(const struct xsp_mover *mover, const struct xsp_mapping *to)
{
	unsigned int nr = min(mover->nr, to->nr);

	while (nr && mover->pages->gfn[nr - 1] == to->gfn[nr - 1] && !mover->lost[nr - 1])
		nr--;
	return nr;
}

/* Note where the pages are, while nothing has changed. */
static int xsp_mover_begin(struct xsp_mover *mover, const struct xsp_move *move,
			   const struct xsp_mapping *to)
{
	int nr = xsp_mover_in_use(mover, move->xen);
	unsigned int i;

	mover->nr = 0;
	mover->nr_to_move = 0;
	if (nr < 0)
		return nr;
	if (!xsp_mover_ptes_are_valid(mover, move->kernel))
		return -EFAULT;
	mover->nr = nr;
	mover->nr_to_move = xsp_mover_count(mover, to);
	xsp_mapping_read(&mover->from, mover->pages);
	xsp_mover_take_samples(mover);
	for (i = 0; i < mover->nr_to_move; i++) {
		mover->idx[i] = i;
		mover->err[i] = XSP_NO_ANSWER;
	}
	return 0;
}

/* A page without an answer from the batch is mapped again, alone.  0 or the first errno. */
static int xsp_mover_check_answers(struct xsp_mover *mover, const struct xsp_xen_ops *xen,
				   const struct xsp_mapping *to)
{
	unsigned int i;

	for (i = 0; i < mover->nr_to_move; i++) {
		if (mover->err[i] > 0)
			mover->err[i] = xsp_mover_map_page(mover, xen, i, to->gfn[i]);
		if (mover->err[i])
			return mover->err[i];
	}
	return 0;
}

/* Each page that has a frame in @mapping is there, as far as this kernel can tell. */
static void xsp_mover_set_mapping(struct xsp_mover *mover, const struct xsp_mapping *mapping)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < mapping->nr; i++) {
		pages->gfn[i] = mapping->gfn[i];
		set_pte(pages->ptep[i], mapping->pte[i]);
	}
}

/* Nobody could change the pages during that time: one that differs is another page. */
static int xsp_mover_verify(const struct xsp_mover *mover)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < mover->nr; i++)
		if (!mover->lost[i] &&
		    !pages->kind->recognise(pages->vaddr + i * PAGE_SIZE, &mover->sample[i]))
			return -EIO;
	return 0;
}

static void xsp_mover_finish(struct xsp_mover *mover)
{
	unsigned int i;

	for (i = 0; i < mover->nr_to_move; i++)
		xsp_mover_set_lost(mover, i, false);
}

/*
 * Map one page back to where it was.  If the host still refuses, this page stays
 * at its new gfn: no access must be lost.  One that was not to move has no new gfn.
 */
static void xsp_mover_undo_page(struct xsp_mover *mover, const struct xsp_xen_ops *xen,
				const struct xsp_mapping *to, unsigned int page)
{
	const struct xsp_pages *pages = mover->pages;
	int tries;

	xsp_mover_set_lost(mover, page, false);
	for (tries = 0; tries < XSP_UNDO_TRIES; tries++)
		if (!xsp_mover_map_page(mover, xen, page, mover->from.gfn[page]))
			return;
	if (page >= to->nr || xsp_mover_map_page(mover, xen, page, to->gfn[page])) {
		xsp_mover_set_lost(mover, page, true);
		return;
	}
	if (to->gfn[page] == mover->from.gfn[page])
		return;
	pages->gfn[page] = to->gfn[page];
	set_pte(pages->ptep[page], to->pte[page]);
	/* One that was apart from the others has come to them. */
	xsp_mover_set_astray(mover, page, !mover->astray[page]);
}

static void xsp_mover_undo(struct xsp_mover *mover, const struct xsp_xen_ops *xen,
			   const struct xsp_mapping *to)
{
	unsigned int i;

	xsp_mover_set_mapping(mover, &mover->from);
	/* Those that were not to move, too: the host may have moved others than it was asked to. */
	for (i = 0; i < mover->nr; i++)
		xsp_mover_undo_page(mover, xen, to, i);
}

/**
 * xsp_mover_repair() - map pages that the host took where the kernel expects them
 * @mover: some of its pages may be lost
 * @xen: the hypervisor's calls
 *
 * Context: any; the caller serialises with moves.
 */
void xsp_mover_repair(struct xsp_mover *mover, const struct xsp_xen_ops *xen)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; mover->nr_lost && i < pages->max; i++)
		if (mover->lost[i] && !xsp_mover_map_page(mover, xen, i, pages->gfn[i]))
			xsp_mover_set_lost(mover, i, false);
}

static int xsp_move_begin(struct xsp_move *move)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < move->nr; i++)
		err = xsp_mover_begin(move->steps[i].mover, move, move->steps[i].to);
	return err;
}

/* Ask for the pages of all kinds at once: each hypercall may wait for the device model. */
static int xsp_move_map(struct xsp_move *move)
{
	struct xsp_batch batches[XSP_SPECIALS];
	unsigned int i;
	int err = 0;

	BUILD_BUG_ON(ARRAY_SIZE(batches) > XSP_BATCHES);
	for (i = 0; i < move->nr; i++) {
		struct xsp_mover *mover = move->steps[i].mover;

		batches[i] = (struct xsp_batch){
			.space = mover->pages->kind->space,
			.nr = mover->nr_to_move,
			.idx = mover->idx,
			.gfns = move->steps[i].to->gfn,
			.err = mover->err,
		};
	}
	move->xen->map_batches(batches, move->nr);
	for (i = 0; !err && i < move->nr; i++)
		err = xsp_mover_check_answers(move->steps[i].mover, move->xen, move->steps[i].to);
	return err;
}

static int xsp_move_commit(struct xsp_move *move)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < move->nr; i++)
		xsp_mover_set_mapping(move->steps[i].mover, move->steps[i].to);
	move->kernel->flush_tlb();
	for (i = 0; !err && i < move->nr; i++)
		err = xsp_mover_verify(move->steps[i].mover);
	return err;
}

static void xsp_move_finish(struct xsp_move *move)
{
	unsigned int i;

	for (i = 0; i < move->nr; i++)
		xsp_mover_finish(move->steps[i].mover);
}

static void xsp_move_undo(struct xsp_move *move)
{
	unsigned int i;

	for (i = move->nr; i--;)
		xsp_mover_undo(move->steps[i].mover, move->xen, move->steps[i].to);
	move->kernel->flush_tlb();
}

/* With every CPU stopped. */
static void xsp_move_stopped(void *arg)
{
	struct xsp_move *move = arg;

	move->err = xsp_move_begin(move);
	if (move->err)
		return;
	move->tried = true;
	move->err = xsp_move_map(move) ?: xsp_move_commit(move);
	if (move->err)
		xsp_move_undo(move);
	else
		xsp_move_finish(move);
}

/**
 * xsp_move() - move special pages to other gfns
 * @move: what to move, and where
 *
 * On failure all of them are where they were, except for those that the movers
 * count as astray or lost.
 *
 * Context: process context, sleeps.  The caller serialises moves.
 * Return: 0, -EINVAL for a mapping of more frames than pages, or what failed: the
 * hypervisor's errno, -EFAULT if the page tables have changed, -EIO if it
 * answered nonsense or the pages were not found at their new gfns.
 */
int xsp_move(struct xsp_move *move)
{
	unsigned int i;
	int err;

	for (i = 0; i < move->nr; i++)
		if (move->steps[i].to->nr > move->steps[i].mover->pages->max)
			return -EINVAL;
	err = move->kernel->stop_cpus(xsp_move_stopped, move, &move->pause_ns);
	return err ?: move->err;
}
