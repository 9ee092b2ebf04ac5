/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SOURCE_H
#define XSP_SOURCE_H

#include "window.h"

extern const xsp_take_t xsp_source_takes[XSP_SOURCES];

#endif
