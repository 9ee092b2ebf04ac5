// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sources of ranges, one function for each: take frames that hold nothing,
 * that nobody else has, and that really get mapped write-back.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/e820/api.h>
#include <asm/processor.h>

#include "balloon.h"
#include "cpu.h"
#include "kernel.h"
#include "source.h"

#include "fault-calls.h"

#define XSP_EMPTY		(~0ULL)

static resource_size_t xsp_range_start(const struct xsp_range *range)
{
	return (resource_size_t)range->gfn << PAGE_SHIFT;
}

static resource_size_t xsp_range_bytes(const struct xsp_range *range)
{
	return (resource_size_t)range->pages << PAGE_SHIFT;
}

/*
 * RAM of this guest, as its kernel has it.  Of RAM that "mem=" has taken from the kernel
 * nothing is known here: xsp_alias_is_empty() sees it.
 */
static bool xsp_range_has_ram(const struct xsp_range *range)
{
	u64 start = xsp_range_start(range), bytes = xsp_range_bytes(range);

	return region_intersects(start, bytes, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) != REGION_DISJOINT ||
	       e820__mapped_any(start, start + bytes, E820_TYPE_RAM);
}

static bool xsp_range_is_reserved(const struct xsp_range *range)
{
	u64 start = xsp_range_start(range), end = start + xsp_range_bytes(range);

	for (; start < end; start += PAGE_SIZE)
		if (!e820__mapped_any(start, start + PAGE_SIZE, E820_TYPE_RESERVED))
			return false;
	return true;
}

static bool xsp_mtrrs_are_wb(const struct xsp_range *range)
{
	struct xsp_mtrrs mtrrs;

	xsp_cpu_read_mtrrs(&mtrrs);
	return xsp_memtype_of_mtrrs(&mtrrs, range->gfn, range->pages) == XSP_MEMTYPE_WB;
}

static int xsp_piece_reserve(struct xsp_piece *piece)
{
	piece->resource = request_mem_region(xsp_range_start(&piece->taken),
					     xsp_range_bytes(&piece->taken), "Xen special pages");
	return piece->resource ? 0 : -EBUSY;
}

static void xsp_piece_unreserve(struct xsp_piece *piece)
{
	release_mem_region(xsp_range_start(&piece->taken), xsp_range_bytes(&piece->taken));
}

/* The entry of one alias page, if it maps what and how it has to. */
static int xsp_alias_pte(const struct xsp_piece *piece, unsigned int page, u64 pat, pte_t *pte)
{
	pte_t *ptep = xsp_kernel_pte((unsigned long)piece->alias + page * PAGE_SIZE);

	if (!ptep || !pte_present(*ptep) ||
	    pte_pfn(*ptep) != piece->taken.gfn + page)
		return -EOPNOTSUPP;
	*pte = *ptep;
	return xsp_memtype_of_pte(pte_val(*pte), pat) == XSP_MEMTYPE_WB ? 0 : -EINVAL;
}

/* The device model answers reads of an empty frame with all ones. */
static bool xsp_alias_is_empty(const struct xsp_piece *piece)
{
	const u64 *words = piece->alias;
	unsigned int i, words_per_page = PAGE_SIZE / sizeof(*words);

	for (i = 0; i < piece->taken.pages; i++, words += words_per_page)
		if (READ_ONCE(words[0]) != XSP_EMPTY ||
		    READ_ONCE(words[words_per_page - 1]) != XSP_EMPTY)
			return false;
	return true;
}

/* Fill @mapping, which has room for the piece. */
static int xsp_alias_clone(const struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	u64 pat = xsp_cpu_read_pat();
	unsigned int i;
	int err;

	for (i = 0; i < mapping->nr; i++) {
		mapping->gfn[i] = piece->taken.gfn + i;
		err = xsp_alias_pte(piece, i, pat, &mapping->pte[i]);
		if (err)
			return err;
	}
	return 0;
}

static int xsp_piece_map(struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	int err;

	piece->alias = memremap(xsp_range_start(&piece->taken),
				xsp_range_bytes(&piece->taken), MEMREMAP_WB);
	if (!piece->alias)
		return -ENXIO;
	err = xsp_alias_clone(piece, mapping);
	if (!err && !xsp_mtrrs_are_wb(&piece->taken))
		err = -EINVAL;
	if (!err && !xsp_alias_is_empty(piece))
		err = -EEXIST;
	if (err)
		memunmap(piece->alias);
	return err;
}

static void xsp_piece_put(struct xsp_piece *piece)
{
	memunmap(piece->alias);
	xsp_piece_unreserve(piece);
}

/* Reserve and map frames of a range that has no RAM in it. */
static int xsp_piece_take(struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	int err = xsp_piece_reserve(piece);

	if (err)
		return err;
	err = xsp_piece_map(piece, mapping);
	if (err) {
		xsp_piece_unreserve(piece);
		return err;
	}
	piece->release = xsp_piece_put;
	return 0;
}

static void xsp_piece_keep_hole(struct xsp_piece *piece)
{
	xsp_hole_keep(piece->hole);
}

/* A hole is as empty as Xen says, and nothing but this driver knows its pages. */
static int xsp_piece_from_hole(struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	unsigned int i;

	if (!xsp_mtrrs_are_wb(&piece->taken))
		return -EINVAL;
	for (i = 0; i < mapping->nr; i++) {
		mapping->gfn[i] = piece->taken.gfn + i;
		mapping->pte[i] = pfn_pte(piece->taken.gfn + i, PAGE_KERNEL);
	}
	piece->release = xsp_piece_keep_hole;
	return 0;
}

static const char *xsp_source_failure(int err)
{
	switch (err) {
	case 0:
		return "too small";
	case -EBUSY:
		return "addresses in use";
	case -EOPNOTSUPP:
		return "cannot be mapped page by page";
	case -EINVAL:
		return "cannot be mapped write-back";
	case -ENXIO:
		return "cannot be mapped";
	case -EEXIST:
		return "not empty";
	case -EIO:
		return "the host does not take the pages";
	default:
		return "out of memory";
	}
}

/* As much of the range as is missing, piece by piece. */
static int xsp_source_take(struct xsp_window *window, enum xsp_source source,
			   const struct xsp_range *range)
{
	struct xsp_piece piece = { .source = source };
	u64 offset = 0;
	int err;

	for (;;) {
		piece.taken = xsp_range_piece(range, offset, xsp_window_missing(window));
		if (!piece.taken.pages)
			return 0;
		err = xsp_window_add(window, &piece, xsp_piece_take);
		if (err)
			return err;
		if (!offset)
			xsp_window_show(window, range);
		offset += piece.taken.pages;
	}
}

static void xsp_source_try(struct xsp_window *window, enum xsp_source source,
			   const struct xsp_range *range, const char **why)
{
	if (xsp_window_overlaps(window, range))
		*why = "taken already, from the source before";
	else if (xsp_range_has_ram(range))
		*why = "has RAM in it";
	else
		*why = xsp_source_failure(xsp_source_take(window, source, range));
}

static void xsp_take_cpuid(struct xsp_window *window, const struct xsp_search *search,
			   const char **why)
{
	const struct xsp_host *host = search->host;
	unsigned int i;

	*why = host->known ? "host advertises no range" : "host advertises nothing";
	for (i = 0; i < host->nr_ranges && xsp_window_missing(window); i++)
		xsp_source_try(window, XSP_SOURCE_CPUID, &host->ranges[i], why);
}

static void xsp_take_contract(struct xsp_window *window, const struct xsp_search *search,
			      const char **why)
{
	const struct xsp_range range = {
		.gfn = XSP_CONTRACT_GFN,
		.pages = XSP_CONTRACT_PAGES,
	};
	unsigned int major, minor;

	if (!xsp_cpu_xen_version(&major, &minor) || !xsp_contract_holds(major, minor))
		*why = "Xen is older than 4.3";
	else if (!xsp_range_is_reserved(&range))
		*why = "firmware does not reserve it";
	else
		xsp_source_try(window, XSP_SOURCE_CONTRACT, &range, why);
}

static int xsp_source_take_hole(struct xsp_window *window, const struct xsp_xen_ops *xen)
{
	struct xsp_piece piece = { .source = XSP_SOURCE_BALLOON };
	int err;

	piece.hole = xsp_hole_make(xen, min_t(unsigned int, xsp_window_missing(window),
					      XSP_PIECE_PAGES));
	if (IS_ERR(piece.hole))
		return PTR_ERR(piece.hole);
	piece.taken = xsp_hole_range(piece.hole);
	err = xsp_window_add(window, &piece, xsp_piece_from_hole);
	if (err)
		xsp_hole_keep(piece.hole);
	else
		xsp_window_show(window, &piece.taken);
	return err;
}

static void xsp_take_balloon(struct xsp_window *window, const struct xsp_search *search,
			     const char **why)
{
	int err = 0;

	while (!err && xsp_window_missing(window))
		err = xsp_source_take_hole(window, search->xen);
	*why = xsp_source_failure(err);
}

const xsp_take_t xsp_source_takes[XSP_SOURCES] = {
	[XSP_SOURCE_CPUID]	= xsp_take_cpuid,
	[XSP_SOURCE_CONTRACT]	= xsp_take_contract,
	[XSP_SOURCE_BALLOON]	= xsp_take_balloon,
};
