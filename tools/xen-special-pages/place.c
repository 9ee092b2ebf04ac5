// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "attr.h"
#include "commands.h"
#include "host-facts.h"
#include "report.h"
#include "sysfs.h"
#include "verdict.h"

#define EXIT_REFUSED 1

static bool is_request(const char *word)
{
	for (int i = 0; request_words[i]; i++)
		if (!strcmp(word, request_words[i]))
			return true;
	return false;
}

/* Each errno that Documentation/ABI gives a meaning, and what a user who is not root gets. */
static const char *error_text(int error)
{
	switch (error) {
	case EINVAL:
		return "the driver does not know this placement";
	case EPERM:
		return "the BAR would be uncached, or the kernel has not mapped it";
	case ENODEV:
		return "there is no usable range";
	case ENOSPC:
		return "the range is too small for the grant frames in use";
	case EIO:
		return "the move failed and was undone, see the kernel log";
	case EBUSY:
		return "the guest is being suspended or shut down; try again";
	case EOPNOTSUPP:
		return "the special pages of this guest cannot be moved";
	case ENOMEM:
		return "the guest has no memory for it";
	case EACCES:
		return "only root may do that";
	default:
		return strerror(error);
	}
}

/* `auto` leaves the choice to the driver; any other word has to be the state now. */
static bool obeyed(const struct attr_value *values, const char *request)
{
	if (attr_is(values, ATTR_STATE, STATE_FAILED))
		return false;
	return !strcmp(request, request_words[REQUEST_AUTO]) ||
	       !strcmp(values[ATTR_STATE].text, request);
}

static void print_error(const char *request, const char *text)
{
	fprintf(stderr, "xen-special-pages: place %s: %s\n", request, text);
}

static int no_driver(const char *request)
{
	char command[32];

	snprintf(command, sizeof(command), "place %s", request);
	return report_no_driver(command);
}

static int refused(const struct attr_value *values, const char *request, const char *text)
{
	print_error(request, text);
	fprintf(stderr, "in force: %s\n", values[ATTR_STATE].text);
	if (values[ATTR_REASON].valid)
		fprintf(stderr, "reason: %s\n", values[ATTR_REASON].text);
	return EXIT_REFUSED;
}

static int placed(const struct attr_value *values, const char *request)
{
	struct host_facts facts;
	struct verdict verdict;

	host_facts_read(&facts);
	verdict = verdict_of(values, &facts);
	printf("placement %s, in force: %s, grant table at gfn %s\n", request,
	       values[ATTR_STATE].text, values[ATTR_GRANT_TABLE_GFN].text);
	report_verdict(values, &verdict);
	return 0;
}

int place_command(int argc, char **argv)
{
	static struct attr_value values[ATTR_COUNT];
	const char *request = argv[1];
	int error;

	if (argc != 2)
		return EX_USAGE;
	if (!is_request(request)) {
		print_error(request, "there is no such placement");
		return EX_USAGE;
	}
	if (!attr_driver_present())
		return no_driver(request);
	error = sysfs_write(DRIVER_DIR "/placement", request);
	if (!attr_read_all(values))
		return no_driver(request);
	if (error)
		return refused(values, request, error_text(-error));
	if (!obeyed(values, request))
		return refused(values, request, "accepted, but not done");
	return placed(values, request);
}
