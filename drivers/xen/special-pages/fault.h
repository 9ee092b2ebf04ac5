/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_FAULT_H
#define XSP_FAULT_H

#include <linux/types.h>

struct dentry;
struct xsp;

#ifdef XSP_FAULTS
void xsp_fault_init(struct xsp *xsp, struct dentry *dir);
bool xsp_fault_keeps_tlb(void);
#else
static inline void xsp_fault_init(struct xsp *xsp, struct dentry *dir)
{
}

static inline bool xsp_fault_keeps_tlb(void)
{
	return false;
}
#endif

#endif
