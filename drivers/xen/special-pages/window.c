// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges on this machine: try the sources in order, take from them what holds
 * nothing, what nobody else has and what really gets mapped write-back, until
 * there is enough.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

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
#include "window.h"

#define XSP_EMPTY		(~0ULL)

static resource_size_t xsp_range_start(const struct xsp_range *range)
{
	return (resource_size_t)range->gfn << PAGE_SHIFT;
}

static resource_size_t xsp_range_bytes(const struct xsp_range *range)
{
	return (resource_size_t)range->pages << PAGE_SHIFT;
}

/* No RAM, neither now nor in the firmware's memory map. */
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

/* The name is the resource's own: a reservation can outlive this module. */
static int xsp_piece_reserve(struct xsp_piece *piece)
{
	char *name = kstrdup("Xen special pages", GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	piece->resource = request_mem_region(xsp_range_start(&piece->taken),
					     xsp_range_bytes(&piece->taken), name);
	if (piece->resource)
		return 0;
	kfree(name);
	return -EBUSY;
}

static void xsp_piece_unreserve(struct xsp_piece *piece)
{
	const char *name = piece->resource->name;

	release_mem_region(xsp_range_start(&piece->taken), xsp_range_bytes(&piece->taken));
	kfree(name);
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

/* Fill @place, which has room for the piece. */
static int xsp_alias_clone(const struct xsp_piece *piece, const struct xsp_place *place)
{
	u64 pat = xsp_cpu_read_pat();
	unsigned int i;
	int err;

	for (i = 0; i < place->nr; i++) {
		place->gfn[i] = piece->taken.gfn + i;
		err = xsp_alias_pte(piece, i, pat, &place->pte[i]);
		if (err)
			return err;
	}
	return 0;
}

static int xsp_piece_map(struct xsp_piece *piece, const struct xsp_place *place)
{
	int err;

	piece->alias = memremap(xsp_range_start(&piece->taken),
				xsp_range_bytes(&piece->taken), MEMREMAP_WB);
	if (!piece->alias)
		return -ENXIO;
	err = xsp_alias_clone(piece, place);
	if (!err && !xsp_mtrrs_are_wb(&piece->taken))
		err = -EINVAL;
	if (!err && !xsp_alias_is_empty(piece))
		err = -EEXIST;
	if (err)
		memunmap(piece->alias);
	return err;
}

/* Reserve and map frames of a range that has no RAM in it. */
static int xsp_piece_take(struct xsp_piece *piece, const struct xsp_place *place)
{
	int err = xsp_piece_reserve(piece);

	if (err)
		return err;
	err = xsp_piece_map(piece, place);
	if (err)
		xsp_piece_unreserve(piece);
	return err;
}

/* A hole is as empty as Xen says, and nothing but this driver knows its pages. */
static int xsp_piece_dig(struct xsp_piece *piece, const struct xsp_place *place)
{
	unsigned int i;

	if (!xsp_mtrrs_are_wb(&piece->taken))
		return -EINVAL;
	for (i = 0; i < place->nr; i++) {
		place->gfn[i] = piece->taken.gfn + i;
		place->pte[i] = pfn_pte(piece->taken.gfn + i, PAGE_KERNEL);
	}
	return 0;
}

static void xsp_piece_release(struct xsp_piece *piece)
{
	if (piece->source == XSP_SOURCE_BALLOON) {
		xsp_balloon_in(&piece->taken);
	} else {
		memunmap(piece->alias);
		xsp_piece_unreserve(piece);
	}
	kfree(piece);
}

static unsigned int xsp_window_lacks(const struct xsp_window *window)
{
	return window->place.nr - window->filled;
}

/* Take @taken for the window: it is empty, and not more than what lacks. */
static int xsp_window_add(struct xsp_window *window, enum xsp_source source,
			  const struct xsp_range *taken,
			  int (*take)(struct xsp_piece *piece, const struct xsp_place *place))
{
	struct xsp_place place = xsp_place_part(&window->place, window->filled, taken->pages);
	struct xsp_piece *piece = kzalloc(sizeof(*piece), GFP_KERNEL);
	int err;

	if (!piece)
		return -ENOMEM;
	piece->source = source;
	piece->taken = *taken;
	err = take(piece, &place);
	if (err) {
		kfree(piece);
		return err;
	}
	pr_debug("source %s: gfn 0x%llx, %llu pages\n", xsp_source_names[source],
		 taken->gfn, taken->pages);
	piece->next = window->pieces;
	window->pieces = piece;
	window->filled += taken->pages;
	return 0;
}

/* Tell users where the window is. */
static void xsp_window_show(struct xsp_window *window, const struct xsp_range *range)
{
	if (!window->range.pages)
		window->range.gfn = range->gfn;
	window->range.pages += range->pages;
}

static const char *xsp_window_failure(int err)
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

/* As much of the range as lacks, piece by piece. */
static int xsp_window_take(struct xsp_window *window, enum xsp_source source,
			   const struct xsp_range *range)
{
	struct xsp_range piece = xsp_range_piece(range, 0, xsp_window_lacks(window));
	int err;

	while (piece.pages) {
		err = xsp_window_add(window, source, &piece, xsp_piece_take);
		if (err)
			return err;
		if (piece.gfn == range->gfn)
			xsp_window_show(window, range);
		piece = xsp_range_piece(range, piece.gfn + piece.pages - range->gfn,
					xsp_window_lacks(window));
	}
	return 0;
}

static void xsp_window_try(struct xsp_window *window, enum xsp_source source,
			   const struct xsp_range *range, const char **why)
{
	if (xsp_range_has_ram(range))
		*why = "has RAM in it";
	else
		*why = xsp_window_failure(xsp_window_take(window, source, range));
}

static void xsp_window_from_cpuid(struct xsp_window *window, const struct xsp_host *host,
				  const char **why)
{
	unsigned int i;

	*why = host->known ? "host advertises no range" : "host advertises nothing";
	for (i = 0; i < host->nr_ranges && xsp_window_lacks(window); i++)
		xsp_window_try(window, XSP_SOURCE_CPUID, &host->ranges[i], why);
}

static void xsp_window_from_contract(struct xsp_window *window, const char **why)
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
		xsp_window_try(window, XSP_SOURCE_CONTRACT, &range, why);
}

static void xsp_window_from_balloon(struct xsp_window *window, const char **why)
{
	struct xsp_range hole;
	int err = 0;

	while (!err && xsp_window_lacks(window)) {
		err = xsp_balloon_out(&hole, min_t(unsigned int, xsp_window_lacks(window),
						   XSP_PIECE_PAGES));
		if (err)
			break;
		err = xsp_window_add(window, XSP_SOURCE_BALLOON, &hole, xsp_piece_dig);
		if (err)
			xsp_balloon_in(&hole);
		else
			xsp_window_show(window, &hole);
	}
	*why = xsp_window_failure(err);
}

static void xsp_window_from(enum xsp_source source, struct xsp_window *window,
			    const struct xsp_search *search, const char **why)
{
	switch (source) {
	case XSP_SOURCE_CPUID:
		return xsp_window_from_cpuid(window, search->host, why);
	case XSP_SOURCE_CONTRACT:
		return xsp_window_from_contract(window, why);
	case XSP_SOURCE_BALLOON:
		return xsp_window_from_balloon(window, why);
	default:
		*why = "not a source";
	}
}

/**
 * xsp_window_open() - take frames, from one source or from several
 * @window: the result, empty on an error
 * @search: what to look for, and where
 * @why: if there is not enough, what was wrong with each source; XSP_WHY_BYTES long
 *
 * Context: process context, sleeps, allocates memory.
 * Return: 0, -ENOSPC if there was something but not enough, -ENODEV if there
 * was nothing, or -ENOMEM.
 */
int xsp_window_open(struct xsp_window *window, const struct xsp_search *search, char *why)
{
	unsigned int i, used = 0;
	const char *text = "";
	int err;

	*window = (struct xsp_window){};
	err = xsp_place_alloc(&window->place, search->pages);
	if (err) {
		scnprintf(why, XSP_WHY_BYTES, "out of memory");
		return err;
	}
	scnprintf(why, XSP_WHY_BYTES, "no source may vouch for one");
	for (i = 0; i < search->nr_sources && xsp_window_lacks(window); i++) {
		enum xsp_source source = search->sources[i];

		xsp_window_from(source, window, search, &text);
		used += scnprintf(why + used, XSP_WHY_BYTES - used, "%s%s: %s",
				  used ? ", " : "", xsp_source_names[source], text);
	}
	if (!xsp_window_lacks(window))
		return 0;
	err = window->filled ? -ENOSPC : -ENODEV;
	xsp_window_close(window);
	return err;
}

/* Give everything back; nothing may be mapped there any more. */
void xsp_window_close(struct xsp_window *window)
{
	struct xsp_piece *piece, *next;

	for (piece = window->pieces; piece; piece = next) {
		next = piece->next;
		xsp_piece_release(piece);
	}
	xsp_place_free(&window->place);
	*window = (struct xsp_window){};
}

/* There are holes in the guest's RAM for it. */
bool xsp_window_costs_ram(const struct xsp_window *window)
{
	const struct xsp_piece *piece;

	for (piece = window->pieces; piece; piece = piece->next)
		if (piece->source == XSP_SOURCE_BALLOON)
			return true;
	return false;
}

/* Who vouches for the window, each once: "cpuid", "cpuid+balloon", "none". */
int xsp_window_sources(const struct xsp_window *window, char *buf, size_t size)
{
	const struct xsp_piece *piece;
	bool used[XSP_SOURCES] = {};
	int i, len = 0;

	for (piece = window->pieces; piece; piece = piece->next)
		used[piece->source] = true;
	for (i = XSP_SOURCE_NONE + 1; i < XSP_SOURCES; i++)
		if (used[i])
			len += scnprintf(buf + len, size - len, "%s%s", len ? "+" : "",
					 xsp_source_names[i]);
	if (!len)
		len = scnprintf(buf, size, "%s", xsp_source_names[XSP_SOURCE_NONE]);
	return len;
}
