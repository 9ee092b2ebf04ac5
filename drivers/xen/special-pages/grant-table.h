/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_GRANT_TABLE_H
#define XSP_GRANT_TABLE_H

#include "pages.h"

extern const struct xsp_kind xsp_grant_table;

#endif
