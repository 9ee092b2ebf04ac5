/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of machine this is; asked when the driver does not tell. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>

enum guest {
	GUEST_NOT_XEN,
	GUEST_PV,
	GUEST_PVH,
	GUEST_HVM_WITHOUT_DEVICE,
	GUEST_HVM_WITH_DEVICE,
};

enum guest guest_detect(void);

/* The name of the platform device among the PCI devices of sysfs.  Whether there is one. */
bool guest_platform_device(char *slot, size_t size);

#endif /* GUEST_H */
