/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_PAGES_H
#define XSP_PAGES_H

#include <linux/pgtable.h>

#include "range.h"
#include "xen-ops.h"

struct xsp_mapping;
struct xsp_pages;

/**
 * struct xsp_sample - what a special page is recognised by
 * @entry: index of an entry, where the page has entries
 * @value: what was in it, as far as the hypervisor does not change it
 */
struct xsp_sample {
	unsigned int entry;
	u64 value;
};

/**
 * struct xsp_kind - one kind of special pages
 * @name: for messages
 * @space: what the hypervisor calls it
 * @locate: find the pages in this kernel and fill in @pages; returns NULL, or why they
 *	cannot be moved, in a line for the administrator
 * @release: undo @locate; the pages are in their boot placement
 * @in_use: how many pages there are now, or -EIO if the answer is absurd
 * @sample: remember what a page is recognised by
 * @recognise: is this the page of the sample?  No CPU has written to it since.
 * @stay: why the pages have to stay in the boot placement now, NULL if they may leave;
 *	NULL if they always may
 * @returning: the pages are about to come back to these frames, where RAM is in the way;
 *	NULL if there is none
 * @vacated: the pages have left these frames, which may want RAM now; 0 or an errno.
 *	NULL if there is nothing to do
 */
struct xsp_kind {
	const char *name;
	enum xsp_space space;
	const char *(*locate)(struct xsp_pages *pages, const struct xsp_range *bar);
	void (*release)(struct xsp_pages *pages);
	int (*in_use)(const struct xsp_pages *pages);
	void (*sample)(const void *page, struct xsp_sample *sample);
	bool (*recognise)(const void *page, const struct xsp_sample *sample);
	const char *(*stay)(const struct xsp_pages *pages);
	void (*returning)(const struct xsp_pages *pages, const struct xsp_mapping *to);
	int (*vacated)(const struct xsp_pages *pages, const struct xsp_mapping *left);
};

/**
 * struct xsp_pages - special pages as the kernel has them
 * @kind: which they are
 * @xen: the hypervisor's calls
 * @vaddr: where the kernel reads and writes them; never changes
 * @gfn: guest frame of each page; the kernel's own record, if it keeps one
 * @ptep: the page-table entry of each page at @vaddr, 4 KiB each
 * @max: how many there can be
 *
 * The kernel maps grant frames beyond those in use at @gfn whenever the table
 * grows, and all of them when the guest resumes.  So @gfn and the page tables
 * have to agree for all @max pages at any time; they change with every CPU
 * stopped.
 */
struct xsp_pages {
	const struct xsp_kind *kind;
	const struct xsp_xen_ops *xen;
	void *vaddr;
	unsigned long *gfn;
	pte_t **ptep;
	unsigned int max;
};

/**
 * struct xsp_mapping - where the first special pages of a kind can be
 * @gfn: guest frame number of each page
 * @pte: page-table entry that maps it, memory type included
 * @nr: entries of both
 */
struct xsp_mapping {
	unsigned long *gfn;
	pte_t *pte;
	unsigned int nr;
};

int xsp_pages_collect_ptes(struct xsp_pages *pages, pte_t *(*pte)(unsigned long vaddr));
void xsp_pages_release(struct xsp_pages *pages);
bool xsp_pages_are_at(const struct xsp_pages *pages, const struct xsp_mapping *mapping);
unsigned int xsp_pages_away(const struct xsp_pages *pages, const struct xsp_mapping *mapping,
			    unsigned int nr);

int xsp_mapping_alloc(struct xsp_mapping *mapping, unsigned int nr);
void xsp_mapping_free(struct xsp_mapping *mapping);
void xsp_mapping_read(struct xsp_mapping *mapping, const struct xsp_pages *pages);
struct xsp_mapping xsp_mapping_part(const struct xsp_mapping *mapping, unsigned int first,
				    unsigned int nr);

#endif
