/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in for things that older kernels do not have: see probes.mk. */

#ifndef XSP_COMPAT_H
#define XSP_COMPAT_H

#include <linux/kconfig.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/page-flags.h>
#include <linux/rcupdate.h>
#include <linux/syscore_ops.h>
#include <linux/sysfs.h>
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

#ifdef XSP_COMPAT_NO_PAGE_OFFLINE
/* Nobody there reads a page by its number who could be kept from it. */
static inline void compat_page_offline_begin(void)
{
}

static inline void compat_page_offline_end(void)
{
}
#else
static inline void compat_page_offline_begin(void)
{
	page_offline_begin();
}

static inline void compat_page_offline_end(void)
{
	page_offline_end();
}
#endif

#ifdef XSP_COMPAT_NO_RESERVED_ENTRIES
/* The kernel's grant-table.c reserves as many, and has the number for itself. */
#define GNTTAB_NR_RESERVED_ENTRIES	8
#endif

/* What platform_driver_probe() is, for fault-calls.h, which has another one of that name. */
#ifdef XSP_COMPAT_NO_PROBE_NAME
#define compat_platform_driver_probe(_driver, _probe)				\
	__platform_driver_probe(_driver, _probe, THIS_MODULE)
#else
#define compat_platform_driver_probe(_driver, _probe)				\
	__platform_driver_probe(_driver, _probe, THIS_MODULE, KBUILD_MODNAME)
#endif

#ifdef XSP_COMPAT_NO_RCU_MOMENTARY_EQS
static inline void compat_rcu_momentary_eqs(void)
{
	rcu_momentary_dyntick_idle();
}
#else
static inline void compat_rcu_momentary_eqs(void)
{
	rcu_momentary_eqs();
}
#endif

/*
 * A link in /sys/hypervisor.  Kernels without SYS_HYPERVISOR do not have that directory,
 * and hypervisor_kobj is declared there and not defined.
 */
static inline int compat_hypervisor_link(struct kobject *target, const char *name)
{
	if (!IS_ENABLED(CONFIG_SYS_HYPERVISOR))
		return 0;
	return sysfs_create_link(hypervisor_kobj, target, name);
}

static inline void compat_hypervisor_unlink(const char *name)
{
	if (IS_ENABLED(CONFIG_SYS_HYPERVISOR))
		sysfs_remove_link(hypervisor_kobj, name);
}

/*
 * Put a syscore object first that has just been registered: so it is suspended last, when time
 * keeping has been suspended.  Xen's suspend has stopped the boot CPU's tick before,
 * and only the resuming of time keeping starts it again; if time keeping was not
 * suspended, because somebody before it called the suspend off, the tick stays off.
 * A new object is the last one, the head of the list is behind it.
 */
static inline void compat_syscore_first(struct list_head *node)
{
	list_move(node, node->next);
}

/*
 * COMPAT_SYSCORE_SUSPEND(name, suspend): a syscore object of that name, whose
 * suspend() takes no argument and returns 0 or the errno that calls the suspend off.
 */
#ifdef XSP_COMPAT_NO_REGISTER_SYSCORE
#define COMPAT_SYSCORE_SUSPEND(_name, _suspend)					\
	static struct syscore_ops _name = { .suspend = _suspend }

#define compat_register_syscore(_syscore)	register_syscore_ops(_syscore)
#define compat_unregister_syscore(_syscore)	unregister_syscore_ops(_syscore)
#else
#define COMPAT_SYSCORE_SUSPEND(_name, _suspend)					\
	static int _name##_suspend(void *data)					\
	{									\
		return _suspend();						\
	}									\
	static const struct syscore_ops _name##_ops = {				\
		.suspend = _name##_suspend					\
	};									\
	static struct syscore _name = { .ops = &_name##_ops }

#define compat_register_syscore(_syscore)	register_syscore(_syscore)
#define compat_unregister_syscore(_syscore)	unregister_syscore(_syscore)
#endif

#endif
