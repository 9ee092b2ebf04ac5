// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xen special pages outside of the PCI BAR: loading, removal, suspend, shutdown.
 *
 * The platform PCI device belongs to the kernel's own driver; this one hangs
 * on a platform device of its own and only reads the BAR's address.
 */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/cpuhotplug.h>
#include <linux/debugfs.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <xen/xen.h>
#include <xen/xen-ops.h>

#include "debugfs.h"
#include "placement.h"
#include "special-pages.h"
#include "sysfs.h"

#define XSP_NAME	"xen-special-pages"
#define XSP_LINK	"special_pages"

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

static struct platform_device *xsp_device;
static struct dentry *xsp_debugfs;
static struct xsp xsp_state;
static int xsp_cpuhp_state;

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
	xsp->want_shared_info = shared_info;
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

static int xsp_suspend(struct device *dev)
{
	return xsp_placement_suspend(dev_get_drvdata(dev));
}

static int xsp_resume(struct device *dev)
{
	xsp_placement_resume(dev_get_drvdata(dev));
	return 0;
}

/* Late and early: no task runs that could ask for another placement. */
static const struct dev_pm_ops xsp_pm_ops = {
	SET_LATE_SYSTEM_SLEEP_PM_OPS(xsp_suspend, xsp_resume)
};

/* Reboot, kexec or power-off: if it is kexec, another kernel looks for its RAM. */
static void xsp_shutdown(struct platform_device *device)
{
	xsp_placement_suspend(platform_get_drvdata(device));
}

static int xsp_cpu_online(unsigned int cpu)
{
	xsp_placement_cpu_online(&xsp_state);
	return 0;
}

static struct platform_driver xsp_driver = {
	.shutdown = xsp_shutdown,
	.driver = {
		.name = XSP_NAME,
		.pm = &xsp_pm_ops,
		.dev_groups = xsp_sysfs_groups,
		.suppress_bind_attrs = true,
	},
};

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

	mutex_init(&xsp->lock);
	xsp->pdev = xsp_get_pci_device();
	xsp_placement_start(xsp, request);

	xsp_cpuhp_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
						    "xen/special-pages:online",
						    xsp_cpu_online, NULL);
	if (xsp_cpuhp_state < 0) {
		err = xsp_cpuhp_state;
		goto err_placement;
	}
	xsp_device = platform_device_register_simple(XSP_NAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(xsp_device)) {
		err = PTR_ERR(xsp_device);
		goto err_cpuhp;
	}
	err = platform_driver_probe(&xsp_driver, xsp_probe);
	if (err)
		goto err_device;
	err = sysfs_create_link(hypervisor_kobj, &xsp_device->dev.kobj, XSP_LINK);
	if (err)
		goto err_driver;
	xsp_debugfs = xsp_debugfs_create(xsp);
	return 0;

err_driver:
	platform_driver_unregister(&xsp_driver);
err_device:
	platform_device_unregister(xsp_device);
err_cpuhp:
	cpuhp_remove_state_nocalls(xsp_cpuhp_state);
err_placement:
	xsp_placement_stop(xsp);
	pci_dev_put(xsp->pdev);
	return err;
}
module_init(xsp_init);

static void __exit xsp_exit(void)
{
	struct xsp *xsp = &xsp_state;

	debugfs_remove_recursive(xsp_debugfs);
	sysfs_remove_link(hypervisor_kobj, XSP_LINK);
	platform_driver_unregister(&xsp_driver);
	platform_device_unregister(xsp_device);
	cpuhp_remove_state_nocalls(xsp_cpuhp_state);
	xsp_placement_stop(xsp);
	pci_dev_put(xsp->pdev);
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
