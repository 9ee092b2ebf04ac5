// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xen special pages outside of the PCI BAR: loading, removal, suspend, shutdown.
 *
 * The platform PCI device belongs to the kernel's own driver.  This driver has a
 * platform device of its own, and only reads the BAR's address.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/cpuhotplug.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <linux/suspend.h>
#include <xen/xen.h>
#include <xen/xen-ops.h>

#include "compat/compat.h"
#include "fault.h"
#include "grant-table.h"
#include "guest.h"
#include "kernel.h"
#include "measure.h"
#include "placement.h"
#include "shared-info.h"
#include "source.h"
#include "special-pages.h"
#include "stop.h"
#include "sysfs.h"

#include "fault-calls.h"

#define XSP_NAME	"xen-special-pages"
#define XSP_LINK	"special_pages"

/* What kernel_kexec() tells the reboot notifiers. */
#define XSP_KEXEC_COMMAND	"kexec reboot"

/* XenServer's second revision of the device. */
#define XSP_PCI_DEVICE_ID_XS61	0x0002

static char *placement = "auto";
module_param(placement, charp, 0444);
MODULE_PARM_DESC(placement, "Where special pages go: auto, range, bar or boot (default auto)");

static char *sources = "cpuid,contract";
module_param(sources, charp, 0444);
MODULE_PARM_DESC(sources,
		 "Who may vouch for a range, in this order (default cpuid,contract)");

static bool shared_info = true;
module_param(shared_info, bool, 0444);
MODULE_PARM_DESC(shared_info, "Move shared_info, too (default on)");

static unsigned int pause_warn_us = 100000;
module_param(pause_warn_us, uint, 0444);
MODULE_PARM_DESC(pause_warn_us,
		 "Warn of a move that stops all CPUs for longer, microseconds, 0 never (default 100000)");

static struct platform_device *xsp_device;
static struct dentry *xsp_debugfs;
static int xsp_cpuhp_state;

/* The only state of the driver; the tests have their own. */
static struct xsp xsp_state = {
	.machine = {
		.xen = &xsp_xen_ops,
		.kernel = &xsp_kernel_ops,
		.kinds = {
			[XSP_GRANT_TABLE] = &xsp_grant_table,
			[XSP_SHARED_INFO] = &xsp_shared_info,
		},
		.takes = xsp_source_takes,
	},
};

static int xsp_parse_parameters(struct xsp *xsp, enum xsp_placement *request)
{
	int word = match_string(xsp_placement_names, XSP_PLACEMENTS, placement);
	int nr = xsp_sources_parse(sources, xsp->sources, ARRAY_SIZE(xsp->sources));

	if (word < 0 || nr < 0) {
		pr_err("bad parameter %s\n", word < 0 ? "placement" : "sources");
		return -EINVAL;
	}
	*request = word;
	xsp->nr_sources = nr;
	xsp->special[XSP_SHARED_INFO].unwanted = !shared_info;
	xsp->pause_warn_us = pause_warn_us;
	return 0;
}

static struct pci_dev *xsp_get_pci_device(void)
{
	struct pci_dev *pdev = pci_get_device(PCI_VENDOR_ID_XEN, PCI_DEVICE_ID_XEN_PLATFORM,
					      NULL);

	return pdev ?: pci_get_device(PCI_VENDOR_ID_XEN, XSP_PCI_DEVICE_ID_XS61, NULL);
}

/* The driver core creates the attributes after this. */
static int xsp_probe(struct platform_device *device)
{
	platform_set_drvdata(device, &xsp_state);
	return 0;
}

/*
 * In the late phase no task runs any more that could ask for another placement.
 * It is too late for an error: Linux would resume as on another host.
 */
static int xsp_suspend(struct device *dev)
{
	xsp_placement_suspend(dev_get_drvdata(dev));
	return 0;
}

static int xsp_resume(struct device *dev)
{
	xsp_placement_resume(dev_get_drvdata(dev));
	return 0;
}

static const struct dev_pm_ops xsp_pm_ops = {
	SET_LATE_SYSTEM_SLEEP_PM_OPS(xsp_suspend, xsp_resume)
};

/* An error here cancels the suspend: the devices resume as on the same host. */
static int xsp_syscore_suspend(void)
{
	return xsp_placement_veto(&xsp_state);
}

COMPAT_SYSCORE_SUSPEND(xsp_syscore, xsp_syscore_suspend);

/* Only for another kernel: a machine that is switched off needs nothing moved back. */
static int xsp_reboot(struct notifier_block *nb, unsigned long code, void *command)
{
	if (code == SYS_RESTART && command && !strcmp(command, XSP_KEXEC_COMMAND))
		xsp_placement_hand_over(&xsp_state);
	return NOTIFY_DONE;
}

static struct notifier_block xsp_reboot_notifier = {
	.notifier_call = xsp_reboot,
};

/*
 * The kernel that loads an image of hibernation writes the image's pages to RAM that it
 * takes for its own: there must be no holes.  It goes on if there is something wrong with
 * the image.
 */
static int xsp_pm(struct notifier_block *nb, unsigned long event, void *unused)
{
	if (event == PM_RESTORE_PREPARE && !xsp_placement_hand_over(&xsp_state)) {
		pr_err("the image of hibernation is not loaded\n");
		xsp_placement_resume(&xsp_state);
		return notifier_from_errno(-EBUSY);
	}
	if (event == PM_POST_RESTORE)
		xsp_placement_resume(&xsp_state);
	return NOTIFY_DONE;
}

static struct notifier_block xsp_pm_notifier = {
	.notifier_call = xsp_pm,
};

static int xsp_cpu_online(unsigned int cpu)
{
	xsp_stop_cpu_online();
	return 0;
}

static struct platform_driver xsp_driver = {
	.driver = {
		.name = XSP_NAME,
		.pm = &xsp_pm_ops,
		.dev_groups = xsp_sysfs_groups,
		.suppress_bind_attrs = true,
	},
};

static int xsp_register_device(void)
{
	int err;

	xsp_device = platform_device_register_simple(XSP_NAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(xsp_device))
		return PTR_ERR(xsp_device);
	err = compat_hypervisor_link(&xsp_device->dev.kobj, XSP_LINK);
	if (err)
		platform_device_unregister(xsp_device);
	return err;
}

static void xsp_unregister_device(void)
{
	compat_hypervisor_unlink(XSP_LINK);
	platform_device_unregister(xsp_device);
}

static int __init xsp_init(void)
{
	struct xsp *xsp = &xsp_state;
	enum xsp_placement request;
	int err;

	if (!xen_domain())
		return -ENODEV;
	err = xsp_parse_parameters(xsp, &request);
	if (err)
		return err;

	err = xsp_stop_init();
	if (err)
		goto err_fault;
	xsp_debugfs = debugfs_create_dir(XSP_NAME, NULL);
	xsp_fault_init(xsp, xsp_debugfs);
	xsp->pdev = xsp_get_pci_device();
	xsp->unmovable = xsp_guest_examine(xsp);
	xsp_placement_prepare(xsp);
	err = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "xen/special-pages:online",
					xsp_cpu_online, NULL);
	if (err < 0)
		goto err_placement;
	xsp_cpuhp_state = err;
	err = register_reboot_notifier(&xsp_reboot_notifier);
	if (err)
		goto err_cpuhp;
	err = register_pm_notifier(&xsp_pm_notifier);
	if (err)
		goto err_reboot;
	err = xsp_register_device();
	if (err)
		goto err_pm;
	compat_register_syscore(&xsp_syscore);
	compat_syscore_first(&xsp_syscore.node);
	/* Last, with the attributes: once pages have moved, the driver must stay. */
	err = platform_driver_probe(&xsp_driver, xsp_probe);
	if (err)
		goto err_syscore;
	xsp_measure_init(xsp, xsp_debugfs);
	xsp_placement_start(xsp, request);
	return 0;

err_syscore:
	compat_unregister_syscore(&xsp_syscore);
	xsp_unregister_device();
err_pm:
	unregister_pm_notifier(&xsp_pm_notifier);
err_reboot:
	unregister_reboot_notifier(&xsp_reboot_notifier);
err_cpuhp:
	cpuhp_remove_state_nocalls(xsp_cpuhp_state);
err_placement:
	xsp_placement_release(xsp);
	pci_dev_put(xsp->pdev);
	debugfs_remove_recursive(xsp_debugfs);
	xsp_stop_exit();
err_fault:
	xsp_fault_exit();
	return err;
}
module_init(xsp_init);

/* The module is pinned unless all pages are in their boot placement. */
static void __exit xsp_exit(void)
{
	struct xsp *xsp = &xsp_state;

	debugfs_remove_recursive(xsp_debugfs);
	xsp_measure_exit();
	platform_driver_unregister(&xsp_driver);
	compat_unregister_syscore(&xsp_syscore);
	xsp_unregister_device();
	unregister_pm_notifier(&xsp_pm_notifier);
	unregister_reboot_notifier(&xsp_reboot_notifier);
	cpuhp_remove_state_nocalls(xsp_cpuhp_state);
	xsp_placement_release(xsp);
	pci_dev_put(xsp->pdev);
	xsp_stop_exit();
	xsp_fault_exit();
}
module_exit(xsp_exit);

/* Loads the module when the device is found; the device keeps its driver. */
static const struct pci_device_id xsp_pci_ids[] __maybe_unused = {
	{ PCI_DEVICE(PCI_VENDOR_ID_XEN, PCI_DEVICE_ID_XEN_PLATFORM) },
	{ PCI_DEVICE(PCI_VENDOR_ID_XEN, XSP_PCI_DEVICE_ID_XS61) },
	{}
};
MODULE_DEVICE_TABLE(pci, xsp_pci_ids);

MODULE_DESCRIPTION("Moves Xen's grant table and shared_info to write-back addresses");
MODULE_AUTHOR("xen-special-pages maintainers");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
