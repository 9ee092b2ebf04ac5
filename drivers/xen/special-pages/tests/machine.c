// SPDX-License-Identifier: GPL-2.0-only
/* A made-up hypervisor and kernel: see machine.h. */

#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kmsg_dump.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/vmstat.h>
#include <linux/workqueue.h>

#include "machine.h"

/* Where the kernel sees special pages; nobody but this file looks there. */
#define XSP_MODEL_VADDR(id)	(((unsigned long)(id) + 1) << 24)

/* The PAT after a reset: both halves are the same.  And the bits that select UC. */
#define XSP_MODEL_PAT		0x0007040600070406ULL
#define XSP_MODEL_UC		(BIT(3) | BIT(4))

/* What a read of an empty frame answers, and of RAM. */
#define XSP_MODEL_NOTHING	(~0ULL)
#define XSP_MODEL_OTHER		0x1234ULL

/* Memory types by MTRR: all of it is WB. */
#define XSP_MODEL_MTRRS_WB	(BIT_ULL(11) | XSP_MEMTYPE_WB)

/* The tests run one after another. */
static struct xsp_model *xsp_model;

void xsp_model_wrong(struct xsp_model *model, const char *format, ...)
{
	va_list args;

	if (model->wrong[0])
		return;
	va_start(args, format);
	vscnprintf(model->wrong, sizeof(model->wrong), format, args);
	va_end(args);
}

int xsp_model_quiet(void)
{
	int level = console_loglevel;

	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
	return level;
}

void xsp_model_loud(int level)
{
	console_loglevel = level;
}

/* --- failures --- */

/* The failure that happens at this point now, NULL if none does. */
static const struct xsp_model_fault *xsp_model_fault(enum xsp_model_point point)
{
	const struct xsp_model_fault *fault;
	unsigned int i, now = ++xsp_model->count[point];

	if (xsp_model->in_act && !mutex_is_locked(&xsp_model->xsp.lock))
		xsp_model_wrong(xsp_model, "does point %u without the lock", point);
	for (i = 0; i < XSP_MODEL_FAULTS; i++) {
		fault = &xsp_model->faults[i];
		if (fault->point != point || !fault->first || now < fault->first ||
		    now - fault->first >= fault->nr)
			continue;
		xsp_model->hits[point]++;
		return fault;
	}
	return NULL;
}

void xsp_model_heal(struct xsp_model *model)
{
	memset(model->faults, 0, sizeof(model->faults));
}

/* --- the hypervisor --- */

static enum xsp_special_id xsp_model_id(enum xsp_space space)
{
	return space == XSP_SPACE_GRANT_TABLE ? XSP_GRANT_TABLE : XSP_SHARED_INFO;
}

/* The frame loses what it holds: RAM goes back to the host. */
static void xsp_model_empty(unsigned long gfn)
{
	struct xsp_model_frame *frame = &xsp_model->frames[gfn];

	if (frame->what == XSP_MODEL_SPECIAL)
		xsp_model->pages[frame->id].where[frame->page] = XSP_MODEL_NOWHERE;
	if (frame->what == XSP_MODEL_RAM)
		xsp_model->spare++;
	*frame = (struct xsp_model_frame){ .what = XSP_MODEL_EMPTY };
}

static void xsp_model_take_away(enum xsp_special_id id, unsigned int page)
{
	unsigned long gfn = xsp_model->pages[id].where[page];

	if (gfn != XSP_MODEL_NOWHERE)
		xsp_model_empty(gfn);
}

/* As Xen does it: the page leaves its old frame, then it appears at the new one. */
static void xsp_model_put(enum xsp_special_id id, unsigned int page, unsigned long gfn)
{
	if (xsp_model->in_stop && xsp_model->frames[gfn].what == XSP_MODEL_RAM)
		xsp_model_wrong(xsp_model, "RAM at 0x%lx goes while all CPUs are stopped", gfn);
	xsp_model_take_away(id, page);
	xsp_model_empty(gfn);
	xsp_model->frames[gfn] = (struct xsp_model_frame){
		.what = XSP_MODEL_SPECIAL,
		.id = id,
		.page = page,
	};
	xsp_model->pages[id].where[page] = gfn;
}

/* The answer is "done", but it is the next page, or nothing if there is no other. */
static void xsp_model_lie(enum xsp_special_id id, unsigned int page, unsigned long gfn)
{
	unsigned int nr = xsp_model->pages[id].nr;

	if (nr > 1)
		xsp_model_put(id, (page + 1) % nr, gfn);
}

/* The answer to a request for one page: 0, a negative errno, or a positive number. */
static int xsp_model_try(enum xsp_special_id id, unsigned int page, unsigned long gfn,
			 const struct xsp_model_fault *fault)
{
	if (page >= xsp_model->pages[id].nr || gfn >= XSP_MODEL_GFNS) {
		xsp_model_wrong(xsp_model, "asked to map page %u at 0x%lx", page, gfn);
		return -EINVAL;
	}
	if (!fault) {
		xsp_model_put(id, page, gfn);
		return 0;
	}
	switch (fault->how) {
	case XSP_MODEL_LIE:
		xsp_model_lie(id, page, gfn);
		return 0;
	case XSP_MODEL_TAKE:
		xsp_model_take_away(id, page);
		return -ENOMEM;
	case XSP_MODEL_ABSURD:
		return 7;
	case XSP_MODEL_PRETEND:
		return 0;
	default:
		return -ENOMEM;
	}
}

static void xsp_model_map_batch(struct xsp_batch *batch)
{
	enum xsp_special_id id = xsp_model_id(batch->space);
	const struct xsp_model_fault *fault;
	unsigned int i;

	for (i = 0; i < batch->nr; i++) {
		fault = xsp_model_fault(XSP_MODEL_MAP);
		if (fault && fault->how == XSP_MODEL_BREAK)
			return;
		batch->err[i] = xsp_model_try(id, batch->idx[i], batch->gfns[i], fault);
	}
}

static void xsp_model_map_batches(struct xsp_batch *batches, unsigned int nr)
{
	unsigned int i;

	if (!xsp_model->in_stop)
		xsp_model_wrong(xsp_model, "pages are moved while CPUs run");
	for (i = 0; i < nr; i++)
		xsp_model_map_batch(&batches[i]);
}

static int xsp_model_map(enum xsp_space space, unsigned long idx, unsigned long gfn)
{
	int err = xsp_model_try(xsp_model_id(space), idx, gfn,
				xsp_model_fault(XSP_MODEL_MAP));

	return err > 0 ? -EIO : err;
}

static void xsp_model_unmap(unsigned long gfn)
{
	xsp_model_empty(gfn);
}

/* Frames of the machine that runs the tests are not this machine's. */
static unsigned int xsp_model_populate(unsigned int nr, unsigned long *gfns)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (xsp_model_fault(XSP_MODEL_POPULATE) || !xsp_model->spare ||
		    gfns[i] >= XSP_MODEL_GFNS)
			break;
		if (xsp_model->frames[gfns[i]].what != XSP_MODEL_EMPTY)
			xsp_model_wrong(xsp_model, "RAM for 0x%lx, which is not empty", gfns[i]);
		xsp_model_empty(gfns[i]);
		xsp_model->frames[gfns[i]].what = XSP_MODEL_RAM;
		xsp_model->spare--;
	}
	return i;
}

static unsigned int xsp_model_release(unsigned int nr, unsigned long *gfns)
{
	unsigned int i;

	for (i = 0; i < nr && gfns[i] < XSP_MODEL_GFNS; i++)
		xsp_model_empty(gfns[i]);
	return i;
}

static unsigned long xsp_model_spare_pages(void)
{
	return xsp_model->spare;
}

/* For Xen a special page is RAM. */
static int xsp_model_mem_type(unsigned long gfn)
{
	if (xsp_model->mute || gfn >= XSP_MODEL_GFNS)
		return -EIO;
	return xsp_model->frames[gfn].what == XSP_MODEL_EMPTY ? XSP_MEM_EMPTY : XSP_MEM_RAM;
}

static int xsp_model_grant_frames(void)
{
	const struct xsp_model_fault *fault = xsp_model_fault(XSP_MODEL_FRAMES);

	if (!fault)
		return xsp_model->pages[XSP_GRANT_TABLE].nr;
	switch (fault->how) {
	case XSP_MODEL_ABSURD:
		return 0;
	case XSP_MODEL_LIE:
		return xsp_model->pages[XSP_GRANT_TABLE].nr - 1;
	default:
		return -EIO;
	}
}

static bool xsp_model_is_v1(void)
{
	return !xsp_model->v2;
}

static int xsp_model_event_channel_op(int cmd, void *arg)
{
	return -EOPNOTSUPP;
}

static void xsp_model_read_host(struct xsp_host *host)
{
	*host = (struct xsp_host){ .known = true, .ipat = xsp_model->ipat };
}

static u64 xsp_model_read_pat(void)
{
	return XSP_MODEL_PAT;
}

static void xsp_model_read_mtrrs(struct xsp_mtrrs *mtrrs)
{
	*mtrrs = (struct xsp_mtrrs){ .present = true, .def_type = XSP_MODEL_MTRRS_WB };
}

static const struct xsp_xen_ops xsp_model_xen = {
	.map_batches = xsp_model_map_batches,
	.map = xsp_model_map,
	.unmap = xsp_model_unmap,
	.populate = xsp_model_populate,
	.release = xsp_model_release,
	.spare_pages = xsp_model_spare_pages,
	.mem_type = xsp_model_mem_type,
	.grant_frames = xsp_model_grant_frames,
	.grant_table_is_v1 = xsp_model_is_v1,
	.event_channel_op = xsp_model_event_channel_op,
	.read_host = xsp_model_read_host,
	.read_pat = xsp_model_read_pat,
	.read_mtrrs = xsp_model_read_mtrrs,
};

/* --- the kernel --- */

static enum xsp_special_id xsp_model_vaddr_id(unsigned long vaddr)
{
	return vaddr < XSP_MODEL_VADDR(XSP_SHARED_INFO) ? XSP_GRANT_TABLE : XSP_SHARED_INFO;
}

static unsigned int xsp_model_vaddr_page(unsigned long vaddr)
{
	return (vaddr - XSP_MODEL_VADDR(xsp_model_vaddr_id(vaddr))) >> PAGE_SHIFT;
}

static pte_t *xsp_model_pte(unsigned long vaddr)
{
	struct xsp_model_pages *pages = &xsp_model->pages[xsp_model_vaddr_id(vaddr)];

	if (xsp_model->pte_moved)
		return &pages->tlb[xsp_model_vaddr_page(vaddr)];
	return &pages->pte[xsp_model_vaddr_page(vaddr)];
}

static void xsp_model_flush_tlb(void)
{
	unsigned int id;

	for (id = 0; id < XSP_SPECIALS; id++)
		memcpy(xsp_model->pages[id].tlb, xsp_model->pages[id].pte,
		       sizeof(xsp_model->pages[id].tlb));
}

/* The content of the page that the CPU sees at an address. */
static u64 xsp_model_read(const void *vaddr)
{
	unsigned long at = (unsigned long)vaddr;
	enum xsp_special_id id = xsp_model_vaddr_id(at);
	pte_t pte = xsp_model->pages[id].tlb[xsp_model_vaddr_page(at)];
	const struct xsp_model_frame *frame = &xsp_model->frames[pte_pfn(pte)];

	switch (frame->what) {
	case XSP_MODEL_SPECIAL:
		return (frame->id + 1) << 8 | frame->page;
	case XSP_MODEL_RAM:
		return XSP_MODEL_OTHER;
	default:
		return XSP_MODEL_NOTHING;
	}
}

bool xsp_model_due(const struct delayed_work *work, unsigned long start, unsigned int seconds)
{
	unsigned long wait = seconds * HZ;

	return delayed_work_pending(work) &&
	       time_in_range(work->timer.expires, start + wait, jiffies + wait);
}

unsigned long xsp_model_slab_bytes(void)
{
	return global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) * PAGE_SIZE;
}

void xsp_model_log_mark(struct kmsg_dump_iter *mark)
{
	kmsg_dump_rewind(mark);
	mark->cur_seq = mark->next_seq;
}

unsigned int xsp_model_log_count(const struct kmsg_dump_iter *mark, const char *text)
{
	static char line[4 * XSP_MODEL_TEXT];
	struct kmsg_dump_iter now, at = *mark;
	unsigned int lines = 0;
	size_t len;

	kmsg_dump_rewind(&now);
	at.next_seq = now.next_seq;
	while (kmsg_dump_get_line(&at, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		lines += !!strstr(line, text);
	}
	return lines;
}

/* Where nobody else can print, tell whether anything was printed since @start. */
static void xsp_model_check_silence(struct kmsg_dump_iter *start)
{
	static char line[XSP_MODEL_TEXT / 2];
	size_t len = 0;

	if (IS_ENABLED(CONFIG_SMP))
		return;
	if (kmsg_dump_get_line(start, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		xsp_model_wrong(xsp_model, "printed while all CPUs are stopped: %s", line);
	}
}

/* A length of its own for each stop, and the longest is neither the first nor the last. */
static void xsp_model_pause(u64 *pause_ns)
{
	*pause_ns = (20 + xsp_model->count[XSP_MODEL_STOP] * 37 % 50) * NSEC_PER_USEC + 1;
	xsp_model->last_pause = *pause_ns;
	xsp_model->max_pause = max(xsp_model->max_pause, *pause_ns);
}

static int xsp_model_stop_cpus(void (*lead)(void *arg), void *arg, u64 *pause_ns)
{
	struct kmsg_dump_iter start = {};
	bool fails = xsp_model_fault(XSP_MODEL_STOP);
	unsigned int maps = xsp_model->count[XSP_MODEL_MAP];
	unsigned long flags;

	xsp_model_pause(pause_ns);
	if (fails)
		return -EAGAIN;
	xsp_model->pte_moved = xsp_model_fault(XSP_MODEL_PTE);
	xsp_model->in_stop = true;
	local_irq_save(flags);
	xsp_model_log_mark(&start);
	lead(arg);
	xsp_model_check_silence(&start);
	xsp_model_flush_tlb();
	local_irq_restore(flags);
	if (xsp_model->pte_moved && xsp_model->count[XSP_MODEL_MAP] != maps)
		xsp_model_wrong(xsp_model, "moved although the page tables are others");
	xsp_model->in_stop = false;
	xsp_model->pte_moved = false;
	return 0;
}

static const struct xsp_kernel_ops xsp_model_kernel = {
	.stop_cpus = xsp_model_stop_cpus,
	.flush_tlb = xsp_model_flush_tlb,
	.pte = xsp_model_pte,
};

/* The kernel maps another grant frame, at the frame that its record has for it. */
bool xsp_model_grow(struct xsp_model *model)
{
	struct xsp_model_pages *pages = &model->pages[XSP_GRANT_TABLE];

	if (pages->nr == pages->max)
		return false;
	xsp_model_put(XSP_GRANT_TABLE, pages->nr, pages->gfn[pages->nr]);
	pages->nr++;
	return true;
}

/* --- the kinds --- */

static const char *xsp_model_locate(struct xsp_pages *pages, enum xsp_special_id id)
{
	struct xsp_model_pages *model = &xsp_model->pages[id];

	if (model->missing)
		return model->missing;
	pages->vaddr = (void *)XSP_MODEL_VADDR(id);
	pages->gfn = model->gfn;
	pages->max = model->max;
	return xsp_pages_collect_ptes(pages, xsp_model_pte) ? "out of memory" : NULL;
}

static const char *xsp_model_locate_grant_table(struct xsp_pages *pages,
						const struct xsp_range *bar)
{
	return xsp_model_locate(pages, XSP_GRANT_TABLE);
}

static const char *xsp_model_locate_shared_info(struct xsp_pages *pages,
						const struct xsp_range *bar)
{
	return xsp_model_locate(pages, XSP_SHARED_INFO);
}

static int xsp_model_grant_table_in_use(const struct xsp_pages *pages)
{
	return pages->xen->grant_frames();
}

static int xsp_model_shared_info_in_use(const struct xsp_pages *pages)
{
	return pages->max;
}

static void xsp_model_sample(const void *page, struct xsp_sample *sample)
{
	*sample = (struct xsp_sample){ .value = xsp_model_read(page) };
}

static bool xsp_model_recognise(const void *page, const struct xsp_sample *sample)
{
	return xsp_model_read(page) == sample->value;
}

static const char *xsp_model_stay(const struct xsp_pages *pages)
{
	return pages->xen->spare_pages() ? NULL : "no page to spare";
}

static void xsp_model_returning(const struct xsp_pages *pages, const struct xsp_mapping *to)
{
	if (pages->xen->mem_type(to->gfn[0]) == XSP_MEM_RAM)
		pages->xen->release(1, to->gfn);
}

static int xsp_model_vacated(const struct xsp_pages *pages, const struct xsp_mapping *left)
{
	if (pages->xen->mem_type(left->gfn[0]) == XSP_MEM_RAM)
		return 0;
	return pages->xen->populate(1, left->gfn) ? 0 : -ENOMEM;
}

static const struct xsp_kind xsp_model_grant_table = {
	.name = "grant table",
	.space = XSP_SPACE_GRANT_TABLE,
	.locate = xsp_model_locate_grant_table,
	.release = xsp_pages_release,
	.in_use = xsp_model_grant_table_in_use,
	.sample = xsp_model_sample,
	.recognise = xsp_model_recognise,
};

static const struct xsp_kind xsp_model_shared_info = {
	.name = "shared_info",
	.space = XSP_SPACE_SHARED_INFO,
	.locate = xsp_model_locate_shared_info,
	.release = xsp_pages_release,
	.in_use = xsp_model_shared_info_in_use,
	.sample = xsp_model_sample,
	.recognise = xsp_model_recognise,
	.stay = xsp_model_stay,
	.returning = xsp_model_returning,
	.vacated = xsp_model_vacated,
};

/* --- the sources --- */

/* Nothing may be mapped in frames that are given back. */
static void xsp_model_piece_release(struct xsp_piece *piece)
{
	unsigned int i;

	for (i = 0; i < piece->taken.pages; i++)
		if (xsp_model->frames[piece->taken.gfn + i].what == XSP_MODEL_SPECIAL)
			xsp_model_wrong(xsp_model, "frame 0x%llx is given back with a page in it",
					piece->taken.gfn + i);
	xsp_model->pieces--;
}

static int xsp_model_piece_take(struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	unsigned int i;

	for (i = 0; i < mapping->nr; i++) {
		mapping->gfn[i] = piece->taken.gfn + i;
		mapping->pte[i] = pfn_pte(piece->taken.gfn + i, PAGE_KERNEL);
	}
	piece->release = xsp_model_piece_release;
	xsp_model->pieces++;
	return 0;
}

static void xsp_model_take(struct xsp_window *window, enum xsp_source source,
			   const struct xsp_range *range, const char **why)
{
	struct xsp_piece piece = { .source = source };
	u64 taken;

	if (xsp_model->in_resume != !!(current->flags & PF_MEMALLOC_NOIO))
		xsp_model_wrong(xsp_model, "allocates memory %s the help of block devices",
				xsp_model->in_resume ? "with" : "without");
	*why = range->pages ? "too small" : "has nothing";
	for (taken = 0; taken < range->pages && xsp_window_missing(window);
	     taken += piece.taken.pages) {
		piece.taken.gfn = range->gfn + taken;
		piece.taken.pages = min3(range->pages - taken, (u64)XSP_MODEL_PIECE,
					 (u64)xsp_window_missing(window));
		if (xsp_window_add(window, &piece, xsp_model_piece_take)) {
			*why = "out of memory";
			return;
		}
		if (!taken)
			xsp_window_show(window, range);
	}
}

static void xsp_model_take_contract(struct xsp_window *window, const struct xsp_search *search,
				    const char **why)
{
	const struct xsp_range range = { .gfn = XSP_MODEL_RANGE, .pages = xsp_model->room };

	xsp_model_take(window, XSP_SOURCE_CONTRACT, &range, why);
}

static void xsp_model_take_balloon(struct xsp_window *window, const struct xsp_search *search,
				   const char **why)
{
	const struct xsp_range range = { .gfn = XSP_MODEL_HOLE, .pages = xsp_model->holes };

	xsp_model_take(window, XSP_SOURCE_BALLOON, &range, why);
}

static const xsp_take_t xsp_model_takes[XSP_SOURCES] = {
	[XSP_SOURCE_CONTRACT]	= xsp_model_take_contract,
	[XSP_SOURCE_BALLOON]	= xsp_model_take_balloon,
};

/* --- the machine --- */

static void xsp_model_boot_pages(enum xsp_special_id id, unsigned long bits)
{
	struct xsp_model_pages *pages = &xsp_model->pages[id];
	pgprot_t prot = __pgprot(pgprot_val(PAGE_KERNEL) | bits);
	unsigned int i;

	for (i = 0; i < XSP_MODEL_PAGES; i++)
		pages->where[i] = XSP_MODEL_NOWHERE;
	for (i = 0; i < pages->max; i++) {
		pages->gfn[i] = pages->home + i;
		set_pte(&pages->pte[i], pfn_pte(pages->gfn[i], prot));
	}
	for (i = 0; i < pages->nr; i++)
		xsp_model_put(id, i, pages->gfn[i]);
}

/* The BAR is mapped write-back, by firmware that does so. */
void xsp_model_boot_wb(struct xsp_model *model)
{
	xsp_model_boot_pages(XSP_GRANT_TABLE, 0);
	xsp_model_flush_tlb();
}

/* The kernel itself puts the table there, write-back, when it boots or resumes. */
void xsp_model_kernel_chooses(struct xsp_model *model, unsigned long gfn)
{
	struct xsp_model_pages *table = &model->pages[XSP_GRANT_TABLE];
	unsigned int i;

	for (i = 0; i < table->nr; i++)
		xsp_model_take_away(XSP_GRANT_TABLE, i);
	table->home = gfn;
	xsp_model_boot_wb(model);
}

/* A machine after boot: nothing has moved, and the driver has not looked at it. */
void xsp_model_init(struct xsp_model *model)
{
	memset(model, 0, sizeof(*model));
	/* What the driver has to initialise. */
	memset(&model->xsp.lock, 0x5a, sizeof(model->xsp.lock));
	memset(&model->xsp.repair, 0x5a, sizeof(model->xsp.repair));
	memset(&model->xsp.growth, 0x5a, sizeof(model->xsp.growth));
	xsp_model = model;
	model->pages[XSP_GRANT_TABLE].nr = 3;
	model->pages[XSP_GRANT_TABLE].max = 5;
	model->pages[XSP_GRANT_TABLE].home = XSP_MODEL_BAR;
	model->pages[XSP_SHARED_INFO].nr = 1;
	model->pages[XSP_SHARED_INFO].max = 1;
	model->pages[XSP_SHARED_INFO].home = XSP_MODEL_SHARED_INFO;
	xsp_model_boot_pages(XSP_GRANT_TABLE, XSP_MODEL_UC);
	xsp_model_boot_pages(XSP_SHARED_INFO, 0);
	xsp_model_flush_tlb();
	model->spare = 8;
	model->room = 6;
	model->xsp.machine = (struct xsp_machine){
		.xen = &xsp_model_xen,
		.kernel = &xsp_model_kernel,
		.kinds = {
			[XSP_GRANT_TABLE] = &xsp_model_grant_table,
			[XSP_SHARED_INFO] = &xsp_model_shared_info,
		},
		.takes = xsp_model_takes,
	};
	model->xsp.bar = (struct xsp_range){ .gfn = XSP_MODEL_BAR, .pages = 16 };
	model->xsp.sources[0] = XSP_SOURCE_CONTRACT;
	model->xsp.sources[1] = XSP_SOURCE_BALLOON;
	model->xsp.nr_sources = 2;
}

void xsp_model_exit(struct xsp_model *model)
{
	xsp_model = NULL;
}
