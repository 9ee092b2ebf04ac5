/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_KERNEL_H
#define XSP_KERNEL_H

#include <linux/pgtable.h>

#include "candidate.h"
#include "move.h"

/* Is this the kernel's record of the grant table?  @arg is the caller's. */
typedef bool (*xsp_is_record_t)(const struct xsp_candidate *candidate, void *arg);

/* Is shared_info at this address of the direct map? */
typedef bool (*xsp_is_shared_info_t)(unsigned long vaddr);

int xsp_kernel_find_grant_table(struct xsp_candidate *found, xsp_is_record_t is_record, void *arg);
int xsp_kernel_find_shared_info(unsigned long *found, xsp_is_shared_info_t is_shared_info);

extern const struct xsp_kernel_ops xsp_kernel_ops;

pte_t *xsp_kernel_pte(unsigned long vaddr);
pmd_t *xsp_kernel_leaf(unsigned long vaddr);
void xsp_kernel_flush_tlb(void);

#endif
