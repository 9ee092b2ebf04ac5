// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into the tool, this takes the driver's part when the tool writes
 * its placement: no file system that a test can make gives such errors.
 *
 * FAKE_ERRNO=N	fail with error N
 * FAKE_SHORT=1	write less than was asked for
 * FAKE_GONE=LINK	the driver is unloaded: LINK goes, and the write fails
 * FAKE_TREE=DIR	succeed; the link that FAKE_LINK names then leads to DIR
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_placement(int fd)
{
	static const char name[] = "/placement";
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

ssize_t write(int fd, const void *data, size_t size)
{
	write_fn *real = (write_fn *)dlsym(RTLD_NEXT, "write");
	const char *error = getenv("FAKE_ERRNO");
	const char *tree = getenv("FAKE_TREE");

	if (!is_placement(fd))
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
	return tree ? switch_tree(getenv("FAKE_LINK"), tree, size) : real(fd, data, size);
}
