// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#include "commands.h"

#define ROW "%-14s%-8s%-12s%-10s%-9s%s\n"
#define LINE "%-14s"

static const char *const caching_words[] = {
	[CACHING_UNKNOWN]	= "unknown",
	[CACHING_WRITE_BACK]	= "write-back",
	[CACHING_OTHER]		= "NOT WRITE-BACK",
	[CACHING_NONE]		= "UNCACHED",
	[CACHING_PARTLY]	= "PARTLY WRITE-BACK",
	[CACHING_NOWHERE]	= "FAILED",
	[CACHING_DEPENDS]	= "DEPENDS ON THE HOST",
};

/* How accesses behave, and who makes it so if that is not the guest. */
static const char *effect(const struct attr_value *values, const struct host_facts *facts,
			  enum attr memory_type)
{
	enum caching caching = verdict_caching(values, memory_type, facts->types);

	if (caching == CACHING_DEPENDS)
		return "depends on the host";
	if (caching == CACHING_WRITE_BACK && !attr_is(values, memory_type, MEMORY_WB))
		return "write-back (ipat)";
	return caching_words[caching];
}

static void print_pages(const struct attr_value *values, const struct host_facts *facts)
{
	char frames[2 * SYSFS_VALUE_SIZE];

	snprintf(frames, sizeof(frames), "%s/%s", values[ATTR_GRANT_TABLE_FRAMES].text,
		 values[ATTR_GRANT_TABLE_MAX_FRAMES].text);
	printf(ROW, "special page", "where", "gfn", "frames", "mapped", "accesses");
	printf(ROW, "grant table", values[ATTR_GRANT_TABLE_PLACEMENT].text,
	       values[ATTR_GRANT_TABLE_GFN].text, frames,
	       values[ATTR_GRANT_TABLE_MEMORY_TYPE].text,
	       effect(values, facts, ATTR_GRANT_TABLE_MEMORY_TYPE));
	printf(ROW, "shared_info", values[ATTR_SHARED_INFO_PLACEMENT].text,
	       values[ATTR_SHARED_INFO_GFN].text, "1",
	       values[ATTR_SHARED_INFO_MEMORY_TYPE].text,
	       effect(values, facts, ATTR_SHARED_INFO_MEMORY_TYPE));
}

static void print_bytes(uint64_t number)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", NULL };
	unsigned int unit = 0;

	while (number && number % 1024 == 0 && units[unit + 1]) {
		number /= 1024;
		unit++;
	}
	printf("%" PRIu64 " %s", number, units[unit]);
}

static void print_size(const struct attr_value *size)
{
	if (size->valid)
		print_bytes(size->number);
	else
		printf("?");
}

static void print_pause(const struct attr_value *pause)
{
	if (pause->valid)
		printf("%.3f ms", pause->number / 1e6);
	else
		printf("?");
}

static void print_range(const struct attr_value *values)
{
	printf(LINE, "range");
	if (attr_is_set(values, ATTR_RANGE_SOURCE, 0)) {
		printf("none usable\n");
		return;
	}
	printf("%s, ", values[ATTR_RANGE_START].text);
	print_size(&values[ATTR_RANGE_SIZE]);
	printf(", source %s\n", values[ATTR_RANGE_SOURCE].text);
}

/* If some frames have no room there. */
static void print_placed(const struct attr_value *values)
{
	const struct attr_value *placed = &values[ATTR_GRANT_TABLE_PLACED];
	const struct attr_value *max = &values[ATTR_GRANT_TABLE_MAX_FRAMES];

	if (attr_is(values, ATTR_STATE, STATE_RANGE) && placed->valid && max->valid &&
	    placed->number < max->number)
		printf(LINE "%s of %s frames, in use at boot: %s\n", "placed", placed->text,
		       max->text, values[ATTR_GRANT_TABLE_UNPLACED].text);
}

static void print_host(const struct attr_value *values)
{
	printf(LINE "ranges %s, ipat %s\n", "host", values[ATTR_HOST_RANGES].text,
	       values[ATTR_HOST_IPAT].text);
}

static void print_cpu(const struct host_facts *facts)
{
	printf(LINE "%s: %s\n", "CPU", facts->cpu_vendor,
	       facts->types == TYPES_GUEST ? "the memory types of the guest count" :
					     "the host may overrule the memory types of the guest");
}

static void print_bar(const struct attr_value *values)
{
	printf(LINE "%s, ", "BAR", values[ATTR_BAR_START].text);
	print_size(&values[ATTR_BAR_SIZE]);
	printf(", %s\n", values[ATTR_BAR_MEMORY_TYPE].text);
}

static void print_moves(const struct attr_value *values)
{
	printf(LINE "%s, failed %s, pause last ", "moves", values[ATTR_STATS_MOVES].text,
	       values[ATTR_STATS_FAILED_MOVES].text);
	print_pause(&values[ATTR_STATS_LAST_PAUSE_NS]);
	printf(", longest ");
	print_pause(&values[ATTR_STATS_MAX_PAUSE_NS]);
	printf("\n");
}

static void print_fill(const struct attr_value *values)
{
	enum fill fill = verdict_fill(values);

	if (fill == FILL_FULL)
		printf(LINE "max_grant_frames is reached: new devices and queues may fail\n",
		       "WARNING");
	else if (fill == FILL_NEARLY)
		printf(LINE "the grant table is nearly full: %s of %s frames\n", "WARNING",
		       values[ATTR_GRANT_TABLE_FRAMES].text,
		       values[ATTR_GRANT_TABLE_MAX_FRAMES].text);
}

static void print_table(const struct attr_value *values, const struct host_facts *facts)
{
	print_pages(values, facts);
	printf("\n");
	printf(LINE "%s, in force: %s\n", "placement", values[ATTR_PLACEMENT].text,
	       values[ATTR_STATE].text);
	print_range(values);
	print_placed(values);
	print_host(values);
	print_cpu(facts);
	print_bar(values);
	print_moves(values);
	print_fill(values);
	printf("\n");
}

static void print_facts(const struct host_facts *facts)
{
	printf(LINE "not loaded\n", "driver");
	printf(LINE "%s\n", "Xen", facts->xen_version);
	print_cpu(facts);
	printf(LINE, "BAR");
	if (facts->bar_start) {
		printf("0x%" PRIx64 ", ", facts->bar_start);
		print_bytes(facts->bar_size);
		printf(", MTRR %s, mapped %s\n", facts->bar_mtrr, facts->bar_mapped);
	} else {
		printf("unknown\n");
	}
	printf("\n");
}

static void print_advice(FILE *to, const struct verdict *verdict)
{
	const char *label = "what to do:";

	for (const char *const *line = verdict->advice; line && *line; line++) {
		fprintf(to, "%-12s%s\n", label, *line);
		label = "";
	}
}

void report_status(const struct attr_value *values, const struct host_facts *facts)
{
	if (values)
		print_table(values, facts);
	else if (facts->guest == GUEST_HVM_WITH_DEVICE)
		print_facts(facts);
}

int report_no_driver(const char *command)
{
	struct host_facts facts;
	struct verdict verdict;

	host_facts_read(&facts);
	verdict = verdict_of(NULL, &facts);
	fprintf(stderr, "xen-special-pages: %s: %s\n", command, verdict.text);
	print_advice(stderr, &verdict);
	return EXIT_NO_DRIVER;
}

void report_verdict(const struct attr_value *values, const struct verdict *verdict)
{
	if (verdict->check == CHECK_NO_DEVICE)
		printf("%s\n", verdict->text);
	else
		printf("%s: %s\n", caching_words[verdict->caching], verdict->text);
	if (values && values[ATTR_REASON].valid)
		printf("reason: %s\n", values[ATTR_REASON].text);
	print_advice(stdout, verdict);
	if (verdict->advice)
		printf("%-12sxen-special-pages explain\n", "more:");
}
