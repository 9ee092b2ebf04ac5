// SPDX-License-Identifier: GPL-2.0-only
/* Have the driver time accesses to the special pages: where they are, or in both places. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "attr.h"
#include "commands.h"
#include "measurement.h"
#include "measurement-print.h"
#include "report.h"
#include "sysfs.h"
#include "text-file.h"

#define EXIT_FAILED 1

#define MEASURE_FILE "kernel/debug/xen-special-pages/measure"

/* The driver's file is shorter. */
#define MEASURE_SIZE 16384

struct options {
	bool both;
	bool json;
};

/* A signal that would have ended us; we put everything back first. */
static volatile sig_atomic_t caught;

static bool parse_options(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "both", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'b')
			options->both = true;
		else if (option == 'j')
			options->json = true;
		else
			return false;
	}
	return optind == argc;
}

static int fail(int code, const char *text)
{
	fprintf(stderr, "xen-special-pages: measure: %s\n", text);
	return code;
}

/* Each errno that the driver's file gives a meaning, and what opening it gives. */
static int cannot_measure(int error)
{
	switch (error) {
	case ENOENT:
		fail(EXIT_NO_DRIVER, "there is no /sys/" MEASURE_FILE);
		fputs("what to do: mount -t debugfs none /sys/kernel/debug\n"
		      "(if it is mounted, the kernel has no debugfs, or the driver is older)\n",
		      stderr);
		return EXIT_NO_DRIVER;
	case EACCES:
	case EPERM:
		return fail(EXIT_FAILED, "only root may do that, and not with every lockdown");
	case EBUSY:
		return fail(EXIT_FAILED, "the guest is being suspended or shut down; try again");
	case EIO:
		return fail(EXIT_FAILED, "a special page is missing: see xen-special-pages status");
	case EOPNOTSUPP:
		return fail(EXIT_FAILED, "not in this guest: see xen-special-pages status");
	default:
		return fail(EXIT_FAILED, strerror(error));
	}
}

/* All of the file.  0 or -errno: -EFBIG for too much, -EBADMSG for what is no text. */
static int read_file(char text[MEASURE_SIZE])
{
	char path[PATH_MAX];
	int error = sysfs_path(path, sizeof(path), MEASURE_FILE);
	ssize_t length;

	if (error)
		return error;
	length = text_file_read(path, text, MEASURE_SIZE);
	if (length < 0)
		return length;
	if (length == MEASURE_SIZE)
		return -EFBIG;
	text[length] = '\0';
	return memchr(text, '\0', length) ? -EBADMSG : 0;
}

/* An exit code. */
static int take(struct taken *taken)
{
	static char text[MEASURE_SIZE];
	int error = read_file(text);

	if (error)
		return cannot_measure(-error);
	if (!measurement_parse(text, &taken->measurement))
		return fail(EXIT_FAILED, "the driver's answer cannot be understood");
	if (sysfs_read(DRIVER_DIR "/state", taken->state))
		strcpy(taken->state, "?");
	return 0;
}

static void print(const struct taken *taken, unsigned int count, const struct options *options)
{
	if (options->json)
		measurement_print_json(taken, count);
	else
		measurement_print(taken, count);
}

static int measure_here(const struct options *options)
{
	static struct taken here;
	int code = take(&here);

	if (!code)
		print(&here, 1, options);
	return code;
}

static void catch_signal(int signal_number)
{
	caught = signal_number;
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = catch_signal };

	for (unsigned int i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

/* End as if the signal had not been caught. */
static void obey_signal(void)
{
	signal(caught, SIG_DFL);
	raise(caught);
}

/* An exit code: 0 only if @state is in force then. */
static int move(const char *request, const char *state)
{
	static char now[SYSFS_VALUE_SIZE];
	int error = sysfs_write(DRIVER_DIR "/placement", request);

	if (!error)
		error = sysfs_read(DRIVER_DIR "/state", now);
	if (!error && !strcmp(now, state))
		return 0;
	fprintf(stderr, "xen-special-pages: measure: place %s: %s\n", request,
		error ? strerror(-error) : "accepted, but not done");
	return EXIT_FAILED;
}

/* Measure in the boot placement and come back, whatever happens meanwhile. */
static int visit_boot(struct taken *taken, const char *request, const char *state)
{
	int code = move(request_words[REQUEST_BOOT], request_words[REQUEST_BOOT]);

	if (!code && !caught)
		code = take(taken);
	if (!move(request, state))
		return code;
	fprintf(stderr, "what to do: xen-special-pages place %s\n", request);
	return EXIT_FAILED;
}

static int measure_both(const struct options *options)
{
	static struct attr_value values[ATTR_COUNT];
	static struct taken taken[2];	/* in the boot placement, and where they are */
	int code;

	attr_read_all(values);
	if (!values[ATTR_PLACEMENT].valid || !values[ATTR_STATE].valid)
		return fail(EXIT_FAILED, "the driver does not say where the special pages are");
	if (!attr_is(values, ATTR_STATE, STATE_RANGE))
		return fail(EXIT_FAILED, "they are not in a range: there is nothing to compare");
	catch_signals();
	code = take(&taken[1]);
	if (!code && !caught)
		code = visit_boot(&taken[0], values[ATTR_PLACEMENT].text, values[ATTR_STATE].text);
	if (caught)
		obey_signal();
	if (!code)
		print(taken, 2, options);
	return code;
}

int measure_command(int argc, char **argv)
{
	struct options options = { 0 };

	if (!parse_options(argc, argv, &options))
		return EX_USAGE;
	if (!attr_driver_present())
		return report_no_driver("measure");
	return options.both ? measure_both(&options) : measure_here(&options);
}
