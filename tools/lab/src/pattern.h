/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page's content made from a number, which granter and grantee agree on.
 */
#ifndef LAB_PATTERN_H
#define LAB_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_BYTES	4096u
#define PAGE_WORDS	(PAGE_BYTES / sizeof(uint64_t))

static inline uint64_t pattern_word(uint32_t number, size_t at)
{
	return ((uint64_t)number << 32 | at) * 0x9e3779b97f4a7c15ULL;
}

static inline void pattern_write(uint64_t *page, uint32_t number)
{
	for (size_t at = 0; at < PAGE_WORDS; at++)
		page[at] = pattern_word(number, at);
}

static inline bool pattern_is(const uint64_t *page, uint32_t number)
{
	for (size_t at = 0; at < PAGE_WORDS; at++)
		if (page[at] != pattern_word(number, at))
			return false;
	return true;
}

#endif
