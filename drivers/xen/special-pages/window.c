// SPDX-License-Identifier: GPL-2.0-only
/* Frames for special pages: ask the sources in order, as long as frames are wanted. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "window.h"

#include "fault-calls.h"

/* How many frames are still to be taken. */
unsigned int xsp_window_missing(const struct xsp_window *window)
{
	return window->mapping.nr - window->filled;
}

/*
 * Add the frames of @wanted to the window: nothing is mapped there, and there are no
 * more of them than are missing.  Sleeps; 0, -ENOMEM, or the errno of @take.
 */
int xsp_window_add(struct xsp_window *window, const struct xsp_piece *wanted,
		   int (*take)(struct xsp_piece *piece, const struct xsp_mapping *mapping))
{
	struct xsp_mapping mapping = xsp_mapping_part(&window->mapping, window->filled,
						      wanted->taken.pages);
	struct xsp_piece *piece = kmemdup(wanted, sizeof(*wanted), GFP_KERNEL);
	int err;

	if (!piece)
		return -ENOMEM;
	err = take(piece, &mapping);
	if (err) {
		kfree(piece);
		return err;
	}
	pr_debug("source %s: gfn 0x%llx, %llu pages\n", xsp_source_rows[piece->source].name,
		 piece->taken.gfn, piece->taken.pages);
	piece->next = window->pieces;
	window->pieces = piece;
	window->filled += piece->taken.pages;
	return 0;
}

/* Has the window frames of this range already? */
bool xsp_window_overlaps(const struct xsp_window *window, const struct xsp_range *range)
{
	const struct xsp_piece *piece;

	for (piece = window->pieces; piece; piece = piece->next)
		if (xsp_range_overlap(&piece->taken, range))
			return true;
	return false;
}

/* Tell users where the window is. */
void xsp_window_show(struct xsp_window *window, const struct xsp_range *range)
{
	if (!window->range.pages)
		window->range.gfn = range->gfn;
	window->range.pages += range->pages;
}

/**
 * xsp_window_open() - take frames, from one source or from several
 * @window: the result, empty on an error
 * @search: what to look for, and where
 * @why: if there is less than is wanted, what was wrong with each source;
 *	XSP_WHY_BYTES long
 *
 * Context: process context, sleeps, allocates memory.
 * Return: 0 for as much as is wanted, or at least of use; -ENOSPC if there was less,
 * -ENODEV if there was nothing, or -ENOMEM.
 */
int xsp_window_open(struct xsp_window *window, const struct xsp_search *search, char *why)
{
	unsigned int i, used = 0;
	const char *text = "";
	int err;

	*window = (struct xsp_window){};
	err = xsp_mapping_alloc(&window->mapping, search->pages);
	if (err) {
		scnprintf(why, XSP_WHY_BYTES, "out of memory");
		return err;
	}
	scnprintf(why, XSP_WHY_BYTES, "no source may vouch for one");
	for (i = 0; i < search->nr_sources && xsp_window_missing(window); i++) {
		enum xsp_source source = search->sources[i];

		search->takes[source](window, search, &text);
		used += scnprintf(why + used, XSP_WHY_BYTES - used, "%s%s: %s",
				  used ? ", " : "", xsp_source_rows[source].name, text);
	}
	if (window->filled >= search->least) {
		window->mapping.nr = window->filled;
		return 0;
	}
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
		piece->release(piece);
		kfree(piece);
	}
	xsp_mapping_free(&window->mapping);
	*window = (struct xsp_window){};
}

/* Does the window have holes in the guest's RAM? */
bool xsp_window_costs_ram(const struct xsp_window *window)
{
	const struct xsp_piece *piece;

	for (piece = window->pieces; piece; piece = piece->next)
		if (xsp_source_rows[piece->source].costs_ram)
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
					 xsp_source_rows[i].name);
	if (!len)
		len = scnprintf(buf, size, "%s", xsp_source_rows[XSP_SOURCE_NONE].name);
	return len;
}
