/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_REPORT_H
#define XSP_REPORT_H

#include "special-pages.h"

/**
 * struct xsp_whereabouts - where special pages were before a move, for the log
 * @gfn: first frame of each kind
 * @memtype: memory type of the grant table
 */
struct xsp_whereabouts {
	u64 gfn[XSP_SPECIALS];
	enum xsp_memtype memtype;
};

/* The caller holds the lock. */
int xsp_report_reason(const struct xsp *xsp, char *buf, size_t size);
const char *xsp_why_info_stays(const struct xsp *xsp);

struct xsp_whereabouts xsp_whereabouts(const struct xsp *xsp);
void xsp_report_move(const struct xsp_whereabouts *from, const struct xsp_whereabouts *to);
void xsp_report_trace(const struct xsp_move *move, int err);
void xsp_report_refused(enum xsp_placement request, const char *why);

#endif
