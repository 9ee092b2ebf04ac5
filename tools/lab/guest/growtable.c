// SPDX-License-Identifier: GPL-2.0-only
/*
 * growtable FRAMES GFN [FIRST] - let the grant table have so many frames, frame i
 *	mapped at GFN + i, from frame FIRST (0) on, as the kernel does with those that
 *	are at boot.  Before the kernel does it itself, there have to be half a
 *	gigabyte of grants.
 *
 * Needs a privcmd device that lets every hypercall through.
 */
#include <stdio.h>
#include <stdlib.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xen/memory.h>

int main(int argc, char **argv)
{
	xencall_handle *call = xencall_open(NULL, 0);
	struct xen_add_to_physmap *map;
	unsigned long frames, gfn, first;

	map = call && (argc == 3 || argc == 4) ? xencall_alloc_buffer(call, sizeof(*map)) : NULL;
	if (!map)
		return 2;
	frames = strtoul(argv[1], NULL, 0);
	gfn = strtoul(argv[2], NULL, 0);
	first = argc == 4 ? strtoul(argv[3], NULL, 0) : 0;
	for (unsigned long i = first; i < frames; i++) {
		*map = (struct xen_add_to_physmap){
			.domid = DOMID_SELF,
			.space = XENMAPSPACE_grant_table,
			.idx = i,
			.gpfn = gfn + i,
		};
		if (xencall2(call, __HYPERVISOR_memory_op, XENMEM_add_to_physmap,
			     (uintptr_t)map)) {
			perror("XENMEM_add_to_physmap");
			return 1;
		}
	}
	return 0;
}
