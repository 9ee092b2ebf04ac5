# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of the files below, and for the caller
# Sourced after common.sh: the series for Linux, a folder linux-RELEASE for each release.
# series_repository also wants linux-source.sh.

series_releases() {
	printf '%s\n' "$top"/tools/linux/linux-*/ | sed 's,.*/linux-,,; s,/$,,' | sort -V
}

# series_dir RELEASE - the folder with its series; fails if there is none.
series_dir() {
	local dir=$top/tools/linux/linux-$1

	[ -d "$dir" ] || die "no series for Linux $1, only for $(series_releases | xargs)"
	echo "$dir"
}

series_patches() { printf '%s\n' "$1"/*.patch; }

# series_repository SERIES_DIR REPOSITORY - a new git repository with the files of
# $linux_source that the series changes, tagged "base": one with all of Linux takes minutes.
series_repository() {
	rm -rf "$2"
	mkdir -p "$2"
	git init -q "$2"
	series_patches "$1" | xargs -d '\n' sed -n 's,^--- a/,,p' | sort -u |
		while IFS= read -r file; do
			[ ! -e "$linux_source/$file" ] ||
				(cd "$linux_source" && cp --parents "$file" "$2/")
		done
	git -C "$2" config user.name "$(git -C "$top" log -1 --format=%cn)"
	git -C "$2" config user.email "$(git -C "$top" log -1 --format=%ce)"
	git -C "$2" add -f .
	git -C "$2" commit -q -m "Linux $linux_series"
	git -C "$2" tag base
}
