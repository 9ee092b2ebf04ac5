// SPDX-License-Identifier: GPL-2.0-only
/*
 * shared_info: find it in the running kernel, prove that it is it, recognise it.
 *
 * The kernel reads it at its address in the direct map.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/sync_bitops.h>
#include <asm/xen/hypercall.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/hvm/hvm_op.h>
#include <xen/interface/memory.h>
#include <xen/interface/xen.h>
#include <xen/mem-reservation.h>

#include "candidate.h"
#include "kernel.h"
#include "shared-info.h"

/* A writer of Xen's is never in the middle of an update for that long. */
#define XSP_LOOK_TRIES		100

/* HVMMEM_* of <xen/hvm/hvm_op.h>: what the hypervisor has at a frame. */
#define XSP_HVMMEM_RAM_RW	0
#define XSP_HVMMEM_MMIO_DM	2

static bool xsp_look(struct xsp_shared_info_look *look, unsigned long vaddr)
{
	const struct shared_info *info = (const void *)vaddr;
	struct pvclock_vcpu_time_info time;
	struct pvclock_wall_clock wc;

	if (copy_from_kernel_nofault(&wc, &info->wc, sizeof(wc)) ||
	    copy_from_kernel_nofault(&time, &info->vcpu_info[0].time, sizeof(time)))
		return false;
	*look = (struct xsp_shared_info_look){
		.wc_version = wc.version,
		.wc_sec = wc.sec,
		.wc_nsec = wc.nsec,
		.time_version = time.version,
		.time_pad = time.pad0,
		.tsc_to_system_mul = time.tsc_to_system_mul,
	};
	return true;
}

static bool xsp_looks_like_shared_info(const void *vaddr)
{
	struct xsp_shared_info_look look;
	int tries;

	for (tries = 0; tries < XSP_LOOK_TRIES; tries++)
		if (xsp_look(&look, (unsigned long)vaddr) &&
		    xsp_shared_info_plausible(&look))
			return true;
	return false;
}

static int xsp_shared_info_in_use(const struct xsp_pages *pages)
{
	return pages->max;
}

static void xsp_shared_info_sample(const void *page, struct xsp_sample *sample)
{
	*sample = (struct xsp_sample){};
}

/* Xen writes to it at any time, so no value in it is worth remembering. */
static bool xsp_shared_info_recognise(const void *page, const struct xsp_sample *sample)
{
	return xsp_looks_like_shared_info(page);
}

static const struct xsp_kind xsp_shared_info = {
	.name = "shared_info",
	.space = XENMAPSPACE_shared_info,
	.in_use = xsp_shared_info_in_use,
	.sample = xsp_shared_info_sample,
	.recognise = xsp_shared_info_recognise,
};

/* A page of RAM that was reserved at boot. */
static bool xsp_is_reserved_page(unsigned long vaddr)
{
	return vaddr % PAGE_SIZE == 0 && vaddr > PAGE_OFFSET &&
	       vaddr < (unsigned long)high_memory && pfn_valid(__pa(vaddr) >> PAGE_SHIFT) &&
	       PageReserved(virt_to_page(vaddr));
}

static bool xsp_is_shared_info(unsigned long vaddr)
{
	return xsp_is_reserved_page(vaddr) && xsp_looks_like_shared_info((void *)vaddr);
}

static bool xsp_port_pending(const struct shared_info *info, evtchn_port_t port)
{
	return sync_test_bit(port, (unsigned long *)info->evtchn_pending);
}

static bool xsp_port_masked(const struct shared_info *info, evtchn_port_t port)
{
	return sync_test_bit(port, (unsigned long *)info->evtchn_mask);
}

static void xsp_port_close(evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };

	(void)HYPERVISOR_event_channel_op(EVTCHNOP_close, &close);
}

/* Does an event that we send to a port of our own become pending in this page? */
static bool xsp_port_shows(const struct shared_info *info, evtchn_port_t to)
{
	struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF, .remote_port = to };
	struct evtchn_send send;
	bool shows;

	if (to >= EVTCHN_2L_NR_CHANNELS || xsp_port_pending(info, to) ||
	    !xsp_port_masked(info, to))
		return false;
	if (HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain, &bind))
		return false;
	send.port = bind.local_port;
	shows = !HYPERVISOR_event_channel_op(EVTCHNOP_send, &send) &&
		xsp_port_pending(info, to);
	xsp_port_close(bind.local_port);
	return shows;
}

/*
 * Let Xen write into its page, and look.  The port is masked, so nobody is woken.
 * With FIFO events Xen keeps them elsewhere, and nothing but the wall clock is
 * read from shared_info.
 */
static bool xsp_events_show(const struct shared_info *info)
{
	struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
	bool shows;

	if (xen_evtchn_nr_channels() != EVTCHN_2L_NR_CHANNELS)
		return true;
	if (HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc))
		return false;
	shows = xsp_port_shows(info, alloc.port);
	xsp_port_close(alloc.port);
	return shows;
}

static int xsp_hvm_mem_type(u64 gfn)
{
	struct xen_hvm_get_mem_type query = { .domid = DOMID_SELF, .pfn = gfn };

	if (HYPERVISOR_hvm_op(HVMOP_get_mem_type, &query))
		return -EIO;
	return query.mem_type;
}

/* A direct map with large pages would have to be split for it. */
static bool xsp_is_mapped_alone(unsigned long vaddr)
{
	pte_t *ptep = xsp_kernel_pte(vaddr);

	return ptep && pte_present(*ptep) &&
	       pte_pfn(*ptep) == __pa(vaddr) >> PAGE_SHIFT;
}

static const char *xsp_prove(unsigned long vaddr)
{
	if (!xsp_is_mapped_alone(vaddr))
		return "the direct map has it in a large page";
	if (xsp_hvm_mem_type(__pa(vaddr) >> PAGE_SHIFT) != XSP_HVMMEM_RAM_RW)
		return "the hypervisor has no page there";
	if (!xsp_events_show((const struct shared_info *)vaddr))
		return "events do not show in it";
	return NULL;
}

/**
 * xsp_shared_info_locate() - find shared_info of this kernel
 * @pages: filled in on success
 * @why: on failure, a line for the administrator
 *
 * Context: process context, may sleep.
 * Return: 0 or an errno.
 */
int xsp_shared_info_locate(struct xsp_pages *pages, const char **why)
{
	unsigned long vaddr;
	int err = xsp_kernel_find_shared_info(&vaddr, xsp_is_shared_info);

	*why = err == -EEXIST ? "more than one candidate for it" : "not found in this kernel";
	if (err)
		return err;
	*why = xsp_prove(vaddr);
	if (*why)
		return -EOPNOTSUPP;
	*pages = (struct xsp_pages){
		.kind = &xsp_shared_info,
		.vaddr = (void *)vaddr,
		.gfn = kzalloc(sizeof(*pages->gfn), GFP_KERNEL),
		.max = 1,
	};
	*why = "out of memory";
	if (!pages->gfn)
		return -ENOMEM;
	pages->gfn[0] = __pa(vaddr) >> PAGE_SHIFT;
	err = xsp_pages_collect_ptes(pages);
	if (err)
		xsp_shared_info_release(pages);
	return err;
}

void xsp_shared_info_release(struct xsp_pages *pages)
{
	xsp_pages_release(pages);
	kfree(pages->gfn);
	pages->gfn = NULL;
}

/**
 * xsp_shared_info_refill() - put RAM where shared_info was
 * @gfn: where the kernel had put it
 *
 * Xen gave the RAM there back when shared_info was mapped over it, and does so
 * again when shared_info returns.  Meanwhile the frame would be a hole, which
 * the kernel never uses but which a crash dump or a hibernation image reads.
 *
 * Context: process context.
 * Return: 0; -ENOMEM if the host has no page to give; -EIO if its answer is absurd.
 */
int xsp_shared_info_refill(u64 gfn)
{
	xen_pfn_t frame = gfn;

	switch (xsp_hvm_mem_type(gfn)) {
	case XSP_HVMMEM_RAM_RW:
		return 0;
	case XSP_HVMMEM_MMIO_DM:
		return xenmem_reservation_increase(1, &frame) == 1 ? 0 : -ENOMEM;
	default:
		return -EIO;
	}
}
