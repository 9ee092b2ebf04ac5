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

#include <linux/kernel.h>
#include <linux/slab.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/memory.h>
#include <xen/xen.h>

#include "kernel.h"
#include "move.h"
#include "stop.h"

/* The hypervisor writes 0 or a negative value over it. */
#define XSP_NO_ANSWER		1

/* Mapping a page back can run short of memory for a moment. */
#define XSP_ROLL_BACK_TRIES	3

/* No kind has such a page. */
#define XSP_NO_PAGE		0x7fffffffUL

int xsp_mover_init(struct xsp_mover *mover, struct xsp_pages *pages)
{
	unsigned int nr = pages->max;

	*mover = (struct xsp_mover){ .pages = pages, .fail_page = -1 };
	mover->idx = kcalloc(nr, sizeof(*mover->idx), GFP_KERNEL);
	mover->err = kcalloc(nr, sizeof(*mover->err), GFP_KERNEL);
	mover->sample = kcalloc(nr, sizeof(*mover->sample), GFP_KERNEL);
	if (mover->idx && mover->err && mover->sample && !xsp_mapping_alloc(&mover->from, nr))
		return 0;
	xsp_mover_destroy(mover);
	return -ENOMEM;
}

void xsp_mover_destroy(struct xsp_mover *mover)
{
	kfree(mover->idx);
	kfree(mover->err);
	kfree(mover->sample);
	xsp_mapping_free(&mover->from);
	*mover = (struct xsp_mover){};
}

static int xsp_map_page(const struct xsp_mover *mover, unsigned long page, xen_pfn_t gfn)
{
	struct xen_add_to_physmap map = {
		.domid = DOMID_SELF,
		.space = mover->pages->kind->space,
		.idx = page,
		.gpfn = gfn,
	};

	return HYPERVISOR_memory_op(XENMEM_add_to_physmap, &map);
}

static void xsp_map_batch(struct xsp_mover *mover, const struct xsp_mapping *to)
{
	struct xen_add_to_physmap_range batch = {
		.domid = DOMID_SELF,
		.space = mover->pages->kind->space,
		.size = mover->nr,
	};

	set_xen_guest_handle(batch.idxs, mover->idx);
	set_xen_guest_handle(batch.gpfns, to->gfn);
	set_xen_guest_handle(batch.errs, mover->err);
	/* What the hypervisor did is in the answers, one for each page. */
	(void)HYPERVISOR_memory_op(XENMEM_add_to_physmap_range, &batch);
}

/* Fail as badly as a host can: the page is gone from where it was. */
static void xsp_inject_failure(struct xsp_mover *mover)
{
	struct xen_remove_from_physmap unmap = { .domid = DOMID_SELF };
	int page = mover->fail_page;

	if (page < 0 || page >= mover->nr)
		return;
	mover->fail_page = -1;
	mover->idx[page] = XSP_NO_PAGE;
	unmap.gpfn = mover->from.gfn[page];
	(void)HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &unmap);
}

/* Ask for all pages at once, then one by one for those without an answer. */
static int xsp_map_pages(struct xsp_mover *mover, const struct xsp_mapping *to)
{
	unsigned int i;

	for (i = 0; i < mover->nr; i++) {
		mover->idx[i] = i;
		mover->err[i] = XSP_NO_ANSWER;
	}
	xsp_inject_failure(mover);
	xsp_map_batch(mover, to);
	for (i = 0; i < mover->nr; i++) {
		if (mover->err[i] > 0)
			mover->err[i] = xsp_map_page(mover, mover->idx[i], to->gfn[i]);
		if (mover->err[i])
			return mover->err[i] < 0 ? mover->err[i] : -EIO;
	}
	return 0;
}

/* Every page is at @mapping, as far as this kernel can tell. */
static void xsp_set_ptes(struct xsp_mover *mover, const struct xsp_mapping *mapping)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < pages->max; i++) {
		pages->gfn[i] = mapping->gfn[i];
		set_pte(pages->ptep[i], mapping->pte[i]);
	}
	xsp_kernel_flush_tlb();
}

static void xsp_take_samples(struct xsp_mover *mover)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < mover->nr; i++)
		pages->kind->sample(pages->vaddr + i * PAGE_SIZE, &mover->sample[i]);
}

/* Nobody could change the pages meanwhile: what looks different is another page. */
static int xsp_verify(const struct xsp_mover *mover)
{
	const struct xsp_pages *pages = mover->pages;
	unsigned int i;

	for (i = 0; i < mover->nr; i++)
		if (!pages->kind->recognise(pages->vaddr + i * PAGE_SIZE, &mover->sample[i]))
			return -EIO;
	return 0;
}

/*
 * Map one page back to where it was.  If the host refuses for good, the new
 * place will do, for this page alone: no access must be lost.
 */
static int xsp_roll_back_page(struct xsp_mover *mover, const struct xsp_mapping *to,
			      unsigned int page)
{
	const struct xsp_pages *pages = mover->pages;
	int tries;

	for (tries = 0; tries < XSP_ROLL_BACK_TRIES; tries++)
		if (!xsp_map_page(mover, page, mover->from.gfn[page]))
			return 0;
	if (xsp_map_page(mover, page, to->gfn[page]))
		return -EIO;
	pages->gfn[page] = to->gfn[page];
	set_pte(pages->ptep[page], to->pte[page]);
	return 0;
}

static void xsp_roll_back(struct xsp_mover *mover, const struct xsp_mapping *to)
{
	unsigned int i;

	xsp_set_ptes(mover, &mover->from);
	for (i = 0; i < mover->nr; i++)
		if (xsp_roll_back_page(mover, to, i))
			pr_crit("the host took %s page %u away\n", mover->pages->kind->name, i);
	xsp_kernel_flush_tlb();
}

/* On an error the pages are where they were. */
static int xsp_move_pages(struct xsp_mover *mover, const struct xsp_mapping *to)
{
	int nr = mover->pages->kind->in_use(mover->pages);
	int err;

	if (nr < 0)
		return nr;
	mover->nr = nr;
	xsp_mapping_read(&mover->from, mover->pages);
	xsp_take_samples(mover);
	err = xsp_map_pages(mover, to);
	if (!err) {
		xsp_set_ptes(mover, to);
		err = xsp_verify(mover);
	}
	if (err)
		xsp_roll_back(mover, to);
	return err;
}

/**
 * struct xsp_lead - what the CPU that leads has to do
 * @move: the steps
 * @err: the outcome
 */
struct xsp_lead {
	struct xsp_move *move;
	int err;
};

static void xsp_move_all(void *arg)
{
	struct xsp_lead *lead = arg;
	struct xsp_move *move = lead->move;
	unsigned int i;

	for (i = 0; i < move->nr; i++) {
		lead->err = xsp_move_pages(move->steps[i].mover, move->steps[i].to);
		if (lead->err)
			break;
	}
	if (lead->err)
		while (i--)
			xsp_roll_back(move->steps[i].mover, move->steps[i].to);
}

/**
 * xsp_move() - move special pages to other places
 * @move: what to move, and where
 *
 * On failure all of them are where they were.
 *
 * Context: process context, sleeps.  The caller serialises moves.
 * Return: 0 or the errno of what failed, often the hypervisor's.
 */
int xsp_move(struct xsp_move *move)
{
	struct xsp_lead lead = { .move = move };
	unsigned int i;
	int err;

	for (i = 0; i < move->nr; i++)
		if (move->steps[i].to->nr != move->steps[i].mover->pages->max)
			return -EINVAL;
	err = xsp_stop_cpus(xsp_move_all, &lead, move->check, &move->pause_ns);
	return err ?: lead.err;
}
