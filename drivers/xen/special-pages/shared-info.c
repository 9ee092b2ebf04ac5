// SPDX-License-Identifier: GPL-2.0-only
/*
 * shared_info: find it in the running kernel, check by an event, recognise it.
 *
 * The kernel reads it at its address in the direct map.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/sync_bitops.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/xen.h>

#include "candidate.h"
#include "kernel.h"
#include "shared-info.h"

#include "fault-calls.h"

/* Xen finishes an update of shared_info within fewer looks than that. */
#define XSP_LOOK_TRIES		100

/* Closing a port can fail for a moment. */
#define XSP_CLOSE_TRIES		3

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

/* Xen writes to it at any time, so there is no value to compare. */
static bool xsp_shared_info_recognise(const void *page, const struct xsp_sample *sample)
{
	return xsp_looks_like_shared_info(page);
}

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

/* A port that is not closed stays with the guest, so ask more than once. */
static void xsp_port_close(const struct xsp_xen_ops *xen, evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };
	int tries;

	for (tries = 0; tries < XSP_CLOSE_TRIES; tries++)
		if (!xen->event_channel_op(EVTCHNOP_close, &close))
			return;
}

/*
 * Does an event that we send to a port of our own become pending in this page?  It can be
 * masked or not: after a migration, Xen has a new page, where nothing is masked, and Linux
 * masks only the ports that it uses.
 */
static bool xsp_port_shows(const struct xsp_xen_ops *xen, const struct shared_info *info,
			   evtchn_port_t to)
{
	struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF, .remote_port = to };
	struct evtchn_send send;
	bool shows;

	if (to >= EVTCHN_2L_NR_CHANNELS || xsp_port_pending(info, to))
		return false;
	if (xen->event_channel_op(EVTCHNOP_bind_interdomain, &bind))
		return false;
	send.port = bind.local_port;
	shows = !xen->event_channel_op(EVTCHNOP_send, &send) && xsp_port_pending(info, to);
	xsp_port_close(xen, bind.local_port);
	return shows;
}

/*
 * Let Xen write into its page, and look.  Linux does nothing about an event of a port
 * that it has not bound.  With FIFO events Xen has the events elsewhere, and the kernel
 * reads only the wall clock from shared_info.
 */
static bool xsp_events_show(const struct xsp_xen_ops *xen, const struct shared_info *info)
{
	struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
	bool shows;

	if (xen_evtchn_nr_channels() != EVTCHN_2L_NR_CHANNELS)
		return true;
	if (xen->event_channel_op(EVTCHNOP_alloc_unbound, &alloc))
		return false;
	shows = xsp_port_shows(xen, info, alloc.port);
	xsp_port_close(xen, alloc.port);
	return shows;
}

/* A direct map with large pages would have to be split for it. */
static bool xsp_is_mapped_alone(unsigned long vaddr)
{
	pte_t *ptep = xsp_kernel_pte(vaddr);

	return ptep && pte_present(*ptep) &&
	       pte_pfn(*ptep) == __pa(vaddr) >> PAGE_SHIFT;
}

static const char *xsp_prove(const struct xsp_xen_ops *xen, unsigned long vaddr)
{
	int type;

	if (!xsp_is_mapped_alone(vaddr))
		return "the direct map has it in a large page";
	type = xen->mem_type(__pa(vaddr) >> PAGE_SHIFT);
	if (type < 0)
		return "the hypervisor does not say what is there";
	if (type != XSP_MEM_RAM)
		return "the hypervisor has no page there";
	if (!xsp_events_show(xen, (const struct shared_info *)vaddr))
		return "events do not show in it";
	return NULL;
}

static const char *xsp_shared_info_fill_in(struct xsp_pages *pages, unsigned long vaddr)
{
	pages->vaddr = (void *)vaddr;
	pages->max = 1;
	pages->gfn = kzalloc(sizeof(*pages->gfn), GFP_KERNEL);
	if (!pages->gfn)
		return "out of memory";
	pages->gfn[0] = __pa(vaddr) >> PAGE_SHIFT;
	if (!xsp_pages_collect_ptes(pages, xsp_kernel_pte))
		return NULL;
	kfree(pages->gfn);
	return "out of memory";
}

static const char *xsp_shared_info_locate(struct xsp_pages *pages, const struct xsp_range *bar)
{
	unsigned long vaddr;
	int err = xsp_kernel_find_shared_info(&vaddr, xsp_is_shared_info);

	if (err)
		return err == -EEXIST ? "more than one candidate for it" :
					"not found in this kernel";
	return xsp_prove(pages->xen, vaddr) ?: xsp_shared_info_fill_in(pages, vaddr);
}

static void xsp_shared_info_release(struct xsp_pages *pages)
{
	xsp_pages_release(pages);
	kfree(pages->gfn);
	pages->gfn = NULL;
}

/*
 * Xen gave the RAM back when shared_info was mapped over it, so shared_info leaves an
 * empty frame behind.  This kernel does not use it, but a crash kernel before Linux
 * 5.13 does: it takes the low 1 MiB for RAM (until f1d4d47c5851), and the frame is
 * there.  So the frame gets RAM again.
 */
static int xsp_shared_info_vacated(const struct xsp_pages *pages, const struct xsp_mapping *left)
{
	unsigned long gfn = left->gfn[0];

	switch (pages->xen->mem_type(gfn)) {
	case XSP_MEM_RAM:
		return 0;
	case XSP_MEM_EMPTY:
		if (pages->xen->populate(1, &gfn) != 1)
			return -ENOMEM;
		return pages->xen->mem_type(gfn) == XSP_MEM_RAM ? 0 : -EIO;
	default:
		return -EIO;
	}
}

/*
 * That RAM would go when shared_info is mapped over it, with all CPUs stopped; and from
 * Xen 4.15 on, who takes RAM away waits for the device model.
 */
static void xsp_shared_info_returning(const struct xsp_pages *pages, const struct xsp_mapping *to)
{
	unsigned long gfn = to->gfn[0];

	if (pages->xen->mem_type(gfn) == XSP_MEM_RAM)
		(void)pages->xen->release(1, &gfn);
}

/*
 * One page for the frame that is left; and one more must remain, because Xen gives
 * one to the guest when a crash kernel starts by a soft reset.
 */
static const char *xsp_shared_info_stay(const struct xsp_pages *pages)
{
	if (pages->xen->spare_pages() >= 2)
		return NULL;
	return "the host has no page of RAM for its frame";
}

const struct xsp_kind xsp_shared_info = {
	.name = "shared_info",
	.space = XSP_SPACE_SHARED_INFO,
	.locate = xsp_shared_info_locate,
	.release = xsp_shared_info_release,
	.in_use = xsp_shared_info_in_use,
	.sample = xsp_shared_info_sample,
	.recognise = xsp_shared_info_recognise,
	.stay = xsp_shared_info_stay,
	.returning = xsp_shared_info_returning,
	.vacated = xsp_shared_info_vacated,
};
