// SPDX-License-Identifier: GPL-2.0-only
/*
 * Map the pages that another domain's granter (granter.c) has granted, by the
 * references on standard input, and answer in each: grantee DOMID [check]
 * Fails if one cannot be mapped or holds another page's content.  With "check"
 * the answer has to be there already, and nothing is written.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/sys/gntdev.h>

#include "pattern.h"

static uint64_t *map_grant(int device, uint32_t domid, uint32_t ref, uint64_t *index)
{
	struct ioctl_gntdev_map_grant_ref request = {
		.count = 1,
		.refs[0] = { .domid = domid, .ref = ref },
	};
	void *page;

	if (ioctl(device, IOCTL_GNTDEV_MAP_GRANT_REF, &request))
		return NULL;
	*index = request.index;
	page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, device, request.index);
	return page == MAP_FAILED ? NULL : page;
}

static void unmap_grant(int device, uint64_t *page, uint64_t index)
{
	struct ioctl_gntdev_unmap_grant_ref request = { .index = index, .count = 1 };

	munmap(page, PAGE_BYTES);
	ioctl(device, IOCTL_GNTDEV_UNMAP_GRANT_REF, &request);
}

static bool visit(int device, uint32_t domid, uint32_t ref, uint32_t number, bool check)
{
	uint64_t index, *page = map_grant(device, domid, ref, &index);
	bool good;

	if (!page) {
		perror("grantee: map");
		return false;
	}
	good = pattern_is(page, check ? ~number : number);
	if (good && !check)
		pattern_write(page, ~number);
	unmap_grant(device, page, index);
	return good;
}

int main(int argc, char **argv)
{
	int device = open("/dev/xen/gntdev", O_RDWR);
	unsigned int domid, ref, number = 0, bad = 0;
	bool check = argc == 3 && !strcmp(argv[2], "check");

	if (argc < 2 || device < 0) {
		fprintf(stderr, "grantee: usage, or no /dev/xen/gntdev\n");
		return 2;
	}
	domid = strtoul(argv[1], NULL, 10);
	for (; scanf("%u", &ref) == 1; number++)
		if (!visit(device, domid, ref, number, check) && bad++ == 0)
			fprintf(stderr, "grantee: grant %u, reference %u is wrong\n", number, ref);
	printf("%u grants, %u wrong\n", number, bad);
	return bad || !number;
}
