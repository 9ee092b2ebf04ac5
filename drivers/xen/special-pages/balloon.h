/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_BALLOON_H
#define XSP_BALLOON_H

#include "range.h"
#include "xen-ops.h"

/* Consecutive pages of the guest's RAM that have been given back to Xen. */
struct xsp_hole;

struct xsp_hole *xsp_hole_make(const struct xsp_xen_ops *xen, unsigned int pages);
void xsp_hole_keep(struct xsp_hole *hole);
unsigned int xsp_holes_fill(const struct xsp_xen_ops *xen);
struct xsp_range xsp_hole_range(const struct xsp_hole *hole);

#endif
