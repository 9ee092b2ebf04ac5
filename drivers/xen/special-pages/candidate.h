/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_CANDIDATE_H
#define XSP_CANDIDATE_H

#include <linux/types.h>

#include "range.h"

struct xsp_host;

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
 * @count: the most frames that the table can have on this host; the kernel may have
 *	started on one where it was more
 * @most: the most frames that there is room for in the BAR
 * @heap_start: the direct map, where the array of frame numbers lies
 * @heap_end: its end
 * @map_start: the area where the table is mapped
 * @map_end: its end
 */
struct xsp_expected {
	u32 count;
	u32 most;
	u64 heap_start, heap_end;
	u64 map_start, map_end;
};

/**
 * struct xsp_shared_info_look - what shared_info is recognised by
 * @wc_version: version of the wall clock, odd while Xen changes it
 * @wc_sec: its seconds
 * @wc_nsec: its nanoseconds
 * @time_version: version of the first CPU's time
 * @time_pad: padding there
 * @tsc_to_system_mul: scale of that time
 */
struct xsp_shared_info_look {
	u32 wc_version, wc_sec, wc_nsec;
	u32 time_version, time_pad, tsc_to_system_mul;
};

bool xsp_candidate_plausible(const struct xsp_candidate *candidate,
			     const struct xsp_expected *expected);
bool xsp_candidate_place_known(u64 gfn, u32 count, const struct xsp_range *bar,
			       const struct xsp_host *host);
bool xsp_candidate_gfns_match(const u64 *gfns, unsigned int count, u64 first_gfn);
bool xsp_shared_info_plausible(const struct xsp_shared_info_look *look);

#endif
