/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SPECIAL_PAGES_H
#define XSP_SPECIAL_PAGES_H

#include <linux/mutex.h>
#include <linux/pci.h>

#include "host.h"
#include "locate.h"
#include "move.h"
#include "policy.h"
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

/**
 * struct xsp - the driver's state
 * @pdev: the Xen platform PCI device, NULL if the guest has none
 * @sources: where to look for a range, in that order
 * @nr_sources: entries of @sources
 * @lock: protects everything below; taken by sysfs, suspend and removal
 * @refusal: why this guest's pages cannot be moved, NULL if they can
 * @request: the placement that was asked for
 * @state: the placement that is
 * @why: why @state and not another
 * @window_why: why there is no window
 * @window_err: 0 if there is a window, else -ENODEV or -ENOSPC
 * @suspended: between suspend and resume
 * @host: what the hypervisor advertises
 * @bar: the memory BAR of @pdev
 * @table: the grant table
 * @boot: where the kernel put it
 * @window: the range in use
 * @mover: moves @table
 * @stats: counters
 */
struct xsp {
	struct pci_dev *pdev;
	enum xsp_source sources[XSP_SOURCES];
	unsigned int nr_sources;

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
	struct xsp_table table;
	struct xsp_place boot;
	struct xsp_window window;
	struct xsp_mover mover;
	struct xsp_stats stats;
};

#endif
