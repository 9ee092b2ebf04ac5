// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that depends on the kernel's internals.
 *
 * Built into the kernel, the driver uses the kernel's own symbols.  A module
 * does not have them: it searches the kernel's data near symbols that are
 * exported, and the caller's rules decide what is accepted.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <asm/cpufeature.h>
#include <asm/invpcid.h>
#include <asm/tlbflush.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/grant_table.h>

#include "kernel.h"
#include "stop.h"

#ifdef MODULE
/*
 * How far to search on either side of the exported symbol.  The records were
 * 0x60 to 0x90 bytes and 8 bytes away in the kernels looked at (5.10 to 7.3).
 */
#define XSP_SCAN_GRANT_TABLE	8192UL
#define XSP_SCAN_SHARED_INFO	4096UL

/**
 * struct xsp_scan - a search of the kernel's data
 * @anchor: address of an exported symbol
 * @bytes: how far to search on either side of it
 * @record: the caller's copy of what is looked at
 * @size: its size in bytes
 * @visit: looks at @record; an error ends the search
 * @arg: for @visit
 */
struct xsp_scan {
	const void *anchor;
	unsigned long bytes;
	void *record;
	size_t size;
	int (*visit)(long offset, void *arg);
	void *arg;
};

static int xsp_kernel_scan(const struct xsp_scan *scan)
{
	unsigned long centre = (unsigned long)scan->anchor & ~7UL;
	unsigned long at;
	int err = 0;

	for (at = centre - scan->bytes; !err && at < centre + scan->bytes; at += sizeof(u64))
		if (!copy_from_kernel_nofault(scan->record, (void *)at, scan->size))
			err = scan->visit(at - centre, scan->arg);
	return err;
}

struct xsp_find_grant_table {
	struct xsp_candidate candidate;
	struct xsp_candidate *found;
	xsp_is_record_t is_record;
	void *arg;
	bool matched;
};

/* Two matches mean that the rules are too weak. */
static int xsp_visit_grant_table(long offset, void *arg)
{
	struct xsp_find_grant_table *find = arg;

	if (!find->is_record(&find->candidate, find->arg))
		return 0;
	pr_debug("grant table: record %ld bytes from balloon_stats\n", offset);
	if (find->matched)
		return -EEXIST;
	find->matched = true;
	*find->found = find->candidate;
	return 0;
}

/**
 * xsp_kernel_find_grant_table() - find the kernel's record of the grant table
 * @found: the result
 * @is_record: the caller's rules
 * @arg: for @is_record
 *
 * Context: process context.
 * Return: 0, -ENOENT, or -EEXIST if there is more than one.
 */
int xsp_kernel_find_grant_table(struct xsp_candidate *found, xsp_is_record_t is_record, void *arg)
{
	struct xsp_find_grant_table find = {
		.found = found, .is_record = is_record, .arg = arg
	};
	struct xsp_scan scan = {
		.anchor = &balloon_stats,
		.bytes = XSP_SCAN_GRANT_TABLE,
		.record = &find.candidate,
		.size = sizeof(find.candidate),
		.visit = xsp_visit_grant_table,
		.arg = &find,
	};

	return xsp_kernel_scan(&scan) ?: find.matched ? 0 : -ENOENT;
}

struct xsp_find_shared_info {
	unsigned long vaddr;
	unsigned long found;
	xsp_is_shared_info_t is_shared_info;
};

/* All pointers found have to be the same. */
static int xsp_visit_shared_info(long offset, void *arg)
{
	struct xsp_find_shared_info *find = arg;

	if (!find->is_shared_info(find->vaddr))
		return 0;
	pr_debug("shared_info: pointer %ld bytes from machine_to_phys_mapping\n", offset);
	if (find->found && find->found != find->vaddr)
		return -EEXIST;
	find->found = find->vaddr;
	return 0;
}

/**
 * xsp_kernel_find_shared_info() - find shared_info in the direct map
 * @found: the result, its address
 * @is_shared_info: the caller's rules
 *
 * Context: process context.
 * Return: 0, -ENOENT, or -EEXIST if there is more than one.
 */
int xsp_kernel_find_shared_info(unsigned long *found, xsp_is_shared_info_t is_shared_info)
{
	struct xsp_find_shared_info find = { .is_shared_info = is_shared_info };
	struct xsp_scan scan = {
		.anchor = &machine_to_phys_mapping,
		.bytes = XSP_SCAN_SHARED_INFO,
		.record = &find.vaddr,
		.size = sizeof(find.vaddr),
		.visit = xsp_visit_shared_info,
		.arg = &find,
	};
	int err = xsp_kernel_scan(&scan);

	*found = find.found;
	return err ?: find.found ? 0 : -ENOENT;
}

/*
 * Drop everything from this CPU's TLB, global entries and all PCIDs included.
 * The kernel's own function for it is not for modules; and this is an HVM
 * guest, so CR4 is written directly.
 */
void xsp_kernel_flush_tlb(void)
{
	unsigned long cr4, flags;

	if (boot_cpu_has(X86_FEATURE_INVPCID)) {
		invpcid_flush_all();
		return;
	}
	local_irq_save(flags);
	cr4 = __read_cr4();
	asm volatile("mov %0, %%cr4" : : "r" (cr4 ^ X86_CR4_PGE) : "memory");
	asm volatile("mov %0, %%cr4" : : "r" (cr4) : "memory");
	local_irq_restore(flags);
}
#else
/* Built in: 0 if the kernel's own record passes the caller's rules, else -ENOENT. */
int xsp_kernel_find_grant_table(struct xsp_candidate *found, xsp_is_record_t is_record, void *arg)
{
	memcpy(found, &xen_auto_xlat_grant_frames, sizeof(*found));
	return is_record(found, arg) ? 0 : -ENOENT;
}

/* Built in: 0 if the kernel's own pointer passes the caller's rules, else -ENOENT. */
int xsp_kernel_find_shared_info(unsigned long *found, xsp_is_shared_info_t is_shared_info)
{
	*found = (unsigned long)HYPERVISOR_shared_info;
	return is_shared_info(*found) ? 0 : -ENOENT;
}

/* Not flush_tlb_all(): it sends interrupts, and every CPU is stopped. */
void xsp_kernel_flush_tlb(void)
{
	preempt_disable();
	__flush_tlb_all();
	preempt_enable();
}
#endif

/* The page-table entry of a kernel address, NULL if it is not mapped by a 4 KiB page. */
pte_t *xsp_kernel_pte(unsigned long vaddr)
{
	unsigned int level;
	pte_t *ptep = lookup_address(vaddr, &level);

	return ptep && level == PG_LEVEL_4K ? ptep : NULL;
}

/* The 2 MiB leaf that maps a kernel address, NULL if there is none. */
pmd_t *xsp_kernel_leaf(unsigned long vaddr)
{
	unsigned int level;
	pte_t *entry = lookup_address(vaddr, &level);

	return entry && level == PG_LEVEL_2M ? (pmd_t *)entry : NULL;
}

const struct xsp_kernel_ops xsp_kernel_ops = {
	.stop_cpus = xsp_stop_cpus,
	.flush_tlb = xsp_kernel_flush_tlb,
	.pte = xsp_kernel_pte,
};
