# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of common.sh
# Sourced after common.sh: is a result still that of its source?  By content: whoever
# builds FILE leaves a hash of the inputs in FILE.stamp, and whoever uses it compares.

# stamp_of PATH... - a hash of files, and of the files in directories, by names that
# are relative to the project.  Fails if one is missing.
stamp_of() {
	(cd "$top" && find "$@" -type f ! -name '*.o' ! -name '*.ko' ! -name '.*.cmd' \
		! -name '*.mod*' ! -name Module.symvers ! -name modules.order ! -name '*.log' \
		-print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum --) | stamp_of_text
}

# stamp_of_text - a hash of standard input.
stamp_of_text() {
	sha256sum | cut -c1-16
}

# stamp_set FILE STAMP
stamp_set() {
	echo "$2" >"$1.stamp"
}

# stamp_holds FILE STAMP - is FILE there, and built from that?
stamp_holds() {
	[ -e "$1" ] && [ "$(cat "$1.stamp" 2>/dev/null)" = "$2" ]
}

# module_stamp [MAKE-ARGUMENT...] - of the driver built as a module.
module_stamp() {
	{
		stamp_of "${DRIVER_SOURCE:-drivers/xen/special-pages}" include tools/build-module \
			tools/lib/compiler.sh &&
			printf '%s\n' "$@"
	} | stamp_of_text
}

# cli_stamp - of the command-line tool, which has the driver's version.
cli_stamp() {
	stamp_of tools/xen-special-pages include drivers/xen/special-pages/main.c tools/build-cli
}
