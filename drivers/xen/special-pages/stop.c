// SPDX-License-Identifier: GPL-2.0-only
/* Change page tables while every CPU stands still, and let every CPU know. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/nmi.h>
#include <linux/stop_machine.h>

#include "compat/compat.h"
#include "fault.h"
#include "kernel.h"
#include "stop.h"
#include "tlbcheck.h"

#include "fault-calls.h"

/* Tells whether every CPU drops its TLB. */
static struct xsp_tlbcheck xsp_stop_check;

/**
 * struct xsp_stop - while every CPU is stopped
 * @lead: done by one CPU
 * @arg: for @lead
 * @claimed: the first CPU to set it leads
 * @done: the leader has finished, everyone can flush
 */
struct xsp_stop {
	void (*lead)(void *arg);
	void *arg;
	atomic_t claimed;
	int done;
};

static void xsp_lead(struct xsp_stop *stop)
{
	stop->lead(stop->arg);
	/* Last, or the others' TLBs could have the new entry by chance. */
	xsp_tlbcheck_switch(&xsp_stop_check);
	/* Pairs with the acquire in xsp_follow(): the new entries come before the flushes. */
	smp_store_release(&stop->done, 1);
}

/*
 * Wait for the leader, which is the first CPU that came.  It waits for the
 * hypervisor, which can take long; the watchdogs must not report a lockup.
 */
static void xsp_follow(struct xsp_stop *stop)
{
	/* Pairs with the leader's release. */
	while (!smp_load_acquire(&stop->done)) {
		xsp_tlbcheck_touch(&xsp_stop_check);
		touch_nmi_watchdog();
		compat_rcu_momentary_eqs();
		cpu_relax();
	}
}

/*
 * Runs on every CPU at once, interrupts off.  No CPU leaves before all have
 * flushed: stop_machine() waits for each of them.
 */
static int xsp_stopped(void *arg)
{
	struct xsp_stop *stop = arg;

	if (!atomic_xchg(&stop->claimed, 1))
		xsp_lead(stop);
	else
		xsp_follow(stop);
	touch_nmi_watchdog();
	if (!xsp_fault_keeps_tlb())
		xsp_kernel_flush_tlb();
	xsp_tlbcheck_verify(&xsp_stop_check);
	return 0;
}

/**
 * xsp_stop_cpus() - do something to page tables with every CPU stopped
 * @lead: runs on one CPU, interrupts off; flushes itself if it has to use new entries.
 *	It must not print: a console may need the pages that are being moved.
 * @arg: for @lead
 * @pause_ns: result: how long it took from asking every CPU to stop until all went on,
 *	in nanoseconds
 *
 * Context: process context, sleeps.  The caller serialises.
 * Return: 0, or an errno if the CPUs could not be stopped; @lead has not run then.
 */
int xsp_stop_cpus(void (*lead)(void *arg), void *arg, u64 *pause_ns)
{
	struct xsp_stop stop = { .lead = lead, .arg = arg };
	u64 start = ktime_get_ns();
	int err = stop_machine(xsp_stopped, &stop, cpu_online_mask);

	*pause_ns = ktime_get_ns() - start;
	xsp_tlbcheck_report(&xsp_stop_check);
	return err;
}

/**
 * xsp_stop_cpu_online() - a CPU has come up that was down in some moves
 *
 * Its TLB may have entries from before it went down; they must not be used.
 *
 * Context: on that CPU; no CPU is stopped.
 */
void xsp_stop_cpu_online(void)
{
	xsp_tlbcheck_verify(&xsp_stop_check);
	xsp_tlbcheck_report(&xsp_stop_check);
	xsp_kernel_flush_tlb();
}

/* Before the first xsp_stop_cpus().  Sleeps; 0, -ENOMEM or -EOPNOTSUPP. */
int xsp_stop_init(void)
{
	return xsp_tlbcheck_init(&xsp_stop_check);
}

/* Undo xsp_stop_init(). */
void xsp_stop_exit(void)
{
	xsp_tlbcheck_destroy(&xsp_stop_check);
}
