// SPDX-License-Identifier: GPL-2.0-only
/* What this CPU tells: the hypervisor's leaves, PAT, MTRRs. */

#include <linux/kernel.h>
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/xen/hypervisor.h>
#include <xen/interface/arch-x86/special-pages.h>

#include "cpu.h"

/* Leaves above the hypervisor's base. */
#define XSP_LEAF_VERSION	1
#define XSP_LEAF_HVM		4

/* Variable MTRRs; the names are private to the kernel. */
#define XSP_MSR_MTRR_BASE(n)	(0x200 + 2 * (n))
#define XSP_MSR_MTRR_MASK(n)	(0x201 + 2 * (n))

static void xsp_cpuid(u32 leaf, u32 subleaf, struct xsp_cpuid *regs)
{
	cpuid_count(leaf, subleaf, &regs->eax, &regs->ebx, &regs->ecx, &regs->edx);
}

/* The base of Xen's leaves if there are @leaf of them above it, else 0. */
static u32 xsp_cpuid_base(u32 leaf)
{
	u32 base = xen_cpuid_base();

	return base && cpuid_eax(base) - base >= leaf ? base : 0;
}

/* Read what the hypervisor advertises; it may differ after a migration. */
void xsp_cpu_read_host(struct xsp_host *host)
{
	struct xsp_cpuid head = {}, ranges[XSP_HOST_RANGES] = {};
	u32 base = xsp_cpuid_base(XSP_LEAF_HVM);
	unsigned int i;

	if (base) {
		xsp_cpuid(base + XSP_LEAF_HVM, XEN_CPUID_SPECIAL_PAGES_SUBLEAF, &head);
		for (i = 0; i < xsp_host_nr_ranges(&head); i++)
			xsp_cpuid(base + XSP_LEAF_HVM, XEN_CPUID_SPECIAL_PAGES_RANGE(i),
				  &ranges[i]);
	}
	xsp_host_parse(host, &head, ranges, boot_cpu_data.x86_phys_bits);
}

/* Xen's version; false if Xen does not tell it. */
bool xsp_cpu_xen_version(unsigned int *major, unsigned int *minor)
{
	u32 base = xsp_cpuid_base(XSP_LEAF_VERSION), version;

	if (!base)
		return false;
	version = cpuid_eax(base + XSP_LEAF_VERSION);
	*major = version >> 16;
	*minor = version & 0xffff;
	return true;
}

static u64 xsp_read_msr(u32 msr)
{
	u32 low, high;

	return rdmsr_safe(msr, &low, &high) ? 0 : (u64)high << 32 | low;
}

/* The PAT MSR of this CPU, 0 if it cannot be read. */
u64 xsp_cpu_read_pat(void)
{
	return xsp_read_msr(MSR_IA32_CR_PAT);
}

/* The MTRRs of this CPU; an MSR that cannot be read is 0. */
void xsp_cpu_read_mtrrs(struct xsp_mtrrs *mtrrs)
{
	unsigned int i;

	*mtrrs = (struct xsp_mtrrs){ .present = boot_cpu_has(X86_FEATURE_MTRR) };
	if (!mtrrs->present)
		return;
	mtrrs->def_type = xsp_read_msr(MSR_MTRRdefType);
	mtrrs->nr_var = min_t(unsigned int, XSP_MTRR_MAX_VAR, xsp_read_msr(MSR_MTRRcap) & 0xff);
	for (i = 0; i < mtrrs->nr_var; i++) {
		mtrrs->var[i].base = xsp_read_msr(XSP_MSR_MTRR_BASE(i));
		mtrrs->var[i].mask = xsp_read_msr(XSP_MSR_MTRR_MASK(i));
	}
}
