/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_GROWTH_H
#define XSP_GROWTH_H

struct xsp;

void xsp_growth_init(struct xsp *xsp);
void xsp_growth_watch(struct xsp *xsp);

#endif
