/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_LOCATE_H
#define XSP_LOCATE_H

#include <linux/pgtable.h>
#include <xen/interface/xen.h>

/**
 * struct xsp_table - the grant table as the kernel has it
 * @vaddr: where the kernel reads and writes it; stays for ever
 * @pfn: the kernel's own array of guest frame numbers, @max of them
 * @ptep: the page-table entry of each page at @vaddr, 4 KiB each
 * @max: frames that the table can have
 *
 * The kernel maps frames beyond those in use at @pfn whenever the table grows,
 * and all of them when the guest resumes.  So @pfn and the page tables have to
 * agree for all @max frames at any time; they change with every CPU stopped.
 */
struct xsp_table {
	void *vaddr;
	xen_pfn_t *pfn;
	pte_t **ptep;
	unsigned int max;
};

int xsp_table_locate(struct xsp_table *table, u64 bar_gfn, const char **why);
void xsp_table_release(struct xsp_table *table);

#endif
