// SPDX-License-Identifier: GPL-2.0-only
/* Rules by which the record of the grant table, and shared_info, are recognised. */

#include <linux/kernel.h>

#include "candidate.h"
#include "host.h"

#define XSP_PAGE_BYTES	4096ULL

/* Xen's wall clock is that of the host, in seconds since 1970; 2000-01-01. */
#define XSP_WC_SEC_MIN	946684800U
#define XSP_WC_NSECS	1000000000U

static bool xsp_inside(u64 start, u64 bytes, u64 area_start, u64 area_end)
{
	return start >= area_start && start < area_end && bytes <= area_end - start;
}

/*
 * Could this be the record?  What passes has pointers that can be followed
 * without harm; whether they lead to the grant table is for the caller to see.
 */
bool xsp_candidate_plausible(const struct xsp_candidate *candidate,
			     const struct xsp_expected *expected)
{
	if (!candidate->count || candidate->count < expected->count ||
	    candidate->count > expected->most)
		return false;
	if (candidate->pfn % sizeof(u64) || candidate->vaddr % XSP_PAGE_BYTES)
		return false;
	return xsp_inside(candidate->pfn, candidate->count * sizeof(u64),
			  expected->heap_start, expected->heap_end) &&
	       xsp_inside(candidate->vaddr, candidate->count * XSP_PAGE_BYTES,
			  expected->map_start, expected->map_end);
}

/*
 * Where a kernel puts the grant table at boot: at the beginning of the BAR or, with
 * xen-special-pages in platform-pci, into a range that is kept free for it.
 */
bool xsp_candidate_place_known(u64 gfn, u32 count, const struct xsp_range *bar,
			       const struct xsp_host *host)
{
	const struct xsp_range contract = { XSP_CONTRACT_GFN, XSP_CONTRACT_PAGES };
	const struct xsp_range table = { gfn, count };
	unsigned int i;

	for (i = 0; i < host->nr_ranges; i++)
		if (xsp_range_within(&table, &host->ranges[i]))
			return true;
	return gfn == bar->gfn || xsp_range_within(&table, &contract);
}

/* Does the record's array name consecutive frames? */
bool xsp_candidate_gfns_match(const u64 *gfns, unsigned int count, u64 first_gfn)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (gfns[i] != first_gfn + i)
			return false;
	return count;
}

/* Xen has written a time into it, and is not writing now. */
static bool xsp_version_is_settled(u32 version)
{
	return version && version % 2 == 0;
}

/* Could this be shared_info?  Nothing else in memory has both clocks of Xen. */
bool xsp_shared_info_plausible(const struct xsp_shared_info_look *look)
{
	return xsp_version_is_settled(look->wc_version) &&
	       look->wc_sec >= XSP_WC_SEC_MIN && look->wc_nsec < XSP_WC_NSECS &&
	       xsp_version_is_settled(look->time_version) &&
	       !look->time_pad && look->tsc_to_system_mul;
}
