# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by scripts, brings common.sh: Debian's kernel source, and copies of it
# to build in.

# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source-path=SCRIPTDIR source=kernels.sh
. "$top/tools/lib/kernels.sh"

# use_linux SERIES - whose source the functions below are about.
use_linux() {
	linux_series=$1
	linux_source=$build/linux-source-$1
}
use_linux 6.1

# An archive may list a version that it no longer has the file of.
download_linux_source() {
	local dir=$1 package=linux-source-$linux_series version

	for version in $(kernel_apt "$linux_series" apt-cache madison "$package" |
		awk -v package="$package" -F ' *[|] *' '$1 == package { print $2 }' | sort -rV | uniq); do
		step "fetching $package $version"
		(cd "$dir" && kernel_apt "$linux_series" apt-get download -qq "$package=$version") \
			>>"$dir/fetch.log" 2>&1 && return 0
		step "cannot be downloaded, see ${dir#"$top"/}/fetch.log"
	done
	die "$package cannot be downloaded, see ${dir#"$top"/}/fetch.log"
}

# fetch_linux_source - unpack it to $linux_source, unless it is there: remove that
# folder, and the copies, to look for a newer one.
fetch_linux_source() {
	local dir=$build/linux-source-$linux_series-fetch

	[ ! -e "$linux_source" ] || return 0
	need xz-utils
	rm -rf "$dir"
	mkdir -p "$dir"
	(download_linux_source "$dir")
	step "unpacking it"
	dpkg-deb --fsys-tarfile "$dir"/*.deb |
		tar -xO "./usr/src/linux-source-$linux_series.tar.xz" | tar -xJ -C "$dir"
	mv "$dir/linux-source-$linux_series" "$linux_source"
	rm -rf "$dir"
}

# copy_linux_source TREE - a copy that may be changed, unless it is there.  It
# consists of hard links: replace files in it, never write into them.
copy_linux_source() {
	local tree=$1

	[ ! -e "$tree" ] || return 0
	fetch_linux_source
	mkdir -p "$(dirname "$tree")"
	rm -rf "$tree.new"
	cp -al "$linux_source" "$tree.new"
	mv "$tree.new" "$tree"
}
