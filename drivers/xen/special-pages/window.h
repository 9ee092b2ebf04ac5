/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_WINDOW_H
#define XSP_WINDOW_H

#include "host.h"
#include "memtype.h"
#include "pages.h"
#include "range.h"

#define XSP_WHY_BYTES		160

/**
 * struct xsp_piece - consecutive frames that this driver has taken
 * @next: the piece taken before
 * @source: who vouches for it
 * @taken: the frames
 * @resource: the reservation; not for holes in RAM, which the kernel has reserved
 * @alias: a mapping, whose page-table entries are cloned; not for holes in RAM
 * @hole: the hole in RAM, if it is one
 * @release: gives the frames back; nothing may be mapped there any more
 */
struct xsp_piece {
	struct xsp_piece *next;
	enum xsp_source source;
	struct xsp_range taken;
	struct resource *resource;
	void *alias;
	struct xsp_hole *hole;
	void (*release)(struct xsp_piece *piece);
};

/**
 * struct xsp_window - frames for special pages, of one piece or of several
 * @pieces: what has been taken, the last first
 * @mapping: the frames of all pieces, in the order of taking
 * @filled: entries of @mapping that are filled
 * @range: where the first piece's range begins, and the size of all ranges in use
 */
struct xsp_window {
	struct xsp_piece *pieces;
	struct xsp_mapping mapping;
	unsigned int filled;
	struct xsp_range range;
};

struct xsp_search;

/* Takes frames of one source; what was wrong with that source is in *why. */
typedef void (*xsp_take_t)(struct xsp_window *window, const struct xsp_search *search,
			   const char **why);

/**
 * struct xsp_search - where to look for a range, and for how much
 * @xen: the hypervisor's calls
 * @takes: what takes frames, for each source
 * @host: what the hypervisor advertises
 * @sources: in the order in which they are tried
 * @nr_sources: entries of @sources
 * @pages: how many are wanted
 * @least: fewer are of no use
 */
struct xsp_search {
	const struct xsp_xen_ops *xen;
	const xsp_take_t *takes;
	const struct xsp_host *host;
	const enum xsp_source *sources;
	unsigned int nr_sources;
	unsigned int pages;
	unsigned int least;
};

int xsp_window_open(struct xsp_window *window, const struct xsp_search *search, char *why);
void xsp_window_close(struct xsp_window *window);
bool xsp_window_costs_ram(const struct xsp_window *window);
int xsp_window_sources(const struct xsp_window *window, char *buf, size_t size);

/* For the sources. */
unsigned int xsp_window_missing(const struct xsp_window *window);
int xsp_window_add(struct xsp_window *window, const struct xsp_piece *wanted,
		   int (*take)(struct xsp_piece *piece, const struct xsp_mapping *mapping));
bool xsp_window_overlaps(const struct xsp_window *window, const struct xsp_range *range);
void xsp_window_show(struct xsp_window *window, const struct xsp_range *range);

#endif
