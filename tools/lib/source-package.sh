# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of common.sh, and for the caller
# Sourced after common.sh: source packages of Debian, downloaded and unpacked.

# source_versions PACKAGE [RELEASE] - the versions that apt's lists have (of that
# release of the program only), newest first.
source_versions() {
	apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' |
		awk -v release="${2:+$2.}" '{ version = $0; sub(/^[0-9]+:/, "", version) }
			index(version, release) == 1' | sort -rV | uniq
}

# source_download PACKAGE VERSION FILE DIR - apt compares all that it downloads with
# the signed checksums.  It may get only a part: what counts is FILE.
source_download() {
	step "fetching the source of $1 $2"
	rm -rf "$4"
	mkdir -p "$4" || return 1
	(cd "$4" && apt-get source -qq --download-only "$1=$2") >>"$4.log" 2>&1 ||
		step "the archive does not have all of it, see ${4#"$top"/}.log"
	compgen -G "$4/$3" >/dev/null
}

# source_package SUITE PACKAGE FILE DIR [RELEASE] - download the newest version that
# the archive has FILE (a pattern) of: an archive may list versions that it no longer
# has all files of.  DIR/version says which one it is, DIR/newest which one is listed;
# nothing is done if there is such a directory.  Fails with the reason in
# $source_missing.
source_package() {
	local suite=$1 package=$2 file=$3 dir=$4 name="$2${5:+ $5}" config versions version

	[ ! -e "$dir/version" ] || return 0
	config=$(private_apt "$suite") || {
		source_missing="cannot read the package lists of Debian $suite"
		return 1
	}
	mkdir -p "$(dirname "$dir")"
	versions=$(APT_CONFIG=$config source_versions "$package" "${5:-}")
	source_missing="Debian $suite lists no source of $name"
	[ -n "$versions" ] || return 1
	: >"$dir.log"
	for version in $versions; do
		if APT_CONFIG=$config source_download "$package" "$version" "$file" "$dir"; then
			echo "${versions%%$'\n'*}" >"$dir/newest" && echo "$version" >"$dir/version"
			return
		fi
	done
	source_missing="Debian $suite lists source of $name (${versions//$'\n'/, }) but the archive does not have the files"
	return 1
}

# source_is_newest DIR - of a directory that source_package has made.
source_is_newest() {
	cmp -s "$1/version" "$1/newest"
}

# source_note PACKAGE DIR - say so if it is not the newest one.
source_note() {
	source_is_newest "$2" || step "note: $1 $(cat "$2/newest") is listed, but the" \
		"archive does not have its files; $(cat "$2/version") is used"
}

# What dpkg-source does, for a package without its .dsc.
source_unpack_tarballs() { # DIR TREE
	local patch debian=("$1"/*.debian.tar.xz)

	mkdir -p "$2" || return 1
	tar -xf "$1"/*.orig.tar.xz -C "$2" --strip-components=1 --no-same-owner || return 1
	if [ ! -e "${debian[0]}" ]; then
		step "note: without Debian's patches"
		return 0
	fi
	tar -xf "${debian[0]}" -C "$2" || return 1
	[ -e "$2/debian/patches/series" ] || return 1
	while read -r patch; do
		patch -d "$2" -p1 --no-backup-if-mismatch -i "debian/patches/$patch" || return 1
	done < <(sed 's/#.*//; /^ *$/d' "$2/debian/patches/series")
}

# source_unpack DIR TREE - with Debian's patches applied.
source_unpack() {
	local dsc=("$1"/*.dsc)

	rm -rf "$2"
	if [ -e "${dsc[0]}" ]; then
		dpkg-source --no-check --no-copy -x "${dsc[0]}" "$2"
	else
		source_unpack_tarballs "$@"
	fi
}
