# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # top, of common.sh
# Sourced by build and apply, after common.sh: which series is for what.
#
# A folder of tools/hypervisor/ is one series, xen-RELEASE[-RELEASE...], with the
# names of all releases that it serves.  Its patches to the documentation, last,
# may fail to apply: they change text that every release of Xen changes.

series_top=$top/tools/hypervisor

# No source of a release, or one that a series does not fit.
[ -n "${status_unavailable:-}" ] || readonly status_unavailable=3

# The reason, which is no fault of the caller's, is the last line on stderr.
unavailable() {
	step "error: $*"
	exit "$status_unavailable"
}

# Every release that has a series, oldest first.
releases() {
	local dir

	for dir in "$series_top"/xen-*/; do
		basename "$dir" | cut -d - -f 2- | tr - '\n'
	done | sort -V
}

# series_dir RELEASE - the folder with its series, or nothing.
series_dir() {
	local dir

	for dir in "$series_top"/xen-*/; do
		dir=${dir%/}
		[[ "${dir##*/}-" != *-"$1"-* ]] || echo "$dir"
	done
}

code_patches() { # DIR
	find "$1" -maxdepth 1 -name '0*.patch' ! -name '0*-docs-*' | sort
}

docs_patches() { # DIR
	find "$1" -maxdepth 1 -name '0*-docs-*.patch' | sort
}

# The public header as a series adds it.
header_in_series() { # DIR
	code_patches "$1" | xargs -d '\n' cat |
		sed -n '\,^+++ b/xen/include/public/arch-x86/special-pages\.h$,,/^\(diff \|-- $\)/ s/^+//p' |
		sed 1d
}

# Guest and hypervisor share one definition.
check_headers() {
	local dir header=$top/include/xen/interface/arch-x86/special-pages.h

	for dir in "$series_top"/xen-*/; do
		header_in_series "$dir" | diff -u "$header" - >&2 ||
			die "$(basename "$dir") adds another text than ${header#"$top"/}"
	done
}
