/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_TLBCHECK_H
#define XSP_TLBCHECK_H

#include <linux/atomic.h>
#include <linux/pgtable.h>

/**
 * struct xsp_tlbcheck - a page whose mapping changes with every move
 * @pages: two pages, each holding its own index
 * @vaddr: where one of them is mapped
 * @ptep: the page-table entry of @vaddr
 * @pte: what that entry is for each of @pages
 * @current_page: the index of the page that is mapped
 * @verified: how many CPUs have read it since the last report
 * @stale: how often a CPU read the other one after it had dropped its TLB, or too early
 *
 * The mapping changes with every CPU stopped.
 */
struct xsp_tlbcheck {
	struct page *pages[2];
	u64 *vaddr;
	pte_t *ptep;
	pte_t pte[2];
	unsigned int current_page;
	atomic_t verified;
	atomic_t stale;
};

int xsp_tlbcheck_init(struct xsp_tlbcheck *check);
void xsp_tlbcheck_destroy(struct xsp_tlbcheck *check);
u64 xsp_tlbcheck_touch(const struct xsp_tlbcheck *check);
void xsp_tlbcheck_switch(struct xsp_tlbcheck *check);
void xsp_tlbcheck_verify(struct xsp_tlbcheck *check);
void xsp_tlbcheck_report(struct xsp_tlbcheck *check);

#endif
