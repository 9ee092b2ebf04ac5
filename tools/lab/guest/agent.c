// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's end of the control channel: runs the commands that dom0 writes
 * to xenstore (dom0/guest.c is the other end).
 *
 *	data/cmd	"ID COMMAND"		written by dom0
 *	data/out/N	output, in pieces	written here, removed by dom0
 *	data/res	"ID STATUS PIECES"	written here, last
 *
 * Why xenstore: its ring is a page that the guest got from Xen at boot and an
 * event channel.  No grant is involved, so the channel keeps working, and can
 * tell what is wrong, when a scenario breaks the grant table.
 *
 * It polls, because watches through /dev/xen/xenbus failed now and then.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xenstore.h>

#define POLL_US		20000
#define PIECE		1800	/* xenstored lets a guest's entry have 2048 bytes */
#define MAX_PIECES	500	/* and a guest have 1000 entries */

static char output[PIECE * MAX_PIECES];

static bool put(struct xs_handle *xs, const char *path, const char *data, size_t size)
{
	if (xs_write(xs, XBT_NULL, path, data, size))
		return true;
	perror(path);
	return false;
}

/* Run a command; its output goes to output[], what is beyond that is lost. */
static int run(const char *command, size_t *size)
{
	char rest[4096];
	int fd[2], status = -1;
	ssize_t got;
	pid_t pid;

	*size = 0;
	if (pipe(fd))
		return 126;
	pid = fork();
	if (!pid) {
		dup2(fd[1], STDOUT_FILENO);
		dup2(fd[1], STDERR_FILENO);
		close(fd[0]);
		close(fd[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(126);
	}
	close(fd[1]);
	while (pid > 0) {
		if (*size < sizeof(output))
			got = read(fd[0], output + *size, sizeof(output) - *size);
		else
			got = read(fd[0], rest, sizeof(rest));
		if (got <= 0)
			break;
		if (*size < sizeof(output))
			*size += got;
	}
	close(fd[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void answer(struct xs_handle *xs, const char *id, int status, size_t size)
{
	char path[32], result[64];
	unsigned int piece = 0;
	size_t at, length;

	for (at = 0; at < size; at += length, piece++) {
		length = size - at < PIECE ? size - at : PIECE;
		snprintf(path, sizeof(path), "data/out/%u", piece);
		if (!put(xs, path, output + at, length))
			break;
	}
	snprintf(result, sizeof(result), "%s %d %u", id, status, piece);
	put(xs, "data/res", result, strlen(result));
}

/* What is there already was for the kernel before this one, if that did a kexec. */
static void skip_old_command(struct xs_handle *xs, char *last)
{
	unsigned int length;
	char *command = xs_read(xs, XBT_NULL, "data/cmd", &length);

	if (command)
		sscanf(command, "%31s", last);
	free(command);
}

int main(void)
{
	struct xs_handle *xs = xs_open(0);
	char last[32] = "", id[32];
	unsigned int length;
	char *command, *text;
	size_t size;
	int status;

	if (!xs) {
		perror("agent: xenstore");
		return 1;
	}
	skip_old_command(xs, last);
	put(xs, "data/ready", "1", 1);
	for (;; usleep(POLL_US)) {
		command = xs_read(xs, XBT_NULL, "data/cmd", &length);
		text = command ? strchr(command, ' ') : NULL;
		if (text && sscanf(command, "%31s", id) == 1 && strcmp(id, last)) {
			strcpy(last, id);
			status = run(text + 1, &size);
			answer(xs, id, status, size);
		}
		free(command);
	}
}
