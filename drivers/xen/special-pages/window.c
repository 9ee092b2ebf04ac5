// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges on this machine: try the sources in order, take the first range that
 * holds nothing, that nobody else has and that really gets mapped write-back.
 */

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/e820/api.h>
#include <asm/processor.h>

#include "cpu.h"
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
static int xsp_window_reserve(struct xsp_window *window)
{
	char *name = kstrdup("Xen special pages", GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	window->resource = request_mem_region(xsp_range_start(&window->taken),
					      xsp_range_bytes(&window->taken), name);
	if (window->resource)
		return 0;
	kfree(name);
	return -EBUSY;
}

static void xsp_window_unreserve(struct xsp_window *window)
{
	const char *name = window->resource->name;

	release_mem_region(xsp_range_start(&window->taken), xsp_range_bytes(&window->taken));
	kfree(name);
}

/* Clone the entry of one alias page, if it maps what and how it has to. */
static int xsp_window_clone(struct xsp_window *window, unsigned int page, u64 pat)
{
	unsigned int level;
	pte_t *ptep = lookup_address((unsigned long)window->alias + page * PAGE_SIZE, &level);
	u64 gfn = window->taken.gfn + page;

	if (!ptep || level != PG_LEVEL_4K || !pte_present(*ptep) || pte_pfn(*ptep) != gfn)
		return -EOPNOTSUPP;
	if (xsp_memtype_of_pte(pte_val(*ptep), pat) != XSP_MEMTYPE_WB)
		return -EINVAL;
	window->place.gfn[page] = gfn;
	window->place.pte[page] = *ptep;
	return 0;
}

static int xsp_window_clone_all(struct xsp_window *window)
{
	u64 pat = xsp_cpu_read_pat();
	unsigned int i;
	int err;

	for (i = 0; i < window->place.nr; i++) {
		err = xsp_window_clone(window, i, pat);
		if (err)
			return err;
	}
	return 0;
}

/* The device model answers reads of an empty frame with all ones. */
static bool xsp_window_is_empty(const struct xsp_window *window)
{
	const u64 *words = window->alias;
	unsigned int i, words_per_page = PAGE_SIZE / sizeof(*words);

	for (i = 0; i < window->place.nr; i++, words += words_per_page)
		if (READ_ONCE(words[0]) != XSP_EMPTY ||
		    READ_ONCE(words[words_per_page - 1]) != XSP_EMPTY)
			return false;
	return true;
}

static const char *xsp_window_failure(int err)
{
	switch (err) {
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
	case -ENOSPC:
		return "too small";
	default:
		return "out of memory";
	}
}

static int xsp_window_map(struct xsp_window *window)
{
	int err;

	window->alias = memremap(xsp_range_start(&window->taken),
				 xsp_range_bytes(&window->taken), MEMREMAP_WB);
	if (!window->alias)
		return -ENXIO;
	err = xsp_window_clone_all(window);
	if (!err && !xsp_mtrrs_are_wb(&window->taken))
		err = -EINVAL;
	if (!err && !xsp_window_is_empty(window))
		err = -EEXIST;
	if (err)
		memunmap(window->alias);
	return err;
}

/* Reserve and map @pages pages of a range that has no RAM in it. */
static int xsp_window_take(struct xsp_window *window, const struct xsp_range *range,
			   unsigned int pages)
{
	int err = xsp_range_fits(range, pages);

	if (err)
		return err;
	*window = (struct xsp_window){
		.range = *range,
		.taken = { .gfn = range->gfn, .pages = pages },
	};
	err = xsp_place_alloc(&window->place, pages);
	if (err)
		return err;
	err = xsp_window_reserve(window);
	if (err)
		goto err_place;
	err = xsp_window_map(window);
	if (err)
		goto err_reserve;
	return 0;

err_reserve:
	xsp_window_unreserve(window);
err_place:
	xsp_place_free(&window->place);
	return err;
}

static int xsp_window_try(struct xsp_window *window, const struct xsp_range *range,
			  unsigned int pages, const char **why)
{
	int err;

	if (xsp_range_has_ram(range)) {
		*why = "has RAM in it";
		return -EEXIST;
	}
	err = xsp_window_take(window, range, pages);
	if (err)
		*why = xsp_window_failure(err);
	return err;
}

static int xsp_window_from_cpuid(struct xsp_window *window, const struct xsp_search *search,
				 const char **why)
{
	const struct xsp_host *host = search->host;
	int err = -ENODEV, one;
	unsigned int i;

	*why = host->known ? "host advertises no range" : "host advertises nothing";
	for (i = 0; i < host->nr_ranges; i++) {
		one = xsp_window_try(window, &host->ranges[i], search->pages, why);
		if (!one)
			return 0;
		if (err != -ENOSPC)
			err = one;
	}
	return err;
}

static int xsp_window_from_contract(struct xsp_window *window, const struct xsp_search *search,
				    const char **why)
{
	const struct xsp_range range = {
		.gfn = XSP_CONTRACT_GFN,
		.pages = XSP_CONTRACT_PAGES,
	};
	unsigned int major, minor;

	if (!xsp_cpu_xen_version(&major, &minor) || !xsp_contract_holds(major, minor)) {
		*why = "Xen is older than 4.3";
		return -ENODEV;
	}
	if (!xsp_range_is_reserved(&range)) {
		*why = "firmware does not reserve it";
		return -ENODEV;
	}
	return xsp_window_try(window, &range, search->pages, why);
}

static int xsp_window_from(enum xsp_source source, struct xsp_window *window,
			   const struct xsp_search *search, const char **why)
{
	switch (source) {
	case XSP_SOURCE_CPUID:
		return xsp_window_from_cpuid(window, search, why);
	case XSP_SOURCE_CONTRACT:
		return xsp_window_from_contract(window, search, why);
	default:
		*why = "not a source";
		return -ENODEV;
	}
}

/**
 * xsp_window_open() - take a part of the first usable range
 * @window: the result; @window->source tells whether there is one
 * @search: what to look for, and where
 * @why: if there is none, what was wrong with each source; XSP_WHY_BYTES long
 *
 * Context: process context, sleeps, allocates memory.
 * Return: 0, -ENOSPC if a range was there but too small, else -ENODEV.
 */
int xsp_window_open(struct xsp_window *window, const struct xsp_search *search, char *why)
{
	unsigned int i, used = 0;
	int err = -ENODEV, one;
	const char *text = "";

	scnprintf(why, XSP_WHY_BYTES, "no source may vouch for one");
	for (i = 0; i < search->nr_sources; i++) {
		enum xsp_source source = search->sources[i];

		one = xsp_window_from(source, window, search, &text);
		if (!one) {
			window->source = source;
			return 0;
		}
		if (one == -ENOSPC)
			err = -ENOSPC;
		used += scnprintf(why + used, XSP_WHY_BYTES - used, "%s%s: %s",
				  used ? ", " : "", xsp_source_names[source], text);
	}
	*window = (struct xsp_window){};
	return err;
}

/* Give the range back; nothing may be mapped there any more. */
void xsp_window_close(struct xsp_window *window)
{
	if (window->source == XSP_SOURCE_NONE)
		return;
	memunmap(window->alias);
	xsp_window_unreserve(window);
	xsp_place_free(&window->place);
	*window = (struct xsp_window){};
}
