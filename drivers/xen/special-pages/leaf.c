// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel maps large grant tables with 2 MiB leaves, of which no single page
 * can be moved.  Replace each by a page table that maps the same, and put the
 * leaf back when the driver is removed.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "kernel.h"
#include "leaf.h"
#include "stop.h"

#include "fault-calls.h"

static int xsp_leaf_prepare(struct xsp_leaf *leaf, pmd_t *pmdp)
{
	pgprot_t prot = pgprot_large_2_4k(pmd_pgprot(*pmdp));
	unsigned int i;

	leaf->table = (pte_t *)get_zeroed_page(GFP_KERNEL);
	if (!leaf->table)
		return -ENOMEM;
	leaf->pmdp = pmdp;
	leaf->whole = *pmdp;
	for (i = 0; i < PTRS_PER_PTE; i++)
		leaf->table[i] = pfn_pte(pmd_pfn(leaf->whole) + i, prot);
	return 0;
}

static int xsp_leaves_prepare(struct xsp_leaves *leaves, unsigned long vaddr,
			      unsigned long end)
{
	pmd_t *pmdp;
	int err;

	for (; vaddr < end; vaddr = (vaddr & PMD_MASK) + PMD_SIZE) {
		pmdp = xsp_kernel_leaf(vaddr);
		if (!pmdp)
			continue;
		err = xsp_leaf_prepare(&leaves->leaf[leaves->nr], pmdp);
		if (err)
			return err;
		leaves->nr++;
	}
	return 0;
}

static void xsp_leaves_set_tables(void *arg)
{
	struct xsp_leaves *leaves = arg;
	unsigned int i;

	for (i = 0; i < leaves->nr; i++)
		set_pmd(leaves->leaf[i].pmdp,
			__pmd(__pa(leaves->leaf[i].table) | _KERNPG_TABLE));
}

static void xsp_leaves_set_whole(void *arg)
{
	struct xsp_leaves *leaves = arg;
	unsigned int i;

	for (i = 0; i < leaves->nr; i++)
		set_pmd(leaves->leaf[i].pmdp, leaves->leaf[i].whole);
}

static void xsp_leaves_free(struct xsp_leaves *leaves)
{
	unsigned int i;

	for (i = 0; i < leaves->nr; i++)
		free_page((unsigned long)leaves->leaf[i].table);
	kfree(leaves->leaf);
	*leaves = (struct xsp_leaves){};
}

/**
 * xsp_leaves_split() - make a mapping consist of single pages
 * @leaves: the result, empty if it did already
 * @vaddr: first byte of the mapping
 * @pages: its length in pages of 4 KiB
 *
 * Context: process context, sleeps, stops all CPUs.
 * Return: 0, -ENOMEM, or why the CPUs could not be stopped; nothing is split then.
 */
int xsp_leaves_split(struct xsp_leaves *leaves, unsigned long vaddr, unsigned int pages)
{
	unsigned int most = pages / PTRS_PER_PTE + 2;
	u64 pause_ns;
	int err;

	leaves->nr = 0;
	leaves->leaf = kcalloc(most, sizeof(*leaves->leaf), GFP_KERNEL);
	if (!leaves->leaf)
		return -ENOMEM;
	err = xsp_leaves_prepare(leaves, vaddr, vaddr + pages * PAGE_SIZE);
	if (!err && leaves->nr)
		err = xsp_stop_cpus(xsp_leaves_set_tables, leaves, &pause_ns);
	pr_debug("%u leaves of 2 MiB, error %d\n", leaves->nr, err);
	if (err || !leaves->nr)
		xsp_leaves_free(leaves);
	return err;
}

/*
 * Put the leaves back; the pages must be where they were at the split.  If the
 * CPUs cannot be stopped, the page tables stay: they map the same.  Sleeps.
 */
void xsp_leaves_restore(struct xsp_leaves *leaves)
{
	u64 pause_ns;

	if (leaves->nr && !xsp_stop_cpus(xsp_leaves_set_whole, leaves, &pause_ns))
		xsp_leaves_free(leaves);
}
