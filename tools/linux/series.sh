# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # top, of common.sh, and for the caller
# Sourced after common.sh: the series for Linux, a folder linux-RELEASE for each release.

series_releases() {
	printf '%s\n' "$top"/tools/linux/linux-*/ | sed 's,.*/linux-,,; s,/$,,' | sort -V
}

# series_dir RELEASE - the folder with its series; fails if there is none.
series_dir() {
	local dir=$top/tools/linux/linux-$1

	[ -d "$dir" ] || die "no series for Linux $1, only for $(series_releases | xargs)"
	echo "$dir"
}
