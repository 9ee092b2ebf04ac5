/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_STOP_H
#define XSP_STOP_H

#include <linux/types.h>

int xsp_stop_init(void);
void xsp_stop_exit(void);
int xsp_stop_cpus(void (*lead)(void *arg), void *arg, u64 *pause_ns);
void xsp_stop_cpu_online(void);

#endif
