// SPDX-License-Identifier: GPL-2.0-only
/*
 * The emulator of the EPT leg watches how a guest's pages are mapped and counts
 * the accesses (ept/bochs-3.0/0003-*.patch):
 *
 *	memtypes watch GFN...	from now on these pages, and no others
 *	memtypes report		what was seen since, a line for each mapping
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>

#define PORT	0x4d54
#define FORGET	0xffffffff

static void watch(char **gfns)
{
	outl(FORGET, PORT);
	for (; *gfns; gfns++)
		outl(strtoul(*gfns, NULL, 0), PORT);
}

static int report(void)
{
	int character;

	while ((character = inb(PORT))) {
		if (character == 0xff) {
			fputs("memtypes: the emulator has no such port\n", stderr);
			return 1;
		}
		putchar(character);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2 || (strcmp(argv[1], "watch") && strcmp(argv[1], "report"))) {
		fputs("usage: memtypes watch GFN...\n       memtypes report\n", stderr);
		return 2;
	}
	if (ioperm(PORT, 4, 1)) {
		perror("memtypes: ioperm");
		return 1;
	}
	if (!strcmp(argv[1], "report"))
		return report();
	watch(argv + 2);
	return 0;
}
