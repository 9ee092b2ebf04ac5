// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include "attr.h"
#include "commands.h"
#include "host-facts.h"
#include "json.h"
#include "notes.h"
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

static void print(const struct attr_value *values, const struct host_facts *facts,
		  const struct verdict *verdict, const struct options *options)
{
	if (options->json) {
		json_print(values, facts, verdict);
		return;
	}
	if (!options->check)
		report_status(values, facts);
	report_verdict(values, verdict);
	if (values && !options->check)
		notes_print(values);
}

int status_command(int argc, char **argv)
{
	static struct attr_value storage[ATTR_COUNT];
	const struct attr_value *values = NULL;
	struct options options = { 0 };
	struct host_facts facts;
	struct verdict verdict;

	if (!parse_options(argc, argv, &options))
		return EX_USAGE;
	host_facts_read(&facts);
	if (attr_read_all(storage))
		values = storage;
	else
		host_facts_read_bar(&facts);
	verdict = verdict_of(values, &facts);
	print(values, &facts, &verdict, &options);
	return options.check ? (int)verdict.check : 0;
}
