// SPDX-License-Identifier: GPL-2.0-only
/* Carry out what the policy decides, through the whole life of the driver. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <xen/xen.h>

#include "compat/compat.h"
#include "cpu.h"
#include "grant-table.h"
#include "placement.h"
#include "shared-info.h"
#include "trace.h"

/* Where these pages are while in that placement.  The BAR is where the table was at boot. */
static const struct xsp_place *xsp_place_for(const struct xsp_special *special,
					     enum xsp_placement placement)
{
	if (placement == XSP_RANGE && special->room.nr && !special->stays)
		return &special->room;
	return &special->boot;
}

static bool xsp_is_at_boot(const struct xsp_special *special)
{
	return special->refusal || xsp_pages_are_at(&special->pages, &special->boot);
}

/* Where these pages are, in the words of the sysfs files. */
enum xsp_placement xsp_placement_of(const struct xsp *xsp, enum xsp_special_id id)
{
	if (!xsp_is_at_boot(&xsp->special[id]))
		return XSP_RANGE;
	return id == XSP_GRANT_TABLE ? xsp->state : XSP_BOOT;
}

/* The type that the page tables give these pages now. */
enum xsp_memtype xsp_placement_memtype(const struct xsp *xsp, enum xsp_special_id id)
{
	const struct xsp_pages *pages = &xsp->special[id].pages;
	u64 pat = xsp_cpu_read_pat();
	enum xsp_memtype type;
	unsigned int i;

	if (xsp->special[id].refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(*pages->ptep[0]), pat);
	for (i = 1; i < pages->max; i++)
		if (xsp_memtype_of_pte(pte_val(*pages->ptep[i]), pat) != type)
			return XSP_MEMTYPE_UNKNOWN;
	return type;
}

/*
 * The type that the guest gives the BAR: the entry that the kernel made at boot
 * and the MTRRs have to agree for it to be WB.
 */
enum xsp_memtype xsp_placement_bar_memtype(const struct xsp *xsp)
{
	const struct xsp_place *bar = &xsp->special[XSP_GRANT_TABLE].boot;
	struct xsp_mtrrs mtrrs;
	enum xsp_memtype type;

	if (xsp->refusal)
		return XSP_MEMTYPE_UNKNOWN;
	type = xsp_memtype_of_pte(pte_val(bar->pte[0]), xsp_cpu_read_pat());
	if (type != XSP_MEMTYPE_WB)
		return type;
	xsp_cpu_read_mtrrs(&mtrrs);
	return xsp_memtype_of_mtrrs(&mtrrs, xsp->bar.gfn, bar->nr);
}

static const char *xsp_why_info_stays(const struct xsp *xsp)
{
	if (xsp->special[XSP_SHARED_INFO].refusal)
		return xsp->special[XSP_SHARED_INFO].refusal;
	if (xsp->special[XSP_SHARED_INFO].stays)
		return "the host has no page of RAM for its frame";
	return xsp->want_shared_info ? "too little room" : "asked for (shared_info=0)";
}

static int xsp_reason_range(const struct xsp *xsp, char *buf, size_t size)
{
	int len = scnprintf(buf, size, "%s (source ", xsp_why_text(xsp->why));

	len += xsp_window_sources(&xsp->window, buf + len, size - len);
	len += scnprintf(buf + len, size - len, ")");
	if (xsp_is_at_boot(&xsp->special[XSP_SHARED_INFO]))
		len += scnprintf(buf + len, size - len, "; shared_info stays: %s",
				 xsp_why_info_stays(xsp));
	return len;
}

/* One line, why special pages are where they are. */
int xsp_placement_reason(const struct xsp *xsp, char *buf, size_t size)
{
	if (xsp->refusal)
		return scnprintf(buf, size, "%s", xsp->refusal);
	if (xsp->state == XSP_RANGE)
		return xsp_reason_range(xsp, buf, size);
	if (xsp->window_err && xsp->why != XSP_WHY_BOOT_ASKED)
		return scnprintf(buf, size, "%s (%s)", xsp_why_text(xsp->why),
				 xsp->window_why);
	return scnprintf(buf, size, "%s", xsp_why_text(xsp->why));
}

/**
 * struct xsp_whereabouts - where special pages were before a move, for the log
 * @gfn: first frame of each kind
 * @memtype: memory type of the grant table
 */
struct xsp_whereabouts {
	u64 gfn[XSP_SPECIALS];
	enum xsp_memtype memtype;
};

static u64 xsp_gfn(const struct xsp *xsp, enum xsp_special_id id)
{
	return xsp->special[id].refusal ? 0 : xsp->special[id].pages.gfn[0];
}

static struct xsp_whereabouts xsp_whereabouts(const struct xsp *xsp)
{
	return (struct xsp_whereabouts){
		.gfn = { xsp_gfn(xsp, XSP_GRANT_TABLE), xsp_gfn(xsp, XSP_SHARED_INFO) },
		.memtype = xsp_placement_memtype(xsp, XSP_GRANT_TABLE),
	};
}

static void xsp_log_move(const struct xsp_whereabouts *from, const struct xsp_whereabouts *to)
{
	char info[64] = "";

	if (from->gfn[XSP_SHARED_INFO] != to->gfn[XSP_SHARED_INFO])
		scnprintf(info, sizeof(info), ", shared_info from gfn 0x%llx to gfn 0x%llx",
			  from->gfn[XSP_SHARED_INFO], to->gfn[XSP_SHARED_INFO]);
	pr_info("grant table moved from gfn 0x%llx (%s) to gfn 0x%llx (%s)%s\n",
		from->gfn[XSP_GRANT_TABLE], xsp_memtype_name(from->memtype),
		to->gfn[XSP_GRANT_TABLE], xsp_memtype_name(to->memtype), info);
}

static void xsp_trace_move(const struct xsp_move *move, int err)
{
	unsigned int i;

	for (i = 0; i < move->nr; i++)
		trace_xsp_move(move->steps[i].mover, move->steps[i].to, move->pause_ns, err);
}

/* Returns 0 also if nothing had to move. */
static int xsp_shift(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_move move = { .check = &xsp->check };
	struct xsp_special *special;
	const struct xsp_place *to;
	int err;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		to = xsp_place_for(special, placement);
		if (special->refusal || xsp_pages_are_at(&special->pages, to))
			continue;
		move.steps[move.nr].mover = &special->mover;
		move.steps[move.nr++].to = to;
	}
	if (!move.nr)
		return 0;
	err = xsp_move(&move);
	xsp_trace_move(&move, err);
	if (err)
		return err;
	xsp->stats.moves++;
	xsp->stats.last_pause_ns = move.pause_ns;
	xsp->stats.max_pause_ns = max(xsp->stats.max_pause_ns, move.pause_ns);
	return 0;
}

/* RAM for the frame that shared_info has left, if it has. */
static int xsp_refill(const struct xsp *xsp)
{
	const struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	return xsp_is_at_boot(info) ? 0 : xsp_shared_info_refill(info->boot.gfn[0]);
}

/*
 * Put RAM where shared_info was.  A guest that may not have a page more keeps
 * shared_info at boot; that is no reason to leave the grant table there.
 */
static void xsp_settle_shared_info(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	int err = xsp_refill(xsp);

	if (!err)
		return;
	info->stays = true;
	if (xsp_shift(xsp, placement))
		pr_err("gfn 0x%llx has no RAM any more\n", (u64)info->boot.gfn[0]);
	else
		pr_notice_ratelimited("shared_info stays: %s (error %d)\n",
				      xsp_why_info_stays(xsp), err);
}

static int xsp_move_to(struct xsp *xsp, enum xsp_placement placement)
{
	struct xsp_whereabouts from = xsp_whereabouts(xsp), to;
	int err;

	xsp->special[XSP_SHARED_INFO].stays = false;
	err = xsp_shift(xsp, placement);
	if (err) {
		/* On the way back, the host may have taken the RAM before it failed. */
		(void)xsp_refill(xsp);
		xsp->stats.failed_moves++;
		pr_warn("moving special pages to %s failed with error %d, they stay where they were\n",
			xsp_placement_names[placement], err);
		return err;
	}
	xsp_settle_shared_info(xsp, placement);
	to = xsp_whereabouts(xsp);
	if (from.gfn[XSP_GRANT_TABLE] != to.gfn[XSP_GRANT_TABLE])
		xsp_log_move(&from, &to);
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
		err = xsp_move_to(xsp, decision->placement);
	if (err)
		return err;
	xsp->state = decision->placement;
	xsp->why = decision->why;
	return 0;
}

static bool xsp_everything_is_at_boot(const struct xsp *xsp)
{
	return xsp_is_at_boot(&xsp->special[XSP_GRANT_TABLE]) &&
	       xsp_is_at_boot(&xsp->special[XSP_SHARED_INFO]);
}

/* A window is only given back when nothing is in it. */
static void xsp_close_window(struct xsp *xsp)
{
	if (!xsp_everything_is_at_boot(xsp))
		return;
	xsp->special[XSP_GRANT_TABLE].room = (struct xsp_place){};
	xsp->special[XSP_SHARED_INFO].room = (struct xsp_place){};
	xsp_window_close(&xsp->window);
	xsp->window_err = -ENODEV;
	scnprintf(xsp->window_why, sizeof(xsp->window_why), "none was looked for");
}

/* Without shared_info, if there is too little room for it: it does well in RAM. */
static void xsp_open_window(struct xsp *xsp, struct xsp_search *search)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	unsigned int infos = info->refusal || !xsp->want_shared_info ? 0 : info->pages.max;

	search->pages = table->pages.max + infos;
	xsp->window_err = xsp_window_open(&xsp->window, search, xsp->window_why);
	if (xsp->window_err == -ENOSPC && infos) {
		infos = 0;
		search->pages = table->pages.max;
		xsp->window_err = xsp_window_open(&xsp->window, search, xsp->window_why);
	}
	if (xsp->window_err)
		return;
	table->room = xsp_place_part(&xsp->window.place, 0, table->pages.max);
	info->room = xsp_place_part(&xsp->window.place, table->pages.max, infos);
}

static bool xsp_wants_range(enum xsp_placement request)
{
	return request == XSP_AUTO || request == XSP_RANGE;
}

/*
 * What this host offers.  Special pages are at boot.  A source that costs RAM
 * is not asked for a range that nobody wants.
 */
static void xsp_survey(struct xsp *xsp, enum xsp_placement request)
{
	enum xsp_source sources[XSP_SOURCES];
	struct xsp_search search = { .host = &xsp->host, .sources = sources };
	unsigned int i;

	for (i = 0; i < xsp->nr_sources; i++)
		if (xsp->sources[i] != XSP_SOURCE_BALLOON || xsp_wants_range(request))
			sources[search.nr_sources++] = xsp->sources[i];
	xsp_cpu_read_host(&xsp->host);
	/* A window that could not be closed has pages in it. */
	if (!xsp->refusal && !xsp->window.pieces)
		xsp_open_window(xsp, &search);
}

/* Have a window for a request that may need one, and no holes in RAM without need. */
static void xsp_before_request(struct xsp *xsp, enum xsp_placement request)
{
	if (xsp->window_err && xsp_wants_range(request))
		xsp_survey(xsp, request);
}

static void xsp_after_request(struct xsp *xsp)
{
	if (xsp->state != XSP_RANGE && xsp_window_costs_ram(&xsp->window))
		xsp_close_window(xsp);
}

/* Nobody waits for an answer: what cannot be had is logged and stays at boot. */
static void xsp_settle(struct xsp *xsp)
{
	struct xsp_decision decision = xsp_decide(xsp, xsp->request);
	char reason[XSP_WHY_BYTES * 2];
	int err = xsp_carry_out(xsp, &decision);

	xsp_after_request(xsp);
	if (err)
		xsp->why = decision.error ? decision.why : XSP_WHY_MOVE_FAILED;
	if (!err && xsp->why != XSP_WHY_BOOT_UNCACHED)
		return;
	xsp_placement_reason(xsp, reason, sizeof(reason));
	pr_warn("placement %s, now at %s: %s\n",
		xsp_placement_names[xsp->request], xsp_placement_names[xsp->state], reason);
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

/* The pages are located: prepare to move them. */
static int xsp_special_init(struct xsp_special *special)
{
	int err = xsp_place_alloc(&special->boot, special->pages.max);

	if (err)
		return err;
	xsp_place_read(&special->boot, &special->pages);
	err = xsp_mover_init(&special->mover, &special->pages);
	if (err)
		xsp_place_free(&special->boot);
	return err;
}

static void xsp_special_destroy(struct xsp_special *special)
{
	xsp_mover_destroy(&special->mover);
	xsp_place_free(&special->boot);
}

static const char *xsp_prepare_grant_table(struct xsp *xsp)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	struct xsp_pages *pages = &table->pages;
	const char *why;

	if (xsp_grant_table_locate(pages, xsp->bar.gfn, &why))
		return why;
	if (xsp_leaves_split(&xsp->leaves, (unsigned long)pages->vaddr, pages->max, &xsp->check))
		return "out of memory";
	if (xsp_pages_collect_ptes(pages))
		goto err_leaves;
	if (xsp_special_init(table))
		goto err_ptes;
	return NULL;

err_ptes:
	xsp_pages_release(pages);
err_leaves:
	xsp_leaves_restore(&xsp->leaves, &xsp->check);
	return "the mapping of the grant table cannot be changed page by page";
}

static void xsp_release_grant_table(struct xsp *xsp)
{
	struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];

	if (xsp_is_at_boot(table))
		xsp_leaves_restore(&xsp->leaves, &xsp->check);
	else
		xsp_leaves_abandon(&xsp->leaves);
	xsp_special_destroy(table);
	xsp_pages_release(&table->pages);
}

static const char *xsp_prepare_shared_info(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];
	const char *why;

	if (xsp_shared_info_locate(&info->pages, &why))
		return why;
	if (!xsp_special_init(info))
		return NULL;
	xsp_shared_info_release(&info->pages);
	return "out of memory";
}

static void xsp_release_shared_info(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	if (info->refusal)
		return;
	xsp_special_destroy(info);
	xsp_shared_info_release(&info->pages);
}

/* Why this kind of guest cannot be moved, NULL if it can. */
static const char *xsp_check_guest(void)
{
	if (xen_pv_domain())
		return "a PV guest has no special pages to move";
	if (compat_xen_pvh_domain())
		return "a PVH guest has its grant table in ordinary pages already";
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return "PREEMPT_RT kernel: stopping all CPUs does not keep the table from growing";
	if (!xsp_grant_table_is_v1())
		return "the grant table has version 2, only version 1 can be moved";
	return NULL;
}

/* Why nothing can be moved, NULL if everything is prepared. */
static const char *xsp_prepare(struct xsp *xsp)
{
	const char *why = xsp_check_guest() ?: xsp_find_bar(xsp);

	if (why)
		return why;
	if (xsp_tlbcheck_init(&xsp->check))
		return "out of memory";
	why = xsp_prepare_grant_table(xsp);
	if (why)
		xsp_tlbcheck_destroy(&xsp->check);
	return why;
}

static void xsp_prepare_all(struct xsp *xsp)
{
	struct xsp_special *info = &xsp->special[XSP_SHARED_INFO];

	xsp->refusal = xsp_prepare(xsp);
	xsp->special[XSP_GRANT_TABLE].refusal = xsp->refusal;
	info->refusal = xsp->refusal ?: xsp_prepare_shared_info(xsp);
	if (info->refusal && !xsp->refusal && xsp->want_shared_info)
		pr_notice("shared_info stays where it is: %s\n", info->refusal);
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
	xsp_prepare_all(xsp);
	xsp_survey(xsp, request);
	if (xsp->refusal)
		pr_notice("%s\n", xsp->refusal);
	else
		xsp_settle(xsp);
}

/**
 * xsp_placement_stop() - go back to boot and release everything
 * @xsp: the driver's state
 *
 * If the host does not let special pages go back, they stay where they work:
 * the window is kept for ever, it needs no driver.
 *
 * Context: process context, sleeps; nobody else uses @xsp any more.
 */
void xsp_placement_stop(struct xsp *xsp)
{
	if (xsp->refusal)
		return;
	xsp_move_to(xsp, XSP_BOOT);
	xsp_close_window(xsp);
	xsp_release_shared_info(xsp);
	xsp_release_grant_table(xsp);
	xsp_tlbcheck_destroy(&xsp->check);
}

static void xsp_log_refused(const struct xsp *xsp, enum xsp_placement request, const char *why)
{
	trace_xsp_refuse(request, why);
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
		xsp_before_request(xsp, request);
		decision = xsp_decide(xsp, request);
		if (decision.error)
			xsp_log_refused(xsp, request, xsp_why_text(decision.why));
		err = xsp_carry_out(xsp, &decision);
		xsp_after_request(xsp);
	}
	if (!err)
		xsp->request = request;
	mutex_unlock(&xsp->lock);
	return err;
}

/**
 * xsp_placement_suspend() - go back to boot, where the next kernel or host looks
 * @xsp: the driver's state
 *
 * Another host may not have this one's range; another kernel does not know of it,
 * and wants all of its RAM.  Requests get -EBUSY from now on.
 *
 * Context: process context, takes @xsp->lock.
 * Return: 0, or why special pages could not go back: do not suspend then.
 */
int xsp_placement_suspend(struct xsp *xsp)
{
	int err = 0;

	mutex_lock(&xsp->lock);
	if (!xsp->refusal)
		err = xsp_move_to(xsp, XSP_BOOT);
	if (!err) {
		xsp->state = XSP_BOOT;
		xsp->suspended = true;
		xsp_close_window(xsp);
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
		xsp_survey(xsp, xsp->request);
		xsp_settle(xsp);
	}
	mutex_unlock(&xsp->lock);
	memalloc_noio_restore(noio);
}

/**
 * xsp_placement_cpu_online() - a CPU has come up that was down in some moves
 * @xsp: the driver's state
 *
 * Whatever is in its TLB, from before it went down, must not be used.
 *
 * Context: on that CPU; no move is under way.
 */
void xsp_placement_cpu_online(struct xsp *xsp)
{
	if (xsp->refusal)
		return;
	xsp_tlbcheck_verify(&xsp->check);
	xsp_tlbcheck_report(&xsp->check);
	xsp_cpu_flush_tlb();
}
