/* SPDX-License-Identifier: GPL-2.0-only */
/* Read a file of /proc. */
#ifndef PROC_H
#define PROC_H

#include <stddef.h>

/* Use @dir in place of /proc. */
void proc_set_root(const char *dir);

/* Read the beginning of the file @name as a string of less than @size bytes.  0 or -errno. */
int proc_read(const char *name, char *text, size_t size);

#endif /* PROC_H */
