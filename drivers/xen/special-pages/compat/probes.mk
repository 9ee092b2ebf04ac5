# SPDX-License-Identifier: GPL-2.0-only
# What the kernel that the driver is built for does not have, asked of that kernel
# and not of its version: stable trees carry backports.  compat.h has what is done
# instead.  Each probe names the upstream change that it is about.

# $(call xsp-declared,HEADER,PATTERN): y if include/HEADER matches.
xsp-declared = $(shell grep -qs '$(2)' $(srctree)/include/$(1) && echo y)

# $(call xsp-exported,SYMBOL): y if modules can use it.
xsp-exported = $(shell awk '$$2 == "$(1)" { print "y"; exit }' $(objtree)/Module.symvers)

# register_syscore() and callbacks with an argument, instead of register_syscore_ops()
# (a97fbc3ee3e2, 6.19; also in stable trees).
ifneq ($(call xsp-declared,linux/syscore_ops.h,register_syscore[^_]),y)
ccflags-y += -DXSP_COMPAT_NO_REGISTER_SYSCORE
endif

# rcu_momentary_eqs() was called rcu_momentary_dyntick_idle() (32a9f26e5e26, 6.13;
# also in stable trees).
ifneq ($(call xsp-declared,linux/rcutree.h,rcu_momentary_eqs),y)
ccflags-y += -DXSP_COMPAT_NO_RCU_MOMENTARY_EQS
endif

# page_offline_begin() keeps others from reading a page while it is marked
# (82840451936f, 5.14).
ifneq ($(call xsp-declared,linux/page-flags.h,page_offline_begin),y)
ccflags-y += -DXSP_COMPAT_NO_PAGE_OFFLINE
endif

# How many grant entries the kernel reserves was private to its grant-table.c (in 5.10).
ifneq ($(call xsp-declared,xen/interface/grant_table.h,GNTTAB_NR_RESERVED_ENTRIES),y)
ccflags-y += -DXSP_COMPAT_NO_RESERVED_ENTRIES
endif

# __platform_driver_probe() has the name of the module as an argument (7.3).
ifneq ($(call xsp-declared,linux/platform_device.h,driver_probe.*KBUILD_MODNAME),y)
ccflags-y += -DXSP_COMPAT_NO_PROBE_NAME
endif

# The rest is about what is exported; built in, everything is there.
ifdef KBUILD_EXTMOD
# xen_pvh_domain() reads xen_pvh, which was not for modules at first (in 5.10).
ifneq ($(call xsp-exported,xen_pvh),y)
ccflags-y += -DXSP_COMPAT_NO_XEN_PVH
endif
endif
