# SPDX-License-Identifier: GPL-2.0-only
#
# Failures on purpose, in a test build of the driver (`# lab: driver=test`); part of
# the scenarios' library (lib.sh).
#
#	fail_map SKIP [TIMES]		after SKIP pages that are mapped, the host takes the
#					next TIMES away and refuses (default 1; -1: all)
#	fail_populate SKIP [TIMES]	after SKIP requests for RAM, it has none
#	fail_way_back STEP		from the range on, the host refuses the page STEP of
#					each attempt to go back, and lets all be undone
#	fail_off			the host refuses nothing any more
#	has_failed			it has refused as often as it was to
#	calls_restart			the calls are counted from 1 on again
#	calls_of KIND			so many calls of that kind since then
#	failed_of KIND			so many of them failed
#
# Pages are mapped in this order: grant frames from the first on, shared_info.

faults=/sys/kernel/debug/xen-special-pages
call_counts=/sys/module/xen_special_pages/parameters/fail

fail_map() { fail_after fail_map "$@"; }
fail_populate() { fail_after fail_populate "$@"; }

fail_after() { # FILES SKIP [TIMES [INTERVAL]]
	guest "cd $faults/$1 && echo 0 >probability && echo 0 >verbose && echo ${4:-1} >interval &&
		echo $(($2 + 1)) >space && echo ${3:-1} >times && echo 100 >probability"
}

# An attempt maps each page, and again to undo it: the same step fails after so many.
# One round trip goes before, because the first that fails is never that of the first
# attempt.
fail_way_back() { # STEP
	local pages

	pages=$(($(sysfs grant_table/frames) + 1))
	fail_after fail_map $(($1 + 1)) -1 $((2 * pages)) &&
		[ "$(sysfs_write placement boot) $(sysfs_write placement range)" = "OK OK" ]
}

fail_off() {
	guest "for file in $faults/*/probability; do echo 0 >\$file; done"
}

has_failed() {
	[ "$(guest "cat $faults/${1:-fail_map}/times")" = 0 ]
}

calls_restart() { guest "echo >$call_counts"; }
calls_of() { guest "cat $call_counts" | awk -v kind="$1" '$1 == kind { print $2 }'; }
failed_of() { guest "cat $call_counts" | awk -v kind="$1" '$1 == kind { print $3 }'; }
