// SPDX-License-Identifier: GPL-2.0-only
/* Memory types: what a page-table entry and the MTRRs say about a page. */

#include <linux/bits.h>
#include <linux/kernel.h>

#include "memtype.h"

#define XSP_PTE_PWT		BIT_ULL(3)
#define XSP_PTE_PCD		BIT_ULL(4)
#define XSP_PTE_PAT		BIT_ULL(7)

#define XSP_MTRR_TYPE		0xffULL
#define XSP_MTRR_DEF_ENABLE	BIT_ULL(11)
#define XSP_MTRR_VAR_VALID	BIT_ULL(11)
#define XSP_MTRR_VAR_ADDRESS	(~0xfffULL)

static const char * const xsp_memtype_names[] = {
	[XSP_MEMTYPE_UC]	= "UC",
	[XSP_MEMTYPE_WC]	= "WC",
	[XSP_MEMTYPE_WT]	= "WT",
	[XSP_MEMTYPE_WP]	= "WP",
	[XSP_MEMTYPE_WB]	= "WB",
	[XSP_MEMTYPE_UC_MINUS]	= "UC-",
};

/* As users read it: "UC", "WB", ..., "unknown". */
const char *xsp_memtype_name(enum xsp_memtype type)
{
	const char *name = NULL;

	if (type < ARRAY_SIZE(xsp_memtype_names))
		name = xsp_memtype_names[type];
	return name ?: "unknown";
}

static enum xsp_memtype xsp_memtype_decode(u64 value)
{
	switch (value) {
	case XSP_MEMTYPE_UC:
	case XSP_MEMTYPE_WC:
	case XSP_MEMTYPE_WT:
	case XSP_MEMTYPE_WP:
	case XSP_MEMTYPE_WB:
	case XSP_MEMTYPE_UC_MINUS:
		return value;
	default:
		return XSP_MEMTYPE_UNKNOWN;
	}
}

/* The type that a 4 KiB page-table entry selects from the PAT MSR. */
enum xsp_memtype xsp_memtype_of_pte(u64 pte, u64 pat)
{
	unsigned int index = 0;

	if (pte & XSP_PTE_PWT)
		index |= 1;
	if (pte & XSP_PTE_PCD)
		index |= 2;
	if (pte & XSP_PTE_PAT)
		index |= 4;
	return xsp_memtype_decode(pat >> (index * 8) & 0xff);
}

/* MTRRs have no UC-. */
static enum xsp_memtype xsp_mtrr_decode(u64 value)
{
	enum xsp_memtype type = xsp_memtype_decode(value & XSP_MTRR_TYPE);

	return type == XSP_MEMTYPE_UC_MINUS ? XSP_MEMTYPE_UNKNOWN : type;
}

static bool xsp_mtrr_covers(u64 base, u64 mask, u64 address)
{
	mask &= XSP_MTRR_VAR_ADDRESS;
	return (address & mask) == (base & mask);
}

/* Variable MTRRs that overlap: UC wins, WT beats WB, the rest is undefined. */
static enum xsp_memtype xsp_mtrr_combine(enum xsp_memtype a, enum xsp_memtype b)
{
	if (a == b)
		return a;
	if (a == XSP_MEMTYPE_UC || b == XSP_MEMTYPE_UC)
		return XSP_MEMTYPE_UC;
	if ((a == XSP_MEMTYPE_WT && b == XSP_MEMTYPE_WB) ||
	    (a == XSP_MEMTYPE_WB && b == XSP_MEMTYPE_WT))
		return XSP_MEMTYPE_WT;
	return XSP_MEMTYPE_UNKNOWN;
}

static enum xsp_memtype xsp_mtrr_of_page(const struct xsp_mtrrs *mtrrs, u64 address)
{
	enum xsp_memtype type = XSP_MEMTYPE_UNKNOWN, one;
	bool covered = false;
	unsigned int i;

	for (i = 0; i < mtrrs->nr_var; i++) {
		u64 base = mtrrs->var[i].base, mask = mtrrs->var[i].mask;

		if (!(mask & XSP_MTRR_VAR_VALID) || !xsp_mtrr_covers(base, mask, address))
			continue;
		one = xsp_mtrr_decode(base);
		type = covered ? xsp_mtrr_combine(type, one) : one;
		covered = true;
	}
	return covered ? type : xsp_mtrr_decode(mtrrs->def_type);
}

/*
 * The type that the MTRRs give @pages pages from @gfn on, all of them above
 * 1 MiB; unknown if they differ.  Without MTRRs it is WB: the page tables alone
 * decide then.
 */
enum xsp_memtype xsp_memtype_of_mtrrs(const struct xsp_mtrrs *mtrrs, u64 gfn, u64 pages)
{
	enum xsp_memtype type;
	u64 i;

	if (!mtrrs->present)
		return XSP_MEMTYPE_WB;
	if (!(mtrrs->def_type & XSP_MTRR_DEF_ENABLE))
		return XSP_MEMTYPE_UC;

	type = xsp_mtrr_of_page(mtrrs, gfn << 12);
	for (i = 1; i < pages; i++)
		if (xsp_mtrr_of_page(mtrrs, (gfn + i) << 12) != type)
			return XSP_MEMTYPE_UNKNOWN;
	return type;
}
