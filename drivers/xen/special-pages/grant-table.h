/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_GRANT_TABLE_H
#define XSP_GRANT_TABLE_H

#include "pages.h"

bool xsp_grant_table_is_v1(void);
int xsp_grant_table_query_frames(unsigned int max);

int xsp_grant_table_locate(struct xsp_pages *pages, u64 bar_gfn, const char **why);

#endif
