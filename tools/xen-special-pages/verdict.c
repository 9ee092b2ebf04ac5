// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

static const struct verdict guest_verdicts[] = {
	[GUEST_NOT_XEN] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "not a Xen guest: there are no special pages here",
	},
	[GUEST_PV] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "a PV guest: its special pages are in RAM, there is nothing to move",
	},
	[GUEST_PVH] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "a PVH guest: its special pages are in RAM, there is nothing to move",
	},
	[GUEST_HVM_WITHOUT_DEVICE] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "an HVM guest without the Xen platform device (5853:0001)",
		.advice	= (const char *const[]){
			"let the toolstack give it one (xl.cfg: xen_platform_pci=1)", NULL
		},
	},
	[GUEST_HVM_WITH_DEVICE] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "an HVM guest whose xen-special-pages driver is not loaded",
	},
};

/* What to do if the driver is not loaded, by the modules that the kernel takes. */
static const char *const load_driver[][ADVICE_LINES + 1] = {
	[MODULES_ANY] = { "modprobe xen-special-pages" },
	[MODULES_TRUSTED] = {
		"modprobe xen-special-pages",
		"if its key is rejected, let the kernel trust the key that DKMS made:",
		"mokutil --import /var/lib/dkms/mok.pub, reboot, confirm on the console",
		"(Ubuntu: /var/lib/shim-signed/mok/MOK.der)",
	},
	[MODULES_TRUSTED_FIXED] = {
		"modprobe xen-special-pages",
		"if its key is rejected: without UEFI, mokutil cannot add the key of DKMS",
		"boot without module.sig_enforce and lockdown, or with UEFI and Secure Boot",
	},
};

/* Without the driver, by a kernel that needs none. */
static const struct verdict kernel_placed = {
	.check		= CHECK_WRITE_BACK,
	.caching	= CACHING_WRITE_BACK,
	.text		= "an HVM guest whose kernel itself put the grant table into a range",
};

static struct verdict judge_guest(const struct host_facts *facts)
{
	struct verdict verdict = guest_verdicts[facts->guest];

	if (facts->guest != GUEST_HVM_WITH_DEVICE)
		return verdict;
	if (facts->kernel_placed)
		return kernel_placed;
	verdict.advice = load_driver[facts->modules];
	if (facts->modules != MODULES_ANY)
		verdict.text = "an HVM guest whose xen-special-pages driver is not loaded; "
			       "its kernel takes modules of trusted keys only";
	return verdict;
}

/* Why the guest's own mapping of the grant table is write-back. */
static const char *why_write_back(const struct attr_value *values)
{
	const struct attr_value *source = &values[ATTR_RANGE_SOURCE];

	if (attr_is(values, ATTR_STATE, STATE_BOOT))
		return "the grant table is where the kernel put it, which is mapped write-back";
	if (attr_is(values, ATTR_STATE, STATE_BAR))
		return "the grant table is in the BAR, which is mapped write-back";
	if (!source->valid)
		return "the grant table is mapped write-back";
	switch (source->number) {
	case 1 << SOURCE_CPUID:
		return "the grant table is in the range the hypervisor advertises";
	case 1 << SOURCE_CONTRACT:
		return "the grant table is in the area the firmware keeps free for guests";
	case 1 << SOURCE_BALLOON:
		return "the grant table is in holes that ballooning made";
	case 0:
		return "the grant table is mapped write-back";
	default:
		return "the grant table is in ranges of more than one source";
	}
}

static struct verdict judge_write_back(const struct attr_value *values)
{
	struct verdict verdict = {
		.check		= CHECK_WRITE_BACK,
		.caching	= CACHING_WRITE_BACK,
	};

	if (attr_is(values, ATTR_GRANT_TABLE_MEMORY_TYPE, MEMORY_WB))
		verdict.text = why_write_back(values);
	else
		verdict.text = "the host makes special pages so, whatever the guest says (ipat)";
	return verdict;
}

/* A request that the driver could not meet stays in force. */
static bool asked_for(const struct attr_value *values)
{
	return (attr_is(values, ATTR_PLACEMENT, REQUEST_BOOT) &&
		attr_is(values, ATTR_STATE, STATE_BOOT)) ||
	       (attr_is(values, ATTR_PLACEMENT, REQUEST_BAR) &&
		attr_is(values, ATTR_STATE, STATE_BAR));
}

static bool has_range(const struct attr_value *values)
{
	return values[ATTR_RANGE_SOURCE].valid && !attr_is_set(values, ATTR_RANGE_SOURCE, 0);
}

static enum check check_of(enum caching caching)
{
	return caching == CACHING_DEPENDS ? CHECK_DEPENDS : CHECK_NOT_WRITE_BACK;
}

/* Why the grant table is where it is not write-back, and what this guest's owner can do. */
enum situation {
	SITUATION_IN_RANGE,
	SITUATION_ASKED_FOR,
	SITUATION_RANGE_UNUSED,
	SITUATION_NO_RANGE,
	SITUATION_NO_ROOM,	/* although the driver may make room in RAM */
};

#define LOAD_WITH_BALLOON							\
	"remove the driver and load it with sources=cpuid,contract,balloon"
#define PRICE_OF_BALLOON							\
	"this costs one page of RAM for each frame that the grant table can have"
#define FREE_RAM								\
	"free some RAM, then: xen-special-pages place auto"
#define ASK_FOR_RANGE								\
	"or ask the host's operator for a hypervisor that advertises a range"
#define ASK_ABOUT_DEVICES							\
	"ask the host's operator whether this guest has a PCI device of the host"
#define WITHOUT_DEVICES								\
	"if it has none, a stock host on Intel forces write-back, and nothing is needed"

static const struct {
	const char *text;
	const char *advice[ADVICE_LINES + 1];
	const char *advice_depends[ADVICE_LINES + 1];
} situations[] = {
	[SITUATION_IN_RANGE] = {
		.text	= "the grant table is in a range that is not write-back",
		.advice	= { "see the MTRRs (/proc/mtrr) and report this" },
		.advice_depends = { "see the MTRRs (/proc/mtrr) and report this" },
	},
	[SITUATION_ASKED_FOR] = {
		.text	= "the grant table is where it was asked to be",
		.advice	= { "xen-special-pages place auto" },
		.advice_depends = { "xen-special-pages place auto" },
	},
	[SITUATION_RANGE_UNUSED] = {
		.text	= "there is a range, but the grant table is not in it",
		.advice	= { "xen-special-pages place range" },
		.advice_depends = { "xen-special-pages place range" },
	},
	[SITUATION_NO_RANGE] = {
		.text	= "there is no usable range, and the BAR is not mapped write-back",
		.advice	= { LOAD_WITH_BALLOON, PRICE_OF_BALLOON, ASK_FOR_RANGE },
		.advice_depends = {
			ASK_ABOUT_DEVICES, WITHOUT_DEVICES, "else " LOAD_WITH_BALLOON,
			PRICE_OF_BALLOON,
		},
	},
	[SITUATION_NO_ROOM] = {
		.text	= "there is no usable range, also not in RAM (balloon)",
		.advice	= { FREE_RAM, ASK_FOR_RANGE },
		.advice_depends = { ASK_ABOUT_DEVICES, WITHOUT_DEVICES, "else " FREE_RAM },
	},
};

static enum situation situation_of(const struct attr_value *values, const struct host_facts *facts)
{
	if (attr_is(values, ATTR_STATE, STATE_RANGE))
		return SITUATION_IN_RANGE;
	if (asked_for(values))
		return SITUATION_ASKED_FOR;
	if (has_range(values))
		return SITUATION_RANGE_UNUSED;
	return facts->balloon ? SITUATION_NO_ROOM : SITUATION_NO_RANGE;
}

static struct verdict judge_other(const struct attr_value *values, const struct host_facts *facts,
				  enum caching caching)
{
	enum situation situation = situation_of(values, facts);
	bool depends = caching == CACHING_DEPENDS;

	return (struct verdict) {
		.check		= check_of(caching),
		.caching	= caching,
		.text		= situations[situation].text,
		.price		= situation == SITUATION_NO_RANGE,
		.advice		= depends ? situations[situation].advice_depends :
					    situations[situation].advice,
	};
}

/* The grant table is fine. */
static struct verdict judge_shared_info(enum caching caching)
{
	static const char *const place_auto[] = { "xen-special-pages place auto", NULL };

	return (struct verdict) {
		.check		= check_of(caching),
		.caching	= caching,
		.text		= "the grant table is write-back, but shared_info is not mapped so",
		.advice		= place_auto,
	};
}

/* Those that have no room behave as the whole table did at boot. */
static struct verdict judge_partly_placed(const struct host_facts *facts)
{
	static const char *const make_room[] = { LOAD_WITH_BALLOON, PRICE_OF_BALLOON, NULL };

	return (struct verdict) {
		.check		= facts->types == TYPES_GUEST ? CHECK_NOT_WRITE_BACK :
								CHECK_DEPENDS,
		.caching	= CACHING_PARTLY,
		.text		= "the range has no room for some frames in use",
		.price		= true,
		.advice		= make_room,
	};
}

static struct verdict judge_failed(void)
{
	static const char *const wait[] = {
		"wait: the driver tries again by itself; and see the kernel log", NULL
	};

	return (struct verdict) {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= CACHING_NOWHERE,
		.text		= "the host took a page and gave it back nowhere",
		.advice		= wait,
	};
}

static struct verdict judge_unknown(void)
{
	static const char *const see_log[] = { "see the kernel log", NULL };

	return (struct verdict) {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= CACHING_UNKNOWN,
		.text		= "the driver does not say how the grant table is mapped",
		.advice		= see_log,
	};
}

enum caching verdict_caching(const struct attr_value *values, enum attr memory_type,
			     enum types_count types)
{
	if (attr_is(values, memory_type, MEMORY_WB) || attr_is(values, ATTR_HOST_IPAT, ANSWER_YES))
		return CACHING_WRITE_BACK;
	if (!values[memory_type].valid || attr_is(values, memory_type, MEMORY_UNKNOWN))
		return CACHING_UNKNOWN;
	if (types != TYPES_GUEST)
		return CACHING_DEPENDS;
	if (attr_is(values, memory_type, MEMORY_UC) ||
	    attr_is(values, memory_type, MEMORY_UC_MINUS))
		return CACHING_NONE;
	return CACHING_OTHER;
}

const char *verdict_word(enum caching caching)
{
	static const char *const words[] = {
		[CACHING_UNKNOWN]	= "unknown",
		[CACHING_WRITE_BACK]	= "write-back",
		[CACHING_OTHER]		= "not-write-back",
		[CACHING_NONE]		= "uncached",
		[CACHING_PARTLY]	= "partly-write-back",
		[CACHING_NOWHERE]	= "failed",
		[CACHING_DEPENDS]	= "depends-on-host",
	};

	return words[caching];
}

/* The grant table decides; shared_info only if it is known to be something else. */
static struct verdict judge_pages(const struct attr_value *values, const struct host_facts *facts)
{
	enum caching grant_table = verdict_caching(values, ATTR_GRANT_TABLE_MEMORY_TYPE,
						   facts->types);
	enum caching shared_info = verdict_caching(values, ATTR_SHARED_INFO_MEMORY_TYPE,
						   facts->types);

	if (attr_is(values, ATTR_STATE, STATE_FAILED))
		return judge_failed();
	if (grant_table == CACHING_UNKNOWN)
		return judge_unknown();
	if (grant_table != CACHING_WRITE_BACK)
		return judge_other(values, facts, grant_table);
	if (verdict_partly_placed(values) && !attr_is(values, ATTR_HOST_IPAT, ANSWER_YES))
		return judge_partly_placed(facts);
	if (shared_info != CACHING_WRITE_BACK && shared_info != CACHING_UNKNOWN)
		return judge_shared_info(shared_info);
	return judge_write_back(values);
}

/* If the driver found nothing to move, the kind of guest says why. */
struct verdict verdict_of(const struct attr_value *values, const struct host_facts *facts)
{
	struct verdict pages;

	if (!values)
		return judge_guest(facts);
	pages = judge_pages(values, facts);
	if (pages.caching != CACHING_UNKNOWN || facts->guest == GUEST_NOT_XEN ||
	    facts->guest == GUEST_HVM_WITH_DEVICE)
		return pages;
	return guest_verdicts[facts->guest];
}

enum fill verdict_fill(const struct attr_value *values)
{
	const struct attr_value *used = &values[ATTR_GRANT_TABLE_FRAMES];
	const struct attr_value *max = &values[ATTR_GRANT_TABLE_MAX_FRAMES];

	if (!used->valid || !max->valid)
		return FILL_UNKNOWN;
	if (used->number >= max->number)
		return FILL_FULL;
	if (used->number >= max->number - max->number / 10)
		return FILL_NEARLY;
	return FILL_ROOM;
}

const char *verdict_fill_word(enum fill fill)
{
	static const char *const words[] = {
		[FILL_UNKNOWN]	= NULL,
		[FILL_ROOM]	= "room",
		[FILL_NEARLY]	= "nearly-full",
		[FILL_FULL]	= "full",
	};

	return words[fill];
}

bool verdict_partly_placed(const struct attr_value *values)
{
	const struct attr_value *unplaced = &values[ATTR_GRANT_TABLE_UNPLACED];

	return attr_is(values, ATTR_STATE, STATE_RANGE) && unplaced->valid && unplaced->number;
}
