# SPDX-License-Identifier: GPL-2.0-only
#
# A host that does not let special pages go back before a suspend; part of the
# scenarios' library (lib.sh).
#
#	refusal_begin			the driver in the range, disks busy; sets the steps
#					of going back: first, last (grant frame), info
#	refused_once STEP WAY		checks: it tries again, and the guest is moved (by_WAY)
#	refused_always STEP		checks: the guest stays, and lives
#	refusal_end			checks: nothing was lost

in_range() { # NAME
	is "$(sysfs state) $(xen_grant_gfns | head -n "$frames" | tr '\n' ' ')$(xen_shared_info_gfn)" \
		"range $range_gfns" "$1: in the range, Xen agrees"
}

# shellcheck disable=SC2034 # first, last and info are for the scenario
refusal_begin() {
	# What Linux says when a suspend is called off.
	dmesg_allow 'xen_suspend: .*-16|System core suspend callback xsp_'
	expect "the module loads" driver_load
	traffic_start disk
	sleep 1
	frames=$(sysfs grant_table/frames)
	range_gfns=$(xen_grant_gfns | head -n "$frames" | tr '\n' ' ')$(xen_shared_info_gfn)
	matches "$range_gfns" "0xfe7?? 0xfe7?? *0xfe7??" "all special pages are in the range"
	first=0
	last=$((frames - 1))
	info=$frames
	failed_moves=0
}

refused_once() { # STEP WAY
	local name="step $1 fails once before a $2"

	fail_map "$1"
	expect "$name: the driver tries again" "by_$2"
	expect "$name: the host did refuse" has_failed
	in_range "$name"
	failed_moves=$((failed_moves + 1))
	is "$(sysfs stats/failed_moves)" $failed_moves "$name: counted"
}

refused_always() { # STEP
	local name="step $1 always fails"

	expect "$name from now on" fail_way_back "$1"
	expect "$name: xl save gives up, the guest lives" save_fails
	fail_off
	in_range "$name"
	failed_moves=$((failed_moves + 3))
	is "$(sysfs stats/failed_moves)" $failed_moves "$name: three attempts counted"
	expect "$name: the guest says why" \
		guest "dmesg | grep 'does not let special pages go back'"
	expect "$name: later it can be saved" by_save
	in_range "$name, later"
}

refusal_end() {
	expect "traffic, all checksums right" traffic_stop
	note "$(traffic_report)"
}
