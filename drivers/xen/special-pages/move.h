/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_MOVE_H
#define XSP_MOVE_H

#include "locate.h"
#include "tlbcheck.h"

/**
 * struct xsp_place - where each page of the grant table can be
 * @gfn: guest frame number of each page
 * @pte: page-table entry that maps it, memory type included
 * @nr: entries of both
 */
struct xsp_place {
	xen_pfn_t *gfn;
	pte_t *pte;
	unsigned int nr;
};

/**
 * struct xsp_sample - what a frame of the grant table is recognised by
 * @entry: index of an entry
 * @stable: what was in it, without the flags
 */
struct xsp_sample {
	unsigned int entry;
	u64 stable;
};

/**
 * struct xsp_mover - what moving needs, allocated ahead
 * @table: the grant table
 * @idx: argument of the hypercall: frame numbers within the grant table
 * @err: answer of the hypercall
 * @sample: an entry of each frame, to see that the frame is there after the move
 * @from: where the frames were before the move
 * @check: tells whether every CPU drops its TLB
 * @fail_frame: the frame at which the next move fails on purpose, -1 for none
 * @pause_ns: how long the last move kept every CPU stopped, in nanoseconds
 */
struct xsp_mover {
	struct xsp_table *table;
	xen_ulong_t *idx;
	int *err;
	struct xsp_sample *sample;
	struct xsp_place from;
	struct xsp_tlbcheck check;
	int fail_frame;
	u64 pause_ns;
};

int xsp_place_alloc(struct xsp_place *place, unsigned int nr);
void xsp_place_free(struct xsp_place *place);
void xsp_place_read(struct xsp_place *place, const struct xsp_table *table);

int xsp_mover_init(struct xsp_mover *mover, struct xsp_table *table);
void xsp_mover_destroy(struct xsp_mover *mover);
int xsp_move(struct xsp_mover *mover, const struct xsp_place *to);
int xsp_query_frames(unsigned int max);

#endif
