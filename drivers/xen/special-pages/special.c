// SPDX-License-Identifier: GPL-2.0-only
/* Special pages of all kinds: finding them, where they are, releasing them. */

#define pr_fmt(fmt) "xen-special-pages: " fmt

#include <linux/kernel.h>
#include <linux/minmax.h>

#include "special.h"

/* Are these pages where the kernel put them?  Pages that cannot be moved are. */
bool xsp_special_in_boot_placement(const struct xsp_special *special)
{
	return special->refusal || xsp_pages_are_at(&special->pages, &special->boot);
}

/* The state of all kinds, taken together. */
enum xsp_state xsp_specials_state(const struct xsp *xsp)
{
	const struct xsp_special *special;
	struct xsp_count count = { .moving = xsp->moving };

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		if (special->refusal)
			continue;
		count.lost += special->mover.nr_lost;
		count.astray += special->mover.nr_astray;
		count.away += !xsp_special_in_boot_placement(special);
	}
	return xsp_state_of(&count);
}

/* How many of the first @nr pages are outside of their boot placement, in use or not. */
unsigned int xsp_special_placed(const struct xsp_special *special, unsigned int nr)
{
	if (special->refusal)
		return 0;
	return xsp_pages_away(&special->pages, &special->boot, min(nr, special->pages.max));
}

/* How many pages in use the range has no room for, if there is a range. */
unsigned int xsp_special_outside(const struct xsp_special *special)
{
	int outside = special->pages.kind->in_use(&special->pages) - (int)special->range.nr;

	return special->range.nr ? max(outside, 0) : 0;
}

/* The type that the page tables give these pages now, or those of them that go to the range. */
enum xsp_memtype xsp_special_memtype(const struct xsp *xsp, const struct xsp_special *special)
{
	const struct xsp_pages *pages = &special->pages;
	u64 pat = xsp->machine.xen->read_pat();
	unsigned int i, nr = pages->max;
	enum xsp_memtype type;

	if (special->refusal)
		return XSP_MEMTYPE_UNKNOWN;
	if (!xsp_special_in_boot_placement(special))
		nr = special->range.nr;
	type = xsp_memtype_of_pte(pte_val(*pages->ptep[0]), pat);
	for (i = 1; i < nr; i++)
		if (xsp_memtype_of_pte(pte_val(*pages->ptep[i]), pat) != type)
			return XSP_MEMTYPE_UNKNOWN;
	return type;
}

/*
 * The type of the grant table's boot placement: the entry that the kernel made for it
 * and the MTRRs have to agree for it to be WB.
 */
static enum xsp_memtype xsp_boot_memtype(const struct xsp *xsp)
{
	const struct xsp_mapping *boot = &xsp->special[XSP_GRANT_TABLE].boot;
	struct xsp_mtrrs mtrrs;
	enum xsp_memtype type;

	type = xsp_memtype_of_pte(pte_val(boot->pte[0]), xsp->machine.xen->read_pat());
	if (type != XSP_MEMTYPE_WB)
		return type;
	xsp->machine.xen->read_mtrrs(&mtrrs);
	return xsp_memtype_of_mtrrs(&mtrrs, boot->gfn[0], boot->nr);
}

/* A kernel can put the grant table into a range at boot. */
static bool xsp_boot_is_bar(const struct xsp *xsp)
{
	return xsp->special[XSP_GRANT_TABLE].boot.gfn[0] == xsp->bar.gfn;
}

/* The type that the guest gives the BAR, as far as it maps it. */
enum xsp_memtype xsp_bar_memtype(const struct xsp *xsp)
{
	if (xsp->unmovable || !xsp_boot_is_bar(xsp))
		return XSP_MEMTYPE_UNKNOWN;
	return xsp_boot_memtype(xsp);
}

/* Has the kernel put the grant table into a range, where it is write-back? */
bool xsp_specials_boot_is_range(const struct xsp *xsp)
{
	return !xsp->unmovable && !xsp_boot_is_bar(xsp) &&
	       xsp_boot_memtype(xsp) == XSP_MEMTYPE_WB;
}

/*
 * The kernel may have chosen other addresses while it resumed: where pages are now is
 * their boot placement.  The caller knows that nothing else has moved them.
 */
void xsp_specials_read_boot(struct xsp *xsp)
{
	struct xsp_special *special;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		if (!special->refusal)
			xsp_mapping_read(&special->boot, &special->pages);
}

static const char *xsp_special_why_stay(const struct xsp_special *special)
{
	if (special->unwanted)
		return "asked for";
	if (!special->range.nr)
		return "too little room";
	return special->pages.kind->stay ? special->pages.kind->stay(&special->pages) : NULL;
}

/* Which pages stay when others leave the boot placement; pages that have left it do not. */
void xsp_specials_choose_stay(struct xsp *xsp)
{
	struct xsp_special *special;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		special->stay = NULL;
		if (!special->refusal && xsp_special_in_boot_placement(special))
			special->stay = xsp_special_why_stay(special);
	}
}

static bool xsp_special_wants_frames(const struct xsp_special *special)
{
	return !special->refusal && !special->unwanted;
}

/* How many frames there can be of all kinds. */
unsigned int xsp_specials_frames(const struct xsp *xsp)
{
	const struct xsp_special *special;
	unsigned int frames = 0;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++)
		if (xsp_special_wants_frames(special))
			frames += special->pages.max;
	return frames;
}

/* The frames of the grant table that are in use, or 1 if the answer is absurd. */
unsigned int xsp_specials_least(const struct xsp *xsp)
{
	const struct xsp_pages *pages = &xsp->special[XSP_GRANT_TABLE].pages;

	return max(pages->kind->in_use(pages), 1);
}

/*
 * The grant table is the first kind.  It gets all frames but those of the others,
 * which get theirs as long as its @least frames fit.
 */
void xsp_specials_divide(struct xsp *xsp, unsigned int least)
{
	unsigned int share[XSP_SPECIALS] = {};
	unsigned int i, first = 0, left = xsp->window.mapping.nr;
	struct xsp_special *special = xsp->special;

	for (i = XSP_SPECIALS - 1; i > XSP_GRANT_TABLE; i--) {
		if (xsp_special_wants_frames(&special[i]) && left >= least + special[i].pages.max)
			share[i] = special[i].pages.max;
		left -= share[i];
	}
	share[XSP_GRANT_TABLE] = min(left, special[XSP_GRANT_TABLE].pages.max);
	for (i = 0; i < XSP_SPECIALS; i++) {
		special[i].range = xsp_mapping_part(&xsp->window.mapping, first, share[i]);
		first += share[i];
	}
}

/* Why this host does not let the grant table be moved, NULL if it does. */
const char *xsp_host_refusal(const struct xsp_xen_ops *xen)
{
	if (xen->grant_table_is_v1())
		return NULL;
	return "the grant table has version 2, only version 1 can be moved";
}

/* The pages are located: prepare to move them. */
static const char *xsp_special_init(struct xsp_special *special)
{
	if (xsp_mapping_alloc(&special->boot, special->pages.max))
		return "out of memory";
	xsp_mapping_read(&special->boot, &special->pages);
	if (!xsp_mover_init(&special->mover, &special->pages))
		return NULL;
	xsp_mapping_free(&special->boot);
	return "out of memory";
}

static const char *xsp_special_prepare(struct xsp_special *special, const struct xsp_range *bar)
{
	const char *why = special->pages.kind->locate(&special->pages, bar);

	if (why)
		return why;
	why = xsp_special_init(special);
	if (why)
		special->pages.kind->release(&special->pages);
	return why;
}

/**
 * xsp_specials_prepare() - find special pages, and prepare to move them
 * @xsp: the driver's state; unmovable is set if there is a reason not to look
 *
 * If the grant table cannot be moved, nothing is, and unmovable says why.
 *
 * Context: process context, sleeps; nobody else uses @xsp yet.
 */
void xsp_specials_prepare(struct xsp *xsp)
{
	struct xsp_special *special;
	unsigned int i;

	for (i = 0; i < XSP_SPECIALS; i++) {
		special = &xsp->special[i];
		special->pages.kind = xsp->machine.kinds[i];
		special->pages.xen = xsp->machine.xen;
		special->refusal = xsp->unmovable ?: xsp_special_prepare(special, &xsp->bar);
		if (i == XSP_GRANT_TABLE)
			xsp->unmovable = special->refusal;
		else if (special->refusal && !xsp->unmovable && !special->unwanted)
			pr_notice("%s stays where it is: %s\n", special->pages.kind->name,
				  special->refusal);
	}
}

/* Undo xsp_specials_prepare(); all pages are in their boot placement. */
void xsp_specials_release(struct xsp *xsp)
{
	struct xsp_special *special;

	for (special = xsp->special; special < xsp->special + XSP_SPECIALS; special++) {
		if (special->refusal)
			continue;
		xsp_mover_destroy(&special->mover);
		xsp_mapping_free(&special->boot);
		special->pages.kind->release(&special->pages);
	}
}
