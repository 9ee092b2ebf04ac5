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
		.advice	= "let the toolstack give it one (xl.cfg: xen_platform_pci=1)",
	},
	[GUEST_HVM_WITH_DEVICE] = {
		.check	= CHECK_NO_DEVICE,
		.text	= "an HVM guest whose xen-special-pages driver is not loaded",
		.advice	= "modprobe xen-special-pages",
	},
};

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

static bool asked_for(const struct attr_value *values)
{
	return values[ATTR_PLACEMENT].valid && !attr_is(values, ATTR_PLACEMENT, REQUEST_AUTO);
}

static bool has_range(const struct attr_value *values)
{
	return values[ATTR_RANGE_SOURCE].valid && !attr_is_set(values, ATTR_RANGE_SOURCE, 0);
}

static struct verdict judge_other(const struct attr_value *values, enum caching caching)
{
	struct verdict verdict = {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= caching,
	};

	if (attr_is(values, ATTR_STATE, STATE_RANGE)) {
		verdict.text = "the grant table is in a range that is not write-back";
		verdict.advice = "see the MTRRs (/proc/mtrr) and report this";
	} else if (asked_for(values)) {
		verdict.text = "the grant table is where it was asked to be";
		verdict.advice = "xen-special-pages place auto";
	} else if (has_range(values)) {
		verdict.text = "there is a range, but the grant table is not in it";
		verdict.advice = "xen-special-pages place range";
	} else {
		verdict.text = "there is no usable range, and the BAR is not write-back";
		verdict.advice = "use a hypervisor that advertises one, or see sources= in modinfo";
	}
	return verdict;
}

/* The grant table is fine. */
static struct verdict judge_shared_info(enum caching caching)
{
	return (struct verdict) {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= caching,
		.text		= "the grant table is write-back, but shared_info is not",
		.advice		= "xen-special-pages place auto",
	};
}

static struct verdict judge_failed(void)
{
	return (struct verdict) {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= CACHING_NOWHERE,
		.text		= "the host took a page and gave it back nowhere",
		.advice		= "wait: the driver tries again by itself; and see the kernel log",
	};
}

static struct verdict judge_unknown(void)
{
	return (struct verdict) {
		.check		= CHECK_NOT_WRITE_BACK,
		.caching	= CACHING_UNKNOWN,
		.text		= "the driver does not say how the grant table is mapped",
		.advice		= "see the kernel log",
	};
}

enum caching verdict_caching(const struct attr_value *values, enum attr memory_type)
{
	if (attr_is(values, memory_type, MEMORY_WB) || attr_is(values, ATTR_HOST_IPAT, ANSWER_YES))
		return CACHING_WRITE_BACK;
	if (!values[memory_type].valid || attr_is(values, memory_type, MEMORY_UNKNOWN))
		return CACHING_UNKNOWN;
	if (attr_is(values, memory_type, MEMORY_UC) ||
	    attr_is(values, memory_type, MEMORY_UC_MINUS))
		return CACHING_NONE;
	return CACHING_OTHER;
}

struct verdict verdict_of_guest(enum guest guest)
{
	return guest_verdicts[guest];
}

/* The grant table decides; shared_info only if it is known to be something else. */
struct verdict verdict_of_pages(const struct attr_value *values)
{
	enum caching grant_table = verdict_caching(values, ATTR_GRANT_TABLE_MEMORY_TYPE);
	enum caching shared_info = verdict_caching(values, ATTR_SHARED_INFO_MEMORY_TYPE);

	if (attr_is(values, ATTR_STATE, STATE_FAILED))
		return judge_failed();
	switch (grant_table) {
	case CACHING_UNKNOWN:
		return judge_unknown();
	case CACHING_NOWHERE:
	case CACHING_OTHER:
	case CACHING_NONE:
		return judge_other(values, grant_table);
	case CACHING_WRITE_BACK:
		break;
	}
	if (shared_info == CACHING_OTHER || shared_info == CACHING_NONE)
		return judge_shared_info(shared_info);
	return judge_write_back(values);
}

bool verdict_table_full(const struct attr_value *values)
{
	const struct attr_value *used = &values[ATTR_GRANT_TABLE_FRAMES];
	const struct attr_value *max = &values[ATTR_GRANT_TABLE_MAX_FRAMES];

	return used->valid && max->valid && used->number >= max->number;
}
