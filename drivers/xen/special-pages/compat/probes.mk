# SPDX-License-Identifier: GPL-2.0-only
# What the kernel that this module is built for lacks, asked of that kernel and
# not of its version: stable trees carry backports.  In a kernel tree nothing is
# lacking and nothing is asked.  compat.h has what is done instead.

# The symbols that the kernel exports come with its headers.
xsp-exported = $(shell awk '$$2 == "$(1)" { print "y"; exit }' $(objtree)/Module.symvers)

# xen_pvh_domain() reads xen_pvh, which was not for modules at first (5.10).
ifneq ($(call xsp-exported,xen_pvh),y)
ccflags-y += -DXSP_COMPAT_NO_XEN_PVH
endif
