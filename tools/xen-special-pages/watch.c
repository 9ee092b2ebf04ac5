// SPDX-License-Identifier: GPL-2.0-only
/* status again and again, until a signal. */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"
#include "commands.h"
#include "host-facts.h"
#include "report.h"
#include "verdict.h"

#define LONGEST_INTERVAL 86400
#define MOST_ROUNDS 1000000000
#define CLEAR_SCREEN "\033[H\033[2J"

struct options {
	unsigned long interval;	/* seconds */
	unsigned long count;	/* rounds; 0: no limit */
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

/* A second signal ends the command at once, such as when nobody reads its output. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* A signal that comes between the look at @stopped and the wait ends the wait. */
static void wait_or_stop(unsigned long seconds)
{
	struct timespec time = { .tv_sec = seconds };
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	if (!stopped)
		ppoll(NULL, 0, &time, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static bool parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 10)
		return false;
	*number = strtoul(text, &end, 10);
	return *number >= 1 && *number <= max;
}

static bool parse_option(int option, struct options *options)
{
	if (option == 'i' && parse_number(optarg, LONGEST_INTERVAL, &options->interval))
		return true;
	if (option == 'n' && parse_number(optarg, MOST_ROUNDS, &options->count))
		return true;
	if (option == 'i')
		fprintf(stderr, "xen-special-pages: watch --interval: %s: not from 1 to %d\n",
			optarg, LONGEST_INTERVAL);
	if (option == 'n')
		fprintf(stderr, "xen-special-pages: watch --count: %s: not from 1 to %d\n",
			optarg, MOST_ROUNDS);
	return false;
}

static bool parse_options(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (!parse_option(option, options))
			return false;
	return optind == argc;
}

static void print_time(void)
{
	time_t now = time(NULL);
	struct tm local;
	char text[64] = "";

	if (localtime_r(&now, &local))
		strftime(text, sizeof(text), "%F %T", &local);
	printf("%s\n\n", text);
}

/* The driver may come and go meanwhile. */
static void print_round(void)
{
	static struct attr_value storage[ATTR_COUNT];
	const struct attr_value *values = attr_read_all(storage) ? storage : NULL;
	struct host_facts facts;
	struct verdict verdict;

	host_facts_read(&facts);
	if (!values)
		host_facts_read_bar(&facts);
	verdict = verdict_of(values, &facts);
	print_time();
	report_status(values, &facts);
	report_verdict(values, &verdict);
}

/* On a terminal one screen, else one block after the other.  False if the output is lost. */
static bool show_round(bool terminal, bool first)
{
	if (terminal)
		fputs(CLEAR_SCREEN, stdout);
	else if (!first)
		puts("");
	print_round();
	return fflush(stdout) == 0 && !ferror(stdout);
}

int watch_command(int argc, char **argv)
{
	struct options options = { .interval = 2 };
	bool terminal = isatty(STDOUT_FILENO);

	if (!parse_options(argc, argv, &options))
		return EX_USAGE;
	catch_signals();
	for (unsigned long round = 1; !stopped; round++) {
		if (!show_round(terminal, round == 1))
			break;
		if (round == options.count)
			break;
		wait_or_stop(options.interval);
	}
	/* A write that the signal cut off is no lost output. */
	if (stopped)
		clearerr(stdout);
	return 0;
}
