// SPDX-License-Identifier: GPL-2.0-only
/* The reports of the driver: the reason, the kernel log, the tracepoints. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/time64.h>

#include "report.h"
#include "special.h"
#include "trace.h"

#define XSP_LINE_BYTES	256

/* "2 pages of the grant table, 1 page of the shared_info", as far as there are any. */
static int xsp_report_pages(const struct xsp *xsp, unsigned int (*count)(const struct xsp_mover *),
			    char *buf, size_t size)
{
	const struct xsp_special *special;
	int len = 0;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		unsigned int nr = count(&special->mover);

		if (nr)
			len += scnprintf(buf + len, size - len, "%s%u page%s of %s",
					 len ? ", " : "", nr, nr == 1 ? "" : "s",
					 special->pages.kind->name);
	}
	return len;
}

static unsigned int xsp_count_lost(const struct xsp_mover *mover)
{
	return mover->nr_lost;
}

static unsigned int xsp_count_astray(const struct xsp_mover *mover)
{
	return mover->nr_astray;
}

static const char *xsp_why_stays(const struct xsp_special *special)
{
	return special->refusal ?: special->stay ?: "the last move failed";
}

/* "; room for 255 of 2048 frames of grant table, 3 in use stay at boot", if not all have room. */
static int xsp_reason_room(const struct xsp *xsp, char *buf, size_t size)
{
	const struct xsp_special *table = &xsp->special[XSP_GRANT_TABLE];
	unsigned int outside;
	int len;

	if (table->range.nr == table->pages.max)
		return 0;
	outside = xsp_special_outside(table);
	len = scnprintf(buf, size, "; room for %u of %u frames of %s", table->range.nr,
			table->pages.max, table->pages.kind->name);
	if (outside)
		len += scnprintf(buf + len, size - len, ", %u in use %s", outside,
				 outside == 1 ? "stays" : "stay");
	return len;
}

static int xsp_reason_range(const struct xsp *xsp, char *buf, size_t size)
{
	const struct xsp_special *special;
	int len = scnprintf(buf, size, "%s (source ", xsp_why_text(xsp->why));

	len += xsp_window_sources(&xsp->window, buf + len, size - len);
	len += scnprintf(buf + len, size - len, ")");
	if (!xsp_special_in_boot_placement(&xsp->special[XSP_GRANT_TABLE]))
		len += xsp_reason_room(xsp, buf + len, size - len);
	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		if (xsp_special_in_boot_placement(special))
			len += scnprintf(buf + len, size - len, "; %s stays: %s",
					 special->pages.kind->name, xsp_why_stays(special));
	return len;
}

static int xsp_reason_partly(const struct xsp *xsp, char *buf, size_t size)
{
	int len = xsp_report_pages(xsp, xsp_count_astray, buf, size);

	return len + scnprintf(buf + len, size - len,
			       " could not follow the others, see the kernel log; all of them work");
}

static int xsp_reason_failed(const struct xsp *xsp, char *buf, size_t size)
{
	int len = scnprintf(buf, size, "the host took ");

	len += xsp_report_pages(xsp, xsp_count_lost, buf + len, size - len);
	return len + scnprintf(buf + len, size - len,
			       " and gave them back nowhere, the driver tries again");
}

/* Whether what the sources said has to do with it. */
static bool xsp_why_is_of_sources(enum xsp_why why)
{
	switch (why) {
	case XSP_WHY_BAR_IPAT:
	case XSP_WHY_BAR_WB:
	case XSP_WHY_BOOT_UNCACHED:
	case XSP_WHY_BOOT_UNSURE:
	case XSP_WHY_NO_RANGE:
	case XSP_WHY_RANGE_SMALL:
		return true;
	default:
		return false;
	}
}

static int xsp_reason_why(const struct xsp *xsp, enum xsp_why why, char *buf, size_t size)
{
	if (xsp->window_err && xsp_why_is_of_sources(why))
		return scnprintf(buf, size, "%s (%s)", xsp_why_text(why), xsp->window_why);
	return scnprintf(buf, size, "%s", xsp_why_text(why));
}

/* Write one line into @buf: why special pages are where they are.  Returns its length. */
int xsp_report_reason(const struct xsp *xsp, char *buf, size_t size)
{
	if (xsp->refusal)
		return scnprintf(buf, size, "%s", xsp->refusal);
	switch (xsp_specials_state(xsp)) {
	case XSP_STATE_RANGE:
		return xsp_reason_range(xsp, buf, size);
	case XSP_STATE_PARTLY:
		return xsp_reason_partly(xsp, buf, size);
	case XSP_STATE_FAILED:
		return xsp_reason_failed(xsp, buf, size);
	default:
		return xsp_reason_why(xsp, xsp->why, buf, size);
	}
}

/* Where pages of one kind are, for which there is no refusal. */
enum xsp_placement xsp_report_placement(const struct xsp *xsp, const struct xsp_special *special)
{
	if (!xsp_special_in_boot_placement(special))
		return XSP_RANGE;
	return special == &xsp->special[XSP_GRANT_TABLE] ? xsp->resting : XSP_BOOT;
}

/* In the words of the sysfs file: while all pages work, the place where the grant table is. */
const char *xsp_report_state(const struct xsp *xsp)
{
	if (xsp_specials_state(xsp) == XSP_STATE_FAILED)
		return xsp_state_names[XSP_STATE_FAILED];
	return xsp_placement_names[xsp_report_placement(xsp, &xsp->special[XSP_GRANT_TABLE])];
}

static const char *xsp_pte_memtype(const struct xsp *xsp, pte_t pte)
{
	return xsp_memtype_name(xsp_memtype_of_pte(pte_val(pte), xsp->machine.xen->read_pat()));
}

static void xsp_report_moved(const struct xsp *xsp, const struct xsp_move *move)
{
	char line[XSP_LINE_BYTES] = "";
	unsigned int i;
	int len = 0;

	for (i = 0; i < move->nr; i++) {
		const struct xsp_mover *mover = move->steps[i].mover;
		const struct xsp_mapping *to = move->steps[i].to;

		len += scnprintf(line + len, sizeof(line) - len,
				 "%s%s from gfn 0x%lx (%s) to gfn 0x%lx (%s)",
				 len ? ", " : "", mover->pages->kind->name,
				 mover->from.gfn[0], xsp_pte_memtype(xsp, mover->from.pte[0]),
				 to->gfn[0], xsp_pte_memtype(xsp, to->pte[0]));
	}
	pr_info("moved %s\n", line);
}

/* No trace and no panic_on_warn for lost pages: the host is at fault, and may give them back. */
static void xsp_report_damage(const struct xsp *xsp)
{
	char pages[XSP_LINE_BYTES];

	if (xsp_report_pages(xsp, xsp_count_astray, pages, sizeof(pages)))
		pr_warn("the host did not let %s go back; they are not where the others are, and work\n",
			pages);
	if (xsp_report_pages(xsp, xsp_count_lost, pages, sizeof(pages)))
		pr_crit("the host took %s and gave them back nowhere: devices that use them stall; trying again every second\n",
			pages);
}

static void xsp_report_pause(const struct xsp *xsp, u64 pause_ns)
{
	if (!xsp->pause_warn_us || div_u64(pause_ns, NSEC_PER_USEC) <= xsp->pause_warn_us)
		return;
	pr_warn("all CPUs stood still for %llu us in a move: the host is busy, or it waited for disk requests of its device model (since Xen 4.15); ask for placements while the disks are idle\n",
		div_u64(pause_ns, NSEC_PER_USEC));
}

/* Report a move, after all CPUs run again. */
void xsp_report_move(const struct xsp *xsp, const struct xsp_move *move,
		     enum xsp_placement placement)
{
	unsigned int i;

	for (i = 0; move->tried && i < move->nr; i++)
		trace_xsp_move(move->steps[i].mover, move->steps[i].to, move->pause_ns, move->err);
	xsp_report_pause(xsp, move->pause_ns);
	if (!move->err) {
		xsp_report_moved(xsp, move);
		return;
	}
	pr_warn("moving special pages to %s failed with error %d, they stay where they were\n",
		xsp_placement_names[placement], move->err);
	xsp_report_damage(xsp);
}

/* A request of a parameter or of a resume has no caller to return an error to. */
void xsp_report_request(const struct xsp *xsp)
{
	char reason[XSP_WHY_BYTES * 2];

	xsp_report_reason(xsp, reason, sizeof(reason));
	pr_warn("placement %s, now at %s: %s\n",
		xsp_placement_names[xsp->request], xsp_report_state(xsp), reason);
}

/* A request was refused, for the reason @why. */
void xsp_report_refused(enum xsp_placement request, const char *why)
{
	trace_xsp_refuse(request, why);
	pr_warn_ratelimited("placement %s refused: %s\n",
			    xsp_placement_names[request], why);
}

/* There is no usable range, or not enough of it: each source has said why. */
void xsp_report_no_range(const struct xsp *xsp, enum xsp_why why)
{
	char reason[XSP_WHY_BYTES * 2];

	xsp_reason_why(xsp, why, reason, sizeof(reason));
	xsp_report_refused(XSP_RANGE, reason);
}

/* The grant table has outgrown its part of the range. */
void xsp_report_grown(unsigned int outside)
{
	pr_notice("the grant table has grown beyond its range, frames in use at boot: %u; access to these is as before; a larger range, or balloon in sources, has room for all\n",
		  outside);
}

/* No page is lost any more. */
void xsp_report_repaired(const struct xsp *xsp)
{
	pr_notice("the host gave all pages back, special pages are at %s and work again\n",
		  xsp_report_state(xsp));
}
