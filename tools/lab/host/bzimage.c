// SPDX-License-Identifier: GPL-2.0-only
/*
 * Take a Linux bzImage apart (Documentation/x86/boot.rst).
 *
 *	bzimage payload BZIMAGE OUT
 *		the compressed vmlinux inside
 *	bzimage split BZIMAGE KERNEL_ADDR INITRD_ADDR INITRD_SIZE STUB_OUT KERNEL_OUT
 *		STUB_OUT: a small bzImage that only jumps to KERNEL_ADDR
 *		KERNEL_OUT: the protected-mode kernel, to be put there by others
 *	bzimage stub BZIMAGE CODE STUB_OUT
 *		the same with other CODE than that jump
 *
 * A guest's firmware pulls a kernel byte by byte through fw_cfg, each byte an
 * emulated exit: 26 s for 8 MB.  The stub is 20 kB; the device model puts the
 * rest into the guest's memory.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR		512
#define SETUP_SECTS	0x1f1
#define SYSSIZE		0x1f4		/* in units of 16 bytes */
#define HEADER_MAGIC	0x202
#define CODE32_START	0x214
#define RAMDISK_IMAGE	0x218
#define RAMDISK_SIZE	0x21c
#define PAYLOAD_OFFSET	0x248
#define PAYLOAD_LENGTH	0x24c
#define HEADER_END	0x268

struct blob {
	uint8_t *data;
	size_t size;
};

static void die(const char *what, const char *name)
{
	fprintf(stderr, "bzimage: %s: %s\n", name, what);
	exit(1);
}

static struct blob read_file(const char *name)
{
	struct blob blob = { NULL, 0 };
	FILE *file = fopen(name, "rb");
	long size;

	if (!file || fseek(file, 0, SEEK_END))
		die("cannot read", name);
	size = ftell(file);
	if (size < 0)
		die("cannot read", name);
	rewind(file);
	blob.data = malloc(size + 1);
	blob.size = size;
	if (!blob.data || fread(blob.data, 1, size, file) != blob.size)
		die("cannot read", name);
	fclose(file);
	return blob;
}

static void append(FILE *file, const void *data, size_t size, const char *name)
{
	if (fwrite(data, 1, size, file) != size)
		die("cannot write", name);
}

static FILE *create(const char *name)
{
	FILE *file = fopen(name, "wb");

	if (!file)
		die("cannot create", name);
	return file;
}

static void finish(FILE *file, const char *name)
{
	if (fclose(file))
		die("cannot write", name);
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static void put32(uint8_t *at, uint32_t value)
{
	value = htole32(value);
	memcpy(at, &value, sizeof(value));
}

/* Size of the real-mode part, after which the protected-mode kernel begins. */
static size_t setup_size(struct blob image, const char *name)
{
	size_t size;

	if (image.size < HEADER_END || memcmp(image.data + HEADER_MAGIC, "HdrS", 4))
		die("not a bzImage", name);
	size = ((image.data[SETUP_SECTS] ? image.data[SETUP_SECTS] : 4) + 1) * SECTOR;
	if (size >= image.size)
		die("truncated", name);
	return size;
}

static void payload(const char *in, const char *out)
{
	struct blob image = read_file(in);
	size_t start = setup_size(image, in) + get32(image.data + PAYLOAD_OFFSET);
	size_t size = get32(image.data + PAYLOAD_LENGTH);
	FILE *file;

	if (start > image.size || size > image.size - start)
		die("truncated", in);
	file = create(out);
	append(file, image.data + start, size, out);
	finish(file, out);
}

/*
 * The boot protocol enters the kernel with %esi = the boot parameters, which
 * then have to name the initrd and the kernel's true place.
 */
static void fill_stub(uint8_t *code, uint32_t kernel, uint32_t initrd, uint32_t initrd_size)
{
	memset(code, 0x90, SECTOR);
	memcpy(code + 0, "\xc7\x86", 2);	/* movl $initrd, RAMDISK_IMAGE(%esi) */
	put32(code + 2, RAMDISK_IMAGE);
	put32(code + 6, initrd);
	memcpy(code + 10, "\xc7\x86", 2);	/* movl $initrd_size, RAMDISK_SIZE(%esi) */
	put32(code + 12, RAMDISK_SIZE);
	put32(code + 16, initrd_size);
	code[20] = 0xb8;			/* movl $kernel, %eax */
	put32(code + 21, kernel);
	memcpy(code + 25, "\x89\x86", 2);	/* movl %eax, CODE32_START(%esi) */
	put32(code + 27, CODE32_START);
	memcpy(code + 31, "\xff\xe0", 2);	/* jmp *%eax */
}

/* The real-mode part with other code behind it, which sets the initrd itself. */
static void stub(char **arg)
{
	struct blob image = read_file(arg[0]), code = read_file(arg[1]);
	size_t setup = setup_size(image, arg[0]);
	FILE *file = create(arg[2]);

	put32(image.data + SYSSIZE, (code.size + 15) / 16);
	append(file, image.data, setup, arg[2]);
	append(file, code.data, code.size, arg[2]);
	finish(file, arg[2]);
}

static void split(char **arg)
{
	struct blob image = read_file(arg[0]);
	size_t setup = setup_size(image, arg[0]);
	uint8_t code[SECTOR];
	FILE *file;

	file = create(arg[5]);
	append(file, image.data + setup, image.size - setup, arg[5]);
	finish(file, arg[5]);

	fill_stub(code, strtoul(arg[1], NULL, 0), strtoul(arg[2], NULL, 0),
		  strtoul(arg[3], NULL, 0));
	put32(image.data + SYSSIZE, sizeof(code) / 16);
	file = create(arg[4]);
	append(file, image.data, setup, arg[4]);
	append(file, code, sizeof(code), arg[4]);
	finish(file, arg[4]);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "payload")) {
		payload(argv[2], argv[3]);
	} else if (argc == 5 && !strcmp(argv[1], "stub")) {
		stub(argv + 2);
	} else if (argc == 8 && !strcmp(argv[1], "split")) {
		split(argv + 2);
	} else {
		fputs("usage: bzimage payload BZIMAGE OUT\n"
		      "       bzimage split BZIMAGE KERNEL_ADDR INITRD_ADDR INITRD_SIZE STUB_OUT KERNEL_OUT\n"
		      "       bzimage stub BZIMAGE CODE STUB_OUT\n",
		      stderr);
		return 2;
	}
	return 0;
}
