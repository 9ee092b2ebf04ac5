// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check that every CPU drops its TLB in a move.  A stale entry of the grant table
 * may do no harm for a long time, or may be dropped by chance.  So the check uses a
 * page of the driver, mapped in the same way: its entry changes together with those
 * of the grant table, and each CPU reads it afterwards.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "kernel.h"
#include "tlbcheck.h"

#include "fault-calls.h"

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

/* Sleeps; 0, -ENOMEM, or -EOPNOTSUPP if no 4 KiB entry maps the page. */
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

/* Undo xsp_tlbcheck_init(). */
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

/* Map the other page; every CPU is stopped, and drops its TLB afterwards. */
void xsp_tlbcheck_switch(struct xsp_tlbcheck *check)
{
	xsp_tlbcheck_touch(check);
	check->current_page ^= 1;
	set_pte(check->ptep, check->pte[check->current_page]);
	/* A CPU that has verified already has not waited, and may use the old entry. */
	atomic_add(atomic_read(&check->verified), &check->stale);
}

/* After this CPU has dropped its TLB: count an entry that is stale. */
void xsp_tlbcheck_verify(struct xsp_tlbcheck *check)
{
	if (xsp_tlbcheck_touch(check) != check->current_page)
		atomic_inc(&check->stale);
	atomic_inc(&check->verified);
}

/* Log stale entries: accesses were lost, or could have been. */
void xsp_tlbcheck_report(struct xsp_tlbcheck *check)
{
	atomic_set(&check->verified, 0);
	if (atomic_xchg(&check->stale, 0))
		pr_err("a CPU kept stale address translations in a move, please report this\n");
}
