// SPDX-License-Identifier: GPL-2.0-only
/*
 * filler SPARE - fill the memory except SPARE MiB, each page with a pattern of its
 *	own, and read it again and again, until told to stop (SIGTERM).  Some pages
 *	get another pattern in each round.
 * filler -k MIB GFNS - the same with MIB of the pages that the kernel uses itself.
 *	It does not give those to a program while it has others: so they are the
 *	ring of a packet socket, which gets no packet.
 *
 * Prints how many pages it had, the rounds, how many pages read wrong (then it
 * ends with 1), and how many of the guest frames listed in the file GFNS it had.
 * What is written to a page without RAM is lost, and it reads as ones.
 */
#include <fcntl.h>
#include <linux/if_packet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pattern.h"

#define KIB_PER_MIB	1024ul
#define PAGES_PER_MIB	(1024 * 1024 / PAGE_BYTES)
#define KIB_PER_PAGE	(PAGE_BYTES / 1024ul)
#define REWRITTEN	64u	/* every so many pages, in each round */
#define PAUSE_SECONDS	1	/* dom0 may have the same CPU, and has to copy the memory */
#define PAGEMAP_GFN	((1ull << 55) - 1)

static volatile sig_atomic_t stop;
static unsigned char *memory;
static uint32_t *number;	/* of each page's pattern */
static size_t pages;

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

static uint64_t *page(size_t at)
{
	return (uint64_t *)(memory + at * PAGE_BYTES);
}

static size_t free_kib(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	size_t kib = 0;

	while (file && fgets(line, sizeof(line), file) && sscanf(line, "MemFree: %zu", &kib) != 1)
		;
	if (file)
		fclose(file);
	return kib;
}

static void *map_pages(size_t bytes, int flags, int file)
{
	void *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, file, 0);

	if (area == MAP_FAILED) {
		perror("filler: mmap");
		exit(2);
	}
	return area;
}

static void *take(size_t bytes)
{
	return map_pages(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static void *take_kernel_pages(size_t bytes)
{
	struct tpacket_req ring = {
		.tp_block_size = PAGE_BYTES,
		.tp_block_nr = bytes / PAGE_BYTES,
		.tp_frame_size = PAGE_BYTES,
		.tp_frame_nr = bytes / PAGE_BYTES,
	};
	int packets = socket(AF_PACKET, SOCK_RAW, 0);

	if (packets < 0 || setsockopt(packets, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring))) {
		perror("filler: packet socket");
		exit(2);
	}
	return map_pages(bytes, MAP_SHARED, packets);
}

static void write_page(size_t at, uint32_t pattern)
{
	number[at] = pattern;
	pattern_write(page(at), pattern);
}

/* Returns how many pages read wrong; the next round is of other patterns. */
static size_t do_round(uint32_t round)
{
	size_t wrong = 0;

	for (size_t at = 0; at < pages; at++) {
		wrong += !pattern_is(page(at), number[at]);
		if (at % REWRITTEN == round % REWRITTEN)
			write_page(at, number[at] + pages);
	}
	return wrong;
}

/* The frames of the pages, by way of the kernel's page tables. */
static size_t count_held(const char *list)
{
	FILE *gfns = fopen(list, "r");
	int map = open("/proc/self/pagemap", O_RDONLY);
	uint64_t *entry = malloc(pages * sizeof(*entry));
	unsigned long long gfn;
	size_t held = 0;

	if (!gfns || map < 0 || !entry ||
	    pread(map, entry, pages * sizeof(*entry),
		  (uintptr_t)memory / PAGE_BYTES * sizeof(*entry)) !=
		    (ssize_t)(pages * sizeof(*entry))) {
		perror("filler: pagemap");
		exit(2);
	}
	while (fscanf(gfns, "%llx", &gfn) == 1)
		for (size_t at = 0; at < pages; at++)
			if ((entry[at] & PAGEMAP_GFN) == gfn) {
				held++;
				break;
			}
	free(entry);
	fclose(gfns);
	close(map);
	return held;
}

/* Their number, and themselves in memory. */
static size_t take_pages(int argc, char **argv)
{
	size_t mib = argc > 1 ? strtoul(argv[argc == 4 ? 2 : 1], NULL, 10) : 0;
	size_t kib = free_kib(), nr;

	if (argc == 4 && mib && !strcmp(argv[1], "-k")) {
		nr = mib * PAGES_PER_MIB;
		memory = take_kernel_pages(nr * PAGE_BYTES);
		return nr;
	}
	if (argc != 2 || !mib || kib <= mib * KIB_PER_MIB) {
		fputs("usage: filler SPARE; filler -k MIB GFNS; MiB, not all that are free\n",
		      stderr);
		exit(2);
	}
	nr = (kib - mib * KIB_PER_MIB) / KIB_PER_PAGE;
	memory = take(nr * PAGE_BYTES);
	return nr;
}

int main(int argc, char **argv)
{
	uint32_t round = 0;
	size_t wrong = 0;

	signal(SIGTERM, on_signal);
	pages = take_pages(argc, argv);
	number = take(pages * sizeof(*number));
	for (size_t at = 0; at < pages; at++)
		write_page(at, at);
	do {
		wrong += do_round(round++);
		sleep(PAUSE_SECONDS);
	} while (!stop);
	wrong += do_round(round++);
	printf("pages=%zu rounds=%u wrong=%zu", pages, round, wrong);
	if (argc == 4)
		printf(" held=%zu", count_held(argv[3]));
	putchar('\n');
	return wrong ? 1 : 0;
}
