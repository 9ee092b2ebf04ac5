/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_REPORT_H
#define XSP_REPORT_H

#include "special-pages.h"

/* The caller holds the lock. */
int xsp_report_reason(const struct xsp *xsp, char *buf, size_t size);
const char *xsp_report_state(const struct xsp *xsp);
enum xsp_placement xsp_report_placement(const struct xsp *xsp, const struct xsp_special *special);
void xsp_report_move(const struct xsp *xsp, const struct xsp_move *move,
		     enum xsp_placement placement);
void xsp_report_request(const struct xsp *xsp);
void xsp_report_refused(enum xsp_placement request, const char *why);
void xsp_report_no_range(const struct xsp *xsp, enum xsp_why why);
void xsp_report_grown(unsigned int outside);
void xsp_report_repaired(const struct xsp *xsp);

#endif
