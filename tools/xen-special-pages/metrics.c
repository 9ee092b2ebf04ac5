// SPDX-License-Identifier: GPL-2.0-only
/* The attributes in the text format of Prometheus, for node_exporter's textfile collector. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "attr.h"
#include "commands.h"
#include "host-facts.h"
#include "verdict.h"

#define PREFIX "xen_special_pages_"

enum metric_kind {
	METRIC_NUMBER,	/* of the attribute */
	METRIC_SECONDS,	/* the attribute has nanoseconds */
	METRIC_WORDS,	/* for each word 1 or 0, the word as a label */
};

/* Rows of one name are one metric, and stand together. */
static const struct metric {
	const char *name;
	const char *type;
	const char *help;
	enum attr attr;
	enum metric_kind kind;
	const char *label;	/* of the words */
	const char *page;	/* or NULL */
} metrics[] = {
	{ "state", "gauge", "Where the grant table is.",
	  ATTR_STATE, METRIC_WORDS, "state", NULL },
	{ "request", "gauge", "The placement that was asked for.",
	  ATTR_PLACEMENT, METRIC_WORDS, "placement", NULL },
	{ "memory_type", "gauge", "The memory type of the guest's own mapping.",
	  ATTR_GRANT_TABLE_MEMORY_TYPE, METRIC_WORDS, "type", "grant_table" },
	{ "memory_type", "gauge", "The memory type of the guest's own mapping.",
	  ATTR_SHARED_INFO_MEMORY_TYPE, METRIC_WORDS, "type", "shared_info" },
	{ "host_ipat", "gauge", "Whether the hypervisor says that it forces write-back.",
	  ATTR_HOST_IPAT, METRIC_WORDS, "answer", NULL },
	{ "range_source", "gauge", "Who vouches for the range.",
	  ATTR_RANGE_SOURCE, METRIC_WORDS, "source", NULL },
	{ "range_size_bytes", "gauge", "The size of the range.",
	  ATTR_RANGE_SIZE, METRIC_NUMBER, NULL, NULL },
	{ "grant_frames", "gauge", "Frames that the grant table has.",
	  ATTR_GRANT_TABLE_FRAMES, METRIC_NUMBER, NULL, NULL },
	{ "grant_frames_max", "gauge", "Frames that the grant table can have on this host.",
	  ATTR_GRANT_TABLE_MAX_FRAMES, METRIC_NUMBER, NULL, NULL },
	{ "grant_frames_placed", "gauge", "Frames outside of the boot placement.",
	  ATTR_GRANT_TABLE_PLACED, METRIC_NUMBER, NULL, NULL },
	{ "grant_frames_unplaced", "gauge", "Frames in use in the boot placement.",
	  ATTR_GRANT_TABLE_UNPLACED, METRIC_NUMBER, NULL, NULL },
	{ "moves_total", "counter", "Moves that succeeded since the driver was loaded.",
	  ATTR_STATS_MOVES, METRIC_NUMBER, NULL, NULL },
	{ "failed_moves_total", "counter", "Moves that failed and were undone.",
	  ATTR_STATS_FAILED_MOVES, METRIC_NUMBER, NULL, NULL },
	{ "last_pause_seconds", "gauge", "How long the last move stopped the CPUs.",
	  ATTR_STATS_LAST_PAUSE_NS, METRIC_SECONDS, NULL, NULL },
	{ "max_pause_seconds", "gauge", "The longest such pause.",
	  ATTR_STATS_MAX_PAUSE_NS, METRIC_SECONDS, NULL, NULL },
};

/* --- the text --- */

static void print_head(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP " PREFIX "%s %s\n", name, help);
	fprintf(to, "# TYPE " PREFIX "%s %s\n", name, type);
}

static bool has_word(const struct attr_value *value, enum attr_kind kind, unsigned int word)
{
	return kind == ATTR_SET ? value->number >> word & 1 : value->number == word;
}

static void print_words(FILE *to, const struct metric *metric, const struct attr_value *value)
{
	const struct attr_info *info = &attr_info[metric->attr];

	for (unsigned int i = 0; info->words[i]; i++) {
		fprintf(to, PREFIX "%s{", metric->name);
		if (metric->page)
			fprintf(to, "page=\"%s\",", metric->page);
		fprintf(to, "%s=\"%s\"} %d\n", metric->label, info->words[i],
			has_word(value, info->kind, i));
	}
}

static void print_samples(FILE *to, const struct metric *metric, const struct attr_value *value)
{
	switch (metric->kind) {
	case METRIC_NUMBER:
		fprintf(to, PREFIX "%s %" PRIu64 "\n", metric->name, value->number);
		break;
	case METRIC_SECONDS:
		fprintf(to, PREFIX "%s %.9f\n", metric->name, value->number / 1e9);
		break;
	case METRIC_WORDS:
		print_words(to, metric, value);
		break;
	}
}

/* What the driver does not tell is left out. */
static void print_attributes(FILE *to, const struct attr_value *values)
{
	const char *last = "";

	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		const struct metric *metric = &metrics[i];

		if (!values[metric->attr].valid)
			continue;
		if (strcmp(last, metric->name))
			print_head(to, metric->name, metric->type, metric->help);
		last = metric->name;
		print_samples(to, metric, &values[metric->attr]);
	}
}

static void print_verdict(FILE *to, enum check check, bool driver)
{
	print_head(to, "driver_loaded", "gauge", "Whether the driver is loaded.");
	fprintf(to, PREFIX "driver_loaded %d\n", driver);
	print_head(to, "check", "gauge",
		   "The exit code of status --check: 0 write-back, 1 not, 2 no device or driver, 3 depends on the host.");
	fprintf(to, PREFIX "check %d\n", check);
}

static void print_fill(FILE *to, enum fill fill)
{
	if (fill == FILL_UNKNOWN)
		return;
	print_head(to, "grant_table_nearly_full", "gauge",
		   "Whether the grant table has 90 % of the frames that it can have, or more.");
	fprintf(to, PREFIX "grant_table_nearly_full %d\n", fill != FILL_ROOM);
}

static void print_metrics(FILE *to)
{
	static struct attr_value storage[ATTR_COUNT];
	const struct attr_value *values = attr_read_all(storage) ? storage : NULL;
	struct host_facts facts;

	host_facts_read(&facts);
	print_verdict(to, verdict_of(values, &facts).check, values);
	if (!values)
		return;
	print_attributes(to, values);
	print_fill(to, verdict_fill(values));
}

/* --- the file --- */

#define AS_IT_WAS "the file is as it was"

static int complain(const char *file, int error, const char *what)
{
	fprintf(stderr, "xen-special-pages: metrics %s: %s; %s\n", file, strerror(error), what);
	return EX_IOERR;
}

/* A new file beside @file, and its name.  The collector reads no such name. */
static FILE *open_beside(const char *file, char *name, size_t size)
{
	int length = snprintf(name, size, "%s.XXXXXX", file);
	int fd;

	if (length < 0 || (size_t)length >= size) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = mkstemp(name);
	return fd < 0 ? NULL : fdopen(fd, "w");
}

/* Everything is on the disk, and everybody may read it.  0 or an errno. */
static int close_complete(FILE *to)
{
	int error = 0;

	if (fflush(to) || ferror(to) || fchmod(fileno(to), 0644) || fsync(fileno(to)))
		error = errno ? errno : EIO;
	if (fclose(to) && !error)
		error = errno;
	return error;
}

/* A device or a pipe: what replaces it would be another file. */
static bool is_special(const char *file)
{
	struct stat st;

	return !stat(file, &st) && !S_ISREG(st.st_mode);
}

static int write_to_special(const char *file)
{
	FILE *to = fopen(file, "w");
	bool lost;

	if (!to)
		return complain(file, errno, "nothing was written");
	errno = 0;
	print_metrics(to);
	lost = fflush(to) || ferror(to);
	lost |= fclose(to) != 0;
	return lost ? complain(file, errno ? errno : EIO, "some may be lost") : 0;
}

/* Who reads @file sees the old content or the new one. */
static int replace_file(const char *file)
{
	char name[PATH_MAX];
	FILE *to = open_beside(file, name, sizeof(name));
	int error;

	if (!to)
		return complain(file, errno, AS_IT_WAS);
	errno = 0;
	print_metrics(to);
	error = close_complete(to);
	if (!error && rename(name, file))
		error = errno;
	if (!error)
		return 0;
	unlink(name);
	return complain(file, error, AS_IT_WAS);
}

/* A symbolic link stays: what it names is replaced. */
static int write_file(const char *file)
{
	char target[PATH_MAX];

	if (is_special(file))
		return write_to_special(file);
	return replace_file(realpath(file, target) ? target : file);
}

int metrics_command(int argc, char **argv)
{
	if (argc > 2 || (argc == 2 && (!argv[1][0] || argv[1][0] == '-')))
		return EX_USAGE;
	if (argc == 2)
		return write_file(argv[1]);
	print_metrics(stdout);
	return 0;
}
