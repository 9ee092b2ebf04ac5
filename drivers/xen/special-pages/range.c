// SPDX-License-Identifier: GPL-2.0-only
/* Arithmetic on guest frame ranges, and the list of sources they come from. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "range.h"

#define XSP_PAGE_SHIFT	12

const struct xsp_source_row xsp_source_rows[XSP_SOURCES] = {
	[XSP_SOURCE_NONE]	= { .name = "none" },
	[XSP_SOURCE_CPUID]	= { .name = "cpuid" },
	[XSP_SOURCE_CONTRACT]	= { .name = "contract" },
	[XSP_SOURCE_BALLOON]	= { .name = "balloon", .costs_ram = true },
};

/* Can this be a range at all, for a guest with that many address bits? */
bool xsp_range_sane(const struct xsp_range *range, unsigned int phys_bits)
{
	u64 gfns;

	if (phys_bits <= XSP_PAGE_SHIFT || phys_bits > 52)
		return false;
	gfns = 1ULL << (phys_bits - XSP_PAGE_SHIFT);

	return range->pages && range->gfn >= XSP_RANGE_LOWEST_GFN &&
	       range->gfn < gfns && range->pages <= gfns - range->gfn;
}

/* Both ranges have to be sane: nothing overflows then. */
bool xsp_range_overlap(const struct xsp_range *a, const struct xsp_range *b)
{
	return a->gfn < b->gfn + b->pages && b->gfn < a->gfn + a->pages;
}

/* Is all of @part in @whole, which is sane? */
bool xsp_range_within(const struct xsp_range *part, const struct xsp_range *whole)
{
	return part->gfn >= whole->gfn && part->pages <= whole->pages &&
	       part->gfn - whole->gfn <= whole->pages - part->pages;
}

/* What can be taken at once of a range from @offset on, at most @wanted pages. */
struct xsp_range xsp_range_piece(const struct xsp_range *range, u64 offset, u64 wanted)
{
	u64 rest = offset < range->pages ? range->pages - offset : 0;

	return (struct xsp_range){
		.gfn = range->gfn + offset,
		.pages = min3(rest, wanted, (u64)XSP_PIECE_PAGES),
	};
}

/* Does a Xen of this version keep the contract's area free? */
bool xsp_contract_holds(unsigned int xen_major, unsigned int xen_minor)
{
	if (xen_major != XSP_CONTRACT_XEN_MAJOR)
		return xen_major > XSP_CONTRACT_XEN_MAJOR;
	return xen_minor >= XSP_CONTRACT_XEN_MINOR;
}

static int xsp_source_parse(const char *word, size_t len)
{
	int i;

	for (i = XSP_SOURCE_NONE + 1; i < XSP_SOURCES; i++)
		if (strlen(xsp_source_rows[i].name) == len &&
		    !strncmp(xsp_source_rows[i].name, word, len))
			return i;
	return -EINVAL;
}

/*
 * Parse a comma separated list of sources, in the order in which they are to
 * be tried.  Returns how many, or -EINVAL for an unknown word, a repeated one
 * or more than @max; an empty list is fine.
 */
int xsp_sources_parse(const char *list, enum xsp_source *sources, unsigned int max)
{
	unsigned int n = 0, i;

	while (*list) {
		size_t len = strcspn(list, ",");
		int source = xsp_source_parse(list, len);

		if (source < 0 || n == max)
			return -EINVAL;
		for (i = 0; i < n; i++)
			if (sources[i] == (enum xsp_source)source)
				return -EINVAL;
		sources[n++] = source;
		list += len;
		if (*list == ',' && !*++list)
			return -EINVAL;
	}
	return n;
}
