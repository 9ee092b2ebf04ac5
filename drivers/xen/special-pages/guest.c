// SPDX-License-Identifier: GPL-2.0-only
/* What this guest is, and whether its special pages can be moved at all. */

#include <linux/crash_dump.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <asm/processor.h>
#include <xen/xen.h>

#include "compat/compat.h"
#include "guest.h"
#include "special.h"

/* The memory BAR of the Xen platform PCI device. */
#define XSP_BAR_NR	1

static const char *xsp_guest_find_bar(struct xsp *xsp)
{
	u64 start, bytes;

	if (!xsp->pdev)
		return "this guest has no Xen platform PCI device";
	start = pci_resource_start(xsp->pdev, XSP_BAR_NR);
	bytes = pci_resource_len(xsp->pdev, XSP_BAR_NR);
	xsp->bar = (struct xsp_range){ start >> PAGE_SHIFT, bytes >> PAGE_SHIFT };
	if (!(pci_resource_flags(xsp->pdev, XSP_BAR_NR) & IORESOURCE_MEM) ||
	    !xsp_range_sane(&xsp->bar, boot_cpu_data.x86_phys_bits))
		return "the Xen platform PCI device has no memory BAR";
	return NULL;
}

/* AMD's nested paging has nothing like EPT's ipat. */
static bool xsp_guest_decides_types(void)
{
	return boot_cpu_data.x86_vendor == X86_VENDOR_AMD ||
	       boot_cpu_data.x86_vendor == X86_VENDOR_HYGON;
}

/**
 * xsp_guest_examine() - find out what kind of guest this is
 * @xsp: the driver's state; its BAR, and whether the guest decides on memory types,
 *	are filled in
 *
 * Context: process context.
 * Return: NULL, or why nothing can be moved.
 */
const char *xsp_guest_examine(struct xsp *xsp)
{
	if (xen_pv_domain())
		return "a PV guest has no special pages to move";
	if (compat_xen_pvh_domain())
		return "a PVH guest has its grant table in ordinary pages already";
	if (is_kdump_kernel())
		return "a crash kernel leaves its grant table where it is";
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "PREEMPT_RT kernel: stopping all CPUs does not keep the table from growing";
	if (!IS_ENABLED(CONFIG_SMP))
		return "kernel without SMP: its vcpu_info is in shared_info";
	xsp->guest_decides = xsp_guest_decides_types();
	return xsp_host_refusal(xsp->machine.xen) ?: xsp_guest_find_bar(xsp);
}
