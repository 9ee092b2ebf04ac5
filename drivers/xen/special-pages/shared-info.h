/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SHARED_INFO_H
#define XSP_SHARED_INFO_H

#include "pages.h"

int xsp_shared_info_locate(struct xsp_pages *pages, const char **why);
void xsp_shared_info_release(struct xsp_pages *pages);
int xsp_shared_info_refill(u64 gfn);

#endif
