// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grant table: find it in the running kernel, and recognise its frames.
 *
 * The kernel's record of it is accepted only if it leads to page tables that map the
 * BAR of the platform device, or a range in which a kernel may have put it at boot.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/grant_table.h>

#include "candidate.h"
#include "grant-table.h"
#include "kernel.h"
#include "leaf.h"

#include "fault-calls.h"

static_assert(sizeof(struct xsp_candidate) == sizeof(struct grant_frames));
static_assert(offsetof(struct xsp_candidate, pfn) == offsetof(struct grant_frames, pfn));
static_assert(offsetof(struct xsp_candidate, count) == offsetof(struct grant_frames, count));
static_assert(offsetof(struct xsp_candidate, vaddr) == offsetof(struct grant_frames, vaddr));

/* Version 1 entries: the hypervisor changes the flags, only the guest the rest. */
#define XSP_ENTRY_STABLE	(~0xffffULL)

/* How many entries of a frame are looked at for one that is in use. */
#define XSP_SAMPLE_ENTRIES	32

static int xsp_grant_table_in_use(const struct xsp_pages *pages)
{
	int frames = pages->xen->grant_frames();

	return frames > (int)pages->max ? -EIO : frames;
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

static void xsp_expect(struct xsp_expected *expected, const struct xsp_range *bar)
{
	*expected = (struct xsp_expected){
		.count = gnttab_max_grant_frames(),
		.most = bar->pages,
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
 * @bar: the BAR
 * @host: the ranges that the host keeps free
 * @gfns: scratch space for as many frames as the BAR has room for
 */
struct xsp_record_rules {
	struct xsp_expected expected;
	const struct xsp_range *bar;
	struct xsp_host host;
	u64 *gfns;
};

static bool xsp_is_record(const struct xsp_candidate *candidate, void *arg)
{
	const struct xsp_record_rules *rules = arg;

	return xsp_candidate_plausible(candidate, &rules->expected) &&
	       xsp_read_gfns(candidate, rules->gfns) &&
	       xsp_candidate_gfns_match(rules->gfns, candidate->count, rules->gfns[0]) &&
	       xsp_candidate_place_known(rules->gfns[0], candidate->count, rules->bar,
					 &rules->host) &&
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
		return "the kernel's grant table was not found in the BAR, nor in a range";
	}
}

static int xsp_find_record(const struct xsp_xen_ops *xen, struct xsp_candidate *found,
			   const struct xsp_range *bar)
{
	struct xsp_record_rules rules = { .bar = bar };
	int err = -ENOMEM;

	xen->read_host(&rules.host);
	xsp_expect(&rules.expected, bar);
	rules.gfns = kcalloc(rules.expected.most, sizeof(*rules.gfns), GFP_KERNEL);
	if (rules.gfns)
		err = xsp_kernel_find_grant_table(found, xsp_is_record, &rules);
	kfree(rules.gfns);
	return err;
}

/* Large mappings of the grant table, split into pages. */
static struct xsp_leaves xsp_grant_table_leaves;

static const char *xsp_map_page_by_page(struct xsp_pages *pages)
{
	struct xsp_leaves *leaves = &xsp_grant_table_leaves;
	int err;

	if (xsp_leaves_split(leaves, (unsigned long)pages->vaddr, pages->max))
		return "out of memory";
	err = xsp_pages_collect_ptes(pages, xsp_kernel_pte);
	if (!err)
		return NULL;
	xsp_leaves_restore(leaves);
	if (err == -ENOMEM)
		return "out of memory";
	return "the mapping of the grant table cannot be changed page by page";
}

static const char *xsp_grant_table_locate(struct xsp_pages *pages, const struct xsp_range *bar)
{
	struct xsp_candidate found = {};
	int err = xsp_find_record(pages->xen, &found, bar);

	if (err)
		return xsp_locate_failure(err);
	pages->vaddr = (void *)(unsigned long)found.vaddr;
	pages->gfn = (unsigned long *)(unsigned long)found.pfn;
	pages->max = found.count;
	return xsp_map_page_by_page(pages);
}

static void xsp_grant_table_release(struct xsp_pages *pages)
{
	xsp_leaves_restore(&xsp_grant_table_leaves);
	xsp_pages_release(pages);
}

const struct xsp_kind xsp_grant_table = {
	.name = "grant table",
	.space = XSP_SPACE_GRANT_TABLE,
	.locate = xsp_grant_table_locate,
	.release = xsp_grant_table_release,
	.in_use = xsp_grant_table_in_use,
	.sample = xsp_grant_table_sample,
	.recognise = xsp_grant_table_recognise,
};
