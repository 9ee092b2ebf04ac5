# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: what a guest with UEFI boots from: a disk with a FAT file system and, by the
# name that firmware looks for, one program.  This is the kernel, its command line and its
# initramfs behind systemd's stub ("unified kernel image").

uefi_stub=/usr/lib/systemd/boot/efi/linuxx64.efi.stub

# uefi_program DIR OUT - from DIR/{vmlinuz,initrd}.
uefi_program() {
	local at=$((0x100000)) name file sections=()

	guest_kernel_args | tr '\n' '\0' >"$1/cmdline"
	for name in cmdline:cmdline linux:vmlinuz initrd:initrd; do
		file=$1/${name#*:}
		sections+=(--add-section ".${name%:*}=$file"
			--change-section-vma ".${name%:*}=$(printf '%#x' "$at")")
		# The next page after it.
		at=$(((at + $(stat -c %s "$file") + 0xfff) & ~0xfff))
	done
	objcopy "${sections[@]}" "$uefi_stub" "$2" && rm "$1/cmdline"
}

# uefi_boot_files DIR - for guest_config_ovmf(); a guest of the usual kind has more there.
uefi_boot_files() {
	local program=$1/program image=$1/uefi.img

	uefi_program "$1" "$program" &&
		truncate -s $(($(stat -c %s "$program") + 4194304 & ~1048575)) "$image" &&
		mformat -i "$image" -T $(($(stat -c %s "$image") / 512)) -h 16 -s 63 :: &&
		mmd -i "$image" ::/EFI ::/EFI/BOOT &&
		mcopy -i "$image" "$program" ::/EFI/BOOT/BOOTX64.EFI &&
		cp "$ovmf" "$1/OVMF.fd" && rm "$program" "$1"/{stub,kernel,vmlinuz,initrd}
}
