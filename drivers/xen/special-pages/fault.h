/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_FAULT_H
#define XSP_FAULT_H

#include <linux/types.h>

struct dentry;
struct xsp;

/* Calls of one kind have numbers, from 1 on.  The first six kinds are in fault-calls.h. */
enum xsp_fault {
	XSP_FAULT_HYPERCALL,
	XSP_FAULT_ALLOCATION,
	XSP_FAULT_RESOURCE,
	XSP_FAULT_MAPPING,
	XSP_FAULT_STOP,
	XSP_FAULT_REGISTRATION,
	XSP_FAULT_TAKEN,	/* a page is to be mapped: the host takes it away */
	XSP_FAULT_REFUSED,	/* the same: the host leaves it where it is */
	XSP_FAULT_SILENT,	/* the same, in a batch: no answer */
	XSP_FAULTS_NR
};

#ifdef XSP_FAULTS
void xsp_fault_init(struct xsp *xsp, struct dentry *dir);
bool xsp_fault_keeps_tlb(void);
void xsp_fault_exit(void);
bool xsp_fault_fails(enum xsp_fault kind);
void xsp_fault_live(enum xsp_fault kind, int units);
#else
static inline void xsp_fault_init(struct xsp *xsp, struct dentry *dir)
{
}

static inline bool xsp_fault_keeps_tlb(void)
{
	return false;
}

static inline void xsp_fault_exit(void)
{
}
#endif

#endif
