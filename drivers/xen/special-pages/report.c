// SPDX-License-Identifier: GPL-2.0-only
/* What the driver says: the reason, the kernel log, the tracepoints. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>

#include "report.h"
#include "special.h"
#include "trace.h"

const char *xsp_why_info_stays(const struct xsp *xsp)
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
	if (xsp_special_in_boot_placement(&xsp->special[XSP_SHARED_INFO]))
		len += scnprintf(buf + len, size - len, "; shared_info stays: %s",
				 xsp_why_info_stays(xsp));
	return len;
}

/* One line, why special pages are where they are. */
int xsp_report_reason(const struct xsp *xsp, char *buf, size_t size)
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

static u64 xsp_gfn(const struct xsp *xsp, enum xsp_special_id id)
{
	return xsp->special[id].refusal ? 0 : xsp->special[id].pages.gfn[0];
}

struct xsp_whereabouts xsp_whereabouts(const struct xsp *xsp)
{
	return (struct xsp_whereabouts){
		.gfn = { xsp_gfn(xsp, XSP_GRANT_TABLE), xsp_gfn(xsp, XSP_SHARED_INFO) },
		.memtype = xsp_special_memtype(xsp, XSP_GRANT_TABLE),
	};
}

void xsp_report_move(const struct xsp_whereabouts *from, const struct xsp_whereabouts *to)
{
	char info[64] = "";

	if (from->gfn[XSP_SHARED_INFO] != to->gfn[XSP_SHARED_INFO])
		scnprintf(info, sizeof(info), ", shared_info from gfn 0x%llx to gfn 0x%llx",
			  from->gfn[XSP_SHARED_INFO], to->gfn[XSP_SHARED_INFO]);
	pr_info("grant table moved from gfn 0x%llx (%s) to gfn 0x%llx (%s)%s\n",
		from->gfn[XSP_GRANT_TABLE], xsp_memtype_name(from->memtype),
		to->gfn[XSP_GRANT_TABLE], xsp_memtype_name(to->memtype), info);
}

void xsp_report_trace(const struct xsp_move *move, int err)
{
	unsigned int i;

	for (i = 0; i < move->nr; i++)
		trace_xsp_move(move->steps[i].mover, move->steps[i].to, move->pause_ns, err);
}

void xsp_report_refused(enum xsp_placement request, const char *why)
{
	trace_xsp_refuse(request, why);
	pr_warn_ratelimited("placement %s refused: %s\n",
			    xsp_placement_names[request], why);
}
