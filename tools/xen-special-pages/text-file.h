/* SPDX-License-Identifier: GPL-2.0-only */
/* Open and read a small file that the kernel makes up. */
#ifndef TEXT_FILE_H
#define TEXT_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* A file descriptor or -errno.  Never waits, even if the file is a FIFO. */
int text_file_open(const char *path, int flags);

/* Read up to @size bytes, fewer only if the file ends before.  Their number or -errno. */
ssize_t text_file_read(const char *path, char *buffer, size_t size);

/* The same as a string, of less than @size bytes.  0 or -errno. */
int text_file_read_string(const char *path, char *text, size_t size);

#endif /* TEXT_FILE_H */
