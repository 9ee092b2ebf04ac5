/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the traffic programs share: random data, checksums, how they end.
 */
#ifndef LAB_TRAFFIC_H
#define LAB_TRAFFIC_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SUM_START	0xcbf29ce484222325ULL

/* Set by the signal that tells a program to stop. */
static volatile sig_atomic_t stopping;

static inline void stop(int number)
{
	(void)number;
	stopping = 1;
}

static inline void die(const char *what)
{
	perror(what);
	exit(2);
}

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
