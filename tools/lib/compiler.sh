# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # for those who source it
# Sourced after common.sh: the compiler that a kernel was built with.

# config_value FILE NAME - of CONFIG_NAME, without quotation marks.
config_value() {
	sed -n "s/^CONFIG_$2=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$1"
}

# have COMMAND... - are all of them there?
have() {
	local command

	for command; do
		command -v "$command" >/dev/null || return 1
	done
}

# find_clang VERSION - in make's words, for kernels built with clang and its linker.
# That of the same version, else the one that there is.
find_clang() {
	if have "clang-$1" "ld.lld-$1" "llvm-nm-$1"; then
		compiler=("LLVM=-$1")
		return
	fi
	have clang ld.lld llvm-nm || need clang lld llvm
	compiler=(LLVM=1)
}

# find_gcc NAME VERSION - NAME is the kernel's own word for it.
find_gcc() {
	local name

	for name in "$1" "gcc-$2"; do
		if [ "$("$name" -dumpversion 2>/dev/null | cut -d. -f1)" = "$2" ]; then
			compiler=("CC=$name")
			return
		fi
	done
	have gcc || need gcc
}

# find_compiler CONFIG - sets compiler to the arguments for make: none if there is no
# such configuration, or no gcc of that version.
find_compiler() {
	local version

	compiler=()
	if [ ! -e "$1" ]; then
		have gcc || need gcc
	elif [ "$(config_value "$1" CC_IS_CLANG)" = y ]; then
		version=$(config_value "$1" CLANG_VERSION)
		find_clang "$((${version:-0} / 10000))"
	else
		version=$(config_value "$1" GCC_VERSION)
		find_gcc "$(config_value "$1" CC_VERSION_TEXT | cut -d' ' -f1)" "$((${version:-0} / 10000))"
	fi
}
