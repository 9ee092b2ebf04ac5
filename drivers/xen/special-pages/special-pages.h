/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_SPECIAL_PAGES_H
#define XSP_SPECIAL_PAGES_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "host.h"
#include "move.h"
#include "pages.h"
#include "policy.h"
#include "state.h"
#include "window.h"
#include "xen-ops.h"

struct pci_dev;

/**
 * struct xsp_stats - counters since the driver was loaded
 * @moves: moves that succeeded
 * @failed_moves: moves that failed
 * @last_pause_ns: how long the last move, failed or not, kept the CPUs stopped, nanoseconds
 * @max_pause_ns: the longest such pause, nanoseconds
 */
struct xsp_stats {
	u64 moves;
	u64 failed_moves;
	u64 last_pause_ns;
	u64 max_pause_ns;
};

/**
 * struct xsp_special - special pages of one kind, and where they can be
 * @refusal: why these cannot be moved, NULL if they can
 * @unwanted: the administrator does not want these moved
 * @stay: why these stay in the boot placement although others move; NULL if they move
 * @pages: the pages
 * @boot: where the kernel put them
 * @range: their part of the window, for the first of them; empty if there is none
 * @mover: moves @pages
 */
struct xsp_special {
	const char *refusal;
	bool unwanted;
	const char *stay;
	struct xsp_pages pages;
	struct xsp_mapping boot;
	struct xsp_mapping range;
	struct xsp_mover mover;
};

/**
 * struct xsp_machine - what the driver runs on; the tests have a made-up one
 * @xen: the hypervisor's calls
 * @kernel: what a move asks of the kernel
 * @kinds: the kinds of special pages
 * @takes: what takes frames, for each source
 */
struct xsp_machine {
	const struct xsp_xen_ops *xen;
	const struct xsp_kernel_ops *kernel;
	const struct xsp_kind *kinds[XSP_SPECIALS];
	const xsp_take_t *takes;
};

/**
 * struct xsp - the driver's state
 * @machine: what the driver runs on
 * @pdev: the Xen platform PCI device, NULL if the guest has none
 * @bar: its memory BAR
 * @sources: where to look for a range, in that order
 * @nr_sources: entries of @sources
 * @pause_warn_us: the log says so if a move stops the CPUs for longer, microseconds; 0 never
 * @guest_decides: with these CPUs, the guest's own memory types always count
 * @lock: protects everything below; taken by requests, readers, suspend and resume,
 *	kexec and the repair
 * @unmovable: why this guest's pages cannot be moved, NULL if they can
 * @refusal: the same on this host: @unmovable, or what the host does differently
 * @request: the placement that was asked for
 * @resting: what the boot placement is called: XSP_BOOT, or XSP_BAR if it is write-back
 * @why: why the placement is this one and not another
 * @window_why: why there is no window, or no larger one
 * @window_err: 0 if there is a window, else -ENODEV, -ENOSPC or -ENOMEM
 * @moving: a move is under way
 * @suspended: between suspend and resume, or another kernel is about to take over
 * @veto: the guest must not be suspended as it is
 * @went_back: all pages went back for a suspend, so the kernel may choose other addresses
 *	for its boot placement when it resumes
 * @pinned: the module cannot be removed
 * @host: what the hypervisor advertises
 * @special: what there is to move
 * @window: the range in use
 * @stats: counters
 * @repair: tries to get back what the host took
 * @growth: sees the grant table grow beyond the range
 * @grown: the log says that the grant table has grown beyond the range
 */
struct xsp {
	struct xsp_machine machine;
	struct pci_dev *pdev;
	struct xsp_range bar;
	enum xsp_source sources[XSP_SOURCES];
	unsigned int nr_sources;
	unsigned int pause_warn_us;
	bool guest_decides;

	/* Serialises all changes of the placement; a reader sees no change in progress. */
	struct mutex lock;
	const char *unmovable;
	const char *refusal;
	enum xsp_placement request;
	enum xsp_placement resting;
	enum xsp_why why;
	char window_why[XSP_WHY_BYTES];
	int window_err;
	bool moving;
	bool suspended;
	bool veto;
	bool went_back;
	bool pinned;
	struct xsp_host host;
	struct xsp_special special[XSP_SPECIALS];
	struct xsp_window window;
	struct xsp_stats stats;
	struct delayed_work repair;
	struct delayed_work growth;
	bool grown;
};

#endif
