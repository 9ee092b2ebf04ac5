/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_RANGE_H
#define XSP_RANGE_H

#include <linux/types.h>

/* The lowest frame that can be part of a range: 1 MiB, above legacy areas. */
#define XSP_RANGE_LOWEST_GFN	0x100

/**
 * struct xsp_range - consecutive guest frames
 * @gfn: first guest frame number
 * @pages: how many 4 KiB pages
 */
struct xsp_range {
	u64 gfn;
	u64 pages;
};

/* hvmloader's GUEST_RESERVED area: Xen has promised since 4.3 never to use it. */
#define XSP_CONTRACT_GFN	0xfe700
#define XSP_CONTRACT_PAGES	256
#define XSP_CONTRACT_XEN_MAJOR	4
#define XSP_CONTRACT_XEN_MINOR	3

/* Half of a 2 MiB leaf: the kernel maps a piece of this size page by page. */
#define XSP_PIECE_PAGES		256

/* Who vouches for a range. */
enum xsp_source {
	XSP_SOURCE_NONE,
	XSP_SOURCE_CPUID,
	XSP_SOURCE_CONTRACT,
	XSP_SOURCE_BALLOON,
	XSP_SOURCES
};

/**
 * struct xsp_source_row - one source
 * @name: as users write it
 * @costs_ram: the guest gives RAM for it; used only for a request for a range
 */
struct xsp_source_row {
	const char *name;
	bool costs_ram;
};

extern const struct xsp_source_row xsp_source_rows[XSP_SOURCES];

bool xsp_range_sane(const struct xsp_range *range, unsigned int phys_bits);
bool xsp_range_overlap(const struct xsp_range *a, const struct xsp_range *b);
bool xsp_range_within(const struct xsp_range *part, const struct xsp_range *whole);
struct xsp_range xsp_range_piece(const struct xsp_range *range, u64 offset, u64 wanted);
bool xsp_contract_holds(unsigned int xen_major, unsigned int xen_minor);
int xsp_sources_parse(const char *list, enum xsp_source *sources, unsigned int max);

#endif
