// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include "attr.h"
#include "commands.h"
#include "guest.h"
#include "json.h"
#include "report.h"
#include "verdict.h"

struct options {
	bool json;
	bool check;
};

static bool parse_options(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "check", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'j')
			options->json = true;
		else if (option == 'c')
			options->check = true;
		else
			return false;
	}
	return optind == argc;
}

static void print(const struct attr_value *values, const struct verdict *verdict,
		  const struct options *options)
{
	if (options->json) {
		json_print(values, verdict);
		return;
	}
	if (values && !options->check)
		report_table(values);
	report_verdict(values, verdict);
}

/* If the driver found nothing to move, the kind of guest says why. */
static struct verdict judge(const struct attr_value *values)
{
	struct verdict pages = verdict_of_pages(values);
	enum guest guest;

	if (pages.caching != CACHING_UNKNOWN)
		return pages;
	guest = guest_detect();
	if (guest == GUEST_NOT_XEN || guest == GUEST_HVM_WITH_DEVICE)
		return pages;
	return verdict_of_guest(guest);
}

int status_command(int argc, char **argv)
{
	static struct attr_value storage[ATTR_COUNT];
	const struct attr_value *values = NULL;
	struct options options = { 0 };
	struct verdict verdict;

	if (!parse_options(argc, argv, &options))
		return EX_USAGE;
	if (attr_driver_present()) {
		attr_read_all(storage);
		values = storage;
		verdict = judge(values);
	} else {
		verdict = verdict_of_guest(guest_detect());
	}
	print(values, &verdict, &options);
	return options.check ? (int)verdict.check : 0;
}
