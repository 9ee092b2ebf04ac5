// SPDX-License-Identifier: GPL-2.0-only
/*
 * put FILE TEXT - write a line to a file with one write(); prints OK or the
 * name of the errno, which a shell's echo does not tell.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *line;
	int fd, size;

	if (argc != 3) {
		fputs("usage: put FILE TEXT\n", stderr);
		return 2;
	}
	size = asprintf(&line, "%s\n", argv[2]);
	if (size < 0)
		return 2;
	fd = open(argv[1], O_WRONLY);
	if (fd < 0 || write(fd, line, size) != size || close(fd)) {
		puts(strerrorname_np(errno));
		return 1;
	}
	puts("OK");
	return 0;
}
