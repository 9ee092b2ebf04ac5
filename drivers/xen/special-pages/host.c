// SPDX-License-Identifier: GPL-2.0-only
/* What the hypervisor advertises by CPUID, accepted only if it makes sense. */

#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/arch-x86/special-pages.h>

#include "host.h"

#define XSP_HEAD_VERSION	0x000000ffU
#define XSP_HEAD_NR_RANGES	0x0000ff00U
#define XSP_HEAD_NR_SHIFT	8

/* Later versions only add: what this driver does not know, it ignores. */
static bool xsp_host_head_valid(const struct xsp_cpuid *head)
{
	return head->ebx == XEN_CPUID_SPECIAL_PAGES_EBX &&
	       head->ecx == XEN_CPUID_SPECIAL_PAGES_ECX &&
	       (head->eax & XSP_HEAD_VERSION) >= XEN_CPUID_SPECIAL_PAGES_VERSION;
}

/* How many range sub-leaves are worth reading, given the head sub-leaf. */
unsigned int xsp_host_nr_ranges(const struct xsp_cpuid *head)
{
	if (!xsp_host_head_valid(head))
		return 0;
	return min_t(unsigned int, XSP_HOST_RANGES,
		     (head->eax & XSP_HEAD_NR_RANGES) >> XSP_HEAD_NR_SHIFT);
}

static bool xsp_host_range_valid(const struct xsp_host *host,
				 const struct xsp_range *range,
				 unsigned int phys_bits)
{
	unsigned int i;

	if (!xsp_range_sane(range, phys_bits))
		return false;
	for (i = 0; i < host->nr_ranges; i++)
		if (xsp_range_overlap(&host->ranges[i], range))
			return false;
	return true;
}

/*
 * @phys_bits is the guest's number of physical address bits.  If one value is
 * invalid, all are ignored: the feature is absent then.
 */
void xsp_host_parse(struct xsp_host *host, const struct xsp_cpuid *head,
		    const struct xsp_cpuid *ranges, unsigned int phys_bits)
{
	unsigned int i, nr = xsp_host_nr_ranges(head);

	memset(host, 0, sizeof(*host));
	if (!xsp_host_head_valid(head))
		return;

	for (i = 0; i < nr; i++) {
		struct xsp_range range = {
			.gfn = (u64)ranges[i].ebx << 32 | ranges[i].eax,
			.pages = ranges[i].ecx,
		};

		if (!xsp_host_range_valid(host, &range, phys_bits)) {
			memset(host, 0, sizeof(*host));
			return;
		}
		host->ranges[host->nr_ranges++] = range;
	}
	host->known = true;
	host->ipat = head->edx & XEN_CPUID_SPECIAL_PAGES_IPAT;
}
