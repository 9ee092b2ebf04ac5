// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into the tool, this takes the driver's part when the tool writes
 * its placement or reads a measurement: no file system that a test can make
 * gives such errors.
 *
 * FAKE_ERRNO=N	fail with error N
 * FAKE_SHORT=1	write less than was asked for
 * FAKE_GONE=LINK	the driver is unloaded: LINK goes, and the write fails
 * FAKE_TREE=DIR	succeed; the link that FAKE_LINK names then leads to DIR
 * FAKE_LOG=FILE	the same, with DIR named as the placement; FILE gets a line of it
 * FAKE_REFUSE=WORD	with FAKE_LOG: this placement is logged, and nothing else
 * FAKE_SIGNAL=WORD	with FAKE_LOG: this placement is followed by a SIGINT
 * FAKE_READ_ERRNO=N	reading a measurement fails with error N
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_named(int fd, const char *name)
{
	char link[64], target[4096];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, target, sizeof(target));
	if (length < (ssize_t)strlen(name))
		return 0;
	return !memcmp(target + length - strlen(name), name, strlen(name));
}

static ssize_t switch_tree(const char *link, const char *tree, size_t size)
{
	if (unlink(link) || symlink(tree, link))
		abort();
	return size;
}

typedef ssize_t write_fn(int fd, const void *data, size_t size);
typedef ssize_t read_fn(int fd, void *data, size_t size);

static int is_word(const char *variable, const void *data, size_t size)
{
	const char *word = getenv(variable);

	return word && strlen(word) == size && !memcmp(word, data, size);
}

static ssize_t place(const char *log, const void *data, size_t size)
{
	write_fn *real = (write_fn *)dlsym(RTLD_NEXT, "write");
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	char word[16] = "";

	if (size >= sizeof(word) || real(fd, data, size) < 0 || real(fd, "\n", 1) < 0)
		abort();
	close(fd);
	if (is_word("FAKE_REFUSE", data, size)) {
		errno = EIO;
		return -1;
	}
	memcpy(word, data, size);
	switch_tree(getenv("FAKE_LINK"), word, size);
	if (is_word("FAKE_SIGNAL", data, size))
		raise(SIGINT);
	return size;
}

ssize_t write(int fd, const void *data, size_t size)
{
	write_fn *real = (write_fn *)dlsym(RTLD_NEXT, "write");
	const char *error = getenv("FAKE_ERRNO");
	const char *tree = getenv("FAKE_TREE");
	const char *log = getenv("FAKE_LOG");

	if (!is_named(fd, "/placement"))
		return real(fd, data, size);
	if (getenv("FAKE_GONE")) {
		unlink(getenv("FAKE_GONE"));
		errno = ENODEV;
		return -1;
	}
	if (error) {
		errno = atoi(error);
		return -1;
	}
	if (getenv("FAKE_SHORT"))
		return size - 1;
	if (log)
		return place(log, data, size);
	return tree ? switch_tree(getenv("FAKE_LINK"), tree, size) : real(fd, data, size);
}

ssize_t read(int fd, void *data, size_t size)
{
	read_fn *real = (read_fn *)dlsym(RTLD_NEXT, "read");
	const char *error = getenv("FAKE_READ_ERRNO");

	if (!error || !is_named(fd, "/measure"))
		return real(fd, data, size);
	errno = atoi(error);
	return -1;
}
