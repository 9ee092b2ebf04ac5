// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grant table: find it in the running kernel, and recognise its frames.
 *
 * The kernel's record of it is accepted only if it leads to page tables that
 * map the BAR of the platform device.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/xen/hypercall.h>
#include <xen/grant_table.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/memory.h>

#include "candidate.h"
#include "grant-table.h"
#include "kernel.h"

/* Version 1 entries: the hypervisor changes the flags, only the guest the rest. */
#define XSP_ENTRY_STABLE	(~0xffffULL)

/* How many entries of a frame are looked at for one that is in use. */
#define XSP_SAMPLE_ENTRIES	32

bool xsp_grant_table_is_v1(void)
{
	struct gnttab_get_version version = { .dom = DOMID_SELF };

	/* A hypervisor without the question has nothing but version 1. */
	return HYPERVISOR_grant_table_op(GNTTABOP_get_version, &version, 1) ||
	       version.version == 1;
}

/**
 * xsp_grant_table_query_frames() - how many frames the grant table has now
 * @max: the most that make sense
 *
 * Context: any.
 * Return: the number of frames, or -EIO if the hypervisor's answer is absurd.
 */
int xsp_grant_table_query_frames(unsigned int max)
{
	struct gnttab_query_size query = { .dom = DOMID_SELF };

	if (HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1) ||
	    query.status != GNTST_okay || query.nr_frames > max)
		return -EIO;
	return query.nr_frames;
}

static int xsp_grant_table_in_use(const struct xsp_pages *pages)
{
	return xsp_grant_table_query_frames(pages->max);
}

static u64 xsp_stable_part(const void *frame, unsigned int entry)
{
	const u64 *entries = frame;

	return READ_ONCE(entries[entry]) & XSP_ENTRY_STABLE;
}

/* An entry, one in use if there is any among the first. */
static void xsp_grant_table_sample(const void *frame, struct xsp_sample *sample)
{
	unsigned int entry;

	*sample = (struct xsp_sample){};
	for (entry = 0; entry < XSP_SAMPLE_ENTRIES && !sample->value; entry++) {
		sample->entry = entry;
		sample->value = xsp_stable_part(frame, entry);
	}
}

static bool xsp_grant_table_recognise(const void *frame, const struct xsp_sample *sample)
{
	return xsp_stable_part(frame, sample->entry) == sample->value;
}

static const struct xsp_kind xsp_grant_table = {
	.name = "grant table",
	.space = XENMAPSPACE_grant_table,
	.in_use = xsp_grant_table_in_use,
	.sample = xsp_grant_table_sample,
	.recognise = xsp_grant_table_recognise,
};

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

/* The frame that the kernel's page tables lead to, by a page or by a 2 MiB leaf. */
static u64 xsp_mapped_gfn(unsigned long vaddr)
{
	pte_t *ptep = xsp_kernel_pte(vaddr);
	pmd_t *pmdp = xsp_kernel_leaf(vaddr);

	if (ptep && pte_present(*ptep))
		return pte_pfn(*ptep);
	if (pmdp && pmd_present(*pmdp))
		return pmd_pfn(*pmdp) + pte_index(vaddr);
	return 0;
}

static bool xsp_mapping_matches(const struct xsp_candidate *candidate, const u64 *gfns)
{
	unsigned int i;

	for (i = 0; i < candidate->count; i++)
		if (xsp_mapped_gfn(candidate->vaddr + i * PAGE_SIZE) != gfns[i])
			return false;
	return true;
}

/**
 * struct xsp_record_rules - what the kernel's record of the grant table must match
 * @expected: its values
 * @bar_gfn: first frame of the BAR
 * @gfns: scratch space for as many frames as expected
 */
struct xsp_record_rules {
	struct xsp_expected expected;
	u64 bar_gfn;
	u64 *gfns;
};

static bool xsp_is_record(const struct xsp_candidate *candidate, void *arg)
{
	const struct xsp_record_rules *rules = arg;

	return xsp_candidate_plausible(candidate, &rules->expected) &&
	       xsp_read_gfns(candidate, rules->gfns) &&
	       xsp_candidate_gfns_match(rules->gfns, candidate->count, rules->bar_gfn) &&
	       xsp_mapping_matches(candidate, rules->gfns);
}

static const char *xsp_locate_failure(int err)
{
	switch (err) {
	case -EEXIST:
		return "more than one candidate for the kernel's grant table record";
	case -ENOMEM:
		return "out of memory";
	default:
		return "the kernel's grant table was not found in the BAR";
	}
}

/**
 * xsp_grant_table_locate() - find the grant table of this kernel
 * @pages: filled in on success, but for the page-table entries
 * @bar_gfn: first guest frame of the platform device's memory BAR
 * @why: on failure, a line for the administrator
 *
 * Context: process context, may sleep.
 * Return: 0, -ENOENT, -EEXIST or -ENOMEM.
 */
int xsp_grant_table_locate(struct xsp_pages *pages, u64 bar_gfn, const char **why)
{
	struct xsp_record_rules rules = { .bar_gfn = bar_gfn };
	struct xsp_candidate found = {};
	int err;

	BUILD_BUG_ON(sizeof(struct xsp_candidate) != sizeof(struct grant_frames));
	BUILD_BUG_ON(sizeof(xen_pfn_t) != sizeof(u64));

	xsp_expect(&rules.expected);
	rules.gfns = kcalloc(max(rules.expected.count, 1U), sizeof(*rules.gfns), GFP_KERNEL);
	if (rules.gfns)
		err = xsp_kernel_find_grant_table(&found, xsp_is_record, &rules);
	else
		err = -ENOMEM;
	kfree(rules.gfns);
	if (err) {
		*why = xsp_locate_failure(err);
		return err;
	}
	*pages = (struct xsp_pages){
		.kind = &xsp_grant_table,
		.vaddr = (void *)(unsigned long)found.vaddr,
		.gfn = (xen_pfn_t *)(unsigned long)found.pfn,
		.max = found.count,
	};
	return 0;
}
