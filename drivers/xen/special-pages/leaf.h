/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_LEAF_H
#define XSP_LEAF_H

#include <linux/pgtable.h>

/**
 * struct xsp_leaf - a 2 MiB mapping that was split into pages
 * @pmdp: where it is in the page tables
 * @whole: what was there
 * @table: the page table that is there instead
 */
struct xsp_leaf {
	pmd_t *pmdp;
	pmd_t whole;
	pte_t *table;
};

/**
 * struct xsp_leaves - all leaves of one mapping
 * @leaf: one for each
 * @nr: entries of @leaf
 */
struct xsp_leaves {
	struct xsp_leaf *leaf;
	unsigned int nr;
};

int xsp_leaves_split(struct xsp_leaves *leaves, unsigned long vaddr, unsigned int pages);
void xsp_leaves_restore(struct xsp_leaves *leaves);

#endif
