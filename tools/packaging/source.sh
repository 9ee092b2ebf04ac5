# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of common.sh, and for the caller
# Sourced after common.sh: what the packages are made of, and for which version.

name=xen-special-pages
version=$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' "$top/drivers/xen/special-pages/main.c")

# package_source DIR - what git tracks and a package needs.
package_source() {
	[ -n "$version" ] || die "no MODULE_VERSION in drivers/xen/special-pages/main.c"
	rm -rf "$1"
	mkdir -p "$1"
	(cd "$top" && git ls-files -z drivers include tools/$name tools/packaging COPYING LICENSES \
		CHANGELOG.md | xargs -0 cp --parents -t "$1")
}

# package_fill FORMAT FILE... - the version, and the newest commit's committer and date,
# as git writes a date of this format.
package_fill() {
	local maintainer date

	maintainer=$(git -C "$top" log -1 --format='%cn <%ce>')
	date=$(LC_ALL=C git -C "$top" log -1 --format=%cd --date="$1")
	sed -i -e "s/@VERSION@/$version/" -e "s/@MAINTAINER@/$maintainer/" -e "s/@DATE@/$date/" \
		"${@:2}"
}
