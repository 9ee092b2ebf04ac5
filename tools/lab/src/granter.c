// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grant COUNT pages to a domain through /dev/xen/gntalloc, perhaps enough to make
 * the grant table grow: granter DOMID COUNT REFS GO.  Writes the references to the
 * file REFS, waits for the file GO, and then checks what grantee
 * (grantee.c) wrote into every page.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/sys/gntalloc.h>

#include "pattern.h"

#define BATCH	64U

static void *grant_batch(int device, unsigned int domid, unsigned int count, FILE *refs)
{
	struct ioctl_gntalloc_alloc_gref *request;
	void *pages;

	request = calloc(1, sizeof(*request) + count * sizeof(request->gref_ids[0]));
	if (!request)
		return MAP_FAILED;
	request->domid = domid;
	request->flags = GNTALLOC_FLAG_WRITABLE;
	request->count = count;
	if (ioctl(device, IOCTL_GNTALLOC_ALLOC_GREF, request)) {
		perror("granter: gntalloc");
		return MAP_FAILED;
	}
	for (unsigned int i = 0; i < count; i++)
		fprintf(refs, "%u\n", request->gref_ids[i]);
	pages = mmap(NULL, count * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, device,
		     request->index);
	free(request);
	return pages;
}

int main(int argc, char **argv)
{
	unsigned int count = argc == 5 ? strtoul(argv[2], NULL, 10) : 0;
	int device = open("/dev/xen/gntalloc", O_RDWR);
	unsigned int domid, size, bad = 0;
	uint64_t **pages;
	FILE *refs;

	if (!count || device < 0) {
		fprintf(stderr, "granter: usage, or no /dev/xen/gntalloc\n");
		return 2;
	}
	domid = strtoul(argv[1], NULL, 10);
	refs = fopen(argv[3], "w");
	pages = calloc(count / BATCH + 1, sizeof(*pages));
	if (!refs || !pages)
		return 2;
	for (unsigned int first = 0; first < count; first += size) {
		size = count - first < BATCH ? count - first : BATCH;
		pages[first / BATCH] = grant_batch(device, domid, size, refs);
		if (pages[first / BATCH] == MAP_FAILED)
			return 2;
		for (unsigned int page = 0; page < size; page++)
			pattern_write(pages[first / BATCH] + page * PAGE_WORDS, first + page);
	}
	fclose(refs);
	while (access(argv[4], F_OK))
		usleep(50000);
	for (unsigned int page = 0; page < count; page++)
		bad += !pattern_is(pages[page / BATCH] + page % BATCH * PAGE_WORDS, ~page);
	printf("%u pages, %u without an answer\n", count, bad);
	return bad != 0;
}
