// SPDX-License-Identifier: GPL-2.0-only
#include "proc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "text-file.h"

static const char *proc_root = "/proc";

void proc_set_root(const char *dir)
{
	proc_root = dir;
}

int proc_read(const char *name, char *text, size_t size)
{
	char path[PATH_MAX];
	int length = snprintf(path, sizeof(path), "%s/%s", proc_root, name);
	ssize_t got;

	if (length < 0 || (size_t)length >= sizeof(path))
		return -ENAMETOOLONG;
	got = text_file_read(path, text, size - 1);
	if (got < 0)
		return got;
	text[got] = '\0';
	return 0;
}
