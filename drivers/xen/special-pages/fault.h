/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_FAULT_H
#define XSP_FAULT_H

struct xsp;

#ifdef XSP_FAULTS
void xsp_fault_init(struct xsp *xsp);
void xsp_fault_exit(void);
#else
static inline void xsp_fault_init(struct xsp *xsp)
{
}

static inline void xsp_fault_exit(void)
{
}
#endif

#endif
