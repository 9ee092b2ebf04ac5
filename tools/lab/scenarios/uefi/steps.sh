# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What both parts do.

mtrrs() { guest 'sed "s/^reg.*base=//; s/ *([^)]*)//; s/, count.*: /, /" /proc/mtrr' | tr '\n' ';'; }

# in_memory_map ADDRESS - the type that the firmware's memory map has for it.
in_memory_map() {
	guest "cd /sys/firmware/memmap && for entry in *; do
		[ \$((\$(cat \$entry/start))) -gt $(($1)) ] || [ \$((\$(cat \$entry/end))) -lt $(($1)) ] ||
			cat \$entry/type; done"
}

settled() { # WHEN SOURCE
	is "$(sysfs state) $(sysfs range/source)" "range $2" "$1: in the range, source $2"
	is "$(sysfs grant_table/gfn) $(sysfs grant_table/memory_type)" "0xfe700 WB" "$1: first frame, write-back"
	is "$(xen_grant_gfns | head -n 1)" 0xfe700 "$1: Xen agrees"
	is "$(sysfs shared_info/gfn)" "$(xen_shared_info_gfn)" "$1: and about shared_info"
	note "$1: MTRRs $(mtrrs)"
}

steps() { # SOURCE
	expect "UEFI has started the kernel" guest '[ -d /sys/firmware/efi ]'
	is "$(in_memory_map 0xfe700000) $(in_memory_map 0xfe7fffff)" "Reserved Reserved" \
		"its memory map reserves the range"
	note "reserved: $(guest "sed -n 's/ : Reserved//p' /proc/iomem" | tr '\n' ' ')"
	is "$(xen_grant_gfns | head -n 1)" 0xf0000 "the table is in the BAR"
	expect "the module loads" driver_load
	settled loaded "$1"
	traffic_start disk
	guest_moves mover 3 boot range
	expect "6 moves" guest_wait mover 200
	expect "xl save, xl restore" by_save
	settled restored "$1"
	expect "traffic, all checksums right" traffic_stop
	note "$(traffic_report)"
	is "$(sysfs stats/failed_moves)" 0 "no move failed"
	expect "removal" driver_remove
	is "$(xen_grant_gfns | head -n 1)" 0xf0000 "the table is in the BAR again"
}
