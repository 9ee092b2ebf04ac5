/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_HOST_H
#define XSP_HOST_H

#include <linux/types.h>

#include "range.h"

/* Ranges beyond these are ignored. */
#define XSP_HOST_RANGES		8

/**
 * struct xsp_cpuid - the answer of one CPUID leaf
 * @eax: EAX
 * @ebx: EBX
 * @ecx: ECX
 * @edx: EDX
 */
struct xsp_cpuid {
	u32 eax, ebx, ecx, edx;
};

/**
 * struct xsp_host - what the hypervisor advertises
 * @known: it advertises something; without it all the rest is zero
 * @ipat: special pages are write-back whatever the guest says
 * @nr_ranges: entries of @ranges
 * @ranges: where special pages can be mapped
 */
struct xsp_host {
	bool known;
	bool ipat;
	unsigned int nr_ranges;
	struct xsp_range ranges[XSP_HOST_RANGES];
};

unsigned int xsp_host_nr_ranges(const struct xsp_cpuid *head);
void xsp_host_parse(struct xsp_host *host, const struct xsp_cpuid *head,
		    const struct xsp_cpuid *ranges, unsigned int phys_bits);

#endif
