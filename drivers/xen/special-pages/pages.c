// SPDX-License-Identifier: GPL-2.0-only
/* Special pages of any kind, and places where they can be. */

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pages.h"

#include "fault-calls.h"

/*
 * Note the page-table entry of each page; @pte looks one up.  Sleeps.  Returns 0,
 * -ENOMEM, or -EOPNOTSUPP if a page is not mapped by a 4 KiB entry.
 */
int xsp_pages_collect_ptes(struct xsp_pages *pages, pte_t *(*pte)(unsigned long vaddr))
{
	unsigned int i;

	pages->ptep = kcalloc(pages->max, sizeof(*pages->ptep), GFP_KERNEL);
	if (!pages->ptep)
		return -ENOMEM;
	for (i = 0; i < pages->max; i++) {
		pages->ptep[i] = pte((unsigned long)pages->vaddr + i * PAGE_SIZE);
		if (!pages->ptep[i]) {
			xsp_pages_release(pages);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/* Undo xsp_pages_collect_ptes(). */
void xsp_pages_release(struct xsp_pages *pages)
{
	kfree(pages->ptep);
	pages->ptep = NULL;
}

/* Is every page that has a frame in @mapping there? */
bool xsp_pages_are_at(const struct xsp_pages *pages, const struct xsp_mapping *mapping)
{
	return mapping->nr &&
	       !memcmp(pages->gfn, mapping->gfn, mapping->nr * sizeof(*pages->gfn));
}

/* How many of the first @nr pages are not at their frame in @mapping, which has as many. */
unsigned int xsp_pages_away(const struct xsp_pages *pages, const struct xsp_mapping *mapping,
			    unsigned int nr)
{
	unsigned int i, away = 0;

	for (i = 0; i < nr; i++)
		away += pages->gfn[i] != mapping->gfn[i];
	return away;
}

/* For @nr pages.  Sleeps; 0 or -ENOMEM. */
int xsp_mapping_alloc(struct xsp_mapping *mapping, unsigned int nr)
{
	mapping->gfn = kcalloc(nr, sizeof(*mapping->gfn), GFP_KERNEL);
	mapping->pte = kcalloc(nr, sizeof(*mapping->pte), GFP_KERNEL);
	mapping->nr = nr;
	if (mapping->gfn && mapping->pte)
		return 0;
	xsp_mapping_free(mapping);
	return -ENOMEM;
}

/* Undo xsp_mapping_alloc(). */
void xsp_mapping_free(struct xsp_mapping *mapping)
{
	kfree(mapping->gfn);
	kfree(mapping->pte);
	*mapping = (struct xsp_mapping){};
}

/* Remember where the pages are now. */
void xsp_mapping_read(struct xsp_mapping *mapping, const struct xsp_pages *pages)
{
	unsigned int i;

	for (i = 0; i < mapping->nr; i++) {
		mapping->gfn[i] = pages->gfn[i];
		mapping->pte[i] = *pages->ptep[i];
	}
}

/* A view of some entries: not to be freed. */
struct xsp_mapping xsp_mapping_part(const struct xsp_mapping *mapping, unsigned int first,
				    unsigned int nr)
{
	return (struct xsp_mapping){
		.gfn = mapping->gfn + first,
		.pte = mapping->pte + first,
		.nr = nr,
	};
}
