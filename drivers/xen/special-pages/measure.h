/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_MEASURE_H
#define XSP_MEASURE_H

struct dentry;
struct xsp;

void xsp_measure_init(struct xsp *xsp, struct dentry *dir);
void xsp_measure_exit(void);

#endif
