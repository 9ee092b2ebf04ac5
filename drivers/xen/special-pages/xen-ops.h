/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_XEN_OPS_H
#define XSP_XEN_OPS_H

#include <linux/types.h>

#include "host.h"
#include "memtype.h"

/* The kinds of special pages, as the hypervisor tells them apart (XENMAPSPACE_*). */
enum xsp_space {
	XSP_SPACE_SHARED_INFO	= 0,
	XSP_SPACE_GRANT_TABLE	= 1
};

/* What the hypervisor has at a frame (HVMMEM_*). */
enum xsp_mem_type {
	XSP_MEM_RAM	= 0,
	XSP_MEM_EMPTY	= 2
};

/* The most batches of one request. */
#define XSP_BATCHES	2

/**
 * struct xsp_batch - pages of one kind that are to be mapped
 * @space: the kind
 * @nr: how many, at least 1
 * @idx: number of each page within its kind
 * @gfns: guest frame for each
 * @err: the answers, 0 or a negative errno; a page without an answer keeps what was there
 */
struct xsp_batch {
	enum xsp_space space;
	unsigned int nr;
	unsigned long *idx;
	unsigned long *gfns;
	int *err;
};

/**
 * struct xsp_xen_ops - everything that the driver asks of the hypervisor
 * @map_batches: map the pages of all batches, at most XSP_BATCHES; on an error a page may
 *	be mapped nowhere
 * @map: map one page; returns 0 or a negative errno
 * @unmap: nothing is mapped at this frame any more
 * @populate: RAM for empty frames, from the first on; returns how many have RAM now
 * @release: give the RAM of frames back, from the first on; returns how many are empty now
 * @spare_pages: how many pages more the guest may have
 * @mem_type: what is at a frame: enum xsp_mem_type, another HVMMEM_*, or -EIO
 * @grant_frames: how many frames the grant table has, or -EIO
 * @grant_table_is_v1: the grant table has version 1 entries
 * @event_channel_op: an event channel operation, 0 or a negative errno
 * @read_host: what is advertised
 * @read_pat: the PAT of this CPU
 * @read_mtrrs: the MTRRs of this CPU
 *
 * All of them can be called with every CPU stopped.  A count is never above what
 * was asked for.  The tests put a made-up hypervisor in their place.
 */
struct xsp_xen_ops {
	void (*map_batches)(struct xsp_batch *batches, unsigned int nr);
	int (*map)(enum xsp_space space, unsigned long idx, unsigned long gfn);
	void (*unmap)(unsigned long gfn);
	unsigned int (*populate)(unsigned int nr, unsigned long *gfns);
	unsigned int (*release)(unsigned int nr, unsigned long *gfns);
	unsigned long (*spare_pages)(void);
	int (*mem_type)(unsigned long gfn);
	int (*grant_frames)(void);
	bool (*grant_table_is_v1)(void);
	int (*event_channel_op)(int cmd, void *arg);
	void (*read_host)(struct xsp_host *host);
	u64 (*read_pat)(void);
	void (*read_mtrrs)(struct xsp_mtrrs *mtrrs);
};

extern const struct xsp_xen_ops xsp_xen_ops;

#endif
