# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of common.sh
# Sourced: is there room on the disk for build/?

# space_left - MiB, or nothing where df cannot tell.
space_left() {
	df -Pm "$build" | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print $4 }'
}

# has_space MIB - so much can be written to build/; if not, $why says so.
has_space() {
	local left

	left=$(space_left)
	[ "${left:-$1}" -lt "$1" ] || return 0
	why="no space: ${build#"$top"/} wants $1 MiB of disk and $left are free"
	why+="; what is in its lab/snapshots and lab/runs can be removed"
	return 1
}

# has_space_in_all MIB - the same, and what is in build/ already counts.
has_space_in_all() {
	local used

	used=$(du -sm "$build" | cut -f1)
	[ "$used" -ge "$1" ] || has_space $(($1 - used))
}
