/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_PLACEMENT_H
#define XSP_PLACEMENT_H

#include "special-pages.h"

/* A host that refuses at first may be short of memory for a moment. */
#define XSP_GO_BACK_TRIES	3

void xsp_placement_prepare(struct xsp *xsp);
void xsp_placement_release(struct xsp *xsp);
void xsp_placement_start(struct xsp *xsp, enum xsp_placement request);
int xsp_placement_request(struct xsp *xsp, enum xsp_placement request);
void xsp_placement_suspend(struct xsp *xsp);
int xsp_placement_veto(struct xsp *xsp);
void xsp_placement_resume(struct xsp *xsp);
bool xsp_placement_hand_over(struct xsp *xsp);

#endif
