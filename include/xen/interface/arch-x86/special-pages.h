/* SPDX-License-Identifier: MIT */
/******************************************************************************
 * arch-x86/special-pages.h
 *
 * What a hypervisor says about special pages (shared_info and the grant table
 * of a guest): where in its guest-physical address space an HVM guest may map
 * them, and whether their memory type depends on the guest.
 *
 * The answer is constant for the life of a domain on one host.  A guest that
 * was saved, restored or migrated has to read it again.
 */
#ifndef __XEN_PUBLIC_ARCH_X86_SPECIAL_PAGES_H__
#define __XEN_PUBLIC_ARCH_X86_SPECIAL_PAGES_H__

/*
 * Sub-leaf of the HVM-specific leaf, CPUID base + 4.  Hypervisors that do not
 * know it answer zeros.
 *
 * EAX: bits 7:0 version of this ABI, bits 15:8 number of ranges, others zero.
 * EBX, ECX: signature.
 * EDX: XEN_CPUID_SPECIAL_PAGES_* flags, others zero.
 */
#define XEN_CPUID_SPECIAL_PAGES_SUBLEAF     0x53500000U

/*
 * A later version only adds: bits, fields and sub-leaves that are zero in the
 * earlier ones get a meaning.  What is defined stays as it is, and what a guest
 * may do it may still do.  A guest accepts each version from 1 on and ignores
 * what it does not know.
 */
#define XEN_CPUID_SPECIAL_PAGES_VERSION     1U

#define XEN_CPUID_SPECIAL_PAGES_EBX         0x536e6558U /* "XenS" */
#define XEN_CPUID_SPECIAL_PAGES_ECX         0x67506370U /* "pcPg" */

/*
 * EDX bit 0: special pages are write-back whatever the guest's PAT and MTRRs
 * say.
 */
#define XEN_CPUID_SPECIAL_PAGES_IPAT        (1U << 0)

/*
 * Range i, for each i below the number of ranges: guest frames that nothing
 * populates, in which the guest may map special pages.
 *
 * EAX, EBX: first guest frame number, low and high 32 bits.
 * ECX: number of 4 KiB pages.
 * EDX: XEN_CPUID_SPECIAL_PAGES_RANGE_* attributes, others zero.
 */
#define XEN_CPUID_SPECIAL_PAGES_RANGE(i)    (XEN_CPUID_SPECIAL_PAGES_SUBLEAF + \
                                             1U + (i))

/* EDX bit 0: outside every MTRR that the firmware makes uncacheable. */
#define XEN_CPUID_SPECIAL_PAGES_RANGE_WB    (1U << 0)

/*
 * The guest-physical addresses that hvmloader has kept "for guest use" since
 * Xen 4.3: reserved in the memory map, and nothing is placed there.
 */
#define XEN_HVM_GUEST_RESERVED_START        0xfe700000U
#define XEN_HVM_GUEST_RESERVED_END          0xfe800000U

#endif /* __XEN_PUBLIC_ARCH_X86_SPECIAL_PAGES_H__ */
