// SPDX-License-Identifier: GPL-2.0-only
#include "host-facts.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "proc.h"
#include "sysfs.h"

#define PAT_LIST "kernel/debug/x86/pat_memtype_list"
#define KERNEL_VIEW "kernel/debug/xen_special_pages"
#define SIG_ENFORCE "module/module/parameters/sig_enforce"
#define LOCKDOWN "kernel/security/lockdown"
#define UEFI "firmware/efi"
#define SOURCES_PARAMETER "module/xen_special_pages/parameters/sources"

/* The CPUs with nested page tables of the AMD kind. */
static const char *const npt_vendors[] = { "AuthenticAMD", "HygonGenuine", NULL };

/* Copy the word at @text, of letters, digits and hyphens, if it fits. */
static bool copy_word(char *word, size_t size, const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '-')
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

/* By module.sig_enforce, or by a lockdown such as that of Secure Boot: "none [integrity] ..." */
static bool wants_signatures(void)
{
	char text[SYSFS_VALUE_SIZE];

	if (sysfs_read(SIG_ENFORCE, text) == 0 && !strcmp(text, "Y"))
		return true;
	return sysfs_read(LOCKDOWN, text) == 0 && strchr(text, '[') && !strstr(text, "[none]");
}

static enum modules_taken read_modules_taken(void)
{
	if (!wants_signatures())
		return MODULES_ANY;
	return sysfs_exists(UEFI) ? MODULES_TRUSTED : MODULES_TRUSTED_FIXED;
}

/* A kernel with the series for Linux says where it put the table, to root only. */
static bool read_kernel_placed(void)
{
	char text[SYSFS_VALUE_SIZE];

	return sysfs_read(KERNEL_VIEW, text) == 0 && !strncmp(text, "range ", strlen("range ")) &&
	       strstr(text, " memory_type WB");
}

static void read_xen_version(struct host_facts *facts)
{
	char major[SYSFS_VALUE_SIZE], minor[SYSFS_VALUE_SIZE], extra[SYSFS_VALUE_SIZE];

	strcpy(facts->xen_version, "unknown");
	if (sysfs_read("hypervisor/version/major", major) ||
	    sysfs_read("hypervisor/version/minor", minor) ||
	    sscanf(major, "%5u", &facts->xen_major) != 1 ||
	    sscanf(minor, "%5u", &facts->xen_minor) != 1) {
		facts->xen_major = 0;
		return;
	}
	if (sysfs_read("hypervisor/version/extra", extra))
		extra[0] = '\0';
	if (sscanf(extra, ".%5u", &facts->xen_point) != 1)
		facts->xen_point = 0;
	snprintf(facts->xen_version, sizeof(facts->xen_version), "%u.%u%.15s",
		 facts->xen_major, facts->xen_minor, extra);
}

bool host_facts_forces_on_ept(const struct host_facts *facts)
{
	if (facts->xen_major != 4)
		return facts->xen_major > 4;
	switch (facts->xen_minor) {
	case 13:
		return facts->xen_point >= 2;
	case 14:
		return facts->xen_point >= 1;
	default:
		return facts->xen_minor > 14;
	}
}

/* The memory BAR is the second one: line 2 of the file. */
static void read_bar(struct host_facts *facts)
{
	char slot[NAME_MAX + 1], name[NAME_MAX + 64], text[1024];
	uint64_t start, end;
	const char *line;

	if (!guest_platform_device(slot, sizeof(slot)))
		return;
	snprintf(name, sizeof(name), "bus/pci/devices/%s/resource", slot);
	if (sysfs_read_text(name, text, sizeof(text)))
		return;
	line = strchr(text, '\n');
	if (!line || sscanf(line, " 0x%" SCNx64 " 0x%" SCNx64, &start, &end) != 2 ||
	    !start || end < start)
		return;
	facts->bar_start = start;
	facts->bar_size = end - start + 1;
}

static void take_mtrr(struct host_facts *facts, const char *line)
{
	uint64_t base, megabytes;
	const char *type;

	if (sscanf(line, "reg%*u: base=0x%" SCNx64 " (%*u%*[KM]B), size=%" SCNu64 "MB",
		   &base, &megabytes) != 2)
		return;
	type = strrchr(line, ' ');
	if (type && facts->bar_start >= base && facts->bar_start - base < megabytes << 20)
		copy_word(facts->bar_mtrr, sizeof(facts->bar_mtrr), type + 1);
}

/* Where no MTRR says something, the default type holds, which /proc/mtrr does not show. */
static void read_bar_mtrr(struct host_facts *facts)
{
	char text[8192], *at = text, *line;

	strcpy(facts->bar_mtrr, "unknown");
	if (!facts->bar_start || proc_read("mtrr", text, sizeof(text)))
		return;
	strcpy(facts->bar_mtrr, "default");
	while ((line = strsep(&at, "\n")))
		take_mtrr(facts, line);
}

/* "PAT: [mem 0xf0000000-0xf0001000] uncached-minus", or "uncached-minus @ 0xf0000000-..." */
static void take_mapped(struct host_facts *facts, const char *line)
{
	char type[MEMORY_TYPE_SIZE];
	uint64_t start;

	if (sscanf(line, "PAT: [mem 0x%" SCNx64 "-%*x] %23s", &start, type) != 2 &&
	    sscanf(line, "%23s @ 0x%" SCNx64, type, &start) != 2)
		return;
	if (start == facts->bar_start)
		copy_word(facts->bar_mapped, sizeof(facts->bar_mapped), type);
}

/* The kernel puts the grant table at the beginning of the BAR. */
static void read_bar_mapped(struct host_facts *facts)
{
	static char text[262144];
	char *at = text, *line;

	strcpy(facts->bar_mapped, "unknown");
	if (!facts->bar_start || sysfs_read_text(PAT_LIST, text, sizeof(text)))
		return;
	while ((line = strsep(&at, "\n")))
		take_mapped(facts, line);
}

void host_facts_read(struct host_facts *facts)
{
	*facts = (struct host_facts){ .guest = guest_detect() };
	read_xen_version(facts);
	read_cpu_vendor(facts->cpu_vendor);
	facts->types = types_of_vendor(facts->cpu_vendor);
	facts->balloon = names_balloon();
	facts->modules = read_modules_taken();
	facts->kernel_placed = read_kernel_placed();
}

void host_facts_read_bar(struct host_facts *facts)
{
	read_bar(facts);
	read_bar_mtrr(facts);
	read_bar_mapped(facts);
}
