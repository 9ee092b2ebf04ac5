// SPDX-License-Identifier: GPL-2.0-only
/* Change page tables while every CPU stands still, and let every CPU know. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/sched/clock.h>
#include <linux/stop_machine.h>

#include "kernel.h"
#include "stop.h"
#include "tlbcheck.h"

/**
 * struct xsp_stop - while every CPU is stopped
 * @lead: done by one CPU
 * @arg: for @lead
 * @check: tells whether every CPU drops its TLB
 * @claimed: the first CPU to set it leads
 * @done: the leader has finished, everyone can flush
 * @pause_ns: how long it took the leader, in nanoseconds
 */
struct xsp_stop {
	void (*lead)(void *arg);
	void *arg;
	struct xsp_tlbcheck *check;
	atomic_t claimed;
	int done;
	u64 pause_ns;
};

static void xsp_lead(struct xsp_stop *stop)
{
	u64 start = local_clock();

	stop->lead(stop->arg);
	/* Last, or the others' TLBs could have the new entry by chance. */
	xsp_tlbcheck_switch(stop->check);
	stop->pause_ns = local_clock() - start;
	/* Pairs with the acquire in xsp_follow(): the new entries come before the flushes. */
	smp_store_release(&stop->done, 1);
}

static void xsp_follow(struct xsp_stop *stop)
{
	/* Pairs with the leader's release. */
	while (!smp_load_acquire(&stop->done)) {
		xsp_tlbcheck_touch(stop->check);
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
	xsp_kernel_flush_tlb();
	xsp_tlbcheck_verify(stop->check);
	return 0;
}

/**
 * xsp_stop_cpus() - do something to page tables with every CPU stopped
 * @lead: runs on one CPU, interrupts off; flushes itself if it has to use new entries
 * @arg: for @lead
 * @check: prepared with xsp_tlbcheck_init()
 * @pause_ns: how long it took, in nanoseconds
 *
 * Context: process context, sleeps.  The caller serialises.
 * Return: 0, or the errno with which stopping failed; @lead has not run then.
 */
int xsp_stop_cpus(void (*lead)(void *arg), void *arg, struct xsp_tlbcheck *check,
		  u64 *pause_ns)
{
	struct xsp_stop stop = { .lead = lead, .arg = arg, .check = check };
	int err = stop_machine(xsp_stopped, &stop, cpu_online_mask);

	xsp_tlbcheck_report(check);
	*pause_ns = stop.pause_ns;
	return err;
}
