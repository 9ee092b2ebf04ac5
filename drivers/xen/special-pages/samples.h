/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SAMPLES_H
#define XSP_SAMPLES_H

#include <linux/types.h>

/* Five are above the 99th percentile. */
#define XSP_SAMPLES_MAX		501

/**
 * struct xsp_samples - how long the same took, several times
 * @nr: entries of @cycles, at most XSP_SAMPLES_MAX
 * @cycles: TSC cycles
 */
struct xsp_samples {
	unsigned int nr;
	u64 cycles[XSP_SAMPLES_MAX];
};

bool xsp_samples_full(const struct xsp_samples *samples);
void xsp_samples_add(struct xsp_samples *samples, u64 cycles);
void xsp_samples_sort(struct xsp_samples *samples);
u64 xsp_samples_percentile(const struct xsp_samples *samples, unsigned int percent);
u64 xsp_cycles_to_ns(u64 cycles, u32 khz);

#endif
