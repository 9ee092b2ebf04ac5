/* SPDX-License-Identifier: GPL-2.0-only */
/* What kind of machine this is; asked when the driver does not tell. */
#ifndef GUEST_H
#define GUEST_H

enum guest {
	GUEST_NOT_XEN,
	GUEST_PV,
	GUEST_PVH,
	GUEST_HVM_WITHOUT_DEVICE,
	GUEST_HVM_WITH_DEVICE,
};

enum guest guest_detect(void);

#endif /* GUEST_H */
