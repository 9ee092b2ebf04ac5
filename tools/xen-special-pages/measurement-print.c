// SPDX-License-Identifier: GPL-2.0-only
#include "measurement-print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json-object.h"

#define JSON_FORMAT 1

#define HEAD "%-13s%-10s%10s%10s%10s%10s%10s\n"
#define ROW "%-13s%-10s%10.1f%10.1f%10.1f%10.1f%10.1f\n"

static const enum spot judged[] = { SPOT_GRANT_TABLE, SPOT_SHARED_INFO };

static const char *const titles[SPOT_COUNT] = {
	[SPOT_GRANT_TABLE]	= "grant table",
	[SPOT_SHARED_INFO]	= "shared_info",
	[SPOT_WB]		= "RAM, WB",
	[SPOT_UC]		= "RAM, UC",
};

static const char *const likeness_words[] = {
	[LIKE_NOTHING]	= "cannot tell",
	[LIKE_RAM]	= "as RAM",
	[LIKE_UNCACHED]	= "uncached",
	[LIKE_BETWEEN]	= "in between",
};

static const char *const confidence_words[] = {
	[CONFIDENCE_NONE]	= "none",
	[CONFIDENCE_LOW]	= "low",
	[CONFIDENCE_HIGH]	= "high",
};

static const char *const outcome_words[] = {
	[OUTCOME_CANNOT_TELL]	= "cannot tell",
	[OUTCOME_AS_RAM]	= "as RAM",
	[OUTCOME_UNCACHED]	= "uncached",
	[OUTCOME_MIXED]		= "mixed",
};

static bool is_measured(const struct measurement *measurement, enum spot spot)
{
	return measurement->series[spot][ACCESS_LOAD].samples;
}

static void describe_mixed(const struct finding *finding, char *text, size_t size)
{
	size_t length = snprintf(text, size, "mixed:");

	for (int access = 0; access < ACCESS_COUNT; access++) {
		enum likeness like = finding->likeness[access];

		if (like != LIKE_NOTHING && length < size)
			length += snprintf(text + length, size - length, "%s %s %s",
					   length > strlen("mixed:") ? "," : "",
					   access_names[access], likeness_words[like]);
	}
}

static void describe(const struct finding *finding, char *text, size_t size)
{
	switch (finding->outcome) {
	case OUTCOME_CANNOT_TELL:
		snprintf(text, size,
			 "cannot tell: no difference between WB and UC on this machine");
		break;
	case OUTCOME_AS_RAM:
		snprintf(text, size, "as RAM");
		break;
	case OUTCOME_UNCACHED:
		snprintf(text, size, "uncached: %.0f times RAM (%s)", finding->ratio,
			 access_names[finding->access]);
		break;
	case OUTCOME_MIXED:
		describe_mixed(finding, text, size);
		break;
	}
}

/* What the finding says beyond itself, NULL if nothing. */
static const char *remark(const struct measurement *measurement, enum spot spot,
			  const struct finding *finding)
{
	if (spot != SPOT_GRANT_TABLE)
		return NULL;
	if (finding->outcome == OUTCOME_CANNOT_TELL)
		return "no caches (an emulator), or the host gives all memory one type";
	if (finding->outcome == OUTCOME_AS_RAM && !strncmp(measurement->memory_type, "UC", 2))
		return "the guest maps it uncached: the host overrules that (ipat)";
	return NULL;
}

static void print_row(const struct measurement *measurement, enum spot spot,
		      enum access_kind access)
{
	struct figures figures = measurement_figures(measurement, spot, access);

	if (measurement->series[spot][access].samples)
		printf(ROW, access == ACCESS_LOAD ? titles[spot] : "", access_names[access],
		       figures.median_cycles, figures.p99_cycles, figures.median_ns,
		       figures.p99_ns, figures.ratio);
}

static void print_table(const struct measurement *measurement)
{
	printf(HEAD, "", "", "cycles", "", "ns", "", "ratio");
	printf(HEAD, "", "", "median", "p99", "median", "p99", "to RAM");
	for (int spot = SPOT_GRANT_TABLE; spot < SPOT_COUNT; spot++)
		for (int access = 0; access < ACCESS_COUNT; access++)
			print_row(measurement, spot, access);
}

static void print_finding(const struct measurement *measurement, enum spot spot)
{
	struct finding finding = measurement_judge(measurement, spot);
	const char *more = remark(measurement, spot, &finding);
	char text[128];

	describe(&finding, text, sizeof(text));
	printf("%s: %s (confidence: %s)\n", titles[spot], text,
	       confidence_words[finding.confidence]);
	if (more)
		printf("%-13s%s\n", "", more);
}

static void print_one(const struct taken *taken)
{
	const struct measurement *measurement = &taken->measurement;

	printf("in force: %s, grant table at gfn 0x%" PRIx64 ", mapped %s\n\n", taken->state,
	       measurement->gfn, measurement->memory_type);
	print_table(measurement);
	printf("\n");
	for (unsigned int i = 0; i < sizeof(judged) / sizeof(*judged); i++)
		if (is_measured(measurement, judged[i]))
			print_finding(measurement, judged[i]);
	if (measurement->entry_flags)
		printf("entry %" PRIu64 " of the grant table is in use: it was only read\n",
		       measurement->entry);
}

void measurement_print(const struct taken *taken, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (i)
			printf("\n");
		print_one(&taken[i]);
	}
}

static void add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_add(object, key, json_number(number));
}

static void add_string(struct json_object *object, const char *key, const char *text)
{
	json_add(object, key, json_object_new_string(text));
}

/* Not more digits than mean something. */
static void add_figure(struct json_object *object, const char *key, double figure)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", figure);
	json_add(object, key, json_object_new_double_s(figure, text));
}

static struct json_object *json_access(const struct measurement *measurement, enum spot spot,
				       enum access_kind access)
{
	const struct series *series = &measurement->series[spot][access];
	struct figures figures = measurement_figures(measurement, spot, access);
	struct json_object *object = json_object_new_object();

	add_number(object, "samples", series->samples);
	add_figure(object, "median_cycles", figures.median_cycles);
	add_figure(object, "p99_cycles", figures.p99_cycles);
	add_figure(object, "median_ns", figures.median_ns);
	add_figure(object, "p99_ns", figures.p99_ns);
	add_figure(object, "ratio", figures.ratio);
	return object;
}

/* null if it was not measured. */
static struct json_object *json_spot(const struct measurement *measurement, enum spot spot)
{
	struct json_object *object = json_object_new_object();

	for (int access = 0; access < ACCESS_COUNT; access++)
		json_add(object, access_names[access],
			 measurement->series[spot][access].samples ?
			 json_access(measurement, spot, access) : NULL);
	return object;
}

static struct json_object *json_finding(const struct measurement *measurement, enum spot spot)
{
	struct finding finding = measurement_judge(measurement, spot);
	struct json_object *object = json_object_new_object();
	char text[128];

	describe(&finding, text, sizeof(text));
	add_string(object, "outcome", outcome_words[finding.outcome]);
	add_string(object, "confidence", confidence_words[finding.confidence]);
	add_string(object, "text", text);
	return object;
}

static struct json_object *json_one(const struct taken *taken)
{
	const struct measurement *measurement = &taken->measurement;
	struct json_object *object = json_object_new_object();
	struct json_object *verdicts = json_object_new_object();

	add_string(object, "state", taken->state);
	add_number(object, "gfn", measurement->gfn);
	add_string(object, "memory_type", measurement->memory_type);
	add_number(object, "entry_flags", measurement->entry_flags);
	add_number(object, "tsc_khz", measurement->tsc_khz);
	for (int spot = SPOT_GRANT_TABLE; spot < SPOT_COUNT; spot++)
		json_add(object, spot_names[spot], json_spot(measurement, spot));
	for (unsigned int i = 0; i < sizeof(judged) / sizeof(*judged); i++)
		json_add(verdicts, spot_names[judged[i]],
			 is_measured(measurement, judged[i]) ?
			 json_finding(measurement, judged[i]) : NULL);
	json_add(object, "verdicts", verdicts);
	return object;
}

void measurement_print_json(const struct taken *taken, unsigned int count)
{
	struct json_object *root = json_object_new_object();
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < count; i++)
		json_object_array_add(array, json_one(&taken[i]));
	add_number(root, "format", JSON_FORMAT);
	json_add(root, "measurements", array);
	json_write(root);
}
