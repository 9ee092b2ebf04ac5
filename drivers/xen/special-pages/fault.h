/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_FAULT_H
#define XSP_FAULT_H

struct dentry;
struct xsp;

#ifdef XSP_FAULTS
void xsp_fault_init(struct xsp *xsp, struct dentry *dir);
#else
static inline void xsp_fault_init(struct xsp *xsp, struct dentry *dir)
{
}
#endif

#endif
