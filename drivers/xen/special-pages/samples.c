// SPDX-License-Identifier: GPL-2.0-only
/* Samples of a measurement, and what they are reduced to. */

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sort.h>
#include <linux/time64.h>

#include "samples.h"

/* Is there no room for another one? */
bool xsp_samples_full(const struct xsp_samples *samples)
{
	return samples->nr >= XSP_SAMPLES_MAX;
}

/* One more, unless there is no room. */
void xsp_samples_add(struct xsp_samples *samples, u64 cycles)
{
	if (!xsp_samples_full(samples))
		samples->cycles[samples->nr++] = cycles;
}

static int xsp_samples_compare(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

/* The smallest one first. */
void xsp_samples_sort(struct xsp_samples *samples)
{
	sort(samples->cycles, samples->nr, sizeof(*samples->cycles), xsp_samples_compare, NULL);
}

/**
 * xsp_samples_percentile() - the smallest sample that so many of them do not exceed
 * @samples: sorted
 * @percent: how many, 1 to 100; 50 is the median
 *
 * Return: TSC cycles; 0 if there are no samples.
 */
u64 xsp_samples_percentile(const struct xsp_samples *samples, unsigned int percent)
{
	if (!samples->nr)
		return 0;
	return samples->cycles[DIV_ROUND_UP(samples->nr * percent, 100) - 1];
}

/* Nanoseconds, rounded down, of a TSC with @khz thousand cycles a second. */
u64 xsp_cycles_to_ns(u64 cycles, u32 khz)
{
	return khz ? mul_u64_u32_div(cycles, USEC_PER_SEC, khz) : 0;
}
