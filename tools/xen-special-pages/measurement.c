// SPDX-License-Identifier: GPL-2.0-only
#include "measurement.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT 1

/* Medians that differ by less are alike. */
#define ALIKE 2.0

/* WB and UC can be told apart if nothing can be like both. */
#define APART (ALIKE * ALIKE)

/* So many samples have a 99th percentile. */
#define ENOUGH_SAMPLES 100

/* No access takes less; a shorter time is an error of measuring. */
#define SHORTEST_CYCLES 1.0

const char *const spot_names[SPOT_COUNT] = {
	[SPOT_EMPTY]		= "empty",
	[SPOT_GRANT_TABLE]	= "grant_table",
	[SPOT_SHARED_INFO]	= "shared_info",
	[SPOT_WB]		= "wb",
	[SPOT_UC]		= "uc",
};

const char *const access_names[ACCESS_COUNT] = {
	[ACCESS_LOAD]		= "load",
	[ACCESS_STORE]		= "store",
	[ACCESS_EXCHANGE]	= "exchange",
};

struct field {
	const char *name;
	size_t offset;
};

static const struct field number_fields[] = {
	{ "format", offsetof(struct measurement, format) },
	{ "tsc_khz", offsetof(struct measurement, tsc_khz) },
	{ "accesses", offsetof(struct measurement, accesses) },
	{ "grant_table.gfn", offsetof(struct measurement, gfn) },
	{ "grant_table.entry", offsetof(struct measurement, entry) },
	{ "grant_table.entry_flags", offsetof(struct measurement, entry_flags) },
	{ NULL, 0 }
};

static const struct field series_fields[] = {
	{ "samples", offsetof(struct series, samples) },
	{ "median_cycles", offsetof(struct series, median_cycles) },
	{ "p99_cycles", offsetof(struct series, p99_cycles) },
	{ "median_ns", offsetof(struct series, median_ns) },
	{ "p99_ns", offsetof(struct series, p99_ns) },
	{ NULL, 0 }
};

/* The number in @object that @fields name, NULL for what is not known here. */
static uint64_t *find_number(void *object, const struct field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (!strcmp(name, fields->name))
			return (uint64_t *)((char *)object + fields->offset);
	return NULL;
}

/* The same for SPOT.ACCESS.FIELD. */
static uint64_t *find_series_number(struct measurement *measurement, const char *name)
{
	char prefix[64];

	for (int spot = 0; spot < SPOT_COUNT; spot++) {
		for (int access = 0; access < ACCESS_COUNT; access++) {
			int length = snprintf(prefix, sizeof(prefix), "%s.%s.", spot_names[spot],
					      access_names[access]);

			if (!strncmp(name, prefix, length))
				return find_number(&measurement->series[spot][access],
						   series_fields, name + length);
		}
	}
	return NULL;
}

static char *find_word(struct measurement *measurement, const char *name)
{
	if (!strcmp(name, "grant_table.memory_type"))
		return measurement->memory_type;
	if (!strcmp(name, "uc.memory_type"))
		return measurement->uc_memory_type;
	return NULL;
}

static bool parse_number(const char *text, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return !errno && !*end;
}

/* Other names are those of a later driver. */
static bool parse_line(struct measurement *measurement, const char *name, const char *value)
{
	uint64_t *number = find_number(measurement, number_fields, name);
	char *word = find_word(measurement, name);

	if (word) {
		snprintf(word, sizeof(measurement->memory_type), "%.*s",
			 (int)sizeof(measurement->memory_type) - 1, value);
		return true;
	}
	if (!number)
		number = find_series_number(measurement, name);
	return !number || parse_number(value, number);
}

/* What everything else is compared with. */
static bool is_complete(const struct measurement *measurement)
{
	for (int access = 0; access < ACCESS_COUNT; access++)
		if (!measurement->series[SPOT_EMPTY][access].samples ||
		    !measurement->series[SPOT_WB][access].samples ||
		    !measurement->series[SPOT_UC][access].samples)
			return false;
	return measurement->format == FORMAT && measurement->accesses &&
	       measurement->series[SPOT_GRANT_TABLE][ACCESS_LOAD].samples;
}

/* The word that *@text begins with, up to @end; *@text moves behind that. */
static bool take_word(const char **text, char end, char *word, size_t size)
{
	size_t length = strcspn(*text, "\n ");

	if (!length || length >= size || (*text)[length] != end)
		return false;
	memcpy(word, *text, length);
	word[length] = '\0';
	*text += length + 1;
	return true;
}

bool measurement_parse(const char *text, struct measurement *measurement)
{
	char name[64], value[64];

	memset(measurement, 0, sizeof(*measurement));
	while (*text)
		if (!take_word(&text, ' ', name, sizeof(name)) ||
		    !take_word(&text, '\n', value, sizeof(value)) ||
		    !parse_line(measurement, name, value))
			return false;
	return is_complete(measurement);
}

static double per_access(const struct measurement *measurement, uint64_t sample, uint64_t empty)
{
	return sample > empty ? (double)(sample - empty) / measurement->accesses : 0;
}

static double median_cycles(const struct measurement *measurement, enum spot spot,
			    enum access_kind access)
{
	double cycles = per_access(measurement, measurement->series[spot][access].median_cycles,
				   measurement->series[SPOT_EMPTY][access].median_cycles);

	return cycles > SHORTEST_CYCLES ? cycles : SHORTEST_CYCLES;
}

struct figures measurement_figures(const struct measurement *measurement, enum spot spot,
				   enum access_kind access)
{
	const struct series *empty = &measurement->series[SPOT_EMPTY][access];
	const struct series *series = &measurement->series[spot][access];

	if (!series->samples)
		return (struct figures){ 0 };
	return (struct figures){
		.median_cycles = per_access(measurement, series->median_cycles,
					    empty->median_cycles),
		.p99_cycles = per_access(measurement, series->p99_cycles, empty->median_cycles),
		.median_ns = per_access(measurement, series->median_ns, empty->median_ns),
		.p99_ns = per_access(measurement, series->p99_ns, empty->median_ns),
		.ratio = median_cycles(measurement, spot, access) /
			 median_cycles(measurement, SPOT_WB, access),
	};
}

/* Is RAM that is mapped UC slower, by far and nearly always? */
static bool told_apart(const struct measurement *measurement, enum access_kind access)
{
	const struct series *wb = &measurement->series[SPOT_WB][access];
	const struct series *uc = &measurement->series[SPOT_UC][access];

	return median_cycles(measurement, SPOT_UC, access) >=
	       APART * median_cycles(measurement, SPOT_WB, access) &&
	       uc->median_cycles > wb->p99_cycles;
}

static enum likeness likeness(const struct measurement *measurement, enum spot spot,
			      enum access_kind access)
{
	double cycles = median_cycles(measurement, spot, access);

	if (!measurement->series[spot][access].samples || !told_apart(measurement, access))
		return LIKE_NOTHING;
	if (cycles < ALIKE * median_cycles(measurement, SPOT_WB, access))
		return LIKE_RAM;
	if (cycles * ALIKE > median_cycles(measurement, SPOT_UC, access))
		return LIKE_UNCACHED;
	return LIKE_BETWEEN;
}

/* Do nearly all samples say the same as the median? */
static bool is_sharp(const struct measurement *measurement, enum spot spot,
		     enum access_kind access, enum likeness like)
{
	const struct series *series = &measurement->series[spot][access];

	if (like == LIKE_RAM)
		return series->p99_cycles < measurement->series[SPOT_UC][access].median_cycles;
	return like == LIKE_UNCACHED &&
	       series->median_cycles > measurement->series[SPOT_WB][access].p99_cycles;
}

static enum outcome outcome(const enum likeness *like)
{
	unsigned int count[LIKE_BETWEEN + 1] = { 0 }, told;

	for (int access = 0; access < ACCESS_COUNT; access++)
		count[like[access]]++;
	told = ACCESS_COUNT - count[LIKE_NOTHING];
	if (!told)
		return OUTCOME_CANNOT_TELL;
	if (count[LIKE_RAM] == told)
		return OUTCOME_AS_RAM;
	return count[LIKE_UNCACHED] == told ? OUTCOME_UNCACHED : OUTCOME_MIXED;
}

/* High if each kind of accesses that was measured tells something, often and sharply. */
static enum confidence confidence(const struct measurement *measurement, enum spot spot,
				  const enum likeness *like)
{
	for (int access = 0; access < ACCESS_COUNT; access++) {
		uint64_t samples = measurement->series[spot][access].samples;

		if (samples && (samples < ENOUGH_SAMPLES ||
				!is_sharp(measurement, spot, access, like[access])))
			return CONFIDENCE_LOW;
	}
	return CONFIDENCE_HIGH;
}

struct finding measurement_judge(const struct measurement *measurement, enum spot spot)
{
	struct finding finding = { .access = ACCESS_COUNT };

	for (int access = 0; access < ACCESS_COUNT; access++) {
		finding.likeness[access] = likeness(measurement, spot, access);
		if (finding.likeness[access] != LIKE_NOTHING && finding.access == ACCESS_COUNT)
			finding.access = access;
	}
	finding.outcome = outcome(finding.likeness);
	if (finding.outcome == OUTCOME_CANNOT_TELL)
		return finding;
	finding.ratio = measurement_figures(measurement, spot, finding.access).ratio;
	finding.confidence = confidence(measurement, spot, finding.likeness);
	return finding;
}
