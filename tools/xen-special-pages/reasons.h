/* SPDX-License-Identifier: GPL-2.0-only */
/* What the words of the driver's file "reason" mean. */
#ifndef REASONS_H
#define REASONS_H

struct reason {
	const char *words;	/* the driver's */
	const char *meaning;
	const char *next;	/* what to do; NULL: nothing, or the verdict says it */
};

/* Both end with an entry without words. */
extern const struct reason reasons[];		/* why the grant table is where it is */
extern const struct reason stay_reasons[];	/* why shared_info did not go with it */

/* The next entry of @table whose words are in @text, after @from; NULL: from the start. */
const struct reason *reason_next(const struct reason *table, const char *text,
				 const struct reason *from);

#endif /* REASONS_H */
