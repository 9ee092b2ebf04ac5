/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_BALLOON_H
#define XSP_BALLOON_H

#include "range.h"

int xsp_balloon_out(struct xsp_range *hole, unsigned int pages);
void xsp_balloon_in(const struct xsp_range *hole);

#endif
