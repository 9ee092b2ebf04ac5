// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the pure logic: one table per function, one case per row. */

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>
#include <xen/interface/arch-x86/special-pages.h>

#include "../candidate.h"
#include "../host.h"
#include "../memtype.h"
#include "../policy.h"
#include "../range.h"
#include "../samples.h"
#include "../state.h"
#include "rows.h"

/* The frames of a guest with 52 address bits, the most that there can be. */
#define GFNS_52		BIT_ULL(40)

/*
 * policy.c
 */

#define GO(where, reason)	{ .placement = XSP_##where, .why = XSP_WHY_##reason }
#define NO(err, reason)		{ .error = -(err), .why = XSP_WHY_##reason }

static const struct decide_row {
	const char *about;
	struct xsp_facts facts;
	struct xsp_decision expect[XSP_PLACEMENTS];	/* auto, range, bar, boot */
} decide_rows[] = {
	{ "a range, ipat, BAR WB", { 0, true, true },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "a range, ipat, BAR uncached", { 0, true, false },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "a range, no ipat, BAR WB", { 0, false, true },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, BAR_WB), GO(BOOT, BOOT_ASKED) } },
	{ "a range, no ipat, BAR uncached", { 0, false, false },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), NO(EPERM, BAR_UNCACHED), GO(BOOT, BOOT_ASKED) } },

	{ "no range, ipat, BAR WB", { -ENODEV, true, true },
	  { GO(BAR, BAR_IPAT), NO(ENODEV, NO_RANGE), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "no range, ipat, BAR uncached", { -ENODEV, true, false },
	  { GO(BAR, BAR_IPAT), NO(ENODEV, NO_RANGE), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "no range, no ipat, BAR WB", { -ENODEV, false, true },
	  { GO(BAR, BAR_WB), NO(ENODEV, NO_RANGE), GO(BAR, BAR_WB), GO(BOOT, BOOT_ASKED) } },
	{ "no range, no ipat, BAR uncached", { -ENODEV, false, false },
	  { GO(BOOT, BOOT_UNSURE), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNCACHED),
	    GO(BOOT, BOOT_ASKED) } },

	{ "no range, no ipat, BAR uncached, AMD", { -ENODEV, false, false, true },
	  { GO(BOOT, BOOT_UNCACHED), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNCACHED),
	    GO(BOOT, BOOT_ASKED) } },

	{ "range too small, ipat, BAR WB", { -ENOSPC, true, true },
	  { GO(BAR, BAR_IPAT), NO(ENOSPC, RANGE_SMALL), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "range too small, ipat, BAR uncached", { -ENOSPC, true, false },
	  { GO(BAR, BAR_IPAT), NO(ENOSPC, RANGE_SMALL), GO(BAR, BAR_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "range too small, no ipat, BAR WB", { -ENOSPC, false, true },
	  { GO(BAR, BAR_WB), NO(ENOSPC, RANGE_SMALL), GO(BAR, BAR_WB), GO(BOOT, BOOT_ASKED) } },
	{ "range too small, no ipat, BAR uncached", { -ENOSPC, false, false },
	  { GO(BOOT, BOOT_UNSURE), NO(ENOSPC, RANGE_SMALL), NO(EPERM, BAR_UNCACHED),
	    GO(BOOT, BOOT_ASKED) } },
};

XSP_ROWS(decide);

static void decide_test(struct kunit *test)
{
	const struct decide_row *row = test->param_value;
	enum xsp_placement request;

	for (request = XSP_AUTO; request < XSP_PLACEMENTS; request++) {
		const struct xsp_decision *expect = &row->expect[request];
		struct xsp_decision got = xsp_policy_decide(request, &row->facts);
		const char *word = xsp_placement_names[request];

		KUNIT_EXPECT_EQ_MSG(test, got.error, expect->error, "asked for %s", word);
		KUNIT_EXPECT_EQ_MSG(test, got.why, expect->why, "asked for %s", word);
		/* A refusal goes nowhere, but nothing can be placed at auto. */
		KUNIT_EXPECT_NE_MSG(test, got.placement, XSP_AUTO, "asked for %s", word);
		if (!expect->error)
			KUNIT_EXPECT_EQ_MSG(test, got.placement, expect->placement,
					    "asked for %s", word);
	}
}

/* Users write and read these words. */
static void placement_names_test(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, xsp_placement_names[XSP_AUTO], "auto");
	KUNIT_EXPECT_STREQ(test, xsp_placement_names[XSP_RANGE], "range");
	KUNIT_EXPECT_STREQ(test, xsp_placement_names[XSP_BAR], "bar");
	KUNIT_EXPECT_STREQ(test, xsp_placement_names[XSP_BOOT], "boot");
}

/* Every reason is one line, and no two read the same. */
static void why_text_test(struct kunit *test)
{
	enum xsp_why why, other;

	for (why = 0; why < XSP_WHYS; why++) {
		const char *text = xsp_why_text(why);

		KUNIT_ASSERT_NOT_NULL_MSG(test, text, "reason %d", why);
		KUNIT_EXPECT_GT_MSG(test, strlen(text), 0, "reason %d", why);
		KUNIT_EXPECT_NULL_MSG(test, strchr(text, '\n'), "reason %d", why);
		for (other = 0; other < why; other++)
			KUNIT_EXPECT_STRNEQ(test, text, xsp_why_text(other));
	}
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(decide_test, decide_gen_params),
	KUNIT_CASE(placement_names_test),
	KUNIT_CASE(why_text_test),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "xen-special-pages-policy",
	.test_cases = policy_cases,
};

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
 * state.c
 */

static const struct state_row {
	const char *about;
	struct xsp_count count;		/* lost, astray, away, moving */
	enum xsp_state expect;
} state_rows[] = {
	{ "all in the boot placement", { 0, 0, 0, false }, XSP_STATE_BOOT },
	{ "the grant table away", { 0, 0, 1, false }, XSP_STATE_RANGE },
	{ "both kinds away", { 0, 0, 2, false }, XSP_STATE_RANGE },
	{ "one page astray", { 0, 1, 1, false }, XSP_STATE_PARTLY },
	{ "a lost page in the boot placement", { 1, 0, 0, false }, XSP_STATE_FAILED },
	{ "a lost page in the range", { 1, 0, 2, false }, XSP_STATE_FAILED },
	{ "a lost page weighs more than one astray", { 1, 1, 1, false }, XSP_STATE_FAILED },
	{ "in a move", { 1, 1, 1, true }, XSP_STATE_MOVING },
};

XSP_ROWS(state);

static void state_test(struct kunit *test)
{
	const struct state_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_state_of(&row->count), row->expect);
}

#define FREE	XSP_PASSAGE_FREE
#define REPAIR	XSP_PASSAGE_REPAIR
#define BACK	XSP_PASSAGE_GO_BACK
#define CLOSED	XSP_PASSAGE_CLOSED

static const struct passage_row {
	const char *about;
	enum xsp_passage expect[XSP_EXITS];	/* request, suspend, kexec, removal */
} passage_rows[XSP_STATES] = {
	[XSP_STATE_BOOT]	= { "boot", { FREE, FREE, FREE, FREE } },
	[XSP_STATE_MOVING]	= { "moving", { CLOSED, CLOSED, CLOSED, CLOSED } },
	[XSP_STATE_RANGE]	= { "range", { FREE, BACK, BACK, CLOSED } },
	[XSP_STATE_PARTLY]	= { "partly", { FREE, BACK, BACK, CLOSED } },
	[XSP_STATE_FAILED]	= { "failed", { REPAIR, BACK, BACK, CLOSED } },
};

static void passage_test(struct kunit *test)
{
	enum xsp_state state;
	enum xsp_exit exit;

	for (state = 0; state < XSP_STATES; state++) {
		const struct passage_row *row = &passage_rows[state];

		KUNIT_EXPECT_STREQ(test, xsp_state_names[state], row->about);
		for (exit = 0; exit < XSP_EXITS; exit++)
			KUNIT_EXPECT_EQ_MSG(test, xsp_state_passage(state, exit),
					    row->expect[exit], "%s, exit %d", row->about, exit);
	}
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE_PARAM(state_test, state_gen_params),
	KUNIT_CASE(passage_test),
	{}
};

static struct kunit_suite state_suite = {
	.name = "xen-special-pages-state",
	.test_cases = state_cases,
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
 * candidate.c
 */

#define HEAP	0xffff888000000000ULL
#define VMAP	0xffffc90000000000ULL
#define TIB	BIT_ULL(40)
#define LIMITS(count)	{ count, 4096, HEAP, HEAP + 64 * TIB, VMAP, VMAP + 32 * TIB }

/* 64 frames: an array of 512 bytes and a table of 0x40000 bytes. */
static const struct plausible_row {
	const char *about;
	struct xsp_candidate candidate;		/* pfn, count, padding, vaddr */
	struct xsp_expected expected;
	bool expect;
} plausible_rows[] = {
	{ "as in a running kernel", { HEAP + 0x3a200, 64, 0, VMAP + 0x80000 }, LIMITS(64), true },
	{ "padding may hold anything", { HEAP + 0x3a200, 64, ~0, VMAP + 0x80000 }, LIMITS(64),
	  true },
	{ "zeros", { 0, 0, 0, 0 }, LIMITS(64), false },

	/* The count. */
	{ "one frame too few", { HEAP, 63, 0, VMAP }, LIMITS(64), false },
	{ "more frames, from a host with a higher limit", { HEAP, 65, 0, VMAP }, LIMITS(64), true },
	{ "as many frames as the BAR has room for", { HEAP, 4096, 0, VMAP }, LIMITS(64), true },
	{ "more frames than the BAR has room for", { HEAP, 4097, 0, VMAP }, LIMITS(64), false },
	{ "no frames, though expected", { HEAP, 0, 0, VMAP }, LIMITS(0), false },

	/* Alignment. */
	{ "array at half an entry", { HEAP + 4, 64, 0, VMAP }, LIMITS(64), false },
	{ "array at an odd entry", { HEAP + 8, 64, 0, VMAP }, LIMITS(64), true },
	{ "table within a page", { HEAP, 64, 0, VMAP + 0x800 }, LIMITS(64), false },
	{ "table at an odd page", { HEAP, 64, 0, VMAP + 0x1000 }, LIMITS(64), true },

	/* Pointers outside of their areas. */
	{ "no array", { 0, 64, 0, VMAP }, LIMITS(64), false },
	{ "no table", { HEAP, 64, 0, 0 }, LIMITS(64), false },
	{ "pointers swapped", { VMAP, 64, 0, HEAP }, LIMITS(64), false },
	{ "array in user space", { 0x7f0000000000, 64, 0, VMAP }, LIMITS(64), false },
	{ "array before the heap", { HEAP - 8, 64, 0, VMAP }, LIMITS(64), false },
	{ "array after the heap", { HEAP + 64 * TIB, 64, 0, VMAP }, LIMITS(64), false },
	{ "array ends with the heap", { HEAP + 64 * TIB - 512, 64, 0, VMAP }, LIMITS(64), true },
	{ "array ends beyond the heap", { HEAP + 64 * TIB - 504, 64, 0, VMAP }, LIMITS(64),
	  false },
	{ "table before its area", { HEAP, 64, 0, VMAP - 0x1000 }, LIMITS(64), false },
	{ "table after its area", { HEAP, 64, 0, VMAP + 32 * TIB }, LIMITS(64), false },
	{ "table ends with its area", { HEAP, 64, 0, VMAP + 32 * TIB - 0x40000 }, LIMITS(64),
	  true },
	{ "table ends beyond its area", { HEAP, 64, 0, VMAP + 32 * TIB - 0x3f000 }, LIMITS(64),
	  false },

	/* Ends that wrap around. */
	{ "array wraps around", { -8ULL, 64, 0, VMAP }, { 64, 64, HEAP, -1ULL, VMAP, -1ULL },
	  false },
	{ "table wraps around", { HEAP, 64, 0, -0x1000ULL }, { 64, 64, HEAP, -1ULL, VMAP, -1ULL },
	  false },
	{ "array of 4 GiB and a bit", { HEAP, 0x20000001, 0, VMAP },
	  { 0x20000001, 0x20000001, HEAP, HEAP + 0x1000, VMAP, VMAP + 32 * TIB }, false },
	{ "table of 4 GiB and a bit", { HEAP, 0x100001, 0, VMAP },
	  { 0x100001, 0x100001, HEAP, HEAP + 64 * TIB, VMAP, VMAP + 0x10000 }, false },
};

XSP_ROWS(plausible);

static void plausible_test(struct kunit *test)
{
	const struct plausible_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_candidate_plausible(&row->candidate, &row->expected),
			row->expect);
}

static const struct gfns_row {
	const char *about;
	u64 gfns[4];
	unsigned int count;
	u64 first;
	bool expect;
} gfns_rows[] = {
	{ "the start of the BAR", { 0xf0000, 0xf0001, 0xf0002, 0xf0003 }, 4, 0xf0000, true },
	{ "one frame", { 0xf0000 }, 1, 0xf0000, true },
	{ "no frames", { 0xf0000 }, 0, 0xf0000, false },
	{ "another BAR", { 0xf1000, 0xf1001, 0xf1002, 0xf1003 }, 4, 0xf0000, false },
	{ "the first is wrong", { 0xf0001, 0xf0001, 0xf0002, 0xf0003 }, 4, 0xf0000, false },
	{ "the last is wrong", { 0xf0000, 0xf0001, 0xf0002, 0xf0004 }, 4, 0xf0000, false },
	{ "a gap", { 0xf0000, 0xf0001, 0xf0003, 0xf0004 }, 4, 0xf0000, false },
	{ "backwards", { 0xf0000, 0xeffff, 0xefffe, 0xefffd }, 4, 0xf0000, false },
	{ "the same one again", { 0xf0000, 0xf0000, 0xf0000, 0xf0000 }, 4, 0xf0000, false },
	{ "equal in the low 32 bits", { 0x1000f0000, 0x1000f0001 }, 2, 0xf0000, false },
	{ "across 2^32", { 0xffffffff, 0x100000000 }, 2, 0xffffffff, true },
	{ "what follows is not looked at", { 0xf0000, 0xf0001, 0, 0 }, 2, 0xf0000, true },
};

XSP_ROWS(gfns);

static void gfns_test(struct kunit *test)
{
	const struct gfns_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_candidate_gfns_match(row->gfns, row->count, row->first),
			row->expect);
}

/* An HVM guest's, as Xen 4.17 has left it. */
#define LOOK(...)	{ .wc_version = 2, .wc_sec = 1794900000, .wc_nsec = 999999999,	\
			  .time_version = 8, .tsc_to_system_mul = 2863311530U, __VA_ARGS__ }

static const struct look_row {
	const char *about;
	struct xsp_shared_info_look look;
	bool expect;
} look_rows[] = {
	{ "a good one", LOOK(), true },
	{ "a page of zeros", {}, false },
	{ "a page of ones: nothing is there", { ~0, ~0, ~0, ~0, ~0, ~0 }, false },
	{ "Xen is writing the wall clock", LOOK(.wc_version = 3), false },
	{ "no wall clock yet", LOOK(.wc_version = 0), false },
	{ "2000-01-01", LOOK(.wc_sec = 946684800), true },
	{ "a second before", LOOK(.wc_sec = 946684799), false },
	{ "a second of nanoseconds", LOOK(.wc_nsec = 1000000000), false },
	{ "after 2038", LOOK(.wc_sec = 0xf0000000), true },
	{ "Xen is writing the time", LOOK(.time_version = 7), false },
	{ "no time yet", LOOK(.time_version = 0), false },
	{ "something in the padding", LOOK(.time_pad = 1), false },
	{ "no scale", LOOK(.tsc_to_system_mul = 0), false },
};

XSP_ROWS(look);

static void look_test(struct kunit *test)
{
	const struct look_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_shared_info_plausible(&row->look), row->expect);
}

static struct kunit_case candidate_cases[] = {
	KUNIT_CASE_PARAM(plausible_test, plausible_gen_params),
	KUNIT_CASE_PARAM(gfns_test, gfns_gen_params),
	KUNIT_CASE_PARAM(look_test, look_gen_params),
	{}
};

static struct kunit_suite candidate_suite = {
	.name = "xen-special-pages-candidate",
	.test_cases = candidate_cases,
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

/*
 * samples.c
 */

static const struct percentile_row {
	const char *about;
	unsigned int nr;		/* samples: 1, 2, 3, ..., in another order */
	u64 median, p99, highest;
} percentile_rows[] = {
	{ "no sample", 0, 0, 0, 0 },
	{ "one sample is all of them", 1, 1, 1, 1 },
	{ "two: half of them do not exceed the first", 2, 1, 2, 2 },
	{ "three", 3, 2, 3, 3 },
	{ "99: the last one counts", 99, 50, 99, 99 },
	{ "100: one is above", 100, 50, 99, 100 },
	{ "101", 101, 51, 100, 101 },
	{ "200: two are above", 200, 100, 198, 200 },
	{ "all that there is room for", XSP_SAMPLES_MAX, 251, 496, 501 },
};

XSP_ROWS(percentile);

static void percentile_test(struct kunit *test)
{
	const struct percentile_row *row = test->param_value;
	struct xsp_samples *samples = kunit_kzalloc(test, sizeof(*samples), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, samples);
	/* From both ends. */
	for (i = 0; i < row->nr; i++)
		xsp_samples_add(samples, i % 2 ? 1 + i / 2 : row->nr - i / 2);
	xsp_samples_sort(samples);
	KUNIT_EXPECT_EQ(test, samples->nr, row->nr);
	KUNIT_EXPECT_EQ(test, xsp_samples_percentile(samples, 50), row->median);
	KUNIT_EXPECT_EQ(test, xsp_samples_percentile(samples, 99), row->p99);
	KUNIT_EXPECT_EQ(test, xsp_samples_percentile(samples, 100), row->highest);
}

/* Differences that do not fit into an int, nor into 64 bits with a sign. */
static void samples_order_test(struct kunit *test)
{
	struct xsp_samples *samples = kunit_kzalloc(test, sizeof(*samples), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, samples);
	xsp_samples_add(samples, U64_MAX);
	xsp_samples_add(samples, BIT_ULL(32));
	xsp_samples_add(samples, 0);
	xsp_samples_add(samples, 1);
	xsp_samples_sort(samples);
	KUNIT_EXPECT_EQ(test, samples->cycles[0], 0);
	KUNIT_EXPECT_EQ(test, samples->cycles[1], 1);
	KUNIT_EXPECT_EQ(test, samples->cycles[2], BIT_ULL(32));
	KUNIT_EXPECT_EQ(test, samples->cycles[3], U64_MAX);
}

static void samples_full_test(struct kunit *test)
{
	struct xsp_samples *samples = kunit_kzalloc(test, 2 * sizeof(*samples), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, samples);
	for (i = 0; i < XSP_SAMPLES_MAX; i++) {
		KUNIT_EXPECT_FALSE(test, xsp_samples_full(samples));
		xsp_samples_add(samples, 1);
	}
	KUNIT_EXPECT_TRUE(test, xsp_samples_full(samples));
	xsp_samples_add(samples, 2);
	KUNIT_EXPECT_EQ(test, samples->nr, XSP_SAMPLES_MAX);
	KUNIT_EXPECT_EQ(test, samples[1].nr, 0);
}

static const struct ns_row {
	const char *about;
	u64 cycles;
	u32 khz;
	u64 expect;
} ns_rows[] = {
	{ "none", 0, 2000000, 0 },
	{ "1 GHz", 12345, 1000000, 12345 },
	{ "3 GHz", 300, 3000000, 100 },
	{ "rounded down", 299, 3000000, 99 },
	{ "less than one", 2, 3000000, 0 },
	{ "half a megahertz", 1, 500, 2000 },
	{ "an hour", 3600ULL * 3000000000ULL, 3000000, 3600ULL * 1000000000ULL },
	{ "an unknown clock", 12345, 0, 0 },
};

XSP_ROWS(ns);

static void ns_test(struct kunit *test)
{
	const struct ns_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_cycles_to_ns(row->cycles, row->khz), row->expect);
}

static struct kunit_case samples_cases[] = {
	KUNIT_CASE_PARAM(percentile_test, percentile_gen_params),
	KUNIT_CASE(samples_order_test),
	KUNIT_CASE(samples_full_test),
	KUNIT_CASE_PARAM(ns_test, ns_gen_params),
	{}
};

static struct kunit_suite samples_suite = {
	.name = "xen-special-pages-samples",
	.test_cases = samples_cases,
};

kunit_test_suites(&policy_suite, &range_suite, &host_suite, &candidate_suite, &memtype_suite,
		  &state_suite, &samples_suite);

MODULE_DESCRIPTION("KUnit tests for the logic of Xen special pages");
MODULE_LICENSE("GPL");
