/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_WINDOW_H
#define XSP_WINDOW_H

#include "host.h"
#include "memtype.h"
#include "move.h"
#include "range.h"

#define XSP_WHY_BYTES		160

/**
 * struct xsp_window - the part of a range that this driver has taken
 * @source: who vouches for the range, XSP_SOURCE_NONE if none is taken
 * @range: the whole range
 * @taken: the pages of it that are reserved and mapped, from its start
 * @resource: the reservation
 * @alias: a mapping of the taken pages, whose page-table entries are cloned
 * @place: the taken pages as a place for the grant table
 */
struct xsp_window {
	enum xsp_source source;
	struct xsp_range range;
	struct xsp_range taken;
	struct resource *resource;
	void *alias;
	struct xsp_place place;
};

/**
 * struct xsp_search - where to look for a range, and for how much
 * @host: what the hypervisor advertises
 * @sources: in the order in which they are tried
 * @nr_sources: entries of @sources
 * @pages: how many are needed
 */
struct xsp_search {
	const struct xsp_host *host;
	const enum xsp_source *sources;
	unsigned int nr_sources;
	unsigned int pages;
};

int xsp_window_open(struct xsp_window *window, const struct xsp_search *search, char *why);
void xsp_window_close(struct xsp_window *window);

#endif
