/* SPDX-License-Identifier: GPL-2.0-only */
/* Read and write one sysfs file; what is read is checked first. */
#ifndef SYSFS_H
#define SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/* No attribute is longer than a page; one more for the terminating NUL. */
#define SYSFS_VALUE_SIZE 4097

/* Use @dir in place of /sys. */
void sysfs_set_root(const char *dir);

/* The name of the file or directory @name of sysfs; -ENAMETOOLONG if it has none. */
int sysfs_path(char *path, size_t size, const char *name);

bool sysfs_exists(const char *name);

/*
 * Read the one line of the file @name, without its newline, unprintable
 * characters replaced.  0 or -errno: -EBADMSG for what is not one line of text,
 * -EFBIG for too much of it.
 */
int sysfs_read(const char *name, char value[SYSFS_VALUE_SIZE]);

/* Read the beginning of a file of several lines as a string of less than @size bytes. */
int sysfs_read_text(const char *name, char *text, size_t size);

/* 0 or -errno: -EBADMSG if the driver took only a part of it. */
int sysfs_write(const char *name, const char *value);

#endif /* SYSFS_H */
