/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SHARED_INFO_H
#define XSP_SHARED_INFO_H

#include "pages.h"

extern const struct xsp_kind xsp_shared_info;

#endif
