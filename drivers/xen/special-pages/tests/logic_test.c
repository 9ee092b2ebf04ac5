// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the pure logic: one table per function, one case per row. */

#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "../candidate.h"
#include "../host.h"
#include "../policy.h"
#include "../samples.h"
#include "../state.h"
#include "rows.h"

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
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, ASKED_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "a range, ipat, BAR uncached", { 0, true, false },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, ASKED_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "a range, no ipat, BAR WB", { 0, false, true },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), GO(BAR, ASKED_WB), GO(BOOT, BOOT_ASKED) } },
	{ "a range, no ipat, BAR uncached", { 0, false, false },
	  { GO(RANGE, RANGE), GO(RANGE, RANGE), NO(EPERM, BAR_UNCACHED), GO(BOOT, BOOT_ASKED) } },

	{ "no range, ipat, BAR WB", { -ENODEV, true, true },
	  { GO(BAR, BAR_IPAT), NO(ENODEV, NO_RANGE), GO(BAR, ASKED_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "no range, ipat, BAR uncached", { -ENODEV, true, false },
	  { GO(BAR, BAR_IPAT), NO(ENODEV, NO_RANGE), GO(BAR, ASKED_IPAT), GO(BOOT, BOOT_ASKED) } },
	{ "no range, no ipat, BAR WB", { -ENODEV, false, true },
	  { GO(BAR, BAR_WB), NO(ENODEV, NO_RANGE), GO(BAR, ASKED_WB), GO(BOOT, BOOT_ASKED) } },
	{ "no range, no ipat, BAR uncached", { -ENODEV, false, false },
	  { GO(BOOT, BOOT_UNSURE), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNCACHED),
	    GO(BOOT, BOOT_ASKED) } },

	{ "no range, no ipat, BAR uncached, AMD", { -ENODEV, false, false, true },
	  { GO(BOOT, BOOT_UNCACHED), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNCACHED),
	    GO(BOOT, BOOT_ASKED) } },

	/* The BAR is not mapped then. */
	{ "in the kernel's range, another range", { 0, false, false, true, true },
	  { GO(BOOT, BOOT_RANGE), GO(RANGE, RANGE), NO(EPERM, BAR_UNMAPPED),
	    GO(BOOT, BOOT_ASKED) } },
	{ "in the kernel's range, no other range", { -ENODEV, false, false, true, true },
	  { GO(BOOT, BOOT_RANGE), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNMAPPED),
	    GO(BOOT, BOOT_ASKED) } },
	{ "in the kernel's range, ipat", { -ENODEV, true, false, true, true },
	  { GO(BOOT, BOOT_RANGE), NO(ENODEV, NO_RANGE), NO(EPERM, BAR_UNMAPPED),
	    GO(BOOT, BOOT_ASKED) } },

	{ "range too small, ipat, BAR WB", { -ENOSPC, true, true },
	  { GO(BAR, BAR_IPAT), NO(ENOSPC, RANGE_SMALL), GO(BAR, ASKED_IPAT),
	    GO(BOOT, BOOT_ASKED) } },
	{ "range too small, ipat, BAR uncached", { -ENOSPC, true, false },
	  { GO(BAR, BAR_IPAT), NO(ENOSPC, RANGE_SMALL), GO(BAR, ASKED_IPAT),
	    GO(BOOT, BOOT_ASKED) } },
	{ "range too small, no ipat, BAR WB", { -ENOSPC, false, true },
	  { GO(BAR, BAR_WB), NO(ENOSPC, RANGE_SMALL), GO(BAR, ASKED_WB), GO(BOOT, BOOT_ASKED) } },
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

static const struct place_row {
	const char *about;
	u64 gfn;
	u32 count;
	bool expect;
} place_rows[] = {
	{ "the BAR", 0xf0000, 64, true },
	{ "not its beginning", 0xf0001, 64, false },
	{ "a range of the host", 0x240000, 64, true },
	{ "its end", 0x2400c0, 64, true },
	{ "the second range", 0x260000, 16, true },
	{ "the end of the second range", 0x260010, 16, true },
	{ "more than the second range", 0x260000, 33, false },
	{ "beyond the second range", 0x260011, 16, false },
	{ "before it", 0x25ffff, 16, false },
	{ "the firmware's area", 0xfe700, 256, true },
	{ "the end of it", 0xfe7c0, 64, true },
	{ "more than it", 0xfe700, 257, false },
	{ "anywhere", 0x1000, 64, false },
};

XSP_ROWS(place);

static void place_test(struct kunit *test)
{
	static const struct xsp_range bar = { 0xf0000, 4096 };
	static const struct xsp_host host = {
		.known = true,
		.nr_ranges = 2,
		.ranges = { { 0x240000, 256 }, { 0x260000, 32 }, { 0x1000, 256 } },
	};
	const struct place_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, xsp_candidate_place_known(row->gfn, row->count, &bar, &host),
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
	KUNIT_CASE_PARAM(place_test, place_gen_params),
	KUNIT_CASE_PARAM(look_test, look_gen_params),
	{}
};

static struct kunit_suite candidate_suite = {
	.name = "xen-special-pages-candidate",
	.test_cases = candidate_cases,
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

kunit_test_suites(&policy_suite, &candidate_suite, &state_suite, &samples_suite);

MODULE_DESCRIPTION("KUnit tests for the logic of Xen special pages");
MODULE_LICENSE("GPL");
