// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holes in the guest's RAM: pages that are given back to Xen, and asked for
 * again later.  The kernel's allocator does not get a page without RAM.
 *
 * A hole is made, used, and kept when nothing is mapped in it any more.  A kept
 * hole is used again or filled.  What the host does not fill stays on the list.
 *
 * The kernel's balloon driver has its own accounts; these pages are not in them.
 *
 * The caller serialises all calls.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "balloon.h"
#include "compat/compat.h"

#include "fault-calls.h"

/* The use is an optimisation: neither the OOM killer nor a warning for it. */
#define XSP_HOLE_GFP	(GFP_KERNEL | __GFP_NOWARN)

/**
 * struct xsp_hole - consecutive pages without RAM
 * @kept: entry in the list of kept holes
 * @first: the first page of @gfns without RAM; those before it have RAM again
 * @pages: entries of @gfns
 * @gfns: the frames, for the hypervisor: nothing is allocated when a hole is filled
 */
struct xsp_hole {
	struct list_head kept;
	unsigned int first;
	unsigned int pages;
	unsigned long gfns[];
};

static LIST_HEAD(xsp_holes_kept);

/* How many pages without RAM the last log line named. */
static unsigned int xsp_holes_told;

/* The mark tells the kernel that there is nothing to read, to dump or to save. */
static void xsp_pages_go_offline(const unsigned long *gfns, unsigned int nr)
{
	unsigned int i;

	compat_page_offline_begin();
	for (i = 0; i < nr; i++) {
		__SetPageOffline(pfn_to_page(gfns[i]));
		adjust_managed_page_count(pfn_to_page(gfns[i]), -1);
	}
	compat_page_offline_end();
}

/* They have RAM: the kernel's allocator gets them back. */
static void xsp_pages_come_online(const unsigned long *gfns, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		__ClearPageOffline(pfn_to_page(gfns[i]));
		adjust_managed_page_count(pfn_to_page(gfns[i]), 1);
		__free_page(pfn_to_page(gfns[i]));
	}
}

/*
 * 2^@order consecutive pages, or fewer, so that few large pages of Xen's break.
 * Returns NULL, or the first page, and corrects @order.
 */
static void *xsp_pages_alloc(unsigned int *order)
{
	gfp_t effort;
	void *block;

	do {
		effort = *order ? __GFP_NORETRY : __GFP_RETRY_MAYFAIL;
		block = alloc_pages_exact(PAGE_SIZE << *order,
					  XSP_HOLE_GFP | __GFP_ZERO | effort);
	} while (!block && (*order)--);
	return block;
}

/* The pages of a hole, still with their RAM. */
static struct xsp_hole *xsp_hole_alloc(unsigned int pages)
{
	unsigned int i, order = ilog2(pages);
	void *block = xsp_pages_alloc(&order);
	struct xsp_hole *hole;

	if (!block)
		return NULL;
	pages = 1U << order;
	hole = kmalloc(struct_size(hole, gfns, pages), XSP_HOLE_GFP | __GFP_RETRY_MAYFAIL);
	if (!hole) {
		free_pages_exact(block, PAGE_SIZE << order);
		return NULL;
	}
	INIT_LIST_HEAD(&hole->kept);
	hole->first = 0;
	hole->pages = pages;
	for (i = 0; i < pages; i++)
		hole->gfns[i] = page_to_pfn(virt_to_page(block)) + i;
	return hole;
}

/* RAM keeps what is written to it; a frame without RAM reads as ones. */
static bool xsp_page_keeps(unsigned long gfn, u64 value)
{
	u64 *word = (u64 *)__va((phys_addr_t)gfn << PAGE_SHIFT);

	WRITE_ONCE(*word, value);
	return READ_ONCE(*word) == value;
}

/* The host says so, and it is true.  Nobody uses the page. */
static bool xsp_page_has_ram(const struct xsp_xen_ops *xen, unsigned long gfn)
{
	return xen->mem_type(gfn) == XSP_MEM_RAM && xsp_page_keeps(gfn, gfn) &&
	       xsp_page_keeps(gfn, 0);
}

/* How many pages in a row, from the first one without RAM on, have some or have none. */
static unsigned int xsp_hole_run(const struct xsp_xen_ops *xen, const struct xsp_hole *hole,
				 bool ram)
{
	unsigned int i;

	for (i = hole->first; i < hole->pages; i++)
		if (xsp_page_has_ram(xen, hole->gfns[i]) != ram)
			break;
	return i - hole->first;
}

/*
 * Take the RAM of the pages.  Returns how many, from the first on, have none; fails if
 * others have none, too: all of them stay offline then.
 */
static int xsp_hole_empty(const struct xsp_xen_ops *xen, struct xsp_hole *hole)
{
	unsigned int i, empty;

	/* If the host does not call this RAM, nobody can see that it is RAM again. */
	if (!xsp_page_has_ram(xen, hole->gfns[0]))
		return 0;
	empty = xen->release(hole->pages, hole->gfns);
	empty = min(empty, xsp_hole_run(xen, hole, false));
	for (i = empty; i < hole->pages; i++)
		if (!xsp_page_has_ram(xen, hole->gfns[i]))
			return -EIO;
	return empty;
}

/*
 * The host may take some of the pages only: then the hole is smaller.  If they are not
 * consecutive, it is kept, and filled like any other.
 */
static struct xsp_hole *xsp_hole_dig(const struct xsp_xen_ops *xen, struct xsp_hole *hole)
{
	int empty;

	xsp_pages_go_offline(hole->gfns, hole->pages);
	empty = xsp_hole_empty(xen, hole);
	if (empty < 0) {
		xsp_hole_keep(hole);
		return ERR_PTR(empty);
	}
	xsp_pages_come_online(hole->gfns + empty, hole->pages - empty);
	hole->pages = empty;
	if (empty)
		return hole;
	kfree(hole);
	return ERR_PTR(-EIO);
}

static unsigned int xsp_hole_size(const struct xsp_hole *hole)
{
	return hole->pages - hole->first;
}

/* The largest kept hole of at most @pages, NULL if there is none. */
static struct xsp_hole *xsp_hole_find(unsigned int pages)
{
	struct xsp_hole *hole, *best = NULL;

	list_for_each_entry(hole, &xsp_holes_kept, kept)
		if (xsp_hole_size(hole) <= pages &&
		    (!best || xsp_hole_size(hole) > xsp_hole_size(best)))
			best = hole;
	return best;
}

/*
 * After a resume from hibernation this can be another domain, which has RAM
 * where the hole is.
 */
static bool xsp_hole_make_empty(const struct xsp_xen_ops *xen, struct xsp_hole *hole)
{
	unsigned int i;

	for (i = hole->first; i < hole->pages; i++)
		if (xen->mem_type(hole->gfns[i]) == XSP_MEM_RAM &&
		    !xen->release(1, &hole->gfns[i]))
			return false;
	return true;
}

/**
 * xsp_hole_make() - get a hole in the guest's RAM
 * @xen: the hypervisor
 * @pages: the most that are wanted, at least 1
 *
 * The largest kept hole that is not too large, or else a new one, whose size is a
 * power of two if the host takes all of it.  A kept hole that is larger than @pages
 * is not split: it waits to be filled.
 *
 * Context: process context, sleeps, allocates memory.
 * Return: a hole of at least one page, ERR_PTR(-ENOMEM), or ERR_PTR(-EIO) if the
 * host does not take the pages.
 */
struct xsp_hole *xsp_hole_make(const struct xsp_xen_ops *xen, unsigned int pages)
{
	struct xsp_hole *hole = xsp_hole_find(pages);

	if (hole) {
		if (!xsp_hole_make_empty(xen, hole))
			return ERR_PTR(-EIO);
		list_del_init(&hole->kept);
		return hole;
	}
	hole = xsp_hole_alloc(pages);
	return hole ? xsp_hole_dig(xen, hole) : ERR_PTR(-ENOMEM);
}

/**
 * xsp_hole_keep() - nothing is mapped in a hole any more
 * @hole: the hole, which is the caller's no longer
 *
 * It stays without RAM until it is used again or filled.
 *
 * Context: any, allocates nothing.  The caller serialises it like the others.
 */
void xsp_hole_keep(struct xsp_hole *hole)
{
	list_add_tail(&hole->kept, &xsp_holes_kept);
}

static void xsp_hole_shrink(struct xsp_hole *hole, unsigned int pages)
{
	xsp_pages_come_online(hole->gfns + hole->first, pages);
	hole->first += pages;
}

/* A page that has RAM already is not populated: the domain would lose the one there. */
static void xsp_hole_fill(const struct xsp_xen_ops *xen, struct xsp_hole *hole)
{
	unsigned int empty, filled;

	do {
		xsp_hole_shrink(hole, xsp_hole_run(xen, hole, true));
		empty = xsp_hole_run(xen, hole, false);
		filled = empty ? xen->populate(empty, hole->gfns + hole->first) : 0;
		filled = min(filled, xsp_hole_run(xen, hole, true));
		xsp_hole_shrink(hole, filled);
	} while (empty && filled == empty);
}

/* One line when pages are missing, and one when they are back. */
static void xsp_holes_tell(unsigned int missing)
{
	if (missing && missing != xsp_holes_told)
		pr_warn_ratelimited("the host has not given %u pages of RAM back (%lu KiB), they are asked for again later\n",
				    missing, missing * (PAGE_SIZE / SZ_1K));
	else if (!missing && xsp_holes_told)
		pr_info("the host has given all pages of RAM back\n");
	xsp_holes_told = missing;
}

/**
 * xsp_holes_fill() - ask the host for the RAM of all kept holes
 * @xen: the hypervisor
 *
 * What the host does not give stays kept: it is asked for again the next time.
 *
 * Context: process context, allocates nothing.
 * Return: how many pages still have no RAM.
 */
unsigned int xsp_holes_fill(const struct xsp_xen_ops *xen)
{
	struct xsp_hole *hole, *next;
	unsigned int missing = 0;

	list_for_each_entry_safe(hole, next, &xsp_holes_kept, kept) {
		xsp_hole_fill(xen, hole);
		missing += xsp_hole_size(hole);
		if (xsp_hole_size(hole))
			continue;
		list_del(&hole->kept);
		kfree(hole);
	}
	xsp_holes_tell(missing);
	return missing;
}

/* The frames of a hole that have no RAM. */
struct xsp_range xsp_hole_range(const struct xsp_hole *hole)
{
	return (struct xsp_range){ .gfn = hole->gfns[hole->first], .pages = xsp_hole_size(hole) };
}
