/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a bzImage would jump to after it has unpacked itself, but the kernel is
 * unpacked already: unpacking takes this emulator half a minute.  From 32-bit
 * mode, with %esi = the boot parameters, to 64-bit mode with the first 4 GiB
 * identity mapped, and into the kernel (Documentation/x86/boot.rst).
 *
 * KERNEL_ENTRY, INITRD_ADDR, INITRD_SIZE: in what others have put into memory.
 */

#define RAMDISK_IMAGE	0x218
#define RAMDISK_SIZE	0x21c

#define PAGE		0x1000
#define TABLES		0x200000		/* six pages that nobody uses yet */
#define LEVEL4		(TABLES)
#define LEVEL3		(TABLES + PAGE)
#define LEVEL2		(TABLES + 2 * PAGE)	/* four of them */
#define POINTER		0x3			/* present, writable */
#define LEAF		0x83			/* and 2 MiB */

#define CR4_PAE		0x20
#define MSR_EFER	0xc0000080
#define EFER_LME	0x100
#define CR0_PG		0x80000000

	.code32
	.globl	_start
_start:
	cli
	cld
	movl	$INITRD_ADDR, RAMDISK_IMAGE(%esi)
	movl	$INITRD_SIZE, RAMDISK_SIZE(%esi)

	xorl	%eax, %eax
	movl	$TABLES, %edi
	movl	$(6 * PAGE / 4), %ecx
	rep stosl
	movl	$(LEVEL3 + POINTER), LEVEL4
	movl	$(LEVEL2 + POINTER), LEVEL3
	movl	$(LEVEL2 + PAGE + POINTER), LEVEL3 + 8
	movl	$(LEVEL2 + 2 * PAGE + POINTER), LEVEL3 + 16
	movl	$(LEVEL2 + 3 * PAGE + POINTER), LEVEL3 + 24
	movl	$LEVEL2, %edi
	movl	$LEAF, %eax
1:	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	jnc	1b				/* until 4 GiB */

	movl	$LEVEL4, %eax
	movl	%eax, %cr3
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$CR0_PG, %eax
	movl	%eax, %cr0

	lgdt	gdt_pointer
	movl	$(data - gdt), %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	ljmp	$(code - gdt), $KERNEL_ENTRY

	.balign	8
gdt:	.quad	0, 0
code:	.quad	0x00af9a000000ffff		/* 64-bit, where the boot protocol has it */
data:	.quad	0x00cf92000000ffff
gdt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.long	gdt
