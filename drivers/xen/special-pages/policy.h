/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_POLICY_H
#define XSP_POLICY_H

#include <linux/types.h>

/* Where special pages are, and (with auto) where they are asked to be. */
enum xsp_placement {
	XSP_AUTO,
	XSP_RANGE,
	XSP_BAR,
	XSP_BOOT,
	XSP_PLACEMENTS
};

extern const char * const xsp_placement_names[XSP_PLACEMENTS];

/**
 * struct xsp_facts - what the policy decides on
 * @range_error: 0 if there is a usable range, else -ENODEV, -ENOSPC or -ENOMEM
 * @host_ipat: the host says that special pages are write-back by ipat
 * @bar_wb: the guest's own tables make the BAR write-back
 * @guest_decides: the guest's own tables decide: no host with such CPUs overrules them
 * @boot_is_range: the kernel put the grant table into a range, where it is write-back
 */
struct xsp_facts {
	int range_error;
	bool host_ipat;
	bool bar_wb;
	bool guest_decides;
	bool boot_is_range;
};

/* The reason for a decision. */
enum xsp_why {
	XSP_WHY_RANGE,
	XSP_WHY_BAR_IPAT,
	XSP_WHY_BAR_WB,
	XSP_WHY_ASKED_IPAT,
	XSP_WHY_ASKED_WB,
	XSP_WHY_BOOT_RANGE,
	XSP_WHY_BOOT_UNCACHED,
	XSP_WHY_BOOT_UNSURE,
	XSP_WHY_BOOT_ASKED,
	XSP_WHY_NO_RANGE,
	XSP_WHY_RANGE_SMALL,
	XSP_WHY_BAR_UNCACHED,
	XSP_WHY_BAR_UNMAPPED,
	XSP_WHY_MOVE_FAILED,
	XSP_WHYS
};

/**
 * struct xsp_decision - what to do about a request
 * @placement: where to go; not XSP_AUTO
 * @error: 0, or the errno of the refusal
 * @why: the reason
 */
struct xsp_decision {
	enum xsp_placement placement;
	int error;
	enum xsp_why why;
};

struct xsp_decision xsp_policy_decide(enum xsp_placement request, const struct xsp_facts *facts);
const char *xsp_why_text(enum xsp_why why);

#endif
