/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in for things that older kernels lack: see probes.mk. */

#ifndef XSP_COMPAT_H
#define XSP_COMPAT_H

#include <xen/xen.h>

#ifdef XSP_COMPAT_NO_XEN_PVH
/* A PVH guest will then be refused because it has no platform PCI device. */
static inline bool compat_xen_pvh_domain(void)
{
	return false;
}
#else
static inline bool compat_xen_pvh_domain(void)
{
	return xen_pvh_domain();
}
#endif

#endif
