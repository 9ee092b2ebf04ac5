/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver's attributes mean.  Pure: reads nothing, prints nothing. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

#include "attr.h"
#include "guest.h"
#include "host-facts.h"

/* How accesses to a special page behave, with what the host adds to it. */
enum caching {
	CACHING_UNKNOWN,
	CACHING_WRITE_BACK,
	CACHING_OTHER,	/* cached, or buffered, but not write-back */
	CACHING_NONE,
	CACHING_PARTLY,	/* write-back for the first frames only */
	CACHING_NOWHERE,	/* a page is missing, accesses to it are lost */
	CACHING_DEPENDS,	/* not write-back, unless the host forces it and does not say so */
};

/* Exit codes of status --check; the first three are those of XCP-ng's script. */
enum check {
	CHECK_WRITE_BACK = 0,
	CHECK_NOT_WRITE_BACK = 1,
	CHECK_NO_DEVICE = 2,	/* or no driver for it */
	CHECK_DEPENDS = 3,	/* on the host, and the guest cannot know */
};

#define ADVICE_LINES 4

struct verdict {
	enum check check;
	enum caching caching;	/* CACHING_UNKNOWN without a driver, too */
	const char *text;
	bool price;	/* the advice is to give RAM away */
	const char *const *advice;	/* lines, ends with NULL.  NULL: nothing to do */
};

/* @values is NULL without a driver. */
struct verdict verdict_of(const struct attr_value *values, const struct host_facts *facts);

/* @memory_type is the attribute of the page in question. */
enum caching verdict_caching(const struct attr_value *values, enum attr memory_type,
			     enum types_count types);

/* A stable word for programs. */
const char *verdict_word(enum caching caching);

/*
 * How much of the grant table is in use, in frames: the kernel tells no more than that.  It
 * adds frames when it needs entries, and never gives one back.
 */
enum fill {
	FILL_UNKNOWN,
	FILL_ROOM,
	FILL_NEARLY,	/* 90 % of the frames that it can have, or more */
	FILL_FULL,
};

enum fill verdict_fill(const struct attr_value *values);

/* A stable word for programs, NULL if it is not known. */
const char *verdict_fill_word(enum fill fill);

/* The grant table is in the range, which has no room for some of its frames in use. */
bool verdict_partly_placed(const struct attr_value *values);

#endif /* VERDICT_H */
