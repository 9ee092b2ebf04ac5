/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_DEBUGFS_H
#define XSP_DEBUGFS_H

struct dentry;
struct xsp;

struct dentry *xsp_debugfs_create(struct xsp *xsp);

#endif
