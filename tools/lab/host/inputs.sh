# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of the other sourced files
# Sourced: what has to be there before a machine boots.
#
# Emulators, images and hypervisors are brought up to date here, by builders that are
# processes of their own: an error ends them, though errors do not end the lab.  What
# cannot be built is an error of each scenario that needs it.
#
# The driver and the tool are built by whoever works on them: if one is missing, or is
# not of today's source, no machine boots.

# builder NAME WHAT COMMAND... - run it once in a run of the lab; what it prints is in
# $made.  If it fails, $why says that there is no WHAT, with its last words.
declare -A builder_status=()
builder() {
	local log=$build/lab/builders/$1 name=$1 what=$2
	shift 2

	if [ -z "${builder_status[$name]:-}" ]; then
		mkdir -p "$build/lab/builders"
		"$@" 2>&1 >"$log.out" {lock_fd}>&- | tee "$log.log" >&2
		builder_status[$name]=${PIPESTATUS[0]}
	fi
	made=$(<"$log.out")
	[ "${builder_status[$name]}" != 0 ] || return 0
	why=$(tail -n 1 "$log.log" | sed 's/^\[ *[0-9]*s\] //; s/^error: //')
	why="no $what: ${why:-status ${builder_status[$name]} of ${1#"$top"/}}"
	return 1
}

# use_images - what config[] wants, in $images; the guest's kernel, in $kernel; Debian's
# own Xen, in $stock_xen.
use_images() {
	local release=${config[release]}

	builder "images-$release" images "$tools/lab/build-images" "$release" \
		${guest_kernel:+"$guest_kernel"} || return 1
	{ read -r images && read -r kernel && read -r stock_xen; } <<<"$made"
}

# xen_image - the hypervisor of config[xen], uncompressed, is in $xen.
xen_image() {
	local file release=${config[release]}

	case ${config[xen]} in
	stock) file=$stock_xen ;;
	patched)
		file=$build/hypervisor/$release/xen.gz
		builder "hypervisor-$release" "patched Xen $release" \
			"$tools/hypervisor/build" "$release" || return 1
		;;
	lying)
		file=$build/hypervisor/$release-lying-xen/xen.gz
		builder "lying-xen-$release" "lying Xen $release" \
			"$tools/hypervisor/build" --lab "$lab/lying-xen" "$release" || return 1
		;;
	*) file=${config[xen]} ;;
	esac
	[ -e "$file" ] || {
		why="there is no ${file#"$top"/}"
		return 1
	}
	xen=$build/lab/xen/$(hash_of "$file")
	[ ! -e "$xen" ] || return 0
	mkdir -p "$build/lab/xen"
	why="cannot unpack ${file#"$top"/}"
	if gzip -t "$file" 2>/dev/null; then gzip -dc "$file"; else cat "$file"; fi >"$xen.part" || return 1
	mv "$xen.part" "$xen" || return 1
	why=
}

# Modules that the guest gets apart from the driver.
guest_modules=()

emulator_svm() {
	guest_modules=()
	builder qemu emulator "$tools/lab/build-qemu"
}

# use_installation - the directory of build-installation is in $installation, if config[]
# wants it.
use_installation() {
	installation=
	[ "${config[installation]}" = yes ] || return 0
	builder installation installation "$tools/lab/build-installation" || return 1
	installation=$made
}

# use_firmware - UEFI firmware is in $ovmf, if config[] wants it.
use_firmware() {
	ovmf=
	[ "${config[firmware]}" = ovmf ] || return 0
	builder ovmf "UEFI firmware" "$tools/lab/build-ovmf" || return 1
	ovmf=$build/ovmf/OVMF.fd
}

# inputs DIR PART - for a part of a scenario: config[], $leg, $images, $kernel, $xen,
# $installation, $ovmf.
# Fails with the reason in $why.
inputs() {
	why=
	config_read "$1" "$2"
	choose_leg && use_images && use_installation && use_firmware && xen_image && "emulator_$leg"
}

# use_driver BUILD - the driver, in $driver: its plain build, or its test build.
use_driver() {
	local arguments=()

	driver=$build/module/$kernel/xen-special-pages.ko
	[ "$1" = plain ] || driver=$build/module/$kernel-test/xen-special-pages.ko
	[ "$1" = plain ] || arguments=(XSP_TEST=y)
	driver=${MODULE:-$driver}
	[ "$driver" = none ] || [ -e "$driver" ] ||
		die "there is no ${driver#"$top"/}: $(build_module_command "$1")"
	[ -n "${MODULE:-}" ] || stamp_holds "$driver" "$(module_stamp "${arguments[@]}")" ||
		die "${driver#"$top"/} is older than its source: $(build_module_command "$1")"
}

# own_inputs BUILD... - these builds of the driver are there, and the tool is, in $cli.
own_inputs() {
	local kind

	for kind; do
		use_driver "$kind"
	done
	cli=$build/cli/xen-special-pages.static
	[ -e "$cli" ] || die "there is no ${cli#"$top"/}: run tools/build-cli"
	stamp_holds "$cli" "$(cli_stamp)" ||
		die "${cli#"$top"/} is older than its source: run tools/build-cli"
}

build_module_command() { # BUILD
	local options=

	[ "$1" = plain ] || options=" --test"
	[ -z "$guest_kernel" ] || options+=" --kernel $guest_kernel"
	echo "run tools/build-module$options, or see MODULE in --help"
}

# all_inputs SCENARIO... - bring everything up to date.  What cannot be built is reported
# by the scenarios that need it.
all_inputs() {
	local name file
	local -A kinds=()

	kernel=
	for name; do
		for file in "$lab/scenarios/$name"/run "$lab/scenarios/$name"/run-?; do
			[ -e "$file" ] || continue
			inputs "${file%/*}" "${file##*/}" || true
			kinds[${config[driver]}]=1
		done
	done
	[ -z "$kernel" ] || own_inputs "${!kinds[@]}"
}
