/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_GUEST_H
#define XSP_GUEST_H

#include "special-pages.h"

const char *xsp_guest_examine(struct xsp *xsp);

#endif
