/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_MOVE_H
#define XSP_MOVE_H

#include "pages.h"

/* The kinds of special pages.  If the first cannot be moved, none is. */
enum xsp_special_id {
	XSP_GRANT_TABLE,
	XSP_SHARED_INFO,
	XSP_SPECIALS
};

/**
 * struct xsp_kernel_ops - what a move asks of the kernel it runs in
 * @stop_cpus: xsp_stop_cpus()
 * @flush_tlb: drop this CPU's TLB
 * @pte: the page-table entry of an address, NULL if no 4 KiB page maps it
 *
 * The tests put a made-up kernel in their place.
 */
struct xsp_kernel_ops {
	int (*stop_cpus)(void (*lead)(void *arg), void *arg, u64 *pause_ns);
	void (*flush_tlb)(void);
	pte_t *(*pte)(unsigned long vaddr);
};

/**
 * struct xsp_mover - what moving pages of one kind needs, allocated ahead
 * @pages: the pages
 * @idx: argument of the hypercall: numbers of the pages within their kind
 * @err: answers of the hypercall
 * @sample: of each page, to see that the page is there after the move
 * @lost: pages that the host took and gave back nowhere
 * @astray: pages that are not where the others of all kinds are
 * @from: where the pages were before the move
 * @nr: how many were in use in the last move
 * @nr_to_move: how many of these had to move: those after them were there, or stayed
 * @nr_lost: entries of @lost that are set
 * @nr_astray: entries of @astray that are set
 */
struct xsp_mover {
	struct xsp_pages *pages;
	unsigned long *idx;
	int *err;
	struct xsp_sample *sample;
	bool *lost;
	bool *astray;
	struct xsp_mapping from;
	unsigned int nr;
	unsigned int nr_to_move;
	unsigned int nr_lost;
	unsigned int nr_astray;
};

/**
 * struct xsp_move - one move: all steps or none
 * @xen: the hypervisor's calls
 * @kernel: the kernel's
 * @steps: which pages, and where to: frames for all of them, or for the first ones,
 *	nothing else mapped there
 * @nr: entries of @steps
 * @tried: result: the hypervisor was asked to map pages
 * @err: result: 0 or what failed, often the hypervisor's errno
 * @pause_ns: result: how long every CPU was stopped, in nanoseconds
 */
struct xsp_move {
	const struct xsp_xen_ops *xen;
	const struct xsp_kernel_ops *kernel;
	struct {
		struct xsp_mover *mover;
		const struct xsp_mapping *to;
	} steps[XSP_SPECIALS];
	unsigned int nr;
	bool tried;
	int err;
	u64 pause_ns;
};

int xsp_mover_init(struct xsp_mover *mover, struct xsp_pages *pages);
void xsp_mover_destroy(struct xsp_mover *mover);
void xsp_mover_arrived(struct xsp_mover *mover);
void xsp_mover_repair(struct xsp_mover *mover, const struct xsp_xen_ops *xen);
int xsp_move(struct xsp_move *move);

#endif
