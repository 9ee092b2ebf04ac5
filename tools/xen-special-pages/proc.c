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

	if (length < 0 || (size_t)length >= sizeof(path))
		return -ENAMETOOLONG;
	return text_file_read_string(path, text, size);
}
