// SPDX-License-Identifier: GPL-2.0-only
#include "text-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int text_file_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, buffer + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += got;
	}
	return length;
}

ssize_t text_file_read(const char *path, char *buffer, size_t size)
{
	int fd = text_file_open(path, O_RDONLY);
	ssize_t length;

	if (fd < 0)
		return fd;
	length = read_all(fd, buffer, size);
	close(fd);
	return length;
}

int text_file_read_string(const char *path, char *text, size_t size)
{
	ssize_t length = text_file_read(path, text, size - 1);

	if (length < 0)
		return length;
	text[length] = '\0';
	return 0;
}
