// SPDX-License-Identifier: GPL-2.0-only
#include "attr.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE "none"
#define UNKNOWN "unknown"

const char *const request_words[] = {
	[REQUEST_AUTO]	= "auto",
	[REQUEST_RANGE]	= "range",
	[REQUEST_BAR]	= "bar",
	[REQUEST_BOOT]	= "boot",
	NULL
};

static const char *const state_words[] = {
	[STATE_BOOT]	= "boot",
	[STATE_BAR]	= "bar",
	[STATE_RANGE]	= "range",
	[STATE_FAILED]	= "failed",
	NULL
};

static const char *const placement_words[] = {
	[PLACEMENT_UNKNOWN]	= UNKNOWN,
	[PLACEMENT_BOOT]	= "boot",
	[PLACEMENT_BAR]		= "bar",
	[PLACEMENT_RANGE]	= "range",
	NULL
};

static const char *const source_words[] = {
	[SOURCE_CPUID]		= "cpuid",
	[SOURCE_CONTRACT]	= "contract",
	[SOURCE_BALLOON]	= "balloon",
	NULL
};

static const char *const answer_words[] = {
	[ANSWER_UNKNOWN]	= UNKNOWN,
	[ANSWER_NO]		= "no",
	[ANSWER_YES]		= "yes",
	NULL
};

static const char *const memory_words[] = {
	[MEMORY_UNKNOWN]	= UNKNOWN,
	[MEMORY_WB]		= "WB",
	[MEMORY_WT]		= "WT",
	[MEMORY_WC]		= "WC",
	[MEMORY_WP]		= "WP",
	[MEMORY_UC_MINUS]	= "UC-",
	[MEMORY_UC]		= "UC",
	NULL
};

const struct attr_info attr_info[ATTR_COUNT] = {
	[ATTR_PLACEMENT]		= { "placement", ATTR_CHOICE, request_words },
	[ATTR_STATE]			= { "state", ATTR_WORD, state_words },
	[ATTR_REASON]			= { "reason", ATTR_TEXT, NULL },
	[ATTR_GRANT_TABLE_PLACEMENT]	= { "grant_table/placement", ATTR_WORD, placement_words },
	[ATTR_GRANT_TABLE_GFN]		= { "grant_table/gfn", ATTR_GFN, NULL },
	[ATTR_GRANT_TABLE_FRAMES]	= { "grant_table/frames", ATTR_DECIMAL, NULL },
	[ATTR_GRANT_TABLE_MAX_FRAMES]	= { "grant_table/max_frames", ATTR_DECIMAL, NULL },
	[ATTR_GRANT_TABLE_PLACED]	= { "grant_table/placed_frames", ATTR_DECIMAL, NULL },
	[ATTR_GRANT_TABLE_UNPLACED]	= { "grant_table/unplaced_frames", ATTR_DECIMAL, NULL },
	[ATTR_GRANT_TABLE_MEMORY_TYPE]	= { "grant_table/memory_type", ATTR_WORD, memory_words },
	[ATTR_SHARED_INFO_PLACEMENT]	= { "shared_info/placement", ATTR_WORD, placement_words },
	[ATTR_SHARED_INFO_GFN]		= { "shared_info/gfn", ATTR_GFN, NULL },
	[ATTR_SHARED_INFO_MEMORY_TYPE]	= { "shared_info/memory_type", ATTR_WORD, memory_words },
	[ATTR_RANGE_SOURCE]		= { "range/source", ATTR_SET, source_words },
	[ATTR_RANGE_START]		= { "range/start", ATTR_HEX, NULL },
	[ATTR_RANGE_SIZE]		= { "range/size", ATTR_HEX, NULL },
	[ATTR_HOST_RANGES]		= { "host/ranges", ATTR_RANGES, NULL },
	[ATTR_HOST_IPAT]		= { "host/ipat", ATTR_WORD, answer_words },
	[ATTR_BAR_START]		= { "bar/start", ATTR_HEX, NULL },
	[ATTR_BAR_SIZE]			= { "bar/size", ATTR_HEX, NULL },
	[ATTR_BAR_MEMORY_TYPE]		= { "bar/memory_type", ATTR_WORD, memory_words },
	[ATTR_STATS_MOVES]		= { "stats/moves", ATTR_DECIMAL, NULL },
	[ATTR_STATS_FAILED_MOVES]	= { "stats/failed_moves", ATTR_DECIMAL, NULL },
	[ATTR_STATS_LAST_PAUSE_NS]	= { "stats/last_pause_ns", ATTR_DECIMAL, NULL },
	[ATTR_STATS_MAX_PAUSE_NS]	= { "stats/max_pause_ns", ATTR_DECIMAL, NULL },
};

/* The number that *@text begins with; *@text moves on.  No sign, no blanks, no overflow. */
static bool take_number(const char **text, enum attr_kind kind, uint64_t *number)
{
	bool hex = kind == ATTR_HEX;
	const char *digits = *text;
	size_t length;
	char *end;

	if (hex) {
		if (strncmp(digits, "0x", 2))
			return false;
		digits += 2;
	}
	length = strspn(digits, hex ? "0123456789abcdef" : "0123456789");
	if (!length)
		return false;
	errno = 0;
	*number = strtoull(digits, &end, hex ? 16 : 10);
	*text = end;
	return !errno && end == digits + length;
}

bool gfn_range_next(const char **text, struct gfn_range *range)
{
	const char *at = *text;

	at += *at == ' ';
	if (!take_number(&at, ATTR_HEX, &range->first) || *at++ != '+' ||
	    !take_number(&at, ATTR_DECIMAL, &range->pages) || (*at && *at != ' '))
		return false;
	*text = at;
	return true;
}

static bool parse_number(struct attr_value *value, enum attr_kind kind)
{
	const char *at = value->text;

	return take_number(&at, kind, &value->number) && !*at;
}

static bool parse_word(struct attr_value *value, const char *const *words)
{
	for (unsigned int i = 0; words[i]; i++) {
		if (strcmp(value->text, words[i]))
			continue;
		value->number = i;
		return true;
	}
	return false;
}

/* What the brackets enclose takes the place of the text. */
static bool parse_choice(struct attr_value *value, const char *const *words)
{
	const char *open = strchr(value->text, '[');
	size_t length;

	if (!open)
		return false;
	length = strcspn(++open, "]");
	if (open[length] != ']')
		return false;
	memmove(value->text, open, length);
	value->text[length] = '\0';
	return parse_word(value, words);
}

/* Each word once, in the order of @words. */
static bool parse_set(struct attr_value *value, const char *const *words)
{
	const char *at = value->text;

	if (!strcmp(at, NONE))
		return true;
	for (unsigned int i = 0; words[i]; i++) {
		size_t length = strlen(words[i]);

		if (strncmp(at, words[i], length) || (at[length] && at[length] != '+'))
			continue;
		value->number |= UINT64_C(1) << i;
		at += length;
		if (!*at)
			return true;
		at++;
	}
	return false;
}

static bool parse_ranges(struct attr_value *value)
{
	const char *at = value->text;
	struct gfn_range range;

	if (!strcmp(at, NONE))
		return true;
	while (*at)
		if (!gfn_range_next(&at, &range))
			return false;
	return true;
}

static bool parse(const struct attr_info *info, struct attr_value *value)
{
	switch (info->kind) {
	case ATTR_TEXT:
		return true;
	case ATTR_HEX:
	case ATTR_DECIMAL:
		return parse_number(value, info->kind);
	case ATTR_GFN:
		return attr_is_unknown(value) || parse_number(value, ATTR_HEX);
	case ATTR_WORD:
		return parse_word(value, info->words);
	case ATTR_CHOICE:
		return parse_choice(value, info->words);
	case ATTR_SET:
		return parse_set(value, info->words);
	case ATTR_RANGES:
		return parse_ranges(value);
	}
	return false;
}

static void read_one(const struct attr_info *info, struct attr_value *value)
{
	char name[128];

	snprintf(name, sizeof(name), DRIVER_DIR "/%s", info->name);
	value->number = 0;
	value->error = sysfs_read(name, value->text);
	if (!value->error && !parse(info, value))
		value->error = -EBADMSG;
	value->valid = !value->error;
	if (!value->valid)
		strcpy(value->text, "?");
}

bool attr_driver_present(void)
{
	return sysfs_exists(DRIVER_DIR "/state");
}

bool attr_read_all(struct attr_value values[ATTR_COUNT])
{
	if (!attr_driver_present())
		return false;
	for (int i = 0; i < ATTR_COUNT; i++)
		read_one(&attr_info[i], &values[i]);
	return attr_driver_present();
}

bool attr_is(const struct attr_value *values, enum attr attr, unsigned int word)
{
	return values[attr].valid && values[attr].number == word;
}

bool attr_is_set(const struct attr_value *values, enum attr attr, uint64_t set)
{
	return values[attr].valid && values[attr].number == set;
}

bool attr_is_unknown(const struct attr_value *value)
{
	return !strcmp(value->text, UNKNOWN);
}
