// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec load|panic KERNEL INITRD ARGUMENTS - give the kernel its successor, for
 * "kexec go" or for when it crashes.
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int load(char **argv, unsigned long flags)
{
	int kernel = open(argv[0], O_RDONLY), initrd = open(argv[1], O_RDONLY);

	if (kernel < 0 || initrd < 0)
		return -1;
	return syscall(SYS_kexec_file_load, kernel, initrd, strlen(argv[2]) + 1, argv[2], flags);
}

int main(int argc, char **argv)
{
	int err = -1;

	if (argc == 5 && !strcmp(argv[1], "load"))
		err = load(argv + 2, 0);
	else if (argc == 5 && !strcmp(argv[1], "panic"))
		err = load(argv + 2, KEXEC_FILE_ON_CRASH);
	else if (argc == 2 && !strcmp(argv[1], "go"))
		err = syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			      LINUX_REBOOT_CMD_KEXEC, NULL);
	else
		fputs("usage: kexec load|panic KERNEL INITRD ARGUMENTS, or kexec go\n", stderr);
	if (err)
		perror("kexec");
	return err != 0;
}
