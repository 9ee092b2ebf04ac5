/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_REPAIR_H
#define XSP_REPAIR_H

#include "special-pages.h"

void xsp_clear_way(const struct xsp_move *move);
void xsp_vacate(struct xsp *xsp);
void xsp_repair(struct xsp *xsp);
void xsp_repair_later(struct xsp *xsp);

#endif
