// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest [-t SECONDS] DOMID COMMAND - run a shell command in a guest, print its
 * output and return its exit status; 124 = no answer in time, 125 = no guest.
 * The other end and the protocol: guest/agent.c
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>

#define POLL_US		10000
#define TIMEOUT		124
#define NO_GUEST	125
#define LOCK		"/run/guest.lock"

static struct xs_handle *xs;
static const char *domid;

static char *node(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/local/domain/%s/%s", domid, name);
	return path;
}

static char *get(const char *name, unsigned int *size)
{
	return xs_read(xs, XBT_NULL, node(name), size);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* One command at a time, whoever asks. */
static void lock(void)
{
	int fd = open(LOCK, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || flock(fd, LOCK_EX)) {
		perror("guest: " LOCK);
		exit(NO_GUEST);
	}
}

static void send(const char *id, const char *command)
{
	char *text;

	if (asprintf(&text, "%s %s", id, command) < 0 ||
	    !xs_write(xs, XBT_NULL, node("data/cmd"), text, strlen(text))) {
		fprintf(stderr, "guest: cannot send the command\n");
		exit(NO_GUEST);
	}
	free(text);
}

static int wait_for(const char *id, double limit, unsigned int *pieces)
{
	double end = now() + limit;
	char got[32], *text;
	unsigned int size;
	int status;

	for (;; usleep(POLL_US)) {
		text = get("data/res", &size);
		if (text && sscanf(text, "%31s %d %u", got, &status, pieces) == 3 &&
		    !strcmp(got, id)) {
			free(text);
			return status;
		}
		free(text);
		text = get("name", &size);
		if (!text) {
			fprintf(stderr, "guest: domain %s is gone\n", domid);
			exit(NO_GUEST);
		}
		free(text);
		if (now() > end) {
			fprintf(stderr, "guest: no answer in %g s\n", limit);
			exit(TIMEOUT);
		}
	}
}

static void print_output(unsigned int pieces)
{
	unsigned int i, size;
	char name[32], *text;

	for (i = 0; i < pieces; i++) {
		snprintf(name, sizeof(name), "data/out/%u", i);
		text = get(name, &size);
		if (text)
			fwrite(text, 1, size, stdout);
		free(text);
		xs_rm(xs, XBT_NULL, node(name));
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	double limit = 60;
	unsigned int pieces;
	char id[32];
	int status;

	if (argc == 5 && !strcmp(argv[1], "-t")) {
		limit = atof(argv[2]);
		argc -= 2;
		argv += 2;
	}
	if (argc != 3) {
		fprintf(stderr, "usage: guest [-t SECONDS] DOMID COMMAND\n");
		return 2;
	}
	domid = argv[1];
	xs = xs_open(0);
	if (!xs) {
		perror("guest: xenstore");
		return NO_GUEST;
	}
	lock();
	snprintf(id, sizeof(id), "%.9f", now());
	send(id, argv[2]);
	status = wait_for(id, limit, &pieces);
	print_output(pieces);
	return status;
}
