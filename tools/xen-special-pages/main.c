// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "proc.h"
#include "sysfs.h"

static int help_command(int argc, char **argv);

static const struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "status", "[--json] [--check]", "show where the special pages are, and how cached",
	  status_command },
	{ "explain", "", "say why they are there, and what would change that", explain_command },
	{ "place", "auto|range|bar|boot", "move them there", place_command },
	{ "measure", "[--both] [--json]", "time accesses to them", measure_command },
	{ "metrics", "[FILE]", "print them for Prometheus, or replace FILE", metrics_command },
	{ "watch", "[--interval SECONDS] [--count N]", "show status again and again",
	  watch_command },
	{ "help", "", "show this", help_command },
	{ NULL, NULL, NULL, NULL }
};

static void print_usage(FILE *to)
{
	fputs("usage: xen-special-pages [--sysfs DIR] [--proc DIR] COMMAND\n"
	      "       xen-special-pages --version\n\n", to);
	for (const struct command *command = commands; command->name; command++)
		fprintf(to, "  %s%s%s\n          %s\n", command->name,
			command->arguments[0] ? " " : "", command->arguments, command->summary);
	fputs("\nstatus --check exits with: 0 write-back, 1 not, 2 no device or no driver,\n"
	      "3 depends on the host, and the guest cannot know\n", to);
}

static int help_command(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return EX_USAGE;
	print_usage(stdout);
	return 0;
}

static int run_command(int argc, char **argv)
{
	for (const struct command *command = commands; argc && command->name; command++) {
		if (strcmp(argv[0], command->name))
			continue;
		optind = 0; /* the command has options of its own */
		return command->run(argc, argv);
	}
	if (argc)
		fprintf(stderr, "xen-special-pages: there is no command %s\n", argv[0]);
	return EX_USAGE;
}

/* Output that got lost must not look like a good answer. */
static int finish(int code)
{
	if (code == EX_USAGE)
		print_usage(stderr);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	perror("xen-special-pages: standard output");
	return EX_IOERR;
}

static void roots_from_environment(void)
{
	const char *sysfs = getenv("XEN_SPECIAL_PAGES_SYSFS");
	const char *proc = getenv("XEN_SPECIAL_PAGES_PROC");

	if (sysfs)
		sysfs_set_root(sysfs);
	if (proc)
		proc_set_root(proc);
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "sysfs", required_argument, NULL, 's' },
		{ "proc", required_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	roots_from_environment();
	while ((option = getopt_long(argc, argv, "+", known, NULL)) != -1) {
		switch (option) {
		case 's':
			sysfs_set_root(optarg);
			break;
		case 'p':
			proc_set_root(optarg);
			break;
		case 'V':
			puts("xen-special-pages " VERSION);
			return finish(0);
		case 'h':
			print_usage(stdout);
			return finish(0);
		default:
			return finish(EX_USAGE);
		}
	}
	if (!sysfs_exists("")) {
		perror("xen-special-pages: the directory in place of /sys");
		return finish(EX_NOINPUT);
	}
	return finish(run_command(argc - optind, argv + optind));
}
