# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after common.sh: apply patches to a source tree, all or none.

is_git_tree() { # TREE
	[ -e "$1/.git" ]
}

# As git-am does, for a tree without git.
patch_files() { # TREE PATCH...
	local tree=$1 trial patch file

	shift
	trial=$(mktemp -d) || return 1
	while read -r file; do
		[ ! -e "$tree/$file" ] || (cd "$tree" && cp --parents "$file" "$trial/") || return 1
	done < <(sed -n 's,^--- a/,,p' "$@" | sort -u)
	for patch; do
		step "${patch##*/}"
		patch -s -d "$trial" -p1 -F0 --no-backup-if-mismatch <"$patch" || {
			rm -rf "$trial"
			return 1
		}
	done
	cp -r --remove-destination "$trial/." "$tree/" || return 1
	rm -rf "$trial"
}

# Patches that fail leave the branch where it was.
patch_branch() { # TREE PATCH...
	local tree=$1

	shift
	git -C "$tree" am --no-3way "$@" || {
		git -C "$tree" am --abort
		return 1
	}
}

# apply_patches TREE PATCH... - to the branch that is checked out if it is a git tree, or
# else to its files.
apply_patches() {
	if is_git_tree "$1"; then
		patch_branch "$@"
	else
		patch_files "$@"
	fi
}
