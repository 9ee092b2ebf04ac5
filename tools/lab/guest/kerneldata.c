// SPDX-License-Identifier: GPL-2.0-only
/*
 * kerneldata SYMBOL WORDS - print so many words of 8 bytes of the kernel's data, from a
 *	symbol on, in decimal.
 *
 * The address is in /proc/kallsyms, the memory is in /proc/kcore, an ELF file with a
 * segment for each area that is mapped.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long address_of(const char *symbol)
{
	FILE *symbols = fopen("/proc/kallsyms", "r");
	char line[512], name[256];
	unsigned long address;

	while (symbols && fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%lx %*c %255s", &address, name) == 2 && !strcmp(name, symbol))
			return address;
	return 0;
}

/* Where in the file an address is; 0 if it is nowhere. */
static off_t place_of(int core, unsigned long address)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	if (pread(core, &header, sizeof(header), 0) != sizeof(header))
		return 0;
	for (unsigned int i = 0; i < header.e_phnum; i++) {
		off_t at = header.e_phoff + i * sizeof(segment);

		if (pread(core, &segment, sizeof(segment), at) != sizeof(segment))
			return 0;
		if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
		    address - segment.p_vaddr < segment.p_memsz)
			return segment.p_offset + (address - segment.p_vaddr);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int core = open("/proc/kcore", O_RDONLY);
	unsigned long address = argc == 3 ? address_of(argv[1]) : 0;
	int words = argc == 3 ? atoi(argv[2]) : 0;
	off_t at = address ? place_of(core, address) : 0;

	if (!at) {
		fprintf(stderr, "kerneldata: cannot find it\n");
		return 2;
	}
	for (int i = 0; i < words; i++) {
		unsigned long word;

		if (pread(core, &word, sizeof(word), at + i * sizeof(word)) != sizeof(word)) {
			perror("/proc/kcore");
			return 1;
		}
		printf("%lu%c", word, i == words - 1 ? '\n' : ' ');
	}
	return 0;
}
