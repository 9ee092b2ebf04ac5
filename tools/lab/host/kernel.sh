# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: the guest with a kernel of another series (lib/kernels.sh).  dom0 and
# everything else stay as images.sh made them.
#
#	build/lab/images-SUITE-SERIES/	like images-SUITE/, with another guest/

# Packages differ in where they have a kernel and how its modules are packed.
# guest_kernel_tree IMAGE RELEASE TREE - a tree as images.sh expects it.
guest_kernel_tree() {
	local image=$1 release=$2 tree=$3 modules file

	modules=$(find "$image" -type d -path "*/lib/modules/$release")
	mkdir -p "$tree/lib/modules/$release" "$tree/boot" "$tree/bin"
	cp "$base/bin/busybox" "$tree/bin/"
	for file in "$image/boot/vmlinuz-$release" "$modules/vmlinuz"; do
		[ ! -e "$file" ] || cp "$file" "$tree/boot/vmlinuz-$release"
	done
	[ ! -e "$modules/modules.builtin" ] || cp "$modules/modules.builtin" "$tree/lib/modules/$release/"
	find "$modules/kernel" \( -name 'xen*.ko*' -o -name 'msr.ko*' \) -exec cp -t "$tree/lib/modules/$release" {} +
	find "$tree/lib/modules" -name '*.xz' -exec xz -dq {} +
	find "$tree/lib/modules" -name '*.zst' -exec zstd -dq --rm {} +
}

# build_kernel_images SERIES - after build_images; $images is the directory with these.
# Errors have to be fatal (build-images).
build_kernel_images() {
	local series=$1 out=$images-$1 image release stamp files

	image=$(kernel_image "$series")
	release=$(<"$image.release")
	mapfile -t files < <(find "$image" -name 'vmlinuz*')
	stamp=$(hash_of "$images/stamp" "$images/bin/stamp" "$image.release" "${files[@]}" "$lab/host/kernel.sh")
	if [ "$(cat "$out/stamp" 2>/dev/null)" != "$stamp" ]; then
		step "making the images of a guest with $release"
		rm -rf "$out"
		mkdir -p "$out"
		cp -al "$images"/{vmlinux,dom0.cpio,bin} "$out/"
		guest_kernel_tree "$image" "$release" "$out/tree"
		build_guest_images "$out/tree" "$out/guest" "$out/bin"
		rm -rf "$out/tree"
		echo "$stamp" >"$out/stamp"
	fi
	images=$out
}
