// SPDX-License-Identifier: GPL-2.0-only
/* Why the grant table is where it is, and what would change that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "attr.h"
#include "commands.h"
#include "host-facts.h"
#include "reasons.h"
#include "verdict.h"

#define STAYS "; shared_info stays: "

/* The label is printed before the first sentence of each topic. */
static const char *label = "";

static void topic(const char *name)
{
	label = name;
}

static void begin_line(void)
{
	printf("%-12s", label);
	label = "";
}

/* One sentence, one line.  A macro, so that the compiler checks the format. */
#define say(...) (begin_line(), printf(__VA_ARGS__), printf("\n"))

/* --- where --- */

static void explain_frames(const struct attr_value *values)
{
	say("It has %s frames, and can have %s on this host.",
	    values[ATTR_GRANT_TABLE_FRAMES].text, values[ATTR_GRANT_TABLE_MAX_FRAMES].text);
	if (verdict_fill(values) == FILL_FULL)
		say("It is full: new devices and queues may fail.");
	else if (verdict_fill(values) == FILL_NEARLY)
		say("It is nearly full: when it is, new devices and queues may fail.");
}

static void explain_placed(const struct attr_value *values)
{
	const struct attr_value *placed = &values[ATTR_GRANT_TABLE_PLACED];
	const struct attr_value *max = &values[ATTR_GRANT_TABLE_MAX_FRAMES];

	if (!placed->valid || !max->valid || placed->number >= max->number)
		return;
	say("The range has room for the first %s of %s frames.", placed->text, max->text);
	if (verdict_partly_placed(values))
		say("%s of the frames in use have no room and stay at boot.",
		    values[ATTR_GRANT_TABLE_UNPLACED].text);
}

static void explain_range(const struct attr_value *values)
{
	const struct attr_value *source = &values[ATTR_RANGE_SOURCE];

	say("The grant table is in a range, at gfn %s.", values[ATTR_GRANT_TABLE_GFN].text);
	if (!source->valid || !source->number)
		return;
	if (source->number & 1 << SOURCE_CPUID)
		say("cpuid vouches for it: the hypervisor advertises it.");
	if (source->number & 1 << SOURCE_CONTRACT)
		say("contract vouches for it: Xen keeps this area for guests since 4.3.");
	if (source->number & 1 << SOURCE_BALLOON)
		say("balloon made it: a hole in this guest's RAM, which costs that RAM.");
	if (source->number & (source->number - 1))
		say("No single source had enough pages, so the table is in ranges of several.");
	explain_placed(values);
}

static void explain_where(const struct attr_value *values)
{
	const char *gfn = values[ATTR_GRANT_TABLE_GFN].text;

	topic("where:");
	if (attr_is(values, ATTR_STATE, STATE_FAILED))
		say("A page of the grant table or shared_info is missing.");
	else if (attr_is(values, ATTR_GRANT_TABLE_PLACEMENT, PLACEMENT_UNKNOWN))
		say("The driver cannot move the special pages of this guest.");
	else if (attr_is(values, ATTR_STATE, STATE_RANGE))
		explain_range(values);
	else if (attr_is(values, ATTR_STATE, STATE_BAR))
		say("The grant table is in the BAR, at gfn %s, and is write-back there.", gfn);
	else if (attr_is(values, ATTR_STATE, STATE_BOOT))
		say("The grant table is where the kernel put it, at gfn %s.", gfn);
	else
		say("The driver does not say where the grant table is.");
	explain_frames(values);
}

/* --- why --- */

static bool explain_meanings(const struct reason *table, const char *text)
{
	const struct reason *reason = NULL;
	bool known = false;

	while ((reason = reason_next(table, text, reason))) {
		say("%s", reason->meaning);
		known = true;
	}
	return known;
}

/* The reason without what it says of shared_info; *@stays is that, or NULL. */
static void split_reason(const struct attr_value *values, char head[SYSFS_VALUE_SIZE],
			 const char **stays)
{
	char *at;

	strcpy(head, values[ATTR_REASON].text);
	at = strstr(head, STAYS);
	*stays = at ? at + strlen(STAYS) : NULL;
	if (at)
		*at = '\0';
}

static void explain_reason(const struct attr_value *values)
{
	char head[SYSFS_VALUE_SIZE];
	const char *stays;

	topic("why:");
	if (!values[ATTR_REASON].valid) {
		say("The driver does not say why.");
		return;
	}
	split_reason(values, head, &stays);
	if (!explain_meanings(reasons, head))
		say("The driver says: %s.", head);
	if (stays && !explain_meanings(stay_reasons, stays))
		say("shared_info stays: %s.", stays);
}

/* --- effect --- */

static void explain_ept(const struct host_facts *facts)
{
	if (!facts->xen_major)
		return;
	if (host_facts_forces_on_ept(facts))
		say("A stock Xen %s forces write-back for it on Intel, unless the guest has hap=0.",
		    facts->xen_version);
	else
		say("A stock Xen %s forces it for guests without PCI devices of the host only.",
		    facts->xen_version);
}

static void explain_depends(const struct host_facts *facts)
{
	say("The guest does not map it write-back.");
	say("With this CPU (%s) the host can force write-back, and need not say so.",
	    facts->cpu_vendor);
	explain_ept(facts);
}

static void explain_uncached(const struct host_facts *facts)
{
	say("Each access to the grant table is uncached.");
	say("With this CPU (%s) and nested paging the guest's memory types count.",
	    facts->cpu_vendor);
}

static void explain_caching(enum caching caching, const struct host_facts *facts)
{
	topic("effect:");
	switch (caching) {
	case CACHING_WRITE_BACK:
		say("Accesses are write-back, as those to RAM.");
		break;
	case CACHING_NONE:
		explain_uncached(facts);
		break;
	case CACHING_OTHER:
		say("Accesses are not write-back.");
		break;
	case CACHING_DEPENDS:
		explain_depends(facts);
		break;
	case CACHING_PARTLY:
		say("Accesses to the frames in the range are write-back, as those to RAM.");
		say("The others behave as the whole table did at boot.");
		break;
	case CACHING_NOWHERE:
		say("Accesses to the missing pages are lost.");
		break;
	case CACHING_UNKNOWN:
		say("The driver does not say how accesses behave.");
		break;
	}
}

/* --- what to do --- */

static bool explain_advice(const struct verdict *verdict)
{
	for (const char *const *line = verdict->advice; line && *line; line++)
		say("%s", *line);
	return verdict->advice;
}

static bool explain_next(const struct reason *table, const char *text)
{
	const struct reason *reason = NULL;
	bool said = false;

	while (text && (reason = reason_next(table, text, reason))) {
		if (!reason->next)
			continue;
		say("%s", reason->next);
		said = true;
	}
	return said;
}

/* All frames, and shared_info. */
static void explain_price(const struct attr_value *values, const struct verdict *verdict)
{
	const struct attr_value *max = &values[ATTR_GRANT_TABLE_MAX_FRAMES];

	if (verdict->price && max->valid)
		say("(here up to %" PRIu64 " pages, which are %" PRIu64 " KiB)", max->number + 1,
		    4 * (max->number + 1));
}

static bool explain_larger_table(const struct attr_value *values)
{
	if (verdict_fill(values) < FILL_NEARLY)
		return false;
	say("ask the host's operator for a larger table (xl.cfg: max_grant_frames)");
	say("(the guest gets it when it is stopped and started)");
	return true;
}

static void explain_steps(const struct attr_value *values, const struct verdict *verdict)
{
	char head[SYSFS_VALUE_SIZE];
	const char *stays;
	bool said;

	topic("what to do:");
	split_reason(values, head, &stays);
	said = explain_advice(verdict);
	explain_price(values, verdict);
	said |= explain_larger_table(values);
	said |= explain_next(reasons, head);
	said |= explain_next(stay_reasons, stays);
	if (!said)
		say("Nothing need be done.");
}

/* --- without the driver --- */

static bool mapped_uncached(const struct host_facts *facts)
{
	return !strncmp(facts->bar_mapped, "uncached", strlen("uncached")) ||
	       !strcmp(facts->bar_mtrr, "uncachable");
}

static void explain_bar(const struct host_facts *facts)
{
	topic("where:");
	say("A Linux guest has its grant table in the BAR of the Xen platform device.");
	if (!facts->bar_start) {
		say("The address of the BAR is not known.");
		return;
	}
	say("The BAR is at 0x%" PRIx64 ". Its type in the MTRRs: %s. Mapped: %s.",
	    facts->bar_start, facts->bar_mtrr, facts->bar_mapped);
}

static void explain_bar_caching(const struct host_facts *facts)
{
	if (!mapped_uncached(facts)) {
		topic("effect:");
		say("It is not known how accesses behave.");
		return;
	}
	explain_caching(facts->types == TYPES_GUEST ? CACHING_NONE : CACHING_DEPENDS, facts);
}

static void explain_gain(const struct host_facts *facts)
{
	topic("gain:");
	say("The driver moves the table to addresses that are mapped write-back on any host.");
	if (facts->xen_major > 4 || (facts->xen_major == 4 && facts->xen_minor >= 3))
		say("Xen %s keeps an area for this (source contract).", facts->xen_version);
	else
		say("Xen %s keeps no area for this, so the driver may have to use RAM (balloon).",
		    facts->xen_version);
}

static void explain_guest(const struct host_facts *facts, const struct verdict *verdict)
{
	topic("why:");
	say("This is %s.", verdict->text);
	if (facts->guest == GUEST_HVM_WITH_DEVICE && !facts->kernel_placed) {
		explain_bar(facts);
		explain_bar_caching(facts);
		explain_gain(facts);
	}
	topic("what to do:");
	if (!explain_advice(verdict))
		say("Nothing need be done.");
}

/* --- the command --- */

static void explain_pages(const struct attr_value *values, const struct host_facts *facts,
			  const struct verdict *verdict)
{
	explain_where(values);
	explain_reason(values);
	/* If the driver did not find the table, it is where the kernel put it. */
	if (verdict->caching == CACHING_UNKNOWN && facts->bar_start)
		explain_bar_caching(facts);
	else
		explain_caching(verdict->caching, facts);
	explain_steps(values, verdict);
}

int explain_command(int argc, char **argv)
{
	static struct attr_value values[ATTR_COUNT];
	struct host_facts facts;
	struct verdict verdict;

	(void)argv;
	if (argc > 1)
		return EX_USAGE;
	host_facts_read(&facts);
	host_facts_read_bar(&facts);
	if (attr_read_all(values)) {
		verdict = verdict_of(values, &facts);
		explain_pages(values, &facts, &verdict);
	} else {
		verdict = verdict_of(NULL, &facts);
		explain_guest(&facts, &verdict);
	}
	return 0;
}
