// SPDX-License-Identifier: GPL-2.0-only
/* Rules by which the kernel's record of the grant table is recognised. */

#include <linux/kernel.h>

#include "candidate.h"

#define XSP_PAGE_BYTES	4096ULL

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
	if (!candidate->count || candidate->count != expected->count)
		return false;
	if (candidate->pfn % sizeof(u64) || candidate->vaddr % XSP_PAGE_BYTES)
		return false;
	return xsp_inside(candidate->pfn, candidate->count * sizeof(u64),
			  expected->heap_start, expected->heap_end) &&
	       xsp_inside(candidate->vaddr, candidate->count * XSP_PAGE_BYTES,
			  expected->map_start, expected->map_end);
}

/* Does the record's array name the consecutive frames of the BAR? */
bool xsp_candidate_gfns_match(const u64 *gfns, unsigned int count, u64 first_gfn)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (gfns[i] != first_gfn + i)
			return false;
	return count;
}
