// SPDX-License-Identifier: GPL-2.0-only
/*
 * Find the grant table in the running kernel.  Its record is not exported to
 * modules; it is searched near a symbol that is, and accepted only if it leads
 * to page tables that map the BAR of the platform device.
 */

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/balloon.h>
#include <xen/grant_table.h>

#include "candidate.h"
#include "locate.h"

/*
 * Both records are in the kernel's data, 0x60 to 0x90 bytes apart in the
 * kernels looked at (5.10 to 7.3).
 */
#define XSP_SCAN_BYTES		8192UL

static void xsp_expect(struct xsp_expected *expected)
{
	*expected = (struct xsp_expected){
		.count = gnttab_max_grant_frames(),
		.heap_start = PAGE_OFFSET,
		.heap_end = (unsigned long)high_memory,
		.map_start = VMALLOC_START,
		.map_end = VMALLOC_END,
	};
}

static bool xsp_read_gfns(const struct xsp_candidate *candidate, u64 *gfns)
{
	return !copy_from_kernel_nofault(gfns, (void *)(unsigned long)candidate->pfn,
					 candidate->count * sizeof(*gfns));
}

/* Returns -EOPNOTSUPP for a leaf larger than a page, -ENOENT for a wrong one. */
static int xsp_check_pte(unsigned long vaddr, u64 gfn)
{
	unsigned int level;
	pte_t *ptep = lookup_address(vaddr, &level);

	if (!ptep || !pte_present(*ptep))
		return -ENOENT;
	if (level != PG_LEVEL_4K)
		return -EOPNOTSUPP;
	return pte_pfn(*ptep) == gfn ? 0 : -ENOENT;
}

static int xsp_check_mapping(const struct xsp_candidate *candidate, const u64 *gfns)
{
	unsigned int i;
	int err;

	for (i = 0; i < candidate->count; i++) {
		err = xsp_check_pte(candidate->vaddr + i * PAGE_SIZE, gfns[i]);
		if (err)
			return err;
	}
	return 0;
}

/* Is this the record?  @gfns is scratch space for as many frames as expected. */
static int xsp_check_candidate(const struct xsp_candidate *candidate,
			       const struct xsp_expected *expected,
			       u64 bar_gfn, u64 *gfns)
{
	if (!xsp_candidate_plausible(candidate, expected) ||
	    !xsp_read_gfns(candidate, gfns) ||
	    !xsp_candidate_gfns_match(gfns, candidate->count, bar_gfn))
		return -ENOENT;
	return xsp_check_mapping(candidate, gfns);
}

/* Exactly one record has to be found: two mean that the rules are too weak. */
static int xsp_scan(struct xsp_candidate *found, u64 bar_gfn, u64 *gfns,
		    const struct xsp_expected *expected)
{
	unsigned long centre = (unsigned long)&balloon_stats & ~7UL;
	unsigned long at, first = centre - XSP_SCAN_BYTES, last = centre + XSP_SCAN_BYTES;
	struct xsp_candidate candidate;
	unsigned int matches = 0;
	int err;

	for (at = first; at < last; at += sizeof(u64)) {
		if (copy_from_kernel_nofault(&candidate, (void *)at, sizeof(candidate)))
			continue;
		err = xsp_check_candidate(&candidate, expected, bar_gfn, gfns);
		if (err == -EOPNOTSUPP)
			return err;
		if (err)
			continue;
		*found = candidate;
		matches++;
	}
	return matches == 1 ? 0 : matches ? -EEXIST : -ENOENT;
}

static int xsp_collect_ptes(struct xsp_table *table)
{
	unsigned int i, level;

	table->ptep = kcalloc(table->max, sizeof(*table->ptep), GFP_KERNEL);
	if (!table->ptep)
		return -ENOMEM;
	for (i = 0; i < table->max; i++)
		table->ptep[i] = lookup_address((unsigned long)table->vaddr + i * PAGE_SIZE,
						&level);
	return 0;
}

static const char *xsp_locate_failure(int err)
{
	switch (err) {
	case -EOPNOTSUPP:
		return "the kernel maps the grant table with 2 MiB pages";
	case -EEXIST:
		return "more than one candidate for the kernel's grant table record";
	case -ENOMEM:
		return "out of memory";
	default:
		return "the kernel's grant table was not found in the BAR";
	}
}

/**
 * xsp_table_locate() - find the grant table of this kernel
 * @table: filled in on success
 * @bar_gfn: first guest frame of the platform device's memory BAR
 * @why: on failure, a line for the administrator
 *
 * Context: process context, may sleep.
 * Return: 0, -ENOENT, -EEXIST, -EOPNOTSUPP or -ENOMEM.
 */
int xsp_table_locate(struct xsp_table *table, u64 bar_gfn, const char **why)
{
	struct xsp_expected expected;
	struct xsp_candidate found = {};
	u64 *gfns;
	int err;

	BUILD_BUG_ON(sizeof(struct xsp_candidate) != sizeof(struct grant_frames));
	BUILD_BUG_ON(sizeof(xen_pfn_t) != sizeof(u64));

	xsp_expect(&expected);
	gfns = kcalloc(max(expected.count, 1U), sizeof(*gfns), GFP_KERNEL);
	if (gfns)
		err = xsp_scan(&found, bar_gfn, gfns, &expected);
	else
		err = -ENOMEM;
	kfree(gfns);
	if (!err) {
		table->vaddr = (void *)(unsigned long)found.vaddr;
		table->pfn = (xen_pfn_t *)(unsigned long)found.pfn;
		table->max = found.count;
		err = xsp_collect_ptes(table);
	}
	if (err)
		*why = xsp_locate_failure(err);
	return err;
}

void xsp_table_release(struct xsp_table *table)
{
	kfree(table->ptep);
	table->ptep = NULL;
}
