/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver's attributes mean.  Pure: reads nothing, prints nothing. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

#include "attr.h"
#include "guest.h"

/* How accesses to a special page behave, with what the host adds to it. */
enum caching {
	CACHING_UNKNOWN,
	CACHING_WRITE_BACK,
	CACHING_OTHER,	/* cached, or buffered, but not write-back */
	CACHING_NONE,
	CACHING_NOWHERE,	/* a page is missing, accesses to it are lost */
};

/* Exit codes of status --check, those of XCP-ng's script. */
enum check {
	CHECK_WRITE_BACK = 0,
	CHECK_NOT_WRITE_BACK = 1,
	CHECK_NO_DEVICE = 2,	/* or no driver for it */
};

struct verdict {
	enum check check;
	enum caching caching;	/* CACHING_UNKNOWN without a driver, too */
	const char *text;
	const char *advice;	/* NULL: nothing to do */
};

struct verdict verdict_of_guest(enum guest guest);
struct verdict verdict_of_pages(const struct attr_value *values);

/* @memory_type is the attribute of the page in question. */
enum caching verdict_caching(const struct attr_value *values, enum attr memory_type);

bool verdict_table_full(const struct attr_value *values);

#endif /* VERDICT_H */
