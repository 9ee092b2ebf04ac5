/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_MEMTYPE_H
#define XSP_MEMTYPE_H

#include <linux/types.h>

/* Memory types as the PAT MSR and the MTRRs encode them. */
enum xsp_memtype {
	XSP_MEMTYPE_UC		= 0,
	XSP_MEMTYPE_WC		= 1,
	XSP_MEMTYPE_WT		= 4,
	XSP_MEMTYPE_WP		= 5,
	XSP_MEMTYPE_WB		= 6,
	XSP_MEMTYPE_UC_MINUS	= 7,
	XSP_MEMTYPE_UNKNOWN	= 8
};

#define XSP_MTRR_MAX_VAR	32

/**
 * struct xsp_mtrrs - the MTRRs of the guest
 * @present: the CPU has MTRRs at all
 * @def_type: IA32_MTRR_DEF_TYPE
 * @nr_var: entries of @var
 * @var: IA32_MTRR_PHYSBASEn and IA32_MTRR_PHYSMASKn
 */
struct xsp_mtrrs {
	bool present;
	u64 def_type;
	unsigned int nr_var;
	struct {
		u64 base, mask;
	} var[XSP_MTRR_MAX_VAR];
};

const char *xsp_memtype_name(enum xsp_memtype type);
enum xsp_memtype xsp_memtype_of_pte(u64 pte, u64 pat);
enum xsp_memtype xsp_memtype_of_mtrrs(const struct xsp_mtrrs *mtrrs, u64 gfn, u64 pages);

#endif
