/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SPECIAL_H
#define XSP_SPECIAL_H

#include "special-pages.h"

void xsp_specials_prepare(struct xsp *xsp);
void xsp_specials_release(struct xsp *xsp);
const char *xsp_host_refusal(const struct xsp_xen_ops *xen);

/* For the rest the caller holds the lock. */
bool xsp_special_in_boot_placement(const struct xsp_special *special);
unsigned int xsp_special_placed(const struct xsp_special *special, unsigned int nr);
unsigned int xsp_special_outside(const struct xsp_special *special);
enum xsp_state xsp_specials_state(const struct xsp *xsp);
enum xsp_memtype xsp_special_memtype(const struct xsp *xsp, const struct xsp_special *special);
enum xsp_memtype xsp_bar_memtype(const struct xsp *xsp);
bool xsp_specials_boot_is_range(const struct xsp *xsp);
void xsp_specials_read_boot(struct xsp *xsp);
void xsp_specials_choose_stay(struct xsp *xsp);
unsigned int xsp_specials_frames(const struct xsp *xsp);
unsigned int xsp_specials_least(const struct xsp *xsp);
void xsp_specials_divide(struct xsp *xsp, unsigned int least);

#endif
