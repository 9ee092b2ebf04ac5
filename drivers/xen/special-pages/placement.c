// SPDX-License-Identifier: GPL-2.0-only
/* Carry out what the policy decides, through the whole life of the driver. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <asm/xen/hypercall.h>
#include <xen/grant_table.h>
#include <xen/interface/grant_table.h>
#include <xen/xen.h>

#include "compat/compat.h"
#include "cpu.h"
#include "placement.h"

static bool xsp_table_is_at(const struct xsp_table *table, const struct xsp_place *place)
{
	return !memcmp(table->pfn, place->gfn, table->max * sizeof(*table->pfn));
}

/* Where special pages are while in that placement. */
static const struct xsp_place *xsp_place_of(const struct xsp *xsp, enum xsp_placement placement)
{
	return placement == XSP_RANGE ? &xsp->window.place : &xsp->boot;
}

/* The type that the page tables give the grant table now. */
enum xsp_memtype xsp_placement_memtype(const struct xsp *xsp)
{
	const struct xsp_table *table = &xsp->table;
	u64 pat = xsp_cpu_read_pat();
	enum xsp_memtype type;
	unsigned int i;

	if (xsp->refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(*table->ptep[0]), pat);
	for (i = 1; i < table->max; i++)
		if (xsp_memtype_of_pte(pte_val(*table->ptep[i]), pat) != type)
			return XSP_MEMTYPE_UNKNOWN;
	return type;
}

/*
 * The type that the guest gives the BAR: the entry that the kernel made at boot
 * and the MTRRs have to agree for it to be WB.
 */
enum xsp_memtype xsp_placement_bar_memtype(const struct xsp *xsp)
{
	struct xsp_mtrrs mtrrs;
	enum xsp_memtype type;

	if (xsp->refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(xsp->boot.pte[0]), xsp_cpu_read_pat());
	if (type != XSP_MEMTYPE_WB)
		return type;
	xsp_cpu_read_mtrrs(&mtrrs);
	return xsp_memtype_of_mtrrs(&mtrrs, xsp->bar.gfn, xsp->table.max);
}

/* One line, why special pages are where they are. */
int xsp_placement_reason(const struct xsp *xsp, char *buf, size_t size)
{
	if (xsp->refusal)
		return scnprintf(buf, size, "%s", xsp->refusal);
	if (xsp->state == XSP_RANGE)
		return scnprintf(buf, size, "%s (source %s)", xsp_why_text(xsp->why),
				 xsp_source_names[xsp->window.source]);
	if (xsp->window_err && xsp->why != XSP_WHY_BOOT_ASKED)
		return scnprintf(buf, size, "%s (%s)", xsp_why_text(xsp->why),
				 xsp->window_why);
	return scnprintf(buf, size, "%s", xsp_why_text(xsp->why));
}

static void xsp_log_move(const struct xsp *xsp, u64 from_gfn, enum xsp_memtype from_type)
{
	pr_info("grant table moved from gfn 0x%llx (%s) to gfn 0x%llx (%s)\n",
		from_gfn, xsp_memtype_name(from_type), (u64)xsp->table.pfn[0],
		xsp_memtype_name(xsp_placement_memtype(xsp)));
}

static int xsp_move_to(struct xsp *xsp, const struct xsp_place *to)
{
	enum xsp_memtype from_type = xsp_placement_memtype(xsp);
	u64 from_gfn = xsp->table.pfn[0];
	int err;

	if (xsp_table_is_at(&xsp->table, to))
		return 0;
	err = xsp_move(&xsp->mover, to);
	if (err) {
		xsp->stats.failed_moves++;
		pr_warn("moving the grant table to gfn 0x%llx failed with error %d, it stays where it was\n",
			(u64)to->gfn[0], err);
		return err;
	}
	xsp->stats.moves++;
	xsp->stats.last_pause_ns = xsp->mover.pause_ns;
	xsp->stats.max_pause_ns = max(xsp->stats.max_pause_ns, xsp->mover.pause_ns);
	xsp_log_move(xsp, from_gfn, from_type);
	return 0;
}

static struct xsp_decision xsp_decide(const struct xsp *xsp, enum xsp_placement request)
{
	const struct xsp_facts facts = {
		.range_error = xsp->window_err,
		.host_ipat = xsp->host.ipat,
		.bar_wb = xsp_placement_bar_memtype(xsp) == XSP_MEMTYPE_WB,
	};

	return xsp_policy_decide(request, &facts);
}

static int xsp_carry_out(struct xsp *xsp, const struct xsp_decision *decision)
{
	int err = decision->error;

	if (!err)
		err = xsp_move_to(xsp, xsp_place_of(xsp, decision->placement));
	if (err)
		return err;
	xsp->state = decision->placement;
	xsp->why = decision->why;
	return 0;
}

/* Nobody waits for an answer: what cannot be had is logged and stays at boot. */
static void xsp_settle(struct xsp *xsp)
{
	struct xsp_decision decision = xsp_decide(xsp, xsp->request);
	char reason[XSP_WHY_BYTES * 2];
	int err = xsp_carry_out(xsp, &decision);

	if (err)
		xsp->why = decision.error ? decision.why : XSP_WHY_MOVE_FAILED;
	if (!err && xsp->why != XSP_WHY_BOOT_UNCACHED)
		return;
	xsp_placement_reason(xsp, reason, sizeof(reason));
	pr_warn("placement %s, now at %s: %s\n",
		xsp_placement_names[xsp->request], xsp_placement_names[xsp->state], reason);
}

/* What this host offers.  Special pages are at boot. */
static void xsp_survey(struct xsp *xsp)
{
	const struct xsp_search search = {
		.host = &xsp->host,
		.sources = xsp->sources,
		.nr_sources = xsp->nr_sources,
		.pages = xsp->table.max,
	};

	xsp_cpu_read_host(&xsp->host);
	if (!xsp->refusal)
		xsp->window_err = xsp_window_open(&xsp->window, &search, xsp->window_why);
}

/* A window is only given back when nothing is in it. */
static void xsp_close_window(struct xsp *xsp)
{
	if (xsp_table_is_at(&xsp->table, &xsp->boot))
		xsp_window_close(&xsp->window);
}

static bool xsp_grant_table_is_v1(void)
{
	struct gnttab_get_version version = { .dom = DOMID_SELF };

	/* A hypervisor without the question has nothing but version 1. */
	return HYPERVISOR_grant_table_op(GNTTABOP_get_version, &version, 1) ||
	       version.version == 1;
}

static const char *xsp_find_bar(struct xsp *xsp)
{
	u64 start, bytes;

	if (!xsp->pdev)
		return "this guest has no Xen platform PCI device";
	start = pci_resource_start(xsp->pdev, 1);
	bytes = pci_resource_len(xsp->pdev, 1);
	xsp->bar = (struct xsp_range){ start >> PAGE_SHIFT, bytes >> PAGE_SHIFT };
	if (!(pci_resource_flags(xsp->pdev, 1) & IORESOURCE_MEM) ||
	    !xsp_range_sane(&xsp->bar, boot_cpu_data.x86_phys_bits))
		return "the Xen platform PCI device has no memory BAR";
	return NULL;
}

/* Why this guest cannot be moved, NULL if it can and everything is prepared. */
static const char *xsp_prepare(struct xsp *xsp)
{
	const char *why;

	if (xen_pv_domain())
		return "a PV guest has no special pages to move";
	if (compat_xen_pvh_domain())
		return "a PVH guest has its grant table in ordinary pages already";
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "PREEMPT_RT kernel: stopping all CPUs does not keep the table from growing";
	if (!xsp_grant_table_is_v1())
		return "the grant table has version 2, only version 1 can be moved";
	why = xsp_find_bar(xsp);
	if (why)
		return why;
	if (xsp_table_locate(&xsp->table, xsp->bar.gfn, &why))
		return why;
	if (xsp_place_alloc(&xsp->boot, xsp->table.max))
		goto err_table;
	if (xsp_mover_init(&xsp->mover, &xsp->table))
		goto err_boot;
	xsp_place_read(&xsp->boot, &xsp->table);
	return NULL;

err_boot:
	xsp_place_free(&xsp->boot);
err_table:
	xsp_table_release(&xsp->table);
	return "out of memory";
}

/**
 * xsp_placement_start() - find special pages and place them as requested
 * @xsp: the driver's state
 * @request: where special pages shall go
 *
 * What cannot be done is said in the reason, and leaves everything as it was.
 *
 * Context: process context, sleeps; nobody else uses @xsp yet.
 */
void xsp_placement_start(struct xsp *xsp, enum xsp_placement request)
{
	xsp->request = request;
	xsp->state = XSP_BOOT;
	xsp->why = XSP_WHY_BOOT_ASKED;
	xsp->window_err = -ENODEV;
	xsp->refusal = xsp_prepare(xsp);
	xsp_survey(xsp);
	if (xsp->refusal)
		pr_notice("%s\n", xsp->refusal);
	else
		xsp_settle(xsp);
}

/**
 * xsp_placement_stop() - go back to boot and release everything
 * @xsp: the driver's state
 *
 * If the host does not let the grant table go back, it stays where it works:
 * the window is kept for ever, it needs no driver.
 *
 * Context: process context, sleeps; nobody else uses @xsp any more.
 */
void xsp_placement_stop(struct xsp *xsp)
{
	if (xsp->refusal)
		return;
	xsp_move_to(xsp, &xsp->boot);
	xsp_close_window(xsp);
	xsp_mover_destroy(&xsp->mover);
	xsp_place_free(&xsp->boot);
	xsp_table_release(&xsp->table);
}

static void xsp_log_refused(const struct xsp *xsp, enum xsp_placement request, const char *why)
{
	pr_warn_ratelimited("placement %s refused: %s\n",
			    xsp_placement_names[request], why);
}

/**
 * xsp_placement_request() - carry out a request of the administrator
 * @xsp: the driver's state
 * @request: where special pages shall go
 *
 * Context: process context, takes @xsp->lock.
 * Return: 0; -EOPNOTSUPP if this guest cannot be moved, -EBUSY while it is
 * suspended, -EPERM, -ENODEV or -ENOSPC from the policy, or what the
 * hypervisor answered.  On an error nothing has changed.
 */
int xsp_placement_request(struct xsp *xsp, enum xsp_placement request)
{
	struct xsp_decision decision;
	int err;

	mutex_lock(&xsp->lock);
	if (xsp->refusal) {
		xsp_log_refused(xsp, request, xsp->refusal);
		err = -EOPNOTSUPP;
	} else if (xsp->suspended) {
		err = -EBUSY;
	} else {
		decision = xsp_decide(xsp, request);
		if (decision.error)
			xsp_log_refused(xsp, request, xsp_why_text(decision.why));
		err = xsp_carry_out(xsp, &decision);
	}
	if (!err)
		xsp->request = request;
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_suspend() - go back to boot, where the kernel resumes
 * @xsp: the driver's state
 *
 * Another host may not have this one's range.
 *
 * Context: process context, takes @xsp->lock, allocates nothing.
 * Return: 0, or why special pages could not go back: do not suspend then.
 */
int xsp_placement_suspend(struct xsp *xsp)
{
	int err = 0;

	mutex_lock(&xsp->lock);
	if (!xsp->refusal)
		err = xsp_move_to(xsp, &xsp->boot);
	if (!err) {
		xsp->state = XSP_BOOT;
		xsp->suspended = true;
	}
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_resume() - decide anew, from what this host says
 * @xsp: the driver's state
 *
 * Block devices may not work yet, so memory is allocated without them.
 *
 * Context: process context, sleeps, takes @xsp->lock.
 */
void xsp_placement_resume(struct xsp *xsp)
{
	unsigned int noio = memalloc_noio_save();

	mutex_lock(&xsp->lock);
	xsp->suspended = false;
	if (!xsp->refusal) {
		xsp_close_window(xsp);
		xsp_survey(xsp);
		xsp_settle(xsp);
	}
	mutex_unlock(&xsp->lock);
	memalloc_noio_restore(noio);
}
