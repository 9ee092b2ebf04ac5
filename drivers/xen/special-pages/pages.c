// SPDX-License-Identifier: GPL-2.0-only
/* Special pages of any kind, and places where they can be. */

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kernel.h"
#include "pages.h"

/* All are mapped page by page already. */
int xsp_pages_collect_ptes(struct xsp_pages *pages)
{
	unsigned int i;

	pages->ptep = kcalloc(pages->max, sizeof(*pages->ptep), GFP_KERNEL);
	if (!pages->ptep)
		return -ENOMEM;
	for (i = 0; i < pages->max; i++) {
		pages->ptep[i] = xsp_kernel_pte((unsigned long)pages->vaddr + i * PAGE_SIZE);
		if (!pages->ptep[i]) {
			xsp_pages_release(pages);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

void xsp_pages_release(struct xsp_pages *pages)
{
	kfree(pages->ptep);
	pages->ptep = NULL;
}

bool xsp_pages_are_at(const struct xsp_pages *pages, const struct xsp_place *place)
{
	return place->nr == pages->max &&
	       !memcmp(pages->gfn, place->gfn, pages->max * sizeof(*pages->gfn));
}

int xsp_place_alloc(struct xsp_place *place, unsigned int nr)
{
	place->gfn = kcalloc(nr, sizeof(*place->gfn), GFP_KERNEL);
	place->pte = kcalloc(nr, sizeof(*place->pte), GFP_KERNEL);
	place->nr = nr;
	if (place->gfn && place->pte)
		return 0;
	xsp_place_free(place);
	return -ENOMEM;
}

void xsp_place_free(struct xsp_place *place)
{
	kfree(place->gfn);
	kfree(place->pte);
	*place = (struct xsp_place){};
}

/* Remember where the pages are now. */
void xsp_place_read(struct xsp_place *place, const struct xsp_pages *pages)
{
	unsigned int i;

	for (i = 0; i < place->nr; i++) {
		place->gfn[i] = pages->gfn[i];
		place->pte[i] = *pages->ptep[i];
	}
}

/* A view of some entries: not to be freed. */
struct xsp_place xsp_place_part(const struct xsp_place *place, unsigned int first,
				unsigned int nr)
{
	return (struct xsp_place){
		.gfn = place->gfn + first,
		.pte = place->pte + first,
		.nr = nr,
	};
}
