/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_CPU_H
#define XSP_CPU_H

#include "host.h"
#include "memtype.h"

void xsp_cpu_read_host(struct xsp_host *host);
void xsp_cpu_read_mtrrs(struct xsp_mtrrs *mtrrs);
u64 xsp_cpu_read_pat(void);
bool xsp_cpu_xen_version(unsigned int *major, unsigned int *minor);

#endif
