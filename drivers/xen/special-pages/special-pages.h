/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SPECIAL_PAGES_H
#define XSP_SPECIAL_PAGES_H

#include <linux/mutex.h>
#include <linux/pci.h>

#include "host.h"
#include "leaf.h"
#include "move.h"
#include "pages.h"
#include "policy.h"
#include "tlbcheck.h"
#include "window.h"

/**
 * struct xsp_stats - counters since the driver was loaded
 * @moves: moves that succeeded
 * @failed_moves: moves that were rolled back
 * @last_pause_ns: how long the last move kept the CPUs stopped, nanoseconds
 * @max_pause_ns: the longest such pause, nanoseconds
 */
struct xsp_stats {
	u64 moves;
	u64 failed_moves;
	u64 last_pause_ns;
	u64 max_pause_ns;
};

/* What there is to move.  A driver that cannot move the first moves nothing. */
enum xsp_special_id {
	XSP_GRANT_TABLE,
	XSP_SHARED_INFO,
	XSP_SPECIALS
};

/**
 * struct xsp_special - special pages of one kind, and where they can be
 * @refusal: why these cannot be moved, NULL if they can
 * @pages: the pages
 * @boot: where the kernel put them
 * @range: their part of the window; empty if there is none
 * @stays: they stay at boot this time, because of what the last attempt met
 * @mover: moves @pages
 */
struct xsp_special {
	const char *refusal;
	struct xsp_pages pages;
	struct xsp_mapping boot;
	struct xsp_mapping range;
	bool stays;
	struct xsp_mover mover;
};

/**
 * struct xsp - the driver's state
 * @pdev: the Xen platform PCI device, NULL if the guest has none
 * @sources: where to look for a range, in that order
 * @nr_sources: entries of @sources
 * @want_shared_info: shared_info is to be moved, too
 * @lock: protects everything below; taken by sysfs, suspend and removal
 * @refusal: why this guest's pages cannot be moved, NULL if they can
 * @request: the placement that was asked for
 * @state: the placement that is
 * @why: why @state and not another
 * @window_why: why there is no window
 * @window_err: 0 if there is a window, else -ENODEV, -ENOSPC or -ENOMEM
 * @suspended: between suspend and resume, or shutting down
 * @host: what the hypervisor advertises
 * @bar: the memory BAR of @pdev
 * @check: tells whether every CPU drops its TLB
 * @leaves: large mappings of the grant table, split into pages
 * @special: what there is to move
 * @window: the range in use
 * @stats: counters
 */
struct xsp {
	struct pci_dev *pdev;
	enum xsp_source sources[XSP_SOURCES];
	unsigned int nr_sources;
	bool want_shared_info;

	/* Serialises requests, suspend, resume; readers see one moment. */
	struct mutex lock;
	const char *refusal;
	enum xsp_placement request;
	enum xsp_placement state;
	enum xsp_why why;
	char window_why[XSP_WHY_BYTES];
	int window_err;
	bool suspended;
	struct xsp_host host;
	struct xsp_range bar;
	struct xsp_tlbcheck check;
	struct xsp_leaves leaves;
	struct xsp_special special[XSP_SPECIALS];
	struct xsp_window window;
	struct xsp_stats stats;
};

#endif
