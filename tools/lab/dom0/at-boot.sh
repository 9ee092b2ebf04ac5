# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel with the series for Linux (tools/linux) as the guest; part of the scenarios'
# library (lib.sh).  tools/linux/build runs those that need one.
#
#	at_boot_begin			ends the scenario, as skipped, with another kernel
#	at_boot_in range|bar WHEN	checks: the table is there, the kernel and Xen agree

at_boot_view=/sys/kernel/debug/xen_special_pages

at_boot_begin() {
	guest "ls $at_boot_view" && return
	skip_unless_wanted "the series is in the kernel" \
		"this kernel does not have it, see tools/linux/build"
}

at_boot_in() {
	case $1 in
	range) set -- "$2" 0xfe700 "range gfn 0xfe700 frames 64 memory_type WB" ;;
	bar) set -- "$2" 0xf0000 "BAR gfn 0xf0000 frames 64 memory_type UC-" ;;
	esac
	is "$(guest "cat $at_boot_view")" "$3" "$1: the kernel's view"
	is "$(xen_grant_gfns | head -n 1)" "$2" "$1: Xen's view"
}
