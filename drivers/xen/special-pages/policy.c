// SPDX-License-Identifier: GPL-2.0-only
/* Decide where special pages go; nothing else decides it. */

#include <linux/errno.h>
#include <linux/kernel.h>

#include "policy.h"

const char * const xsp_placement_names[XSP_PLACEMENTS] = {
	[XSP_AUTO]	= "auto",
	[XSP_RANGE]	= "range",
	[XSP_BAR]	= "bar",
	[XSP_BOOT]	= "boot",
};

static const char * const xsp_why_texts[XSP_WHYS] = {
	[XSP_WHY_RANGE]		= "write-back, in a range that is kept free for it",
	[XSP_WHY_BAR_IPAT]	= "no usable range, the host makes special pages write-back (ipat)",
	[XSP_WHY_BAR_WB]	= "no usable range, the firmware made the BAR write-back",
	[XSP_WHY_ASKED_IPAT]	= "asked for, the host makes special pages write-back (ipat)",
	[XSP_WHY_ASKED_WB]	= "asked for, the firmware made the BAR write-back",
	[XSP_WHY_BOOT_RANGE]	=
		"write-back, in a range that the kernel chose for it at boot",
	[XSP_WHY_BOOT_UNCACHED]	=
		"no usable range and the host does not say ipat: accesses are uncached; add balloon to sources, which costs RAM, or ask the host's operator for a range",
	[XSP_WHY_BOOT_UNSURE]	=
		"no usable range and the host does not say ipat: whether accesses are uncached depends on the host; if they are, add balloon to sources, which costs RAM, or ask the host's operator for a range",
	[XSP_WHY_BOOT_ASKED]	= "asked for",
	[XSP_WHY_NO_RANGE]	= "no usable range",
	[XSP_WHY_RANGE_SMALL]	= "the range is too small for the grant frames in use",
	[XSP_WHY_BAR_UNCACHED]	= "the BAR is uncached and the host does not say ipat",
	[XSP_WHY_BAR_UNMAPPED]	=
		"the kernel chose a range for it at boot; xen_special_pages=bar on its command line makes it choose the BAR",
	[XSP_WHY_MOVE_FAILED]	= "the move failed and was undone, see the kernel log",
};

/* The text of a reason, for users. */
const char *xsp_why_text(enum xsp_why why)
{
	return xsp_why_texts[why];
}

static struct xsp_decision xsp_decision(enum xsp_placement placement, int error, enum xsp_why why)
{
	return (struct xsp_decision){ .placement = placement, .error = error, .why = why };
}

static bool xsp_bar_is_wb(const struct xsp_facts *facts)
{
	return facts->host_ipat || facts->bar_wb;
}

static enum xsp_why xsp_why_not_range(const struct xsp_facts *facts)
{
	return facts->range_error == -ENOSPC ? XSP_WHY_RANGE_SMALL : XSP_WHY_NO_RANGE;
}

static struct xsp_decision xsp_decide_auto(const struct xsp_facts *facts)
{
	if (facts->boot_is_range)
		return xsp_decision(XSP_BOOT, 0, XSP_WHY_BOOT_RANGE);
	if (!facts->range_error)
		return xsp_decision(XSP_RANGE, 0, XSP_WHY_RANGE);
	if (xsp_bar_is_wb(facts))
		return xsp_decision(XSP_BAR, 0, facts->host_ipat ? XSP_WHY_BAR_IPAT :
								   XSP_WHY_BAR_WB);
	return xsp_decision(XSP_BOOT, 0, facts->guest_decides ? XSP_WHY_BOOT_UNCACHED :
							      XSP_WHY_BOOT_UNSURE);
}

static struct xsp_decision xsp_decide_range(const struct xsp_facts *facts)
{
	if (!facts->range_error)
		return xsp_decision(XSP_RANGE, 0, XSP_WHY_RANGE);
	return xsp_decision(XSP_BOOT, facts->range_error, xsp_why_not_range(facts));
}

static struct xsp_decision xsp_decide_bar(const struct xsp_facts *facts)
{
	if (facts->boot_is_range)
		return xsp_decision(XSP_BOOT, -EPERM, XSP_WHY_BAR_UNMAPPED);
	if (!xsp_bar_is_wb(facts))
		return xsp_decision(XSP_BOOT, -EPERM, XSP_WHY_BAR_UNCACHED);
	return xsp_decision(XSP_BAR, 0, facts->host_ipat ? XSP_WHY_ASKED_IPAT : XSP_WHY_ASKED_WB);
}

/* Decide about a request.  No side effects, any context. */
struct xsp_decision xsp_policy_decide(enum xsp_placement request, const struct xsp_facts *facts)
{
	switch (request) {
	case XSP_AUTO:
		return xsp_decide_auto(facts);
	case XSP_RANGE:
		return xsp_decide_range(facts);
	case XSP_BAR:
		return xsp_decide_bar(facts);
	default:
		return xsp_decision(XSP_BOOT, 0, XSP_WHY_BOOT_ASKED);
	}
}
