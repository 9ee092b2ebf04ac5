// SPDX-License-Identifier: GPL-2.0-only
#include "notes.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Files that every device has. */
static const char *const of_every_device[] = { "uevent", "modalias", "driver_override", NULL };

/* The directories that the driver may have files in, "" for its own. */
static const char *const directories[] = {
	"", "grant_table/", "shared_info/", "range/", "host/", "bar/", "stats/", NULL
};

enum difference { NOT_THERE, NOT_UNDERSTOOD, NOT_READABLE, NO_DIFFERENCE };

static const char *const texts[] = {
	[NOT_THERE]	 = "the driver does not have (is it older than this command?)",
	[NOT_UNDERSTOOD] = "this command does not understand (is the driver newer?)",
	[NOT_READABLE]	 = "cannot be read (are the rights missing?)",
};

static enum difference difference_of(const struct attr_value *value)
{
	switch (value->error) {
	case 0:
		return NO_DIFFERENCE;
	case -ENOENT:
		return NOT_THERE;
	case -EBADMSG:
	case -EFBIG:
		return NOT_UNDERSTOOD;
	default:
		return NOT_READABLE;
	}
}

static void print_name(const char *text, bool first, const char *directory, const char *name)
{
	if (first)
		printf("note: %s:", text);
	printf(" %s%s", directory, name);
}

static void print_differences(const struct attr_value *values, enum difference difference)
{
	bool first = true;

	for (int i = 0; i < ATTR_COUNT; i++) {
		if (difference_of(&values[i]) != difference)
			continue;
		print_name(texts[difference], first, "", attr_info[i].name);
		first = false;
	}
	if (!first)
		printf("\n");
}

static bool is_known(const char *directory, const char *name)
{
	size_t length = strlen(directory);

	for (int i = 0; i < ATTR_COUNT; i++)
		if (!strncmp(attr_info[i].name, directory, length) &&
		    !strcmp(attr_info[i].name + length, name))
			return true;
	for (int i = 0; !length && of_every_device[i]; i++)
		if (!strcmp(of_every_device[i], name))
			return true;
	return false;
}

/* Whether all names so far were known, *@first, still holds. */
static void print_unknown_of(const char *directory, bool *first)
{
	char name[64], path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(name, sizeof(name), DRIVER_DIR "/%s", directory);
	if (sysfs_path(path, sizeof(path), name))
		return;
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (entry->d_type != DT_REG || is_known(directory, entry->d_name))
			continue;
		print_name("this command does not know (is the driver newer?)", *first,
			   directory, entry->d_name);
		*first = false;
	}
	closedir(dir);
}

static void print_unknown(void)
{
	bool first = true;

	for (int i = 0; directories[i]; i++)
		print_unknown_of(directories[i], &first);
	if (!first)
		printf("\n");
}

void notes_print(const struct attr_value *values)
{
	for (int difference = 0; difference < NO_DIFFERENCE; difference++)
		print_differences(values, difference);
	print_unknown();
}
