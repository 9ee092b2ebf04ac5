// SPDX-License-Identifier: GPL-2.0-only
#include "host-facts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "proc.h"
#include "sysfs.h"

#define SOURCES_PARAMETER "module/xen_special_pages/parameters/sources"

/* The CPUs with nested page tables of the AMD kind. */
static const char *const npt_vendors[] = { "AuthenticAMD", "HygonGenuine", NULL };

/* Copy the word at @text, if it fits. */
static bool copy_word(char *word, size_t size, const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]))
		length++;
	if (!length || length >= size)
		return false;
	memcpy(word, text, length);
	word[length] = '\0';
	return true;
}

static void read_cpu_vendor(char vendor[CPU_VENDOR_SIZE])
{
	static const char key[] = "vendor_id";
	char text[4096];
	const char *at;

	strcpy(vendor, "unknown");
	if (proc_read("cpuinfo", text, sizeof(text)))
		return;
	at = strstr(text, key);
	if (!at)
		return;
	at += strlen(key);
	at += strspn(at, " \t:");
	copy_word(vendor, CPU_VENDOR_SIZE, at);
}

static enum types_count types_of_vendor(const char *vendor)
{
	for (int i = 0; npt_vendors[i]; i++)
		if (!strcmp(vendor, npt_vendors[i]))
			return TYPES_GUEST;
	return TYPES_HOST_DECIDES;
}

static bool names_balloon(void)
{
	char sources[SYSFS_VALUE_SIZE];

	return sysfs_read(SOURCES_PARAMETER, sources) == 0 && strstr(sources, "balloon");
}

void host_facts_read(struct host_facts *facts)
{
	facts->guest = guest_detect();
	read_cpu_vendor(facts->cpu_vendor);
	facts->types = types_of_vendor(facts->cpu_vendor);
	facts->balloon = names_balloon();
}
