// SPDX-License-Identifier: GPL-2.0-only
/* Special pages of all kinds: finding them, where they are, releasing them. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <xen/xen.h>

#include "compat/compat.h"
#include "cpu.h"
#include "grant-table.h"
#include "shared-info.h"
#include "special.h"

bool xsp_special_in_boot_placement(const struct xsp_special *special)
{
	return special->refusal || xsp_pages_are_at(&special->pages, &special->boot);
}

/* Where these pages are, in the words of the sysfs files. */
enum xsp_placement xsp_special_placement(const struct xsp *xsp, enum xsp_special_id id)
{
	if (!xsp_special_in_boot_placement(&xsp->special[id]))
		return XSP_RANGE;
	return id == XSP_GRANT_TABLE ? xsp->state : XSP_BOOT;
}

/* The type that the page tables give these pages now. */
enum xsp_memtype xsp_special_memtype(const struct xsp *xsp, enum xsp_special_id id)
{
	const struct xsp_pages *pages = &xsp->special[id].pages;
	u64 pat = xsp_cpu_read_pat();
	enum xsp_memtype type;
	unsigned int i;

	if (xsp->special[id].refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(*pages->ptep[0]), pat);
	for (i = 1; i < pages->max; i++)
		if (xsp_memtype_of_pte(pte_val(*pages->ptep[i]), pat) != type)
			return XSP_MEMTYPE_UNKNOWN;
	return type;
}

/*
 * The type that the guest gives the BAR: the entry that the kernel made at boot
 * and the MTRRs have to agree for it to be WB.
 */
enum xsp_memtype xsp_bar_memtype(const struct xsp *xsp)
{
	const struct xsp_mapping *bar = &xsp->special[XSP_GRANT_TABLE].boot;
	struct xsp_mtrrs mtrrs;
	enum xsp_memtype type;

	if (xsp->refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(bar->pte[0]), xsp_cpu_read_pat());
	if (type != XSP_MEMTYPE_WB)
		return type;
	xsp_cpu_read_mtrrs(&mtrrs);
	return xsp_memtype_of_mtrrs(&mtrrs, xsp->bar.gfn, bar->nr);
}

static const char *xsp_find_bar(struct xsp *xsp)
{
	u64 start, bytes;

	if (!xsp->pdev)
		return "this guest has no Xen platform PCI device";
	start = pci_resource_start(xsp->pdev, 1);
	bytes = pci_resource_len(xsp->pdev, 1);
	xsp->bar = (struct xsp_range){ start >> PAGE_SHIFT, bytes >> PAGE_SHIFT };
	if (!(pci_resource_flags(xsp->pdev, 1) & IORESOURCE_MEM) ||
	    !xsp_range_sane(&xsp->bar, boot_cpu_data.x86_phys_bits))
		return "the Xen platform PCI device has no memory BAR";
	return NULL;
}

/* The pages are located: prepare to move them. */
static int xsp_special_init(struct xsp_special *special)
{
	int err = xsp_mapping_alloc(&special->boot, special->pages.max);

	if (err)
		return err;
	xsp_mapping_read(&special->boot, &special->pages);
	err = xsp_mover_init(&special->mover, &special->pages);
	if (err)
		xsp_mapping_free(&special->boot);
	return err;
}

static void xsp_special_destroy(struct xsp_special *special)
{
	xsp_mover_destroy(&special->mover);
	xsp_mapping_free(&special->boot);
}

static const char *xsp_prepare_grant_table(struct xsp *xsp)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	struct xsp_pages *pages = &table->pages;
	const char *why;

	if (xsp_grant_table_locate(pages, xsp->bar.gfn, &why))
		return why;
	if (xsp_leaves_split(&xsp->leaves, (unsigned long)pages->vaddr, pages->max, &xsp->check))
		return "out of memory";
	if (xsp_pages_collect_ptes(pages))
		goto err_leaves;
	if (xsp_special_init(table))
		goto err_ptes;
	return NULL;

err_ptes:
	xsp_pages_release(pages);
err_leaves:
	xsp_leaves_restore(&xsp->leaves, &xsp->check);
	return "the mapping of the grant table cannot be changed page by page";
}

static void xsp_release_grant_table(struct xsp *xsp)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];

	if (xsp_special_in_boot_placement(table))
		xsp_leaves_restore(&xsp->leaves, &xsp->check);
	else
		xsp_leaves_abandon(&xsp->leaves);
	xsp_special_destroy(table);
	xsp_pages_release(&table->pages);
}

static const char *xsp_prepare_shared_info(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	const char *why;

	if (xsp_shared_info_locate(&info->pages, &why))
		return why;
	if (!xsp_special_init(info))
		return NULL;
	xsp_shared_info_release(&info->pages);
	return "out of memory";
}

static void xsp_release_shared_info(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	if (info->refusal)
		return;
	xsp_special_destroy(info);
	xsp_shared_info_release(&info->pages);
}

/* Why this kind of guest cannot be moved, NULL if it can. */
static const char *xsp_check_guest(void)
{
	if (xen_pv_domain())
		return "a PV guest has no special pages to move";
	if (compat_xen_pvh_domain())
		return "a PVH guest has its grant table in ordinary pages already";
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "PREEMPT_RT kernel: stopping all CPUs does not keep the table from growing";
	if (!xsp_grant_table_is_v1())
		return "the grant table has version 2, only version 1 can be moved";
	return NULL;
}

/* Why nothing can be moved, NULL if everything is prepared. */
static const char *xsp_prepare(struct xsp *xsp)
{
	const char *why = xsp_check_guest() ?: xsp_find_bar(xsp);

	if (why)
		return why;
	if (xsp_tlbcheck_init(&xsp->check))
		return "out of memory";
	why = xsp_prepare_grant_table(xsp);
	if (why)
		xsp_tlbcheck_destroy(&xsp->check);
	return why;
}

void xsp_specials_prepare(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	xsp->refusal = xsp_prepare(xsp);
	xsp->special[XSP_GRANT_TABLE].refusal = xsp->refusal;
	info->refusal = xsp->refusal ?: xsp_prepare_shared_info(xsp);
	if (info->refusal && !xsp->refusal && xsp->want_shared_info)
		pr_notice("shared_info stays where it is: %s\n", info->refusal);
}


void xsp_specials_release(struct xsp *xsp)
{
	xsp_release_shared_info(xsp);
	xsp_release_grant_table(xsp);
	xsp_tlbcheck_destroy(&xsp->check);
}
