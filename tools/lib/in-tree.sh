# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of who sources it
# Sourced by scripts that build a small kernel from Debian's source and boot a guest with
# it: brings common.sh, linux-source.sh and results.sh.  They set
#
#	kernel_name	what tools/lab/run --kernel calls the kernel
#	out		where everything goes
#	tree, objects	the kernel's source and what is built from it
#	checks		an array: check_NAME is a function for each of its names
#	make_with	an array of arguments for each make of the kernel, such as CC=clang
#	front_ends	y, or m: the front ends, and the rest that the guest loads, are modules

# shellcheck source-path=SCRIPTDIR source=linux-source.sh
. "$(dirname "${BASH_SOURCE[0]}")/linux-source.sh"
# shellcheck source-path=SCRIPTDIR source=results.sh
. "$top/tools/lib/results.sh"

make_with=()
front_ends=y

# tree_has OPTION - is the kernel configured like this?  What is =n may not be known.
tree_has() {
	case $1 in
	*=n) ! grep "^${1%=n}=" "$objects/.config" ;;
	*) grep -xF "$1" "$objects/.config" ;;
	esac
}

# tree_configure OPTION... - little more than these and what the lab's guest wants.
tree_configure() {
	local option

	mkdir -p "$objects"
	cat >"$out/config" <<-EOF
		CONFIG_64BIT=y
		CONFIG_SMP=y
		CONFIG_PCI=y
		CONFIG_SYSFS=y
		CONFIG_DEBUG_FS=y
		CONFIG_BLOCK=y
		CONFIG_BLK_DEV=y
		CONFIG_BLK_DEV_INITRD=y
		CONFIG_DEVTMPFS=y
		CONFIG_TMPFS=y
		CONFIG_BINFMT_ELF=y
		CONFIG_BINFMT_SCRIPT=y
		CONFIG_TTY=y
		CONFIG_NET=y
		CONFIG_INET=y
		CONFIG_UNIX=y
		CONFIG_NETDEVICES=y
		CONFIG_ACPI=y
		CONFIG_HVC_XEN=y
		CONFIG_HIGH_RES_TIMERS=y
		CONFIG_HYPERVISOR_GUEST=y
		CONFIG_PARAVIRT=y
		CONFIG_XEN=y
		CONFIG_XEN_PVHVM_GUEST=y
		CONFIG_XEN_BLKDEV_FRONTEND=$front_ends
		CONFIG_XEN_NETDEV_FRONTEND=$front_ends
		CONFIG_XENFS=$front_ends
		CONFIG_XEN_DEV_EVTCHN=$front_ends
		CONFIG_XEN_GNTDEV=$front_ends
		CONFIG_XEN_GRANT_DEV_ALLOC=$front_ends
	EOF
	printf '%s\n' "$@" >>"$out/config"
	make -C "$tree" O="$objects" "${make_with[@]}" KCONFIG_ALLCONFIG="$out/config" allnoconfig
	for option in "CONFIG_XEN_BLKDEV_FRONTEND=$front_ends" "$@"; do
		tree_has "$option"
	done
}

# tree_make ARGUMENT... - without a warning.
tree_make() {
	nice make -C "$objects" "${make_with[@]}" "$@" 2>&1 | tee "$out/warnings.log"
	if grep 'warning:' "$out/warnings.log"; then return 1; fi
}

# tree_compile DIRECTORY - all of it: a file that is compiled already gives no warning
# again.
tree_compile() {
	rm -f "$objects/$1"/*.o
	tree_make W=1 "$1/"
}

tree_link() {
	local targets=(bzImage)

	! grep -qx CONFIG_MODULES=y "$objects/.config" || targets+=(modules)
	nice make -C "$objects" "${make_with[@]}" -j"$(nproc)" "${targets[@]}"
}

kernel_release_of() { # OBJECTS
	make -s -C "$1" kernelrelease
}

# As the lab takes other kernels (lib/kernels.sh).
put_kernel() {
	local image=$build/kernels/$kernel_name/image release

	release=$(kernel_release_of "$objects")
	rm -rf "$image"
	mkdir -p "$image/boot" "$image/lib/modules/$release/kernel"
	cp "$objects/arch/x86/boot/bzImage" "$image/boot/vmlinuz-$release"
	cp "$objects/modules.builtin" "$image/lib/modules/$release/"
	find "$objects" -name '*.ko' -exec cp -t "$image/lib/modules/$release/kernel" {} +
	echo "$release" >"$image.release"
}

# run_checks [ARGUMENT...] - one after the other, each a process of its own, so that it ends
# at its first error: this script with --check NAME ARGUMENT...  After a failure the rest
# cannot run.
run_checks() {
	local check number=0

	echo "TAP version 13"
	echo "1..${#checks[@]}"
	for check in "${checks[@]}"; do
		number=$((number + 1))
		if ! "$0" --check "$check" "$@" >"$out/$check.log" 2>&1; then
			results_count failed "$check"
			echo "not ok $number - ${check//_/ }"
			grep -hE 'error:|warning:|undefined reference' "$out/$check.log" |
				head -n 20 | sed 's/^/# /' || true
			step "failed, see ${out#"$top"/}/$check.log"
			break
		fi
		results_count passed "$check"
		echo "ok $number - ${check//_/ }"
	done
	failed=$((failed + ${#checks[@]} - number))
	results_sum
}
