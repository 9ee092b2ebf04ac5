// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long accesses to special pages take, beside the same accesses to RAM that is
 * mapped write-back and to RAM that is mapped uncached.  What the figures mean is for
 * their reader to say.
 *
 * Nothing changes by it.  In the grant table, an entry is used that the kernel
 * reserves and nobody takes.  It is read.  It is written to only while its flags are
 * zero, which makes it invalid: then nobody reads the frame number in it, which gets
 * the value that it has.  The locked exchange replaces a value by the same value.
 */

#include <linux/compiler.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/set_memory.h>
#include <linux/slab.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <asm/msr.h>
#include <asm/tsc.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/xen.h>

#include "compat/compat.h"
#include "measure.h"
#include "samples.h"
#include "special.h"

#include "fault-calls.h"

/* The version of the file's format. */
#define XSP_MEASURE_FORMAT	1

/* The file is never longer; so the measurement is not repeated for a larger buffer. */
#define XSP_MEASURE_BYTES	(2 * PAGE_SIZE)

/* The last one of those that the kernel reserves; the first two have users. */
#define XSP_MEASURE_ENTRY	(GNTTAB_NR_RESERVED_ENTRIES - 1)

/*
 * Accesses in a sample: one alone is shorter than a step of some TSCs.  Few, because
 * a locked access to uncached memory locks the bus for all CPUs of the host.
 */
#define XSP_MEASURE_ACCESSES	8

/* Interrupts are off for so long, unless one sample takes longer. */
#define XSP_MEASURE_SLICE_US	50U

/* No round begins after that; samples may be missing then. */
#define XSP_MEASURE_ALL_MS	500

/* What is accessed. */
enum xsp_spot_id {
	XSP_SPOT_EMPTY,		/* nothing: what measuring itself takes */
	XSP_SPOT_GRANT_TABLE,	/* its first frame */
	XSP_SPOT_SHARED_INFO,
	XSP_SPOT_WB,		/* RAM that is mapped write-back */
	XSP_SPOT_UC,		/* RAM that is mapped uncached */
	XSP_SPOTS
};

enum xsp_access {
	XSP_ACCESS_LOAD,
	XSP_ACCESS_STORE,
	XSP_ACCESS_EXCHANGE,
	XSP_ACCESS_KINDS
};

static const char * const xsp_spot_names[XSP_SPOTS] = {
	[XSP_SPOT_EMPTY]	= "empty",
	[XSP_SPOT_GRANT_TABLE]	= "grant_table",
	[XSP_SPOT_SHARED_INFO]	= "shared_info",
	[XSP_SPOT_WB]		= "wb",
	[XSP_SPOT_UC]		= "uc",
};

static const char * const xsp_access_names[XSP_ACCESS_KINDS] = {
	[XSP_ACCESS_LOAD]	= "load",
	[XSP_ACCESS_STORE]	= "store",
	[XSP_ACCESS_EXCHANGE]	= "exchange",
};

/**
 * struct xsp_spot - a place in memory
 * @word: what is accessed, NULL if this guest does not have it
 * @flags: it is written to only while these are zero; NULL: never
 * @accesses: how many a sample has
 */
struct xsp_spot {
	u32 *word;
	const u16 *flags;
	unsigned int accesses;
};

/**
 * struct xsp_measure - a measurement
 * @spots: what is measured
 * @samples: the result
 * @wb_page: ordinary RAM
 */
struct xsp_measure {
	struct xsp_spot spots[XSP_SPOTS];
	struct xsp_samples samples[XSP_SPOTS][XSP_ACCESS_KINDS];
	void *wb_page;
};

/* RAM that is mapped uncached, once somebody has measured; the lock protects it. */
static void *xsp_uc_page;

/* Each address depends on the value before it: the CPU cannot overlap them. */
static u64 xsp_time_loads(u32 *word, unsigned int accesses)
{
	unsigned long index = 0, none = 0;
	u64 start;

	/* The compiler must not know that. */
	OPTIMIZER_HIDE_VAR(none);
	start = rdtsc_ordered();
	while (accesses--)
		index = READ_ONCE(word[index]) & none;
	OPTIMIZER_HIDE_VAR(index);
	return rdtsc_ordered() - start;
}

/* A store has taken place when the barrier has been passed. */
static u64 xsp_time_stores(u32 *word, unsigned int accesses)
{
	u32 same = READ_ONCE(*word);
	u64 start;

	start = rdtsc_ordered();
	while (accesses--)
		WRITE_ONCE(*word, same);
	mb();	/* wait for the stores, see above */
	return rdtsc_ordered() - start;
}

/* Locked on one CPU, too, where cmpxchg() is not.  If the word has changed, it stays. */
static u64 xsp_time_exchanges(u32 *word, unsigned int accesses)
{
	u32 same = READ_ONCE(*word);
	u64 start;

	start = rdtsc_ordered();
	while (accesses--)
		sync_cmpxchg(word, same, same);
	return rdtsc_ordered() - start;
}

static u64 (* const xsp_time[XSP_ACCESS_KINDS])(u32 *word, unsigned int accesses) = {
	[XSP_ACCESS_LOAD]	= xsp_time_loads,
	[XSP_ACCESS_STORE]	= xsp_time_stores,
	[XSP_ACCESS_EXCHANGE]	= xsp_time_exchanges,
};

static bool xsp_spot_allows(const struct xsp_spot *spot, enum xsp_access access)
{
	if (access == XSP_ACCESS_LOAD)
		return spot->word;
	return spot->flags && !READ_ONCE(*spot->flags);
}

/* Sample until the time is over, in TSC cycles; interrupts are off. */
static void xsp_measure_until(const struct xsp_spot *spot, enum xsp_access access,
			      struct xsp_samples *samples, u64 slice)
{
	u64 start = rdtsc_ordered(), took, longest = 0;

	/* Not counted: it finds neither the code nor the TLB's entry. */
	xsp_time[access](spot->word, 1);
	do {
		took = xsp_time[access](spot->word, spot->accesses);
		xsp_samples_add(samples, took);
		longest = max(longest, took);
	} while (!xsp_samples_full(samples) && rdtsc_ordered() - start + longest < slice);
}

/* Nobody else on this CPU runs meanwhile.  Returns whether there was something to do. */
static bool xsp_measure_slice(const struct xsp_spot *spot, enum xsp_access access,
			      struct xsp_samples *samples)
{
	u64 slice = div_u64((u64)tsc_khz * XSP_MEASURE_SLICE_US, USEC_PER_MSEC);
	bool allowed;

	if (xsp_samples_full(samples))
		return false;
	local_irq_disable();
	allowed = xsp_spot_allows(spot, access);
	if (allowed)
		xsp_measure_until(spot, access, samples, slice);
	local_irq_enable();
	cond_resched();
	return allowed;
}

/* One slice of each: what changes with time changes all of them. */
static bool xsp_measure_round(struct xsp_measure *measure)
{
	unsigned int spot, access;
	bool more = false;

	for (spot = 0; spot < XSP_SPOTS; spot++)
		for (access = 0; access < XSP_ACCESS_KINDS; access++)
			more |= xsp_measure_slice(&measure->spots[spot], access,
						  &measure->samples[spot][access]);
	return more;
}

static void xsp_measure_run(struct xsp_measure *measure)
{
	u64 end = ktime_get_ns() + XSP_MEASURE_ALL_MS * NSEC_PER_MSEC;

	while (xsp_measure_round(measure) && ktime_get_ns() < end)
		;
}

/* The entry of a grant frame, or the same place in another page. */
static struct xsp_spot xsp_spot_of_frame(void *frame, unsigned int accesses)
{
	struct grant_entry_v1 *entry = (struct grant_entry_v1 *)frame + XSP_MEASURE_ENTRY;

	return (struct xsp_spot){
		.word = &entry->frame,
		.flags = &entry->flags,
		.accesses = accesses,
	};
}

/* The wall clock's version: Xen changes it hardly ever. */
static struct xsp_spot xsp_spot_of_shared_info(const struct xsp_special *special)
{
	struct shared_info *info = special->pages.vaddr;

	if (special->refusal)
		return (struct xsp_spot){};
	return (struct xsp_spot){
		.word = &info->wc.version,
		.accesses = XSP_MEASURE_ACCESSES,
	};
}

/*
 * The page stays uncached until the driver is removed: to change its type, the kernel
 * splits a large page of the direct map, for good.  Once is enough.
 */
static int xsp_uc_page_make(void)
{
	unsigned long page;
	int err;

	if (xsp_uc_page)
		return 0;
	page = get_zeroed_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	err = set_memory_uc(page, 1);
	if (err)
		free_page(page);
	else
		xsp_uc_page = (void *)page;
	return err;
}

static int xsp_measure_prepare(struct xsp *xsp, struct xsp_measure *measure)
{
	void *table = xsp->special[XSP_GRANT_TABLE].pages.vaddr;
	struct xsp_spot *spots = measure->spots;

	measure->wb_page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!measure->wb_page)
		return -ENOMEM;
	spots[XSP_SPOT_EMPTY] = xsp_spot_of_frame(measure->wb_page, 0);
	spots[XSP_SPOT_GRANT_TABLE] = xsp_spot_of_frame(table, XSP_MEASURE_ACCESSES);
	spots[XSP_SPOT_SHARED_INFO] = xsp_spot_of_shared_info(&xsp->special[XSP_SHARED_INFO]);
	spots[XSP_SPOT_WB] = xsp_spot_of_frame(measure->wb_page, XSP_MEASURE_ACCESSES);
	spots[XSP_SPOT_UC] = xsp_spot_of_frame(xsp_uc_page, XSP_MEASURE_ACCESSES);
	return 0;
}

/* 0, or why there can be no measurement now. */
static int xsp_measure_refusal(const struct xsp *xsp)
{
	if (xsp->refusal || !tsc_khz)
		return -EOPNOTSUPP;
	if (xsp->suspended)
		return -EBUSY;
	return xsp_specials_state(xsp) == XSP_STATE_FAILED ? -EIO : 0;
}

/* The type that the page tables give a page, if a 4 KiB entry maps it. */
static const char *xsp_measure_memtype(const struct xsp *xsp, const void *page)
{
	pte_t *ptep = xsp->machine.kernel->pte((unsigned long)page);

	if (!ptep)
		return xsp_memtype_name(XSP_MEMTYPE_UNKNOWN);
	return xsp_memtype_name(xsp_memtype_of_pte(pte_val(*ptep), xsp->machine.xen->read_pat()));
}

/* What the samples are about; the lock is held. */
static void xsp_measure_print_facts(struct seq_file *file, const struct xsp *xsp)
{
	const struct xsp_pages *table = &xsp->special[XSP_GRANT_TABLE].pages;
	const struct grant_entry_v1 *entry = table->vaddr;

	seq_printf(file, "format %u\n", XSP_MEASURE_FORMAT);
	seq_printf(file, "tsc_khz %u\n", tsc_khz);
	seq_printf(file, "accesses %u\n", XSP_MEASURE_ACCESSES);
	seq_printf(file, "grant_table.gfn 0x%lx\n", table->gfn[0]);
	seq_printf(file, "grant_table.memory_type %s\n", xsp_measure_memtype(xsp, table->vaddr));
	seq_printf(file, "grant_table.entry %u\n", XSP_MEASURE_ENTRY);
	seq_printf(file, "grant_table.entry_flags 0x%x\n",
		   READ_ONCE(entry[XSP_MEASURE_ENTRY].flags));
	seq_printf(file, "uc.memory_type %s\n", xsp_measure_memtype(xsp, xsp_uc_page));
}

static void xsp_measure_print_time(struct seq_file *file, unsigned int spot, unsigned int access,
				   const char *what, u64 cycles)
{
	seq_printf(file, "%s.%s.%s_cycles %llu\n", xsp_spot_names[spot], xsp_access_names[access],
		   what, cycles);
	seq_printf(file, "%s.%s.%s_ns %llu\n", xsp_spot_names[spot], xsp_access_names[access],
		   what, xsp_cycles_to_ns(cycles, tsc_khz));
}

/* Of one kind of accesses to one place; nothing if there was none. */
static void xsp_measure_print_samples(struct seq_file *file, unsigned int spot,
				      unsigned int access, struct xsp_samples *samples)
{
	if (!samples->nr)
		return;
	xsp_samples_sort(samples);
	seq_printf(file, "%s.%s.samples %u\n", xsp_spot_names[spot], xsp_access_names[access],
		   samples->nr);
	xsp_measure_print_time(file, spot, access, "median", xsp_samples_percentile(samples, 50));
	xsp_measure_print_time(file, spot, access, "p99", xsp_samples_percentile(samples, 99));
}

static void xsp_measure_print(struct seq_file *file, struct xsp_measure *measure)
{
	unsigned int spot, access;

	for (spot = 0; spot < XSP_SPOTS; spot++)
		for (access = 0; access < XSP_ACCESS_KINDS; access++)
			xsp_measure_print_samples(file, spot, access,
						  &measure->samples[spot][access]);
}

/* The lock is held, so nothing moves. */
static int xsp_measure_locked(struct seq_file *file, struct xsp *xsp, struct xsp_measure *measure)
{
	int err = xsp_measure_refusal(xsp);

	if (!err)
		err = xsp_uc_page_make();
	if (!err)
		err = xsp_measure_prepare(xsp, measure);
	if (err)
		return err;
	xsp_measure_run(measure);
	xsp_measure_print_facts(file, xsp);
	return 0;
}

/* Each reader gets a measurement of its own.  All times are those of a whole sample. */
static int xsp_measure_show(struct seq_file *file, void *unused)
{
	struct xsp_measure *measure = kvzalloc(sizeof(*measure), GFP_KERNEL);
	struct xsp *xsp = file->private;
	int err;

	if (!measure)
		return -ENOMEM;
	mutex_lock(&xsp->lock);
	err = xsp_measure_locked(file, xsp, measure);
	mutex_unlock(&xsp->lock);
	if (!err)
		xsp_measure_print(file, measure);
	free_page((unsigned long)measure->wb_page);
	kvfree(measure);
	return err;
}

static int xsp_measure_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, xsp_measure_show, inode->i_private, XSP_MEASURE_BYTES);
}

static const struct file_operations xsp_measure_fops = {
	.owner = THIS_MODULE,
	.open = xsp_measure_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * xsp_measure_init() - offer measurements to root
 * @xsp: the driver's state
 * @dir: where the file goes, in debugfs; without debugfs there is none
 *
 * Context: process context, sleeps.
 */
void xsp_measure_init(struct xsp *xsp, struct dentry *dir)
{
	debugfs_create_file("measure", 0400, dir, xsp, &xsp_measure_fops);
}

/**
 * xsp_measure_exit() - give back what measurements have left
 *
 * Context: process context, sleeps; the file has been removed.
 */
void xsp_measure_exit(void)
{
	unsigned long page = (unsigned long)xsp_uc_page;

	/* Rather lose a page than let it be used uncached. */
	if (page && !set_memory_wb(page, 1))
		free_page(page);
	xsp_uc_page = NULL;
}
