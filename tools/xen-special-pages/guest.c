// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sysfs.h"

#define PCI_DIR "bus/pci/devices"

static bool file_says(const char *name, const char *expected)
{
	char value[SYSFS_VALUE_SIZE];

	return sysfs_read(name, value) == 0 && !strcmp(value, expected);
}

static bool pci_file_says(const char *slot, const char *file, const char *expected)
{
	char name[PATH_MAX];
	int length = snprintf(name, sizeof(name), PCI_DIR "/%s/%s", slot, file);

	return length > 0 && (size_t)length < sizeof(name) && file_says(name, expected);
}

/* 5853:0002 is the same device with another number, made by some toolstacks. */
static bool is_platform_device(const char *slot)
{
	return pci_file_says(slot, "vendor", "0x5853") &&
	       (pci_file_says(slot, "device", "0x0001") ||
		pci_file_says(slot, "device", "0x0002"));
}

bool guest_platform_device(char *slot, size_t size)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	if (sysfs_path(path, sizeof(path), PCI_DIR))
		return false;
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		found = entry->d_name[0] != '.' && is_platform_device(entry->d_name);
		snprintf(slot, size, "%s", entry->d_name);
	}
	closedir(dir);
	return found;
}

enum guest guest_detect(void)
{
	char slot[NAME_MAX + 1], type[SYSFS_VALUE_SIZE];

	/* A kernel without SYS_HYPERVISOR says nothing; the device is Xen's. */
	if (sysfs_read("hypervisor/type", type))
		return guest_platform_device(slot, sizeof(slot)) ? GUEST_HVM_WITH_DEVICE :
								   GUEST_NOT_XEN;
	if (strcmp(type, "xen"))
		return GUEST_NOT_XEN;
	if (file_says("hypervisor/guest_type", "PV"))
		return GUEST_PV;
	if (file_says("hypervisor/guest_type", "PVH"))
		return GUEST_PVH;
	/* Older kernels do not say; only HVM guests have the device. */
	return guest_platform_device(slot, sizeof(slot)) ? GUEST_HVM_WITH_DEVICE :
							   GUEST_HVM_WITHOUT_DEVICE;
}
