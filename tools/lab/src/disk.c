// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disk traffic that the other side can check.
 *
 *	disk prepare FILE	dom0: empty the first area, fill the second with
 *				blocks that carry their number and checksum
 *	disk exercise DEVICE	guest, until SIGTERM: write and read back random
 *				pieces of the first area, read and check pieces of
 *				the second; then print what was done, and the
 *				checksum that the first area must have now
 *	disk sum FILE		dom0: the checksum that it has
 *
 * Several workers keep several requests in flight, each in its own part of both
 * areas.  After SIGTERM each does one more round, so that a disk which stalled
 * on the way is found out.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>
#include "traffic.h"

#define BLOCK		4096u
#define WORDS		(BLOCK / sizeof(uint64_t))
#define AREA		4096u			/* blocks in each of the two areas */
#define WORKERS		4u
#define SHARE		(AREA / WORKERS)	/* blocks of a worker in an area */
#define REQUEST		16u			/* most blocks in a request */

struct block {
	uint64_t number;
	uint64_t sum;			/* of the block while this is 0 */
	uint64_t data[WORDS - 2];
};

struct result {
	uint64_t written, read, errors;
	uint64_t sums[SHARE];		/* of what was last written to each block */
};

static struct result *results;

static uint64_t seed(void)
{
	uint64_t value = 0;

	if (getrandom(&value, sizeof(value), 0) != sizeof(value))
		die("getrandom");
	return value | 1;
}

static void make_block(struct block *block, uint64_t number, uint64_t *state)
{
	block->number = number;
	block->sum = 0;
	random_fill(block->data, WORDS - 2, state);
	block->sum = sum_words(SUM_START, (uint64_t *)block, WORDS);
}

/* Is this a block that make_block() made for this place? */
static bool block_good(struct block *block, uint64_t number)
{
	uint64_t sum = block->sum;

	block->sum = 0;
	return sum_words(SUM_START, (uint64_t *)block, WORDS) == sum && block->number == number;
}

static uint64_t content_sum(const struct block *block)
{
	return sum_words(SUM_START, (const uint64_t *)block, WORDS);
}

static int open_disk(const char *name, int flags)
{
	int fd = open(name, flags);

	if (fd < 0)
		die(name);
	return fd;
}

static void prepare(const char *name)
{
	static struct block block;
	uint64_t number, state = seed();
	int fd = open_disk(name, O_RDWR);

	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)AREA * BLOCK))
		die(name);
	for (number = AREA; number < 2 * AREA; number++) {
		make_block(&block, number, &state);
		if (pwrite(fd, &block, BLOCK, (off_t)number * BLOCK) != BLOCK)
			die(name);
	}
	close(fd);
}

static void sum(const char *name)
{
	static struct block block;
	uint64_t number, content, total = SUM_START;
	int fd = open_disk(name, O_RDONLY);

	for (number = 0; number < AREA; number++) {
		if (pread(fd, &block, BLOCK, (off_t)number * BLOCK) != BLOCK)
			die(name);
		content = content_sum(&block);
		total = sum_words(total, &content, 1);
	}
	printf("%016" PRIx64 "\n", total);
}

/* --- a worker ------------------------------------------------------------ */

struct worker {
	int fd;
	unsigned int first;		/* block of its share in the first area */
	uint64_t state;
	struct result *result;
	struct block *buffer;
};

/* A random piece of the worker's share. */
static unsigned int choose(struct worker *w, unsigned int *count)
{
	*count = 1 + (random_next(&w->state) >> 32) % REQUEST;
	return (random_next(&w->state) >> 32) % (SHARE - *count + 1);
}

static void complain(struct worker *w, const char *what, uint64_t number)
{
	if (w->result->errors++ < 5)
		fprintf(stderr, "block %" PRIu64 ": %s\n", number, what);
}

static void write_piece(struct worker *w)
{
	unsigned int count, i, at = choose(w, &count);
	ssize_t size = (ssize_t)count * BLOCK;
	uint64_t number = w->first + at;

	for (i = 0; i < count; i++) {
		make_block(&w->buffer[i], number + i, &w->state);
		w->result->sums[at + i] = content_sum(&w->buffer[i]);
	}
	if (pwrite(w->fd, w->buffer, size, (off_t)number * BLOCK) != size)
		complain(w, "write error", number);
	else
		w->result->written += size;
}

static bool read_piece(struct worker *w, uint64_t number, unsigned int count)
{
	ssize_t size = (ssize_t)count * BLOCK;

	if (pread(w->fd, w->buffer, size, (off_t)number * BLOCK) != size) {
		complain(w, "read error", number);
		return false;
	}
	w->result->read += size;
	return true;
}

/* What the guest wrote. */
static void read_back(struct worker *w)
{
	unsigned int count, i, at = choose(w, &count);

	if (!read_piece(w, w->first + at, count))
		return;
	for (i = 0; i < count; i++)
		if (content_sum(&w->buffer[i]) != w->result->sums[at + i])
			complain(w, "is not what was written", w->first + at + i);
}

/* What dom0 wrote. */
static void read_given(struct worker *w)
{
	unsigned int count, i, at = choose(w, &count);
	uint64_t number = AREA + w->first + at;

	if (!read_piece(w, number, count))
		return;
	for (i = 0; i < count; i++)
		if (!block_good(&w->buffer[i], number + i))
			complain(w, "is not what dom0 wrote", number + i);
}

static void work(int fd, unsigned int index)
{
	static struct block empty;
	struct worker w = {
		.fd = fd, .first = index * SHARE, .state = seed(), .result = &results[index],
	};
	bool last;
	unsigned int i;

	w.buffer = aligned_alloc(BLOCK, REQUEST * BLOCK);
	if (!w.buffer)
		die("no memory");
	for (i = 0; i < SHARE; i++)
		w.result->sums[i] = content_sum(&empty);
	do {
		last = stopping;
		write_piece(&w);
		read_back(&w);
		read_given(&w);
	} while (!last);
	exit(0);
}

static int exercise(const char *name)
{
	uint64_t written = 0, read = 0, errors = 0, total = SUM_START;
	int status, fd = open_disk(name, O_RDWR | O_DIRECT);
	unsigned int i;

	results = mmap(NULL, WORKERS * sizeof(*results), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		die("no memory");
	signal(SIGTERM, stop);
	for (i = 0; i < WORKERS; i++)
		if (!fork())
			work(fd, i);
	/* Everybody gets the signal, the one who waits too. */
	for (i = 0; i < WORKERS; i++)
		if (wait(&status) < 0 || status)
			errors++;
	for (i = 0; i < WORKERS; i++) {
		written += results[i].written;
		read += results[i].read;
		errors += results[i].errors;
		total = sum_words(total, results[i].sums, SHARE);
	}
	printf("written=%" PRIu64 " read=%" PRIu64 " errors=%" PRIu64 " sum=%016" PRIx64 "\n",
	       written, read, errors, total);
	return errors != 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "prepare")) {
		prepare(argv[2]);
	} else if (argc == 3 && !strcmp(argv[1], "exercise")) {
		return exercise(argv[2]);
	} else if (argc == 3 && !strcmp(argv[1], "sum")) {
		sum(argv[2]);
	} else {
		fputs("usage: disk prepare|exercise|sum FILE\n", stderr);
		return 2;
	}
	return 0;
}
