/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_MOVE_H
#define XSP_MOVE_H

#include "pages.h"
#include "tlbcheck.h"

/* Kinds of special pages that move together. */
#define XSP_MOVE_STEPS	2

/**
 * struct xsp_mover - what moving pages of one kind needs, allocated ahead
 * @pages: the pages
 * @idx: argument of the hypercall: numbers of the pages within their kind
 * @err: answer of the hypercall
 * @sample: of each page, to see that the page is there after the move
 * @from: where the pages were before the move
 * @nr: how many were in use in the last move
 * @fail_page: the page at which the next move fails on purpose, -1 for none
 */
struct xsp_mover {
	struct xsp_pages *pages;
	xen_ulong_t *idx;
	int *err;
	struct xsp_sample *sample;
	struct xsp_mapping from;
	unsigned int nr;
	int fail_page;
};

/**
 * struct xsp_move - one move: all steps or none
 * @steps: which pages, and where to: as many frames as there can be pages,
 *	nothing mapped there
 * @nr: entries of @steps
 * @check: tells whether every CPU drops its TLB
 * @pause_ns: result: how long every CPU was stopped, in nanoseconds
 */
struct xsp_move {
	struct {
		struct xsp_mover *mover;
		const struct xsp_mapping *to;
	} steps[XSP_MOVE_STEPS];
	unsigned int nr;
	struct xsp_tlbcheck *check;
	u64 pause_ns;
};

int xsp_mover_init(struct xsp_mover *mover, struct xsp_pages *pages);
void xsp_mover_destroy(struct xsp_mover *mover);
int xsp_move(struct xsp_move *move);

#endif
