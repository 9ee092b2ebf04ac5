// SPDX-License-Identifier: GPL-2.0-only
#include "reasons.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define REPORT "report this, with the kernel's version and its log"
#define MORE_MEMORY "free some RAM, then: xen-special-pages place auto"

/* tools/check-abi compares these words with the driver's. */
const struct reason reasons[] = {
	/* decisions */
	{ "write-back, in a range that is kept free for it",
	  "Nothing else uses the addresses of the range, and the guest maps them write-back.",
	  NULL },
	{ "write-back, in a range that the kernel chose for it at boot",
	  "The kernel has put the table into a range itself, as it does with the series for Linux.",
	  NULL },
	{ "room for ",
	  "The range has fewer pages than the table can have frames, so the first frames are in it.",
	  NULL },
	{ "no usable range, the host makes special pages write-back (ipat)",
	  "There is no usable range. It is not needed: the hypervisor says that it forces write-back.",
	  NULL },
	{ "no usable range, the firmware made the BAR write-back",
	  "There is no usable range. It is not needed: the BAR is mapped write-back.", NULL },
	{ "no usable range and the host does not say ipat",
	  "There is no usable range, and the hypervisor does not say that it forces write-back.",
	  NULL },
	{ "no usable range", "No source vouches for a range that can be used.", NULL },
	{ "asked for, the host makes special pages write-back (ipat)",
	  "The BAR was asked for. The hypervisor says that it forces write-back.", NULL },
	{ "asked for, the firmware made the BAR write-back",
	  "The BAR was asked for. It is mapped write-back.", NULL },
	{ "asked for", "This placement was asked for.", NULL },
	{ "the range is too small for the grant frames in use",
	  "The sources together have fewer pages than the table has frames in use.",
	  "name balloon, too: sources=cpuid,contract,balloon" },
	{ "the BAR is uncached and the host does not say ipat",
	  "The BAR would be uncached, as far as the guest can know.", NULL },
	{ "the kernel chose a range for it at boot",
	  "The kernel keeps its mapping of the BAR to itself, so the table cannot go there.",
	  "boot with xen_special_pages=bar" },
	{ "the move failed and was undone",
	  "The hypervisor refused a part of the move, and all pages went back.",
	  "see the kernel log for its error, then: xen-special-pages place auto" },
	{ "could not follow the others",
	  "Some pages did not go back when a move was undone. They work where they are.",
	  "xen-special-pages place auto" },
	{ "gave them back nowhere",
	  "The hypervisor took pages away and mapped them nowhere. Devices that use them stall.",
	  "wait: the driver tries again every second; if it goes on, restart the guest" },
	/* what is wrong with each source */
	{ "host advertises no range",
	  "cpuid: the hypervisor has the patches, and advertises no range to this guest.", NULL },
	{ "host advertises nothing", "cpuid: the hypervisor does not have the patches.", NULL },
	{ "Xen is older than 4.3", "contract: only Xen 4.3 and later keep an area for guests.",
	  NULL },
	{ "firmware does not reserve it",
	  "contract: the guest's firmware has another layout and does not reserve the area.",
	  NULL },
	{ "no source may vouch for one", "The driver was loaded with no source.",
	  "load it with sources=cpuid,contract" },
	{ "taken already, from the source before", "Two sources have the same range.", NULL },
	{ "has RAM in it", "The range has RAM of this guest in it.", NULL },
	{ "too small", "The range has fewer pages than the table can have frames.",
	  "name balloon, too: sources=cpuid,contract,balloon" },
	{ "addresses in use", "Another driver has reserved addresses of the range.",
	  "see /proc/iomem" },
	{ "cannot be mapped page by page", "The kernel maps the range in large pages.", REPORT },
	{ "cannot be mapped write-back",
	  "The MTRRs of this guest, or another mapping, make the range uncached.",
	  "see /proc/mtrr" },
	{ "cannot be mapped", "The kernel did not map the range.", "see the kernel log" },
	{ "not empty", "Something answers at addresses of the range.", REPORT },
	{ "the host does not take the pages", "The hypervisor refused pages of RAM for the range.",
	  "ask the host's operator" },
	{ "out of memory", "The guest had no memory for it.", MORE_MEMORY },
	/* guests whose pages cannot be moved */
	{ "this guest has no Xen platform PCI device",
	  "Without the device there is no BAR to leave.",
	  "let the toolstack give the guest one (xl.cfg: xen_platform_pci=1)" },
	{ "the Xen platform PCI device has no memory BAR", "The device has no memory BAR.",
	  REPORT },
	{ "a PV guest has no special pages to move",
	  "The grant table of a PV guest is in RAM. It is write-back.", NULL },
	{ "a PVH guest has its grant table in ordinary pages already",
	  "The grant table of a PVH guest is in RAM. It is write-back.", NULL },
	{ "a crash kernel leaves its grant table where it is",
	  "A crash kernel changes as little as it can.", NULL },
	{ "PREEMPT_RT kernel", "On a PREEMPT_RT kernel the table could grow during a move.",
	  "use a kernel without PREEMPT_RT, or ask the host's operator for ipat" },
	{ "kernel without SMP", "Without CONFIG_SMP the kernel uses shared_info in another way.",
	  "use a kernel with CONFIG_SMP" },
	{ "the grant table has version 2", "The driver moves tables of version 1 only.",
	  "boot without grant_table.version=2" },
	{ "more than one candidate for the kernel's grant table record",
	  "The driver did not recognise the kernel's own record of the table.", REPORT },
	{ "the kernel's grant table was not found in the BAR, nor in a range",
	  "The driver did not recognise the kernel's own record of the table.", REPORT },
	{ "the mapping of the grant table cannot be changed page by page",
	  "The kernel maps the table in large pages.", REPORT },
	{ NULL, NULL, NULL }
};

const struct reason stay_reasons[] = {
	{ "asked for", "shared_info stays: the driver was loaded with shared_info=0.", NULL },
	{ "too little room", "shared_info stays: the grant table can need all pages of the range.",
	  NULL },
	{ "the direct map has it in a large page",
	  "shared_info stays: the kernel has it in a large page of its direct map.", NULL },
	{ "the hypervisor has no page there", "shared_info stays: it was not found.", REPORT },
	{ "the hypervisor does not say what is there",
	  "shared_info stays: the host does not let this guest ask what is at its frame.", NULL },
	{ "events do not show in it", "shared_info stays: it was not found.", REPORT },
	{ "more than one candidate for it", "shared_info stays: it was not found.", REPORT },
	{ "not found in this kernel", "shared_info stays: it was not found.", REPORT },
	{ "the host has no page of RAM for its frame",
	  "shared_info stays: the host has no RAM to put into the gap that it would leave.", NULL },
	{ "the last move failed", "shared_info stays: its last move failed.",
	  "xen-special-pages place auto" },
	{ "out of memory", "shared_info stays: the guest had no memory for it.", MORE_MEMORY },
	{ NULL, NULL, NULL }
};

/* Whether longer words of @table, which are in @text, have these in them. */
static bool is_part(const struct reason *table, const char *text, const struct reason *reason)
{
	for (; table->words; table++)
		if (table != reason && strstr(text, table->words) &&
		    strstr(table->words, reason->words))
			return true;
	return false;
}

const struct reason *reason_next(const struct reason *table, const char *text,
				 const struct reason *from)
{
	for (from = from ? from + 1 : table; from->words; from++)
		if (strstr(text, from->words) && !is_part(table, text, from))
			return from;
	return NULL;
}
