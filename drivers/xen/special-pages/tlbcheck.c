// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does every CPU drop its TLB in a move?  A stale entry of the grant table may
 * do no harm for long, or may be dropped by chance, so it proves nothing that
 * all goes well.  A page of our own, mapped the same way, tells: its entry
 * changes with those of the grant table, and each CPU looks at it.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "kernel.h"
#include "tlbcheck.h"

static int xsp_tlbcheck_map(struct xsp_tlbcheck *check)
{
	check->vaddr = vmap(check->pages, 1, VM_MAP, PAGE_KERNEL);
	if (!check->vaddr)
		return -ENOMEM;
	check->ptep = xsp_kernel_pte((unsigned long)check->vaddr);
	if (!check->ptep)
		return -EOPNOTSUPP;
	check->pte[0] = *check->ptep;
	check->pte[1] = pfn_pte(page_to_pfn(check->pages[1]), pte_pgprot(check->pte[0]));
	return 0;
}

int xsp_tlbcheck_init(struct xsp_tlbcheck *check)
{
	unsigned int i;
	int err = 0;

	*check = (struct xsp_tlbcheck){};
	for (i = 0; i < ARRAY_SIZE(check->pages); i++) {
		check->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!check->pages[i])
			err = -ENOMEM;
		else
			*(u64 *)page_address(check->pages[i]) = i;
	}
	if (!err)
		err = xsp_tlbcheck_map(check);
	if (err)
		xsp_tlbcheck_destroy(check);
	return err;
}

void xsp_tlbcheck_destroy(struct xsp_tlbcheck *check)
{
	unsigned int i;

	vunmap(check->vaddr);
	for (i = 0; i < ARRAY_SIZE(check->pages); i++)
		if (check->pages[i])
			__free_page(check->pages[i]);
	*check = (struct xsp_tlbcheck){};
}

/* Read the page, so that this CPU's TLB has its entry. */
u64 xsp_tlbcheck_touch(const struct xsp_tlbcheck *check)
{
	return READ_ONCE(*check->vaddr);
}

void xsp_tlbcheck_switch(struct xsp_tlbcheck *check)
{
	xsp_tlbcheck_touch(check);
	check->current_page ^= 1;
	set_pte(check->ptep, check->pte[check->current_page]);
}

/* This CPU says that it has dropped its TLB. */
void xsp_tlbcheck_verify(struct xsp_tlbcheck *check)
{
	if (xsp_tlbcheck_touch(check) != check->current_page)
		atomic_inc(&check->stale);
}

/* A stale entry means that accesses were lost, or could have been: say so. */
void xsp_tlbcheck_report(struct xsp_tlbcheck *check)
{
	if (atomic_xchg(&check->stale, 0))
		pr_err("a CPU kept stale address translations in a move, please report this\n");
}
