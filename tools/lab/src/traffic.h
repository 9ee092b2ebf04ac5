/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random data and checksums of the traffic programs, in dom0 and in the guest.
 */
#ifndef LAB_TRAFFIC_H
#define LAB_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#define SUM_START	0xcbf29ce484222325ULL

/* A step of xorshift64*: data that repeats nowhere. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

static inline void random_fill(uint64_t *words, size_t count, uint64_t *state)
{
	while (count--)
		*words++ = random_next(state);
}

/* FNV-1a by words instead of bytes, with the high half folded in. */
static inline uint64_t sum_words(uint64_t sum, const uint64_t *words, size_t count)
{
	while (count--) {
		sum = (sum ^ *words++) * 0x100000001b3ULL;
		sum ^= sum >> 32;
	}
	return sum;
}

#endif
