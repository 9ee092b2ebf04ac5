// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holes in the guest's RAM: pages that are given back to Xen, and asked for
 * again later.  The kernel's allocator does not see the pages meanwhile.
 *
 * The balloon driver keeps its own accounts of what it has given back; these
 * pages are none of them.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/mem-reservation.h>

#include "balloon.h"

/* The kernel knows by it that there is nothing to dump or to save. */
static void xsp_hole_mark(const struct xsp_range *hole)
{
	u64 i;

	for (i = 0; i < hole->pages; i++)
		__SetPageOffline(pfn_to_page(hole->gfn + i));
}

static void xsp_hole_free(const struct xsp_range *hole)
{
	u64 i;

	for (i = 0; i < hole->pages; i++)
		__free_page(pfn_to_page(hole->gfn + i));
}

static xen_pfn_t *xsp_hole_frames(const struct xsp_range *hole)
{
	xen_pfn_t *frames = kmalloc_array(hole->pages, sizeof(*frames), GFP_KERNEL);
	u64 i;

	for (i = 0; frames && i < hole->pages; i++)
		frames[i] = hole->gfn + i;
	return frames;
}

/* Consecutive pages if they can be had, so that few large pages of Xen's break. */
static int xsp_hole_alloc(struct xsp_range *hole, unsigned int pages)
{
	unsigned int order = ilog2(pages);
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN;
	void *block;

	do {
		block = alloc_pages_exact(PAGE_SIZE << order, order ? gfp | __GFP_NORETRY : gfp);
	} while (!block && order--);
	if (!block)
		return -ENOMEM;
	*hole = (struct xsp_range){
		.gfn = page_to_pfn(virt_to_page(block)),
		.pages = 1UL << order,
	};
	return 0;
}

/* Returns how many pages of the hole, from its start, are RAM again. */
static u64 xsp_hole_refill(const struct xsp_range *hole, xen_pfn_t *frames)
{
	int done = xenmem_reservation_increase(hole->pages, frames);

	return clamp_t(s64, done, 0, hole->pages);
}

static void xsp_hole_return(const struct xsp_range *hole, xen_pfn_t *frames)
{
	struct xsp_range ram = { .gfn = hole->gfn, .pages = xsp_hole_refill(hole, frames) };
	u64 i;

	for (i = 0; i < ram.pages; i++)
		__ClearPageOffline(pfn_to_page(ram.gfn + i));
	xsp_hole_free(&ram);
	/* An empty page must never be handed to anybody. */
	if (ram.pages < hole->pages)
		pr_err("the host gave back %llu of %llu pages of RAM from gfn 0x%llx, the rest is lost\n",
		       ram.pages, hole->pages, hole->gfn);
}

/* Returns 0, or -EIO if the host took only some of the pages, which it then has to return. */
static int xsp_hole_dig(const struct xsp_range *hole, xen_pfn_t *frames)
{
	int done = xenmem_reservation_decrease(hole->pages, frames);
	struct xsp_range dug = { .gfn = hole->gfn, .pages = clamp_t(s64, done, 0, hole->pages) };
	struct xsp_range left = {
		.gfn = dug.gfn + dug.pages,
		.pages = hole->pages - dug.pages,
	};

	xsp_hole_mark(&dug);
	if (!left.pages)
		return 0;
	xsp_hole_free(&left);
	if (dug.pages)
		xsp_hole_return(&dug, frames);
	return -EIO;
}

/**
 * xsp_balloon_out() - make a hole in the guest's RAM
 * @hole: the result, at least one page
 * @pages: the most that are wanted; a power of two is made of it
 *
 * Context: process context, sleeps, allocates memory.
 * Return: 0, -ENOMEM, or -EIO if the host did not take the pages.
 */
int xsp_balloon_out(struct xsp_range *hole, unsigned int pages)
{
	xen_pfn_t *frames;
	int err = xsp_hole_alloc(hole, pages);

	if (err)
		return err;
	frames = xsp_hole_frames(hole);
	if (!frames) {
		xsp_hole_free(hole);
		return -ENOMEM;
	}
	err = xsp_hole_dig(hole, frames);
	kfree(frames);
	return err;
}

/* Make it RAM again, page by page if there is no memory for more. */
void xsp_balloon_in(const struct xsp_range *hole)
{
	xen_pfn_t *frames = xsp_hole_frames(hole);
	struct xsp_range page = { .gfn = hole->gfn, .pages = 1 };
	xen_pfn_t frame;

	if (frames) {
		xsp_hole_return(hole, frames);
		kfree(frames);
		return;
	}
	for (; page.gfn < hole->gfn + hole->pages; page.gfn++) {
		frame = page.gfn;
		xsp_hole_return(&page, &frame);
	}
}
