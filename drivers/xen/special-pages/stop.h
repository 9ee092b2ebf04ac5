/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_STOP_H
#define XSP_STOP_H

#include <linux/types.h>

struct xsp_tlbcheck;

int xsp_stop_cpus(void (*lead)(void *arg), void *arg, struct xsp_tlbcheck *check,
		  u64 *pause_ns);

#endif
