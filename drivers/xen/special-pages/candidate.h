/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_CANDIDATE_H
#define XSP_CANDIDATE_H

#include <linux/types.h>

/*
 * The kernel's record of the grant table, as in <xen/grant_table.h>, with
 * plain types: it is read from memory that may hold anything.
 */
struct xsp_candidate {
	u64 pfn;
	u32 count;
	u32 padding;
	u64 vaddr;
};

/**
 * struct xsp_expected - what the kernel's record has to say
 * @count: the most frames that the table can have
 * @heap_start: the direct map, where the array of frame numbers lies
 * @heap_end: its end
 * @map_start: the area where the table is mapped
 * @map_end: its end
 */
struct xsp_expected {
	u32 count;
	u64 heap_start, heap_end;
	u64 map_start, map_end;
};

bool xsp_candidate_plausible(const struct xsp_candidate *candidate,
			     const struct xsp_expected *expected);
bool xsp_candidate_gfns_match(const u64 *gfns, unsigned int count, u64 first_gfn);

#endif
