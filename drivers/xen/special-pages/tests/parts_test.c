// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what no act on the made-up machine shows: single functions of pages.c,
 * window.c and special.c, memory that is short, and holes in RAM.  The holes are made of
 * pages of the machine that runs the tests; only the hypervisor is made up.
 */

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../balloon.h"
#include "../compat/compat.h"
#include "../placement.h"
#include "../report.h"
#include "../special.h"
#include "machine.h"

/* So many that the kernel does not allocate an array of them at once. */
#define TOO_MANY(type)		(KMALLOC_MAX_SIZE / sizeof(type) + 1)

static struct xsp_model *model_alloc(struct kunit *test)
{
	struct xsp_model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, model);
	xsp_model_init(model);
	return model;
}

static void place(struct xsp_model *model, enum xsp_placement placement)
{
	int level = xsp_model_quiet();

	xsp_placement_start(&model->xsp, placement);
	xsp_model_loud(level);
}

static struct xsp_model *model_at(struct kunit *test, enum xsp_placement placement)
{
	struct xsp_model *model = model_alloc(test);

	xsp_placement_prepare(&model->xsp);
	place(model, placement);
	return model;
}

static void model_end(struct xsp_model *model)
{
	place(model, XSP_BOOT);
	xsp_placement_release(&model->xsp);
	xsp_model_exit(model);
}

/*
 * pages.c
 */

#define PAGES	3
#define VADDR	0x700000UL

static pte_t ptes[PAGES];
static unsigned int pte_missing;

static pte_t *pte_of(unsigned long vaddr)
{
	unsigned int page = (vaddr - VADDR) / PAGE_SIZE;

	return page < PAGES && page != pte_missing ? &ptes[page] : NULL;
}

static void collect_test(struct kunit *test)
{
	struct xsp_pages pages = { .vaddr = (void *)VADDR, .max = PAGES };
	unsigned int i;

	for (pte_missing = 0; pte_missing < PAGES; pte_missing++) {
		KUNIT_EXPECT_EQ(test, xsp_pages_collect_ptes(&pages, pte_of), -EOPNOTSUPP);
		KUNIT_EXPECT_NULL(test, pages.ptep);
	}
	KUNIT_ASSERT_EQ(test, xsp_pages_collect_ptes(&pages, pte_of), 0);
	for (i = 0; i < PAGES; i++)
		KUNIT_EXPECT_PTR_EQ(test, pages.ptep[i], &ptes[i]);
	xsp_pages_release(&pages);
	KUNIT_EXPECT_NULL(test, pages.ptep);
}

static void mapping_test(struct kunit *test)
{
	unsigned long gfn[PAGES] = { 10, 11, 12 }, other[PAGES] = { 10, 11, 12 };
	struct xsp_pages pages = { .gfn = gfn, .max = PAGES };
	struct xsp_mapping mapping = { .gfn = other, .pte = ptes, .nr = PAGES }, part;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, xsp_pages_are_at(&pages, &mapping));
	KUNIT_EXPECT_EQ(test, xsp_pages_away(&pages, &mapping, PAGES), 0U);
	for (i = 0; i < PAGES; i++) {
		gfn[i]++;
		KUNIT_EXPECT_FALSE(test, xsp_pages_are_at(&pages, &mapping));
		KUNIT_EXPECT_EQ(test, xsp_pages_away(&pages, &mapping, PAGES), 1U);
		KUNIT_EXPECT_EQ(test, xsp_pages_away(&pages, &mapping, i), 0U);
		gfn[i]--;
	}
	mapping.nr = 0;
	KUNIT_EXPECT_FALSE(test, xsp_pages_are_at(&pages, &mapping));

	part = xsp_mapping_part(&mapping, 1, 2);
	KUNIT_EXPECT_PTR_EQ(test, part.gfn, &other[1]);
	KUNIT_EXPECT_PTR_EQ(test, part.pte, &ptes[1]);
	KUNIT_EXPECT_EQ(test, part.nr, 2U);
}

static void pages_memory_test(struct kunit *test)
{
	int err, level = xsp_model_quiet();
	struct xsp_mapping mapping;
	struct xsp_pages pages = {};

	pages.max = TOO_MANY(pte_t *);
	err = xsp_pages_collect_ptes(&pages, pte_of);
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	err = xsp_mapping_alloc(&mapping, TOO_MANY(pte_t));
	xsp_model_loud(level);
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_NULL(test, mapping.gfn);
	KUNIT_EXPECT_EQ(test, mapping.nr, 0U);
}

static struct kunit_case pages_cases[] = {
	KUNIT_CASE(collect_test),
	KUNIT_CASE(mapping_test),
	KUNIT_CASE(pages_memory_test),
	{}
};

static struct kunit_suite pages_suite = {
	.name = "xen-special-pages-pages",
	.test_cases = pages_cases,
};

/*
 * window.c
 */

static int take_err;
static unsigned int given_back;

static void give_back(struct xsp_piece *piece)
{
	given_back++;
}

static int take(struct xsp_piece *piece, const struct xsp_mapping *mapping)
{
	unsigned int i;

	for (i = 0; i < mapping->nr; i++)
		mapping->gfn[i] = piece->taken.gfn + i;
	piece->release = give_back;
	return take_err;
}

static int add(struct xsp_window *window, enum xsp_source source, u64 gfn, u64 pages)
{
	const struct xsp_piece piece = { .source = source, .taken = { gfn, pages } };

	return xsp_window_add(window, &piece, take);
}

static void expect_sources(struct kunit *test, const struct xsp_window *window,
			   const char *expect)
{
	char sources[XSP_WHY_BYTES];
	int len = xsp_window_sources(window, sources, sizeof(sources));

	KUNIT_EXPECT_STREQ(test, sources, expect);
	KUNIT_EXPECT_EQ(test, len, (int)strlen(expect));
}

/* The second piece cannot be taken, then a third one can. */
static void piece_test(struct kunit *test)
{
	struct xsp_window window = {};

	KUNIT_ASSERT_EQ(test, xsp_mapping_alloc(&window.mapping, 6), 0);
	expect_sources(test, &window, "none");
	take_err = 0;
	KUNIT_EXPECT_EQ(test, add(&window, XSP_SOURCE_BALLOON, 0x100, 2), 0);
	expect_sources(test, &window, "balloon");
	KUNIT_EXPECT_TRUE(test, xsp_window_costs_ram(&window));
	take_err = -EIO;
	KUNIT_EXPECT_EQ(test, add(&window, XSP_SOURCE_CONTRACT, 0x200, 3), -EIO);
	KUNIT_EXPECT_EQ(test, xsp_window_missing(&window), 4U);
	expect_sources(test, &window, "balloon");
	take_err = 0;
	KUNIT_EXPECT_EQ(test, add(&window, XSP_SOURCE_CPUID, 0x300, 3), 0);
	KUNIT_EXPECT_EQ(test, xsp_window_missing(&window), 1U);
	KUNIT_EXPECT_EQ(test, window.mapping.gfn[1], 0x101UL);
	KUNIT_EXPECT_EQ(test, window.mapping.gfn[2], 0x300UL);
	KUNIT_EXPECT_EQ(test, window.mapping.gfn[4], 0x302UL);
	expect_sources(test, &window, "cpuid+balloon");
	given_back = 0;
	xsp_window_close(&window);
	KUNIT_EXPECT_EQ(test, given_back, 2U);
	KUNIT_EXPECT_NULL(test, window.pieces);
	KUNIT_EXPECT_NULL(test, window.mapping.gfn);
	KUNIT_EXPECT_EQ(test, window.mapping.nr, 0U);
	KUNIT_EXPECT_FALSE(test, xsp_window_costs_ram(&window));
}

/* A piece that cannot be taken keeps no memory. */
static void piece_leak_test(struct kunit *test)
{
	unsigned long slab = xsp_model_slab_bytes();
	struct xsp_window window = {};
	unsigned int i, pieces = 4096, errors = 0;

	if (IS_ENABLED(CONFIG_SMP) || IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "memory is not counted here");
	KUNIT_ASSERT_EQ(test, xsp_mapping_alloc(&window.mapping, 1), 0);
	take_err = -EIO;
	for (i = 0; i < pieces; i++)
		errors += add(&window, XSP_SOURCE_CONTRACT, 0x100, 1) == -EIO;
	KUNIT_EXPECT_EQ(test, errors, pieces);
	KUNIT_EXPECT_LT(test, xsp_model_slab_bytes(), slab + pieces * sizeof(struct xsp_piece) / 2);
	xsp_window_close(&window);
}

static void overlaps_test(struct kunit *test)
{
	static const struct xsp_range ranges[] = {
		{ 0x100, 1 }, { 0x101, 1 }, { 0x301, 9 }, { 0x102, 1 }, { 0x2ff, 1 }
	};
	struct xsp_window window = {};
	unsigned int i;

	KUNIT_ASSERT_EQ(test, xsp_mapping_alloc(&window.mapping, 4), 0);
	take_err = 0;
	KUNIT_EXPECT_FALSE(test, xsp_window_overlaps(&window, &ranges[0]));
	KUNIT_EXPECT_EQ(test, add(&window, XSP_SOURCE_CONTRACT, 0x100, 2), 0);
	KUNIT_EXPECT_EQ(test, add(&window, XSP_SOURCE_CONTRACT, 0x300, 2), 0);
	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		KUNIT_EXPECT_EQ_MSG(test, xsp_window_overlaps(&window, &ranges[i]), i < 3,
				    "range %u", i);
	xsp_window_close(&window);
}

/* The first range says where it is, all of them how large it is. */
static void show_test(struct kunit *test)
{
	static const struct xsp_range first = { 0x200, 2 }, second = { 0x100, 3 };
	struct xsp_window window = {};

	xsp_window_show(&window, &first);
	xsp_window_show(&window, &second);
	KUNIT_EXPECT_EQ(test, window.range.gfn, 0x200ULL);
	KUNIT_EXPECT_EQ(test, window.range.pages, 5ULL);
}

static void window_memory_test(struct kunit *test)
{
	struct xsp_search search = { .pages = TOO_MANY(pte_t), .least = 1 };
	struct xsp_window window = { .filled = 1 };
	char why[XSP_WHY_BYTES];
	int level = xsp_model_quiet();
	int err = xsp_window_open(&window, &search, why);

	xsp_model_loud(level);
	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_STREQ(test, why, "out of memory");
	KUNIT_EXPECT_EQ(test, window.filled, 0U);
}

static void no_source_test(struct kunit *test)
{
	struct xsp_search search = { .pages = 4, .least = 1 };
	struct xsp_window window;
	char why[XSP_WHY_BYTES];

	KUNIT_EXPECT_EQ(test, xsp_window_open(&window, &search, why), -ENODEV);
	KUNIT_EXPECT_STREQ(test, why, "no source may vouch for one");
	KUNIT_EXPECT_NULL(test, window.mapping.gfn);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(piece_test),
	KUNIT_CASE(piece_leak_test),
	KUNIT_CASE(overlaps_test),
	KUNIT_CASE(show_test),
	KUNIT_CASE(window_memory_test),
	KUNIT_CASE(no_source_test),
	{}
};

static struct kunit_suite window_suite = {
	.name = "xen-special-pages-window",
	.test_cases = window_cases,
};

/*
 * special.c
 */

static void placed_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);
	struct xsp_special *table = &model->xsp.special[XSP_GRANT_TABLE];

	KUNIT_EXPECT_EQ(test, xsp_special_placed(table, UINT_MAX), 0U);
	KUNIT_EXPECT_EQ(test, xsp_report_placement(&model->xsp, table), XSP_BOOT);
	place(model, XSP_RANGE);
	KUNIT_EXPECT_EQ(test, xsp_special_placed(table, 2), 2U);
	KUNIT_EXPECT_EQ(test, xsp_special_placed(table, UINT_MAX), table->pages.max);
	KUNIT_EXPECT_EQ(test, xsp_report_placement(&model->xsp, table), XSP_RANGE);
	table->refusal = "a test";
	KUNIT_EXPECT_EQ(test, xsp_special_placed(table, UINT_MAX), 0U);
	table->refusal = NULL;
	model_end(model);
}

/* The BAR is a place for the grant table only. */
static void bar_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);

	model->ipat = true;
	xsp_placement_prepare(&model->xsp);
	place(model, XSP_BAR);
	KUNIT_EXPECT_EQ(test,
			xsp_report_placement(&model->xsp, &model->xsp.special[XSP_GRANT_TABLE]),
			XSP_BAR);
	KUNIT_EXPECT_EQ(test,
			xsp_report_placement(&model->xsp, &model->xsp.special[XSP_SHARED_INFO]),
			XSP_BOOT);
	model_end(model);
}

static void outside_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);
	struct xsp_special *table = &model->xsp.special[XSP_GRANT_TABLE];

	table->range.nr = 2;
	KUNIT_EXPECT_EQ(test, xsp_special_outside(table), 1U);
	table->range.nr = 3;
	KUNIT_EXPECT_EQ(test, xsp_special_outside(table), 0U);
	table->range.nr = 4;
	KUNIT_EXPECT_EQ(test, xsp_special_outside(table), 0U);
	table->range.nr = 0;
	KUNIT_EXPECT_EQ(test, xsp_special_outside(table), 0U);
	model_end(model);
}

/* A type of all pages, or of those that can go to the range. */
static void memtype_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);
	struct xsp_special *table = &model->xsp.special[XSP_GRANT_TABLE];
	pte_t *pte = model->pages[XSP_GRANT_TABLE].pte, uc = pte[0], right;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, xsp_special_memtype(&model->xsp, table), XSP_MEMTYPE_UC);
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_UC);
	place(model, XSP_RANGE);
	KUNIT_EXPECT_EQ(test, xsp_special_memtype(&model->xsp, table), XSP_MEMTYPE_WB);
	for (i = 0; i < table->pages.max; i++) {
		right = pte[i];
		pte[i] = uc;
		KUNIT_EXPECT_EQ(test, xsp_special_memtype(&model->xsp, table),
				XSP_MEMTYPE_UNKNOWN);
		/* One that has no room in the range does not count. */
		table->range.nr = i ?: 1;
		KUNIT_EXPECT_EQ(test, xsp_special_memtype(&model->xsp, table),
				i ? XSP_MEMTYPE_WB : XSP_MEMTYPE_UC);
		table->range.nr = table->pages.max;
		pte[i] = right;
	}
	table->refusal = "a test";
	KUNIT_EXPECT_EQ(test, xsp_special_memtype(&model->xsp, table), XSP_MEMTYPE_UNKNOWN);
	table->refusal = NULL;
	model_end(model);
}

static void read_uc_mtrrs(struct xsp_mtrrs *mtrrs)
{
	*mtrrs = (struct xsp_mtrrs){ .present = true, .def_type = BIT(11) | XSP_MEMTYPE_UC };
}

#define WB_VAR(gfn, frames)	{ (u64)(gfn) << PAGE_SHIFT | XSP_MEMTYPE_WB, \
				  ~((u64)(frames) * PAGE_SIZE - 1) | BIT(11) }

/* The five frames of the grant table are write-back, and nothing else is. */
static void read_exact_mtrrs(struct xsp_mtrrs *mtrrs)
{
	*mtrrs = (struct xsp_mtrrs){
		.present = true,
		.def_type = BIT(11) | XSP_MEMTYPE_UC,
		.nr_var = 2,
		.var = { WB_VAR(XSP_MODEL_BAR, 4), WB_VAR(XSP_MODEL_BAR + 4, 1) },
	};
}

/* The page tables and the MTRRs have to agree on write-back. */
static void bar_memtype_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);
	struct xsp_mapping *boot = &model->xsp.special[XSP_GRANT_TABLE].boot;
	struct xsp_xen_ops xen = *model->xsp.machine.xen;
	pte_t uc = model->pages[XSP_GRANT_TABLE].pte[0];

	xsp_model_boot_wb(model);
	xsp_placement_prepare(&model->xsp);
	place(model, XSP_BOOT);
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_WB);
	/* The first entry counts. */
	swap(boot->pte[1], uc);
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_WB);
	swap(boot->pte[1], uc);
	xen.read_mtrrs = read_exact_mtrrs;
	model->xsp.machine.xen = &xen;
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_WB);
	xen.read_mtrrs = read_uc_mtrrs;
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_UC);
	model->xsp.unmovable = "a test";
	KUNIT_EXPECT_EQ(test, xsp_bar_memtype(&model->xsp), XSP_MEMTYPE_UNKNOWN);
	model->xsp.unmovable = NULL;
	model_end(model);
}

static void least_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);

	KUNIT_EXPECT_EQ(test, xsp_specials_least(&model->xsp), 3U);
	model->pages[XSP_GRANT_TABLE].nr = 0;
	KUNIT_EXPECT_EQ(test, xsp_specials_least(&model->xsp), 1U);
	model->pages[XSP_GRANT_TABLE].nr = 3;
	model->faults[0] = (struct xsp_model_fault){
		.point = XSP_MODEL_FRAMES, .first = 1, .nr = XSP_MODEL_ALWAYS
	};
	KUNIT_EXPECT_EQ(test, xsp_specials_least(&model->xsp), 1U);
	xsp_model_heal(model);
	model_end(model);
}

/* All that may move; what is behind the kinds in the driver's state is not one of them. */
static void frames_test(struct kunit *test)
{
	struct xsp_model *model = model_alloc(test);

	model->room = 0;
	xsp_placement_prepare(&model->xsp);
	place(model, XSP_BOOT);
	model->xsp.stats = (struct xsp_stats){ 1, 1, 1, 1 };
	KUNIT_EXPECT_EQ(test, xsp_specials_frames(&model->xsp), 6U);
	model->xsp.special[XSP_SHARED_INFO].unwanted = true;
	KUNIT_EXPECT_EQ(test, xsp_specials_frames(&model->xsp), 5U);
	model_end(model);
}

/* A grant table of more pages than there is memory for. */
static unsigned int huge_max;
static unsigned long *huge_gfn;
static pte_t **huge_ptep;
static unsigned int huge_released;

static const char *locate_huge(struct xsp_pages *pages, const struct xsp_range *bar)
{
	pages->gfn = huge_gfn;
	pages->ptep = huge_ptep;
	pages->max = huge_max;
	return NULL;
}

static void release_huge(struct xsp_pages *pages)
{
	huge_released++;
}

static void prepare_huge(struct kunit *test, unsigned int max)
{
	static const struct xsp_kind huge = { "huge", .locate = locate_huge,
					      .release = release_huge };
	struct xsp_model *model = model_alloc(test);
	struct xsp_special *table = &model->xsp.special[XSP_GRANT_TABLE];
	int level = xsp_model_quiet();

	model->xsp.machine.kinds[XSP_GRANT_TABLE] = &huge;
	huge_max = max;
	huge_released = 0;
	xsp_placement_prepare(&model->xsp);
	xsp_model_loud(level);
	KUNIT_ASSERT_NOT_NULL(test, table->refusal);
	KUNIT_EXPECT_STREQ(test, table->refusal, "out of memory");
	KUNIT_EXPECT_NULL(test, table->boot.gfn);
	KUNIT_EXPECT_EQ(test, huge_released, 1U);
	/* Nothing else moves then. */
	KUNIT_EXPECT_STREQ(test, model->xsp.unmovable, "out of memory");
	KUNIT_EXPECT_STREQ(test, model->xsp.refusal, "out of memory");
	KUNIT_EXPECT_STREQ(test, model->xsp.special[XSP_SHARED_INFO].refusal, "out of memory");
	xsp_placement_release(&model->xsp);
	KUNIT_EXPECT_EQ(test, huge_released, 1U);
	xsp_model_exit(model);
}

/* No room for where they are, and none for what moving them needs. */
static void special_memory_test(struct kunit *test)
{
	unsigned int i, max = TOO_MANY(struct xsp_sample);
	static pte_t pte;

	huge_gfn = vzalloc(array_size(max, sizeof(*huge_gfn)));
	huge_ptep = vzalloc(array_size(max, sizeof(*huge_ptep)));
	if (huge_gfn && huge_ptep) {
		for (i = 0; i < max; i++)
			huge_ptep[i] = &pte;
		prepare_huge(test, TOO_MANY(pte_t));
		prepare_huge(test, max);
	}
	KUNIT_EXPECT_NOT_NULL(test, huge_gfn);
	KUNIT_EXPECT_NOT_NULL(test, huge_ptep);
	vfree(huge_gfn);
	vfree(huge_ptep);
}

static struct kunit_case special_cases[] = {
	KUNIT_CASE(placed_test),
	KUNIT_CASE(bar_test),
	KUNIT_CASE(outside_test),
	KUNIT_CASE(memtype_test),
	KUNIT_CASE(bar_memtype_test),
	KUNIT_CASE(least_test),
	KUNIT_CASE(frames_test),
	KUNIT_CASE(special_memory_test),
	{}
};

static struct kunit_suite special_suite = {
	.name = "xen-special-pages-special",
	.test_cases = special_cases,
};

/*
 * balloon.c
 */

#define MOST_EMPTY	2048

/**
 * struct hole_host - a host that takes RAM and gives it back
 * @takes: so many pages more
 * @gives: so many pages more
 * @empty: frames without RAM
 * @nr: entries of it
 * @asked: pages that it was asked for RAM for
 * @wrong: it was asked for something that cannot be
 * @mute: it does not answer what is where
 * @skips: it takes every other page, and says that it took all
 */
struct hole_host {
	unsigned int takes, gives;
	unsigned long empty[MOST_EMPTY];
	unsigned int nr;
	unsigned int asked;
	bool wrong;
	bool mute;
	bool skips;
};

static struct hole_host *hole_host;

/* Its place in the list of frames without RAM, @nr if it has RAM. */
static unsigned int hole_index(unsigned long gfn)
{
	unsigned int i;

	for (i = 0; i < hole_host->nr; i++)
		if (hole_host->empty[i] == gfn)
			break;
	return i;
}

static int hole_mem_type(unsigned long gfn)
{
	if (hole_host->mute)
		return -EIO;
	return hole_index(gfn) < hole_host->nr ? XSP_MEM_EMPTY : XSP_MEM_RAM;
}

static unsigned int hole_release(unsigned int nr, unsigned long *gfns)
{
	unsigned int i;

	for (i = 0; i < nr && hole_host->takes && hole_host->nr < MOST_EMPTY; i++) {
		if (hole_host->skips && i % 2)
			continue;
		hole_host->wrong |= hole_mem_type(gfns[i]) != XSP_MEM_RAM ||
				    !PageOffline(pfn_to_page(gfns[i]));
		hole_host->empty[hole_host->nr++] = gfns[i];
		hole_host->takes--;
	}
	return i;
}

static void hole_give(unsigned long gfn)
{
	unsigned int i = hole_index(gfn);

	hole_host->wrong |= i == hole_host->nr;
	if (i < hole_host->nr)
		hole_host->empty[i] = hole_host->empty[--hole_host->nr];
}

static unsigned int hole_populate(unsigned int nr, unsigned long *gfns)
{
	unsigned int i;

	hole_host->asked += nr;
	for (i = 0; i < nr && hole_host->gives; i++) {
		hole_give(gfns[i]);
		hole_host->gives--;
	}
	return i;
}

static const struct xsp_xen_ops hole_xen = {
	.mem_type = hole_mem_type,
	.release = hole_release,
	.populate = hole_populate,
};

static unsigned long pages_before;

static int holes_init(struct kunit *test)
{
	hole_host = kunit_kzalloc(test, sizeof(*hole_host), GFP_KERNEL);
	if (!hole_host)
		return -ENOMEM;
	hole_host->takes = UINT_MAX;
	hole_host->gives = UINT_MAX;
	pages_before = totalram_pages();
	return 0;
}

/* The kernel's accounts, apart from what others do: no page is offline or missing. */
static void holes_end(struct kunit *test)
{
	hole_host->gives = UINT_MAX;
	KUNIT_EXPECT_EQ(test, xsp_holes_fill(&hole_xen), 0U);
	KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 0U);
	KUNIT_EXPECT_FALSE(test, hole_host->wrong);
	/* Nobody keeps the lock; the test would wait for ever. */
	compat_page_offline_begin();
	compat_page_offline_end();
}

static struct xsp_hole *hole_make(struct kunit *test, unsigned int wanted, unsigned int pages)
{
	struct xsp_hole *hole = xsp_hole_make(&hole_xen, wanted);
	struct xsp_range range;
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(hole));
	range = xsp_hole_range(hole);
	KUNIT_EXPECT_EQ(test, range.pages, (u64)pages);
	for (i = 0; i < range.pages; i++) {
		KUNIT_EXPECT_EQ(test, hole_mem_type(range.gfn + i), (int)XSP_MEM_EMPTY);
		KUNIT_EXPECT_TRUE(test, PageOffline(pfn_to_page(range.gfn + i)));
	}
	return hole;
}

/* Made, used, and filled; the size is a power of two. */
static void hole_life_test(struct kunit *test)
{
	static const unsigned int wanted[] = { 1, 2, 3, 4, 5, 8 }, sizes[] = { 1, 2, 2, 4, 4, 8 };
	struct xsp_range range;
	struct xsp_hole *hole;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		hole = hole_make(test, wanted[i], sizes[i]);
		range = xsp_hole_range(hole);
		KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before - sizes[i]);
		/* What is in use is not filled. */
		KUNIT_EXPECT_EQ(test, xsp_holes_fill(&hole_xen), 0U);
		KUNIT_EXPECT_EQ(test, hole_host->nr, sizes[i]);
		xsp_hole_keep(hole);
		hole_host->asked = 0;
		holes_end(test);
		KUNIT_EXPECT_EQ(test, hole_host->asked, sizes[i]);
		for (j = 0; j < sizes[i]; j++)
			KUNIT_EXPECT_FALSE(test, PageOffline(pfn_to_page(range.gfn + j)));
	}
}

/* The largest that is not too large is used again, and a new one is made if there is none. */
static void hole_again_test(struct kunit *test)
{
	struct xsp_hole *four = hole_make(test, 4, 4), *one = hole_make(test, 1, 1);
	struct xsp_hole *two = hole_make(test, 2, 2), *new;

	xsp_hole_keep(one);
	xsp_hole_keep(four);
	xsp_hole_keep(two);
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 3, 2), two);
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 4, 4), four);
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 2, 1), one);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 7U);
	xsp_hole_keep(four);
	new = hole_make(test, 3, 2);
	KUNIT_EXPECT_PTR_NE(test, new, two);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 9U);
	xsp_hole_keep(new);
	xsp_hole_keep(one);
	xsp_hole_keep(two);
	holes_end(test);
}

/* The host takes some of the pages, or none. */
static void hole_refused_test(struct kunit *test)
{
	struct xsp_hole *hole;

	hole_host->takes = 3;
	hole = hole_make(test, 4, 3);
	KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before - 3);
	KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, 4)), (long)-EIO);
	KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before - 3);
	xsp_hole_keep(hole);
	holes_end(test);
}

/* The host takes pages here and there: the kernel gets none that has no RAM. */
static void hole_skipped_test(struct kunit *test)
{
	unsigned int i;

	hole_host->skips = true;
	KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, 8)), (long)-EIO);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 4U);
	for (i = 0; i < hole_host->nr; i++)
		KUNIT_EXPECT_TRUE(test, PageOffline(pfn_to_page(hole_host->empty[i])));
	hole_host->skips = false;
	xsp_hole_keep(hole_make(test, 8, 8));
	KUNIT_EXPECT_EQ(test, hole_host->nr, 8U);
	holes_end(test);
	hole_host->skips = true;
	KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, 8)), (long)-EIO);
	holes_end(test);
}

/* A host that does not answer could not be seen to give RAM back. */
static void hole_mute_test(struct kunit *test)
{
	hole_host->mute = true;
	KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, 4)), (long)-EIO);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 0U);
	hole_host->mute = false;
	holes_end(test);
}

#define MISSING		"the host has not given 3 pages of RAM back (12 KiB), " \
			"they are asked for again later"
#define ALL_FILLED	"the host has given all pages of RAM back"

/* The host gives back less than it took: what is missing stays a hole. */
static void hole_short_test(struct kunit *test)
{
	struct xsp_hole *hole = hole_make(test, 4, 4);
	struct xsp_range range = xsp_hole_range(hole);
	int level = xsp_model_quiet();
	struct kmsg_dump_iter mark;

	xsp_model_log_mark(&mark);
	xsp_hole_keep(hole);
	hole_host->gives = 1;
	KUNIT_EXPECT_EQ(test, xsp_holes_fill(&hole_xen), 3U);
	KUNIT_EXPECT_EQ(test, hole_host->asked, 4U);
	KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before - 3);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, MISSING), 1U);
	KUNIT_EXPECT_EQ(test, xsp_holes_fill(&hole_xen), 3U);
	xsp_model_loud(level);
	KUNIT_EXPECT_FALSE(test, PageOffline(pfn_to_page(range.gfn)));
	KUNIT_EXPECT_TRUE(test, PageOffline(pfn_to_page(range.gfn + 1)));
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 3, 3), hole);
	KUNIT_EXPECT_EQ(test, xsp_hole_range(hole).gfn, range.gfn + 1);
	xsp_hole_keep(hole);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, MISSING), 1U);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, ALL_FILLED), 0U);
	holes_end(test);
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, ALL_FILLED), 1U);
}

/* Pages that have RAM already do not get other RAM. */
static void hole_ram_test(struct kunit *test)
{
	struct xsp_hole *hole = hole_make(test, 4, 4);
	struct xsp_range range = xsp_hole_range(hole);

	xsp_hole_keep(hole);
	hole_give(range.gfn + 1);
	hole_host->asked = 0;
	holes_end(test);
	KUNIT_EXPECT_EQ(test, hole_host->asked, 3U);
}

/* A kept hole has RAM, as it can after a resume from hibernation. */
static void hole_empty_test(struct kunit *test)
{
	struct xsp_hole *hole = hole_make(test, 4, 4);
	struct xsp_range range = xsp_hole_range(hole);

	xsp_hole_keep(hole);
	hole_give(range.gfn + 3);
	hole_host->takes = 0;
	KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, 4)), (long)-EIO);
	hole_host->takes = 1;
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 4, 4), hole);
	xsp_hole_keep(hole);
	hole_give(range.gfn);
	hole_host->takes = 2;
	KUNIT_EXPECT_PTR_EQ(test, hole_make(test, 4, 4), hole);
	KUNIT_EXPECT_EQ(test, hole_host->takes, 1U);
	xsp_hole_keep(hole);
	holes_end(test);
}

/* More than the kernel has in a row: as many as it has. */
static void hole_huge_test(struct kunit *test)
{
	struct xsp_hole *hole = xsp_hole_make(&hole_xen, TOO_MANY(u8));
	u64 pages;

	KUNIT_ASSERT_FALSE(test, IS_ERR(hole));
	pages = xsp_hole_range(hole).pages;
	KUNIT_EXPECT_GE(test, pages, 16ULL);
	KUNIT_EXPECT_LE(test, pages, (u64)KMALLOC_MAX_SIZE / PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, totalram_pages(), pages_before - pages);
	xsp_hole_keep(hole);
	holes_end(test);
}

#define NO_RAM		"the host does not give RAM back: the next kernel may fail"

/* A host that does not fill a hole is asked again, and the driver stays for that. */
static void hole_later_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);
	struct xsp *xsp = &model->xsp;
	struct kmsg_dump_iter mark;
	unsigned long start;
	int level;

	KUNIT_EXPECT_FALSE(test, xsp->pinned);
	xsp_hole_keep(hole_make(test, 2, 2));
	start = jiffies;
	place(model, XSP_BOOT);
	KUNIT_EXPECT_TRUE(test, xsp->pinned);
	KUNIT_EXPECT_TRUE(test, xsp_model_due(&xsp->repair, start, 60));
	level = xsp_model_quiet();
	xsp_model_log_mark(&mark);
	KUNIT_EXPECT_FALSE(test, xsp_placement_hand_over(xsp));
	KUNIT_EXPECT_EQ(test, xsp_model_log_count(&mark, NO_RAM), 1U);
	holes_end(test);
	xsp_placement_resume(xsp);
	xsp_model_loud(level);
	KUNIT_EXPECT_FALSE(test, xsp->pinned);
	model_end(model);
}

/* The last chance to fill one is when the driver is removed. */
static void hole_removal_test(struct kunit *test)
{
	struct xsp_model *model = model_at(test, XSP_BOOT);

	xsp_hole_keep(hole_make(test, 2, 2));
	model->xsp.machine.xen = &hole_xen;
	xsp_placement_release(&model->xsp);
	KUNIT_EXPECT_EQ(test, hole_host->nr, 0U);
	holes_end(test);
	xsp_model_exit(model);
}

#define LEAK_HOLES	32
#define LEAK_PAGES	256

/* Pages that are filled are free again, and no hole keeps memory. */
static void hole_leak_test(struct kunit *test)
{
	unsigned long free, slab = xsp_model_slab_bytes();
	unsigned int i;

	if (IS_ENABLED(CONFIG_SMP) || IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "memory is not counted here");
	free = global_zone_page_state(NR_FREE_PAGES);
	for (i = 0; i < LEAK_HOLES; i++) {
		xsp_hole_keep(hole_make(test, LEAK_PAGES, LEAK_PAGES));
		KUNIT_EXPECT_EQ(test, xsp_holes_fill(&hole_xen), 0U);
		hole_host->takes = 0;
		KUNIT_EXPECT_EQ(test, PTR_ERR(xsp_hole_make(&hole_xen, LEAK_PAGES)), (long)-EIO);
		hole_host->takes = UINT_MAX;
	}
	KUNIT_EXPECT_GT(test, global_zone_page_state(NR_FREE_PAGES) + LEAK_HOLES * LEAK_PAGES / 2,
			free);
	KUNIT_EXPECT_LT(test, xsp_model_slab_bytes(), slab + LEAK_HOLES * LEAK_PAGES);
	holes_end(test);
}

#define HOLE_OF_ONE	32	/* bytes, and a cache of its own */
#define NEIGHBOURS	512

/* What is behind the last frame of a hole in memory is not the hole's. */
static void hole_bytes_test(struct kunit *test)
{
	static u8 *others[NEIGHBOURS];
	struct xsp_hole *hole;
	unsigned int i;

	for (i = 0; i < NEIGHBOURS; i++) {
		others[i] = kmalloc(HOLE_OF_ONE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, others[i]);
		memset(others[i], 0x5a, HOLE_OF_ONE);
	}
	/* Most likely, the hole gets the place of this one, before the last ones. */
	kfree(others[NEIGHBOURS - 8]);
	others[NEIGHBOURS - 8] = NULL;
	hole = hole_make(test, 1, 1);
	for (i = 0; i < NEIGHBOURS; i++) {
		if (others[i])
			KUNIT_EXPECT_NULL(test, memchr_inv(others[i], 0x5a, HOLE_OF_ONE));
		kfree(others[i]);
	}
	xsp_hole_keep(hole);
	holes_end(test);
}

static struct kunit_case holes_cases[] = {
	KUNIT_CASE(hole_life_test),
	KUNIT_CASE(hole_again_test),
	KUNIT_CASE(hole_mute_test),
	KUNIT_CASE(hole_refused_test),
	KUNIT_CASE(hole_skipped_test),
	KUNIT_CASE(hole_short_test),
	KUNIT_CASE(hole_ram_test),
	KUNIT_CASE(hole_empty_test),
	KUNIT_CASE(hole_huge_test),
	KUNIT_CASE(hole_later_test),
	KUNIT_CASE(hole_removal_test),
	KUNIT_CASE(hole_leak_test),
	KUNIT_CASE(hole_bytes_test),
	{}
};

static struct kunit_suite holes_suite = {
	.name = "xen-special-pages-holes",
	.init = holes_init,
	.test_cases = holes_cases,
};

kunit_test_suites(&pages_suite, &window_suite, &special_suite, &holes_suite);
