/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of this driver that can fail on purpose, by their number: see fault.c.
 * A file that makes such calls includes this one last: from there on, in builds with
 * failures, their names are those of functions that count each call and let one fail.
 * In other builds nothing is here.
 */

#ifndef XSP_FAULT_CALLS_H
#define XSP_FAULT_CALLS_H

#ifdef XSP_FAULTS

#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/pfn.h>
#include <linux/platform_device.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <linux/suspend.h>
#include <linux/vmalloc.h>
#include <asm/set_memory.h>
#include <asm/xen/hypercall.h>
#include <xen/mem-reservation.h>

#include "compat/compat.h"
#include "fault.h"

/* A call has got @units, if it has got anything. */
static inline void *xsp_fault_got(enum xsp_fault kind, void *got, unsigned int units)
{
	xsp_fault_live(kind, got ? (int)units : 0);
	return got;
}

/* @units are given back, if there is anything. */
static inline void xsp_fault_put(enum xsp_fault kind, bool there, unsigned int units)
{
	xsp_fault_live(kind, there ? -(int)units : 0);
}

/* Hypercalls: nothing is asked of the host. */

static inline long xsp_fault_HYPERVISOR_memory_op(unsigned int cmd, void *arg)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return HYPERVISOR_memory_op(cmd, arg);
}

static inline long xsp_fault_HYPERVISOR_hvm_op(int cmd, void *arg)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return HYPERVISOR_hvm_op(cmd, arg);
}

static inline long xsp_fault_HYPERVISOR_grant_table_op(unsigned int cmd, void *arg, unsigned int nr)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return HYPERVISOR_grant_table_op(cmd, arg, nr);
}

static inline int xsp_fault_HYPERVISOR_event_channel_op(int cmd, void *arg)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return HYPERVISOR_event_channel_op(cmd, arg);
}

static inline int xsp_fault_HYPERVISOR_multicall(void *calls, unsigned int nr)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return HYPERVISOR_multicall(calls, nr);
}

static inline int xsp_fault_xenmem_reservation_increase(int nr, xen_pfn_t *frames)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return xenmem_reservation_increase(nr, frames);
}

static inline int xsp_fault_xenmem_reservation_decrease(int nr, xen_pfn_t *frames)
{
	if (xsp_fault_fails(XSP_FAULT_HYPERCALL))
		return -ENOMEM;
	return xenmem_reservation_decrease(nr, frames);
}

#undef HYPERVISOR_memory_op
#define HYPERVISOR_memory_op		xsp_fault_HYPERVISOR_memory_op
#undef HYPERVISOR_hvm_op
#define HYPERVISOR_hvm_op		xsp_fault_HYPERVISOR_hvm_op
#undef HYPERVISOR_grant_table_op
#define HYPERVISOR_grant_table_op	xsp_fault_HYPERVISOR_grant_table_op
#undef HYPERVISOR_event_channel_op
#define HYPERVISOR_event_channel_op	xsp_fault_HYPERVISOR_event_channel_op
#undef HYPERVISOR_multicall
#define HYPERVISOR_multicall		xsp_fault_HYPERVISOR_multicall
#undef xenmem_reservation_increase
#define xenmem_reservation_increase	xsp_fault_xenmem_reservation_increase
#undef xenmem_reservation_decrease
#define xenmem_reservation_decrease	xsp_fault_xenmem_reservation_decrease

/* Allocations: an object is one unit, and so is a page. */

static inline void *xsp_fault_kmalloc(size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, kmalloc(size, gfp), 1);
}

static inline void *xsp_fault_kzalloc(size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, kzalloc(size, gfp), 1);
}

static inline void *xsp_fault_kcalloc(size_t nr, size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, kcalloc(nr, size, gfp), 1);
}

static inline void *xsp_fault_kmemdup(const void *from, size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, kmemdup(from, size, gfp), 1);
}

static inline void *xsp_fault_kvzalloc(size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, kvzalloc(size, gfp), 1);
}

static inline void xsp_fault_kvfree(const void *object)
{
	xsp_fault_put(XSP_FAULT_ALLOCATION, object, 1);
	kvfree(object);
}

static inline void xsp_fault_kfree(const void *object)
{
	xsp_fault_put(XSP_FAULT_ALLOCATION, object, 1);
	kfree(object);
}

static inline struct page *xsp_fault_alloc_page(gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, alloc_page(gfp), 1);
}

static inline void xsp_fault___free_page(struct page *page)
{
	xsp_fault_put(XSP_FAULT_ALLOCATION, page, 1);
	__free_page(page);
}

static inline unsigned long xsp_fault_get_zeroed_page(gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return 0;
	return (unsigned long)xsp_fault_got(XSP_FAULT_ALLOCATION,
					    (void *)get_zeroed_page(gfp), 1);
}

static inline void xsp_fault_free_page(unsigned long page)
{
	xsp_fault_put(XSP_FAULT_ALLOCATION, page, 1);
	free_page(page);
}

static inline void *xsp_fault_alloc_pages_exact(size_t size, gfp_t gfp)
{
	if (xsp_fault_fails(XSP_FAULT_ALLOCATION))
		return NULL;
	return xsp_fault_got(XSP_FAULT_ALLOCATION, alloc_pages_exact(size, gfp), PFN_UP(size));
}

static inline void xsp_fault_free_pages_exact(void *pages, size_t size)
{
	xsp_fault_put(XSP_FAULT_ALLOCATION, pages, PFN_UP(size));
	free_pages_exact(pages, size);
}

#undef kmalloc
#define kmalloc				xsp_fault_kmalloc
#undef kzalloc
#define kzalloc				xsp_fault_kzalloc
#undef kcalloc
#define kcalloc				xsp_fault_kcalloc
#undef kmemdup
#define kmemdup				xsp_fault_kmemdup
#undef kvzalloc
#define kvzalloc			xsp_fault_kvzalloc
#undef kvfree
#define kvfree				xsp_fault_kvfree
#undef kfree
#define kfree				xsp_fault_kfree
#undef alloc_page
#define alloc_page			xsp_fault_alloc_page
#undef __free_page
#define __free_page			xsp_fault___free_page
#undef get_zeroed_page
#define get_zeroed_page			xsp_fault_get_zeroed_page
#undef free_page
#define free_page			xsp_fault_free_page
#undef alloc_pages_exact
#define alloc_pages_exact		xsp_fault_alloc_pages_exact
#undef free_pages_exact
#define free_pages_exact		xsp_fault_free_pages_exact

/* Resources: addresses, and the device. */

static inline struct resource *
xsp_fault_request_mem_region(resource_size_t start, resource_size_t bytes, const char *name)
{
	if (xsp_fault_fails(XSP_FAULT_RESOURCE))
		return NULL;
	return xsp_fault_got(XSP_FAULT_RESOURCE, request_mem_region(start, bytes, name), 1);
}

static inline void xsp_fault_release_mem_region(resource_size_t start, resource_size_t bytes)
{
	xsp_fault_put(XSP_FAULT_RESOURCE, true, 1);
	release_mem_region(start, bytes);
}

static inline struct pci_dev *
xsp_fault_pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev *from)
{
	if (xsp_fault_fails(XSP_FAULT_RESOURCE))
		return NULL;
	return xsp_fault_got(XSP_FAULT_RESOURCE, pci_get_device(vendor, device, from), 1);
}

static inline void xsp_fault_pci_dev_put(struct pci_dev *pdev)
{
	xsp_fault_put(XSP_FAULT_RESOURCE, pdev, 1);
	pci_dev_put(pdev);
}

#undef request_mem_region
#define request_mem_region		xsp_fault_request_mem_region
#undef release_mem_region
#define release_mem_region		xsp_fault_release_mem_region
#undef pci_get_device
#define pci_get_device			xsp_fault_pci_get_device
#undef pci_dev_put
#define pci_dev_put			xsp_fault_pci_dev_put

/* Mappings. */

static inline void *xsp_fault_vmap(struct page **pages, unsigned int nr, unsigned long flags,
				   pgprot_t prot)
{
	if (xsp_fault_fails(XSP_FAULT_MAPPING))
		return NULL;
	return xsp_fault_got(XSP_FAULT_MAPPING, vmap(pages, nr, flags, prot), 1);
}

static inline void xsp_fault_vunmap(const void *address)
{
	xsp_fault_put(XSP_FAULT_MAPPING, address, 1);
	vunmap(address);
}

static inline void *xsp_fault_memremap(resource_size_t start, size_t bytes, unsigned long flags)
{
	if (xsp_fault_fails(XSP_FAULT_MAPPING))
		return NULL;
	return xsp_fault_got(XSP_FAULT_MAPPING, memremap(start, bytes, flags), 1);
}

static inline void xsp_fault_memunmap(void *address)
{
	xsp_fault_put(XSP_FAULT_MAPPING, address, 1);
	memunmap(address);
}

static inline int xsp_fault_set_memory_uc(unsigned long address, int pages)
{
	int err;

	if (xsp_fault_fails(XSP_FAULT_MAPPING))
		return -ENOMEM;
	err = set_memory_uc(address, pages);
	xsp_fault_live(XSP_FAULT_MAPPING, err ? 0 : pages);
	return err;
}

static inline int xsp_fault_set_memory_wb(unsigned long address, int pages)
{
	xsp_fault_put(XSP_FAULT_MAPPING, true, pages);
	return set_memory_wb(address, pages);
}

#undef set_memory_uc
#define set_memory_uc			xsp_fault_set_memory_uc
#undef set_memory_wb
#define set_memory_wb			xsp_fault_set_memory_wb
#undef vmap
#define vmap				xsp_fault_vmap
#undef vunmap
#define vunmap				xsp_fault_vunmap
#undef memremap
#define memremap			xsp_fault_memremap
#undef memunmap
#define memunmap			xsp_fault_memunmap

/* Stopping the CPUs. */

static inline int xsp_fault_stop_machine(int (*stopped)(void *arg), void *arg,
					 const struct cpumask *cpus)
{
	return xsp_fault_fails(XSP_FAULT_STOP) ? -ENOMEM : stop_machine(stopped, arg, cpus);
}

#undef stop_machine
#define stop_machine			xsp_fault_stop_machine

/* What the kernel is told of the driver. */

static inline int xsp_fault_cpuhp_setup_state_nocalls(enum cpuhp_state state, const char *name,
						      int (*up)(unsigned int cpu),
						      int (*down)(unsigned int cpu))
{
	if (xsp_fault_fails(XSP_FAULT_REGISTRATION))
		return -ENOMEM;
	return cpuhp_setup_state_nocalls(state, name, up, down);
}

static inline int xsp_fault_register_reboot_notifier(struct notifier_block *nb)
{
	return xsp_fault_fails(XSP_FAULT_REGISTRATION) ? -ENOMEM : register_reboot_notifier(nb);
}

static inline int xsp_fault_register_pm_notifier(struct notifier_block *nb)
{
	return xsp_fault_fails(XSP_FAULT_REGISTRATION) ? -ENOMEM : register_pm_notifier(nb);
}

static inline struct platform_device *
xsp_fault_platform_device_register_simple(const char *name, int id, const struct resource *res,
					  unsigned int nr)
{
	if (xsp_fault_fails(XSP_FAULT_REGISTRATION))
		return ERR_PTR(-ENOMEM);
	return platform_device_register_simple(name, id, res, nr);
}

static inline int xsp_fault_compat_hypervisor_link(struct kobject *target, const char *name)
{
	if (xsp_fault_fails(XSP_FAULT_REGISTRATION))
		return -ENOMEM;
	return compat_hypervisor_link(target, name);
}

/* Its probe is discarded after loading, so it must not be called from a function of ours. */
#define xsp_fault_platform_driver_probe(_driver, _probe)				\
	(xsp_fault_fails(XSP_FAULT_REGISTRATION) ? -ENOMEM :			\
	 compat_platform_driver_probe(_driver, _probe))

#undef cpuhp_setup_state_nocalls
#define cpuhp_setup_state_nocalls	xsp_fault_cpuhp_setup_state_nocalls
#undef register_reboot_notifier
#define register_reboot_notifier	xsp_fault_register_reboot_notifier
#undef register_pm_notifier
#define register_pm_notifier		xsp_fault_register_pm_notifier
#undef platform_device_register_simple
#define platform_device_register_simple	xsp_fault_platform_device_register_simple
#undef compat_hypervisor_link
#define compat_hypervisor_link		xsp_fault_compat_hypervisor_link
#undef platform_driver_probe
#define platform_driver_probe		xsp_fault_platform_driver_probe

#endif

#endif
