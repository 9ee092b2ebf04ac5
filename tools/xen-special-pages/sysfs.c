// SPDX-License-Identifier: GPL-2.0-only
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text-file.h"

static const char *sysfs_root = "/sys";

void sysfs_set_root(const char *dir)
{
	sysfs_root = dir;
}

int sysfs_path(char *path, size_t size, const char *name)
{
	int length = snprintf(path, size, "%s/%s", sysfs_root, name);

	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

bool sysfs_exists(const char *name)
{
	char path[PATH_MAX];

	return sysfs_path(path, sizeof(path), name) == 0 && access(path, F_OK) == 0;
}

/* Make a string of @length bytes of @value, which has room for one more. */
static int make_line(char *value, size_t length)
{
	if (length && value[length - 1] == '\n')
		length--;
	if (!length || memchr(value, '\n', length) || memchr(value, '\0', length))
		return -EBADMSG;
	/* It may end up on a terminal. */
	for (size_t i = 0; i < length; i++)
		if (value[i] < ' ' || value[i] > '~')
			value[i] = '?';
	value[length] = '\0';
	return 0;
}

int sysfs_read(const char *name, char value[SYSFS_VALUE_SIZE])
{
	char path[PATH_MAX];
	int error = sysfs_path(path, sizeof(path), name);
	ssize_t length;

	if (error)
		return error;
	length = text_file_read(path, value, SYSFS_VALUE_SIZE);
	if (length < 0)
		return length;
	return length < SYSFS_VALUE_SIZE ? make_line(value, length) : -EFBIG;
}

int sysfs_read_text(const char *name, char *text, size_t size)
{
	char path[PATH_MAX];
	int error = sysfs_path(path, sizeof(path), name);

	return error ? error : text_file_read_string(path, text, size);
}

int sysfs_write(const char *name, const char *value)
{
	char path[PATH_MAX];
	int error = sysfs_path(path, sizeof(path), name);
	size_t length = strlen(value);
	ssize_t written;
	int fd;

	if (error)
		return error;
	fd = text_file_open(path, O_WRONLY);
	if (fd < 0)
		return fd;
	/* One attribute, one write: the driver acts on each. */
	written = write(fd, value, length);
	if (written < 0)
		error = -errno;
	else if ((size_t)written != length)
		error = -EBADMSG;
	close(fd);
	return error;
}
