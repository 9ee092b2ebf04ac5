/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's attributes: which there are, and what each may contain. */
#ifndef ATTR_H
#define ATTR_H

#include <stdbool.h>
#include <stdint.h>

#include "sysfs.h"

#define DRIVER_DIR "devices/platform/xen-special-pages"

enum attr {
	ATTR_PLACEMENT,
	ATTR_STATE,
	ATTR_REASON,
	ATTR_GRANT_TABLE_PLACEMENT,
	ATTR_GRANT_TABLE_GFN,
	ATTR_GRANT_TABLE_FRAMES,
	ATTR_GRANT_TABLE_MAX_FRAMES,
	ATTR_GRANT_TABLE_PLACED,
	ATTR_GRANT_TABLE_UNPLACED,
	ATTR_GRANT_TABLE_MEMORY_TYPE,
	ATTR_SHARED_INFO_PLACEMENT,
	ATTR_SHARED_INFO_GFN,
	ATTR_SHARED_INFO_MEMORY_TYPE,
	ATTR_RANGE_SOURCE,
	ATTR_RANGE_START,
	ATTR_RANGE_SIZE,
	ATTR_HOST_RANGES,
	ATTR_HOST_IPAT,
	ATTR_BAR_START,
	ATTR_BAR_SIZE,
	ATTR_BAR_MEMORY_TYPE,
	ATTR_STATS_MOVES,
	ATTR_STATS_FAILED_MOVES,
	ATTR_STATS_LAST_PAUSE_NS,
	ATTR_STATS_MAX_PAUSE_NS,
	ATTR_COUNT
};

enum attr_kind {
	ATTR_TEXT,	/* a line for people */
	ATTR_HEX,	/* 0x... */
	ATTR_DECIMAL,
	ATTR_GFN,	/* 0x..., or unknown */
	ATTR_WORD,	/* one of its words */
	ATTR_CHOICE,	/* all its words, the chosen one in brackets */
	ATTR_SET,	/* some of its words in their order, joined by plus signs; or none */
	ATTR_RANGES,	/* 0x<first gfn>+<pages> ..., or none */
};

/* The words of each attribute that has some; its table in attr.c gives them. */
enum request { REQUEST_AUTO, REQUEST_RANGE, REQUEST_BAR, REQUEST_BOOT };
enum state { STATE_BOOT, STATE_BAR, STATE_RANGE, STATE_FAILED };
enum placement { PLACEMENT_UNKNOWN, PLACEMENT_BOOT, PLACEMENT_BAR, PLACEMENT_RANGE };
enum source { SOURCE_CPUID, SOURCE_CONTRACT, SOURCE_BALLOON };
enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };
enum memory_type {
	MEMORY_UNKNOWN, MEMORY_WB, MEMORY_WT, MEMORY_WC, MEMORY_WP, MEMORY_UC_MINUS, MEMORY_UC
};

struct attr_info {
	const char *name;		/* below DRIVER_DIR */
	enum attr_kind kind;
	const char *const *words;	/* ends with NULL */
};

struct attr_value {
	bool valid;			/* the file was there and made sense */
	int error;			/* 0 or -errno: -EBADMSG for what makes no sense */
	uint64_t number;		/* of a number; the index of a word; a set's bits */
	char text[SYSFS_VALUE_SIZE];	/* "?" if not valid */
};

/* A range of guest frames, as host/ranges lists them. */
struct gfn_range {
	uint64_t first;
	uint64_t pages;
};

extern const struct attr_info attr_info[ATTR_COUNT];
extern const char *const request_words[];

bool attr_driver_present(void);

/* Read every attribute of the driver.  False if it is not loaded, or went while being read. */
bool attr_read_all(struct attr_value values[ATTR_COUNT]);

/* Whether @attr is known to hold @word, a member of the enum that belongs to it. */
bool attr_is(const struct attr_value *values, enum attr attr, unsigned int word);

/* Whether @attr is known to hold all of @set, one bit for each word, and nothing else. */
bool attr_is_set(const struct attr_value *values, enum attr attr, uint64_t set);

/* Whether @value, a valid one, is the driver's own word for what it does not know. */
bool attr_is_unknown(const struct attr_value *value);

/* The next range in *@text, which moves on; false at the end, and at what is none. */
bool gfn_range_next(const char **text, struct gfn_range *range);

#endif /* ATTR_H */
