/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SYSFS_H
#define XSP_SYSFS_H

struct attribute_group;

extern const struct attribute_group *xsp_sysfs_groups[];

#endif
