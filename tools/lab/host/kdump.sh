# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: what a guest needs for kexec, and to write a dump after a crash.
#
#	build/lab/makedumpfile/	the program and its libraries, unpacked

makedumpfile_packages="makedumpfile libc6 libdw1 libelf1 liblzo2-2 zlib1g libzstd1
	libsnappy1v5 libbz2-1.0 liblzma5 libstdc++6 libgcc-s1"

# The guest's own kernel and, if that is another one, Debian's.
put_kernel() {
	local stock=$build/lab/images-$xen_suite

	mkdir -p "$1/boot" && cp "$images"/guest/{vmlinuz,initrd} "$1/boot/" || return 1
	[ "$images" != "$stock" ] || return 0
	mkdir "$1/boot/stock" && cp "$stock"/guest/{vmlinuz,initrd} "$1/boot/stock/"
}

fetch_makedumpfile() {
	local dir=$build/lab/makedumpfile debs=$build/lab/debs/makedumpfile suite

	[ ! -e "$dir/complete" ] || return 0
	xen_release "$base_release"
	suite=$xen_suite
	step "downloading makedumpfile"
	mkdir -p "$debs"
	# shellcheck disable=SC2086 # several words
	(cd "$debs" && bare_apt "$suite" download $makedumpfile_packages) >"$dir.log" 2>&1 ||
		die "cannot download makedumpfile, see ${dir#"$top"/}.log"
	unpack_packages "$debs" "$dir" >>"$dir.log" 2>&1 || die "cannot unpack, see ${dir#"$top"/}.log"
	rm -rf "$debs"
}

# The initramfs of the kernel for the crash has makedumpfile in it.
put_kdump() {
	local dir=$build/lab/makedumpfile image=$1/kdump library

	fetch_makedumpfile
	put_kernel "$1" &&
		mkdir -p "$image"/opt/makedumpfile "$image"/lib64 &&
		cp "$dir/usr/bin/makedumpfile" "$image/opt/makedumpfile/" &&
		cp "$dir/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$image/lib64/" || return 1
	for library in $(libraries_of "$dir" "$dir/usr/bin/makedumpfile"); do
		cp "$library" "$image/opt/makedumpfile/" || return 1
	done
	pack_cpio "$image" "$image.cpio" &&
		cat "$image.cpio" >>"$1/boot/initrd" &&
		rm -rf "$image" "$image.cpio"
}
