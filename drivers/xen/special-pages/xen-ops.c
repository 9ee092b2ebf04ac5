// SPDX-License-Identifier: GPL-2.0-only
/* The calls to the hypervisor.  What they answer is checked here or by the caller. */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <asm/xen/hypercall.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/hvm/hvm_op.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>
#include <xen/xen.h>

#include "cpu.h"
#include "xen-ops.h"

#include "fault-calls.h"

static_assert(sizeof(xen_pfn_t) == sizeof(unsigned long));
static_assert(sizeof(xen_ulong_t) == sizeof(unsigned long));
static_assert(XENMAPSPACE_shared_info == XSP_SPACE_SHARED_INFO);
static_assert(XENMAPSPACE_grant_table == XSP_SPACE_GRANT_TABLE);

static struct xen_add_to_physmap_range xsp_xen_batch_request(const struct xsp_batch *batch)
{
	struct xen_add_to_physmap_range request = {
		.domid = DOMID_SELF,
		.space = batch->space,
		.size = batch->nr,
	};

	set_xen_guest_handle(request.idxs, batch->idx);
	set_xen_guest_handle(request.gpfns, batch->gfns);
	set_xen_guest_handle(request.errs, batch->err);
	return request;
}

/*
 * All in one hypercall: from Xen 4.15 on, each hypercall that takes a page away from
 * a frame waits for the device model, which waits for its disks.  Older ones do not wait,
 * and have no multicall for HVM guests.
 */
static void xsp_xen_map_batches(struct xsp_batch *batches, unsigned int nr)
{
	struct xen_add_to_physmap_range requests[XSP_BATCHES];
	struct multicall_entry calls[XSP_BATCHES] = {};
	unsigned int i;

	for (i = 0; i < nr; i++) {
		requests[i] = xsp_xen_batch_request(&batches[i]);
		calls[i].op = __HYPERVISOR_memory_op;
		calls[i].args[0] = XENMEM_add_to_physmap_range;
		calls[i].args[1] = (unsigned long)&requests[i];
	}
	if (!HYPERVISOR_multicall(calls, nr))
		return;
	/* What the hypervisor did is in the answers, one for each page. */
	for (i = 0; i < nr; i++)
		(void)HYPERVISOR_memory_op(XENMEM_add_to_physmap_range, &requests[i]);
}

static int xsp_xen_map(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	struct xen_add_to_physmap request = {
		.domid = DOMID_SELF,
		.space = space,
		.idx = idx,
		.gpfn = gfn,
	};
	int err = HYPERVISOR_memory_op(XENMEM_add_to_physmap, &request);

	return err > 0 ? -EIO : err;
}

static void xsp_xen_unmap(unsigned long gfn)
{
	struct xen_remove_from_physmap request = { .domid = DOMID_SELF, .gpfn = gfn };

	(void)HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &request);
}

static unsigned int xsp_xen_populate(unsigned int nr, unsigned long *gfns)
{
	return clamp_t(int, xenmem_reservation_increase(nr, gfns), 0, nr);
}

static unsigned int xsp_xen_release(unsigned int nr, unsigned long *gfns)
{
	return clamp_t(int, xenmem_reservation_decrease(nr, gfns), 0, nr);
}

static unsigned long xsp_xen_spare_pages(void)
{
	domid_t domid = DOMID_SELF;
	long most = HYPERVISOR_memory_op(XENMEM_maximum_reservation, &domid);
	long now = HYPERVISOR_memory_op(XENMEM_current_reservation, &domid);

	return most > 0 && now > 0 && most > now ? most - now : 0;
}

static int xsp_xen_mem_type(unsigned long gfn)
{
	struct xen_hvm_get_mem_type query = { .domid = DOMID_SELF, .pfn = gfn };

	if (HYPERVISOR_hvm_op(HVMOP_get_mem_type, &query))
		return -EIO;
	return query.mem_type;
}

static int xsp_xen_grant_frames(void)
{
	struct gnttab_query_size query = { .dom = DOMID_SELF };

	if (HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1) ||
	    query.status != GNTST_okay || query.nr_frames > INT_MAX)
		return -EIO;
	return query.nr_frames;
}

static bool xsp_xen_grant_table_is_v1(void)
{
	struct gnttab_get_version version = { .dom = DOMID_SELF };

	/* A hypervisor without the question has nothing but version 1. */
	return HYPERVISOR_grant_table_op(GNTTABOP_get_version, &version, 1) ||
	       version.version == 1;
}

static int xsp_xen_event_channel_op(int cmd, void *arg)
{
	return HYPERVISOR_event_channel_op(cmd, arg);
}

const struct xsp_xen_ops xsp_xen_ops = {
	.map_batches = xsp_xen_map_batches,
	.map = xsp_xen_map,
	.unmap = xsp_xen_unmap,
	.populate = xsp_xen_populate,
	.release = xsp_xen_release,
	.spare_pages = xsp_xen_spare_pages,
	.mem_type = xsp_xen_mem_type,
	.grant_frames = xsp_xen_grant_frames,
	.grant_table_is_v1 = xsp_xen_grant_table_is_v1,
	.event_channel_op = xsp_xen_event_channel_op,
	.read_host = xsp_cpu_read_host,
	.read_pat = xsp_cpu_read_pat,
	.read_mtrrs = xsp_cpu_read_mtrrs,
};
