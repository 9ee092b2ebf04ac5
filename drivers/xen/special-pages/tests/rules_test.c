// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of ranges, of what is accepted from the hypervisor, and of memory types: one
 * table per function, one case per row.
 */

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <xen/interface/arch-x86/special-pages.h>

#include "../host.h"
#include "../memtype.h"
#include "../range.h"
#include "rows.h"

/* The frames of a guest with 52 address bits, the most that there can be. */
#define GFNS_52		BIT_ULL(40)

/*
 * range.c
 */

static const struct sane_row {
	const char *about;
	struct xsp_range range;
	unsigned int phys_bits;
	bool expect;
} sane_rows[] = {
	{ "hvmloader's area for guest use", { 0xfe700, 256 }, 36, true },
	{ "no pages", { 0xfe700, 0 }, 36, false },
	{ "frame 0", { 0, 1 }, 36, false },
	{ "just below 1 MiB", { 0xff, 1 }, 36, false },
	{ "across 1 MiB", { 0xff, 2 }, 36, false },
	{ "at 1 MiB", { 0x100, 1 }, 36, true },
	{ "the last page of 36 bits", { 0xffffff, 1 }, 36, true },
	{ "one page beyond 36 bits", { 0xffffff, 2 }, 36, false },
	{ "the first page after 36 bits", { 0x1000000, 1 }, 36, false },
	{ "above 4 GiB", { 0x100000000, 1 }, 48, true },
	{ "the last page below 2^52", { GFNS_52 - 1, 1 }, 52, true },
	{ "across 2^52", { GFNS_52 - 1, 2 }, 52, false },
	{ "at 2^52", { GFNS_52, 1 }, 52, false },
	{ "everything from 1 MiB to 2^52", { 0x100, GFNS_52 - 0x100 }, 52, true },
	{ "one page more than that", { 0x100, GFNS_52 - 0xff }, 52, false },
	{ "the last frame number of all", { U64_MAX, 1 }, 52, false },
	{ "as many pages as there are numbers", { 0x100, U64_MAX }, 52, false },
	{ "an end that wraps to the start", { 0x200, U64_MAX - 0xff }, 52, false },
	{ "no address bits", { 0xfe700, 256 }, 0, false },
	{ "address bits within a page", { 0, 1 }, 12, false },
	{ "1 MiB of address space", { 0x100, 1 }, 20, false },
	{ "the last address bits that make sense", { 0xfe700, 256 }, 52, true },
	{ "more address bits than x86 has", { 0xfe700, 256 }, 53, false },
	{ "address bits that overflow a shift", { 0xfe700, 256 }, 76, false },
	{ "absurd address bits", { 0xfe700, 256 }, UINT_MAX, false },
};

XSP_ROWS(sane);

static void sane_test(struct kunit *test)
{
	const struct sane_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_range_sane(&row->range, row->phys_bits), row->expect);
}

static const struct overlap_row {
	const char *about;
	struct xsp_range a, b;
	bool expect;
} overlap_rows[] = {
	{ "the same", { 0x1000, 16 }, { 0x1000, 16 }, true },
	{ "one inside of the other", { 0x1000, 16 }, { 0x1004, 4 }, true },
	{ "the same start", { 0x1000, 16 }, { 0x1000, 1 }, true },
	{ "the same end", { 0x1000, 16 }, { 0x100f, 1 }, true },
	{ "one page in common", { 0x1000, 16 }, { 0x100f, 16 }, true },
	{ "adjacent", { 0x1000, 16 }, { 0x1010, 16 }, false },
	{ "far apart", { 0x1000, 16 }, { 0x100000, 16 }, false },
	{ "4 GiB of frames apart", { 0x1000, 16 }, { 0x100001000, 16 }, false },
	{ "adjacent at the top of 52 bits", { GFNS_52 - 2, 1 }, { GFNS_52 - 1, 1 }, false },
	{ "the last page of 52 bits", { GFNS_52 - 2, 2 }, { GFNS_52 - 1, 1 }, true },
};

XSP_ROWS(overlap);

static void overlap_test(struct kunit *test)
{
	const struct overlap_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_range_overlap(&row->a, &row->b), row->expect);
	KUNIT_EXPECT_EQ(test, xsp_range_overlap(&row->b, &row->a), row->expect);
}

static const struct within_row {
	const char *about;
	struct xsp_range part, whole;
	bool expect;
} within_rows[] = {
	{ "all of it", { 0x1000, 16 }, { 0x1000, 16 }, true },
	{ "the first page", { 0x1000, 1 }, { 0x1000, 16 }, true },
	{ "the last page", { 0x100f, 1 }, { 0x1000, 16 }, true },
	{ "one page too many", { 0x1000, 17 }, { 0x1000, 16 }, false },
	{ "begins before", { 0xfff, 2 }, { 0x1000, 16 }, false },
	{ "ends behind", { 0x100f, 2 }, { 0x1000, 16 }, false },
	{ "behind it", { 0x1010, 1 }, { 0x1000, 16 }, false },
	{ "its end wraps", { U64_MAX, 16 }, { 0x1000, 16 }, false },
	{ "more pages than there can be", { 0x1000, U64_MAX }, { 0x1000, 16 }, false },
};

XSP_ROWS(within);

static void within_test(struct kunit *test)
{
	const struct within_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_range_within(&row->part, &row->whole), row->expect);
}

static const struct piece_row {
	const char *about;
	struct xsp_range range;
	u64 offset, wanted;
	struct xsp_range expect;
} piece_rows[] = {
	{ "room to spare", { 0xfe700, 256 }, 0, 65, { 0xfe700, 65 } },
	{ "all of it", { 0xfe700, 64 }, 0, 64, { 0xfe700, 64 } },
	{ "as much as there is", { 0xfe700, 64 }, 0, 65, { 0xfe700, 64 } },
	{ "no more than is mapped page by page", { 0x1000, 1024 }, 0, 1025, { 0x1000, 256 } },
	{ "the next piece", { 0x1000, 1024 }, 256, 769, { 0x1100, 256 } },
	{ "the last piece", { 0x1000, 600 }, 512, 512, { 0x1200, 88 } },
	{ "nothing behind the last", { 0x1000, 600 }, 600, 512, { 0x1258, 0 } },
	{ "beyond the end", { 0x1000, 600 }, 601, 512, { 0x1259, 0 } },
	{ "nothing wanted", { 0x1000, 600 }, 0, 0, { 0x1000, 0 } },
	{ "more pages than 32 bits count", { 0x1000, BIT_ULL(32) }, 0, 64, { 0x1000, 64 } },
};

XSP_ROWS(piece);

static void piece_test(struct kunit *test)
{
	const struct piece_row *row = test->param_value;
	struct xsp_range piece = xsp_range_piece(&row->range, row->offset, row->wanted);

	KUNIT_EXPECT_EQ(test, piece.gfn, row->expect.gfn);
	KUNIT_EXPECT_EQ(test, piece.pages, row->expect.pages);
}

static const struct contract_row {
	const char *about;
	unsigned int major, minor;
	bool expect;
} contract_rows[] = {
	{ "Xen 4.2, one too old", 4, 2, false },
	{ "Xen 4.3, the first", 4, 3, true },
	{ "Xen 4.17", 4, 17, true },
	{ "Xen 3.4, old with a greater minor", 3, 4, false },
	{ "Xen 5.0, new with a smaller minor", 5, 0, true },
	{ "no version", 0, 0, false },
};

XSP_ROWS(contract);

static void contract_test(struct kunit *test)
{
	const struct contract_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_contract_holds(row->major, row->minor), row->expect);
}

/* The area is a promise of Xen's, not a choice of ours. */
static void contract_area_test(struct kunit *test)
{
	const struct xsp_range area = { XSP_CONTRACT_GFN, XSP_CONTRACT_PAGES };

	KUNIT_EXPECT_EQ(test, area.gfn << 12, 0xfe700000);
	KUNIT_EXPECT_EQ(test, (area.gfn + area.pages) << 12, 0xfe800000);
	KUNIT_EXPECT_TRUE(test, xsp_range_sane(&area, 36));
}

#define CPUID		XSP_SOURCE_CPUID
#define CONTRACT	XSP_SOURCE_CONTRACT
#define BALLOON		XSP_SOURCE_BALLOON

static const struct sources_row {
	const char *about;
	const char *list;
	unsigned int max;
	int expect;
	enum xsp_source sources[XSP_SOURCES];
} sources_rows[] = {
	{ "the default", "cpuid,contract", XSP_SOURCES, 2, { CPUID, CONTRACT } },
	{ "the order is kept", "contract,cpuid", XSP_SOURCES, 2, { CONTRACT, CPUID } },
	{ "one", "contract", XSP_SOURCES, 1, { CONTRACT } },
	{ "all", "cpuid,contract,balloon", XSP_SOURCES, 3, { CPUID, CONTRACT, BALLOON } },
	{ "balloon alone", "balloon", XSP_SOURCES, 1, { BALLOON } },
	{ "an empty list", "", XSP_SOURCES, 0 },
	{ "an unknown word", "nowhere", XSP_SOURCES, -EINVAL },
	{ "an unknown word after a known one", "cpuid,nowhere", XSP_SOURCES, -EINVAL },
	{ "repeated", "cpuid,cpuid", XSP_SOURCES, -EINVAL },
	{ "repeated later", "cpuid,contract,cpuid", XSP_SOURCES, -EINVAL },
	{ "a comma at the end", "cpuid,", XSP_SOURCES, -EINVAL },
	{ "a comma at the start", ",cpuid", XSP_SOURCES, -EINVAL },
	{ "two commas", "cpuid,,contract", XSP_SOURCES, -EINVAL },
	{ "only a comma", ",", XSP_SOURCES, -EINVAL },
	{ "the start of a word", "cpu", XSP_SOURCES, -EINVAL },
	{ "more than a word", "cpuids", XSP_SOURCES, -EINVAL },
	{ "another case", "CPUID", XSP_SOURCES, -EINVAL },
	{ "a blank", "cpuid, contract", XSP_SOURCES, -EINVAL },
	{ "the word for having none", "none", XSP_SOURCES, -EINVAL },
	{ "as many as fit", "contract", 1, 1, { CONTRACT } },
	{ "more than fit", "cpuid,contract", 1, -EINVAL },
};

XSP_ROWS(sources);

static void sources_test(struct kunit *test)
{
	const struct sources_row *row = test->param_value;
	enum xsp_source sources[XSP_SOURCES] = {};
	int i;

	KUNIT_EXPECT_EQ(test, xsp_sources_parse(row->list, sources, row->max), row->expect);
	/* What was there before must not count as a repetition. */
	KUNIT_EXPECT_EQ(test, xsp_sources_parse(row->list, sources, row->max), row->expect);
	for (i = 0; i < row->expect; i++)
		KUNIT_EXPECT_EQ(test, sources[i], row->sources[i]);
	for (i = row->max; i < XSP_SOURCES; i++)
		KUNIT_EXPECT_EQ_MSG(test, sources[i], XSP_SOURCE_NONE, "written beyond the end");
}

/* Users write and read these words. */
static void source_names_test(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, xsp_source_rows[XSP_SOURCE_NONE].name, "none");
	KUNIT_EXPECT_STREQ(test, xsp_source_rows[XSP_SOURCE_CPUID].name, "cpuid");
	KUNIT_EXPECT_STREQ(test, xsp_source_rows[XSP_SOURCE_CONTRACT].name, "contract");
	KUNIT_EXPECT_STREQ(test, xsp_source_rows[XSP_SOURCE_BALLOON].name, "balloon");
}

static struct kunit_case range_cases[] = {
	KUNIT_CASE_PARAM(sane_test, sane_gen_params),
	KUNIT_CASE_PARAM(overlap_test, overlap_gen_params),
	KUNIT_CASE_PARAM(within_test, within_gen_params),
	KUNIT_CASE_PARAM(piece_test, piece_gen_params),
	KUNIT_CASE_PARAM(contract_test, contract_gen_params),
	KUNIT_CASE(contract_area_test),
	KUNIT_CASE_PARAM(sources_test, sources_gen_params),
	KUNIT_CASE(source_names_test),
	{}
};

static struct kunit_suite range_suite = {
	.name = "xen-special-pages-range",
	.test_cases = range_cases,
};

/*
 * host.c
 */

#define XENS		XEN_CPUID_SPECIAL_PAGES_EBX
#define PCPG		XEN_CPUID_SPECIAL_PAGES_ECX
#define IPAT		XEN_CPUID_SPECIAL_PAGES_IPAT
#define HEAD(nr, edx)	{ 1 | (nr) << 8, XENS, PCPG, edx }

static const struct parse_row {
	const char *about;
	struct xsp_cpuid head;
	struct xsp_cpuid ranges[XSP_HOST_RANGES + 1];
	unsigned int phys_bits;
	unsigned int nr_read;		/* sub-leaves worth reading */
	struct xsp_host expect;
} parse_rows[] = {
	/* Is it there at all? */
	{ "a stock Xen: zeros", { 0, 0, 0, 0 }, {}, 48, 0, {} },
	{ "all ones", { ~0, ~0, ~0, ~0 }, {}, 48, 0, {} },
	{ "one letter of EBX wrong", { 0x101, XENS ^ 0x20, PCPG, IPAT }, { { 0xfe700, 0, 256 } },
	  48, 0, {} },
	{ "one letter of ECX wrong", { 0x101, XENS, PCPG ^ 0x20, IPAT }, { { 0xfe700, 0, 256 } },
	  48, 0, {} },
	{ "signature swapped", { 0x101, PCPG, XENS, IPAT }, { { 0xfe700, 0, 256 } }, 48, 0, {} },
	{ "version 0", { 0x100, XENS, PCPG, IPAT }, { { 0xfe700, 0, 256 } }, 48, 0, {} },

	/* Later versions only add. */
	{ "version 2", { 0x102, XENS, PCPG, IPAT }, { { 0xfe700, 0, 256 } }, 48, 1,
	  { true, true, 1, { { 0xfe700, 256 } } } },
	{ "version 255", { 0x1ff, XENS, PCPG, 0 }, { { 0xfe700, 0, 256 } }, 48, 1,
	  { true, false, 1, { { 0xfe700, 256 } } } },
	{ "unknown bits of EAX", { 0xffff0101, XENS, PCPG, IPAT }, { { 0xfe700, 0, 256 } },
	  48, 1, { true, true, 1, { { 0xfe700, 256 } } } },

	/* What it says. */
	{ "neither range nor ipat", HEAD(0, 0), {}, 48, 0, { .known = true } },
	{ "ipat alone", HEAD(0, IPAT), {}, 48, 0, { .known = true, .ipat = true } },
	{ "our Xen on AMD: one range", HEAD(1, 0), { { 0xfe700, 0, 256, 1 } }, 48, 1,
	  { true, false, 1, { { 0xfe700, 256 } } } },
	{ "our Xen on Intel: one range and ipat", HEAD(1, IPAT), { { 0xfe700, 0, 256, 1 } }, 48, 1,
	  { true, true, 1, { { 0xfe700, 256 } } } },
	{ "unknown flags in EDX are not ipat", HEAD(0, ~IPAT), {}, 48, 0, { .known = true } },
	{ "unknown flags in EDX beside ipat", HEAD(0, ~0), {}, 48, 0,
	  { .known = true, .ipat = true } },
	{ "unknown attributes of a range", HEAD(1, 0), { { 0xfe700, 0, 256, ~0 } }, 48, 1,
	  { true, false, 1, { { 0xfe700, 256 } } } },
	{ "a range above 2^32 frames", HEAD(1, 0), { { 0x100, 1, 8 } }, 48, 1,
	  { true, false, 1, { { 0x100000100, 8 } } } },
	{ "two ranges, in their order", HEAD(2, 0), { { 0xfe700, 0, 256 }, { 0x1000, 0, 8 } },
	  48, 2, { true, false, 2, { { 0xfe700, 256 }, { 0x1000, 8 } } } },
	{ "two adjacent ranges", HEAD(2, 0), { { 0x1000, 0, 8 }, { 0x1008, 0, 8 } }, 48, 2,
	  { true, false, 2, { { 0x1000, 8 }, { 0x1008, 8 } } } },
	{ "ranges beyond those announced are not looked at", HEAD(1, 0),
	  { { 0xfe700, 0, 256 }, { 0x1000, 0, 8 } }, 48, 1,
	  { true, false, 1, { { 0xfe700, 256 } } } },

	/* One absurdity, and the host is not believed in anything. */
	{ "no pages", HEAD(1, IPAT), { { 0xfe700, 0, 0 } }, 48, 1, {} },
	{ "below 1 MiB", HEAD(1, IPAT), { { 0xff, 0, 256 } }, 48, 1, {} },
	{ "beyond the guest's address bits", HEAD(1, IPAT), { { 0x1000000, 0, 1 } }, 36, 1, {} },
	{ "across the end of the address bits", HEAD(1, IPAT), { { 0xffffff, 0, 2 } }, 36, 1, {} },
	{ "a range that wraps around", HEAD(1, IPAT), { { ~0, ~0, 2 } }, 48, 1, {} },
	{ "all ones in a range", HEAD(1, IPAT), { { ~0, ~0, ~0, ~0 } }, 52, 1, {} },
	{ "the same range twice", HEAD(2, IPAT), { { 0xfe700, 0, 256 }, { 0xfe700, 0, 256 } },
	  48, 2, {} },
	{ "one page in common", HEAD(2, IPAT), { { 0xfe700, 0, 256 }, { 0xfe7ff, 0, 256 } },
	  48, 2, {} },
	{ "the third overlaps the first", HEAD(3, IPAT),
	  { { 0x1000, 0, 8 }, { 0x2000, 0, 8 }, { 0x1007, 0, 1 } }, 48, 3, {} },
	{ "a good range, then an absurd one", HEAD(2, IPAT), { { 0xfe700, 0, 256 }, { 0, 0, 1 } },
	  48, 2, {} },
	{ "announced, but zeros", HEAD(1, IPAT), {}, 48, 1, {} },

	/* Many. */
	{ "as many as are looked at", HEAD(8, 0),
	  { { 0x1000, 0, 8 }, { 0x2000, 0, 8 }, { 0x3000, 0, 8 }, { 0x4000, 0, 8 },
	    { 0x5000, 0, 8 }, { 0x6000, 0, 8 }, { 0x7000, 0, 8 }, { 0x8000, 0, 8 } }, 48, 8,
	  { true, false, 8, { { 0x1000, 8 }, { 0x2000, 8 }, { 0x3000, 8 }, { 0x4000, 8 },
			      { 0x5000, 8 }, { 0x6000, 8 }, { 0x7000, 8 }, { 0x8000, 8 } } } },
	{ "a ninth is ignored, were it absurd", HEAD(9, IPAT),
	  { { 0x1000, 0, 8 }, { 0x2000, 0, 8 }, { 0x3000, 0, 8 }, { 0x4000, 0, 8 },
	    { 0x5000, 0, 8 }, { 0x6000, 0, 8 }, { 0x7000, 0, 8 }, { 0x8000, 0, 8 },
	    { 0x1000, 0, 8 } }, 48, 8,
	  { true, true, 8, { { 0x1000, 8 }, { 0x2000, 8 }, { 0x3000, 8 }, { 0x4000, 8 },
			     { 0x5000, 8 }, { 0x6000, 8 }, { 0x7000, 8 }, { 0x8000, 8 } } } },
	{ "255 announced, the eighth absurd", HEAD(255, IPAT),
	  { { 0x1000, 0, 8 }, { 0x2000, 0, 8 }, { 0x3000, 0, 8 }, { 0x4000, 0, 8 },
	    { 0x5000, 0, 8 }, { 0x6000, 0, 8 }, { 0x7000, 0, 8 }, { 0, 0, 8 } }, 48, 8, {} },
};

XSP_ROWS(parse);

static void parse_test(struct kunit *test)
{
	const struct parse_row *row = test->param_value;
	struct xsp_host host;
	int i;

	/* What was there before must not shine through. */
	memset(&host, 0xff, sizeof(host));
	xsp_host_parse(&host, &row->head, row->ranges, row->phys_bits);

	KUNIT_EXPECT_EQ(test, xsp_host_nr_ranges(&row->head), row->nr_read);
	KUNIT_EXPECT_EQ(test, host.known, row->expect.known);
	KUNIT_EXPECT_EQ(test, host.ipat, row->expect.ipat);
	KUNIT_EXPECT_EQ(test, host.nr_ranges, row->expect.nr_ranges);
	for (i = 0; i < XSP_HOST_RANGES; i++) {
		KUNIT_EXPECT_EQ_MSG(test, host.ranges[i].gfn, row->expect.ranges[i].gfn,
				    "range %d", i);
		KUNIT_EXPECT_EQ_MSG(test, host.ranges[i].pages, row->expect.ranges[i].pages,
				    "range %d", i);
	}
}

static struct kunit_case host_cases[] = {
	KUNIT_CASE_PARAM(parse_test, parse_gen_params),
	{}
};

static struct kunit_suite host_suite = {
	.name = "xen-special-pages-host",
	.test_cases = host_cases,
};

/*
 * memtype.c
 */

#define UC		XSP_MEMTYPE_UC
#define WC		XSP_MEMTYPE_WC
#define WT		XSP_MEMTYPE_WT
#define WP		XSP_MEMTYPE_WP
#define WB		XSP_MEMTYPE_WB
#define UC_MINUS	XSP_MEMTYPE_UC_MINUS
#define UNKNOWN		XSP_MEMTYPE_UNKNOWN

static const struct name_row {
	const char *about;
	unsigned int type;
	const char *expect;
} name_rows[] = {
	{ "UC", 0, "UC" },
	{ "WC", 1, "WC" },
	{ "reserved 2", 2, "unknown" },
	{ "reserved 3", 3, "unknown" },
	{ "WT", 4, "WT" },
	{ "WP", 5, "WP" },
	{ "WB", 6, "WB" },
	{ "UC-", 7, "UC-" },
	{ "unknown", UNKNOWN, "unknown" },
	{ "beyond all", 255, "unknown" },
};

XSP_ROWS(name);

static void name_test(struct kunit *test)
{
	const struct name_row *row = test->param_value;

	KUNIT_EXPECT_STREQ(test, xsp_memtype_name(row->type), row->expect);
}

/* The PAT after reset, and as Linux sets it. */
#define PAT_RESET	0x0007040600070406ULL
#define PAT_LINUX	0x0407050600070106ULL

/* Index of the PAT that an entry selects: PWT, PCD and, for 4 KiB, bit 7. */
#define PTE_PWT		BIT_ULL(3)
#define PTE_PCD		BIT_ULL(4)
#define PTE_PAT		BIT_ULL(7)

static const struct pte_row {
	const char *about;
	u64 pte, pat;
	enum xsp_memtype expect;
} pte_rows[] = {
	{ "the BAR, as stock kernels map it", 0x80000000f0000173, PAT_LINUX, UC_MINUS },
	{ "the range, mapped write-back", 0x80000000fe700163, PAT_LINUX, WB },
	{ "Linux's PAT, index 0", 0, PAT_LINUX, WB },
	{ "Linux's PAT, index 1", PTE_PWT, PAT_LINUX, WC },
	{ "Linux's PAT, index 2", PTE_PCD, PAT_LINUX, UC_MINUS },
	{ "Linux's PAT, index 3", PTE_PCD | PTE_PWT, PAT_LINUX, UC },
	{ "Linux's PAT, index 4", PTE_PAT, PAT_LINUX, WB },
	{ "Linux's PAT, index 5", PTE_PAT | PTE_PWT, PAT_LINUX, WP },
	{ "Linux's PAT, index 6", PTE_PAT | PTE_PCD, PAT_LINUX, UC_MINUS },
	{ "Linux's PAT, index 7", PTE_PAT | PTE_PCD | PTE_PWT, PAT_LINUX, WT },
	{ "the PAT after reset, index 1", PTE_PWT, PAT_RESET, WT },
	{ "the PAT after reset, index 7", PTE_PAT | PTE_PCD | PTE_PWT, PAT_RESET, UC },
	{ "no other bit of the entry matters", ~(PTE_PAT | PTE_PCD | PTE_PWT), PAT_LINUX, WB },
	{ "reserved type 2", 0, 2, UNKNOWN },
	{ "reserved type 3", 0, 3, UNKNOWN },
	{ "reserved type 8", 0, 8, UNKNOWN },
	{ "reserved bits beside WB", 0, 0xfe, UNKNOWN },
	{ "reserved types elsewhere do no harm", PTE_PWT, 0xffffffffffff06ff, WB },
};

XSP_ROWS(pte);

static void pte_test(struct kunit *test)
{
	const struct pte_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_memtype_of_pte(row->pte, row->pat), row->expect);
}

/* MTRRs on, with a default type; one variable MTRR of a size, for 48 address bits. */
#define ON(type)		(BIT_ULL(11) | (type))
#define VAR_MASK(size)		((BIT_ULL(48) - (size)) | BIT_ULL(11))
#define VAR(base, size, type)	{ (base) | (type), VAR_MASK(size) }
#define OFF_VAR(base, size, type) { (base) | (type), BIT_ULL(48) - (size) }
#define MIB			BIT_ULL(20)

static const struct mtrr_row {
	const char *about;
	struct xsp_mtrrs mtrrs;
	u64 gfn, pages;
	enum xsp_memtype expect;
} mtrr_rows[] = {
	/* Without variable MTRRs. */
	{ "no MTRRs: the page tables alone decide", { false, 0 }, 0xfe700, 256, WB },
	{ "MTRRs disabled, default WB", { true, WB }, 0xfe700, 256, UC },
	{ "MTRRs disabled, a WB one for all", { true, WB, 1, { VAR(0, BIT_ULL(40), WB) } },
	  0xfe700, 256, UC },
	{ "only the fixed ones enabled", { true, BIT_ULL(10) | WB }, 0xfe700, 256, UC },
	{ "default WB", { true, ON(WB) }, 0xfe700, 256, WB },
	{ "default UC", { true, ON(UC) }, 0xfe700, 256, UC },
	{ "default WB, fixed ones enabled too", { true, ON(WB) | BIT_ULL(10) }, 0xfe700, 256, WB },
	{ "reserved default type", { true, ON(2) }, 0xfe700, 256, UNKNOWN },

	/* One. */
	{ "hvmloader's UC window, the BAR",
	  { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, UC) } }, 0xf0000, 64, UC },
	{ "hvmloader's UC window, the range",
	  { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, UC) } }, 0xfe700, 256, WB },
	{ "not valid", { true, ON(WB), 1, { OFF_VAR(0xf0000000, 128 * MIB, UC) } },
	  0xf0000, 64, WB },
	{ "not among those that exist", { true, ON(WB), 0, { VAR(0xf0000000, 128 * MIB, UC) } },
	  0xf0000, 64, WB },
	{ "the last one that there can be",
	  { true, ON(WB), XSP_MTRR_MAX_VAR,
	    { [XSP_MTRR_MAX_VAR - 1] = VAR(0xf0000000, 128 * MIB, UC) } }, 0xf0000, 64, UC },
	{ "WB over default UC", { true, ON(UC), 1, { VAR(0, 4096 * MIB, WB) } }, 0xfe700, 256, WB },
	{ "WC", { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, WC) } }, 0xf0000, 64, WC },
	{ "WP", { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, WP) } }, 0xf0000, 64, WP },
	{ "UC-, which MTRRs do not have", { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, 7) } },
	  0xf0000, 64, UNKNOWN },
	{ "reserved type", { true, ON(WB), 1, { VAR(0xf0000000, 128 * MIB, 2) } },
	  0xf0000, 64, UNKNOWN },
	{ "reserved bits of the mask do no harm",
	  { true, ON(WB), 1, { { 0xf0000000 | WC, VAR_MASK(128 * MIB) | 0x7ff } } },
	  0xf0000, 64, WC },
	{ "4 GiB higher", { true, ON(WB), 1, { VAR(0x1f0000000, 128 * MIB, UC) } },
	  0xf0000, 64, WB },
	{ "above 4 GiB", { true, ON(WB), 1, { VAR(0x1f0000000, 128 * MIB, UC) } },
	  0x1f0000, 64, UC },

	/* A part of the pages. */
	{ "the first page alone", { true, ON(WB), 1, { VAR(0xfe700000, 0x1000, UC) } },
	  0xfe700, 256, UNKNOWN },
	{ "the second page alone", { true, ON(WB), 1, { VAR(0xfe701000, 0x1000, UC) } },
	  0xfe700, 256, UNKNOWN },
	{ "the last page alone", { true, ON(WB), 1, { VAR(0xfe7ff000, 0x1000, UC) } },
	  0xfe700, 256, UNKNOWN },
	{ "a page in the middle", { true, ON(WB), 1, { VAR(0xfe780000, 0x1000, UC) } },
	  0xfe700, 256, UNKNOWN },
	{ "the page before", { true, ON(WB), 1, { VAR(0xfe6ff000, 0x1000, UC) } },
	  0xfe700, 256, WB },
	{ "the page after", { true, ON(WB), 1, { VAR(0xfe800000, 0x1000, UC) } },
	  0xfe700, 256, WB },
	{ "a part, but of the same type", { true, ON(WB), 1, { VAR(0xfe700000, 0x1000, WB) } },
	  0xfe700, 256, WB },
	{ "two halves of one type",
	  { true, ON(UC), 2, { VAR(0xfe700000, MIB / 2, WB), VAR(0xfe780000, MIB / 2, WB) } },
	  0xfe700, 256, WB },
	{ "two halves of two types",
	  { true, ON(UC), 2, { VAR(0xfe700000, MIB / 2, WB), VAR(0xfe780000, MIB / 2, WT) } },
	  0xfe700, 256, UNKNOWN },

	/* Several over the same pages. */
	{ "UC over WB", { true, ON(WB), 2, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, UC) } },
	  0xfe700, 256, UC },
	{ "WB over UC", { true, ON(WB), 2, { VAR(0xfe700000, MIB, UC), VAR(0, 4096 * MIB, WB) } },
	  0xfe700, 256, UC },
	{ "WT over WB", { true, ON(UC), 2, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, WT) } },
	  0xfe700, 256, WT },
	{ "WB over WT", { true, ON(UC), 2, { VAR(0xfe700000, MIB, WT), VAR(0, 4096 * MIB, WB) } },
	  0xfe700, 256, WT },
	{ "WB over WB", { true, ON(UC), 2, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, WB) } },
	  0xfe700, 256, WB },
	{ "WC over WB is undefined",
	  { true, ON(UC), 2, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, WC) } },
	  0xfe700, 256, UNKNOWN },
	{ "WP over WT is undefined",
	  { true, ON(UC), 2, { VAR(0, 4096 * MIB, WT), VAR(0xfe700000, MIB, WP) } },
	  0xfe700, 256, UNKNOWN },
	{ "undefined stays undefined",
	  { true, ON(UC), 3, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, WC),
			       VAR(0xfe700000, MIB, WB) } }, 0xfe700, 256, UNKNOWN },
	{ "UC beats even what is undefined",
	  { true, ON(WB), 3, { VAR(0, 4096 * MIB, WB), VAR(0xfe700000, MIB, WC),
			       VAR(0xfe700000, MIB, UC) } }, 0xfe700, 256, UC },
};

XSP_ROWS(mtrr);

static void mtrr_test(struct kunit *test)
{
	const struct mtrr_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_memtype_of_mtrrs(&row->mtrrs, row->gfn, row->pages),
			row->expect);
}

static struct kunit_case memtype_cases[] = {
	KUNIT_CASE_PARAM(name_test, name_gen_params),
	KUNIT_CASE_PARAM(pte_test, pte_gen_params),
	KUNIT_CASE_PARAM(mtrr_test, mtrr_gen_params),
	{}
};

static struct kunit_suite memtype_suite = {
	.name = "xen-special-pages-memtype",
	.test_cases = memtype_cases,
};

kunit_test_suites(&range_suite, &host_suite, &memtype_suite);
