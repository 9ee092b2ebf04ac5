# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of run, and for it
# Sourced by run: what bash, zsh and fish offer is what the tool's help has.

# offered SHELL LINE - at the end of "xen-special-pages LINE", sorted, on one line.
offered() {
	HOME=$work XDG_CONFIG_HOME=$work timeout 150 "$1" "tests/complete.$1" "completion.$1" \
		"xen-special-pages $2" 2>"$work/err" | LC_ALL=C sort -u | tr '\n' ' '
}

# sorted - the words of the input, in the same form.
sorted() { tr -s ' |' '\n' | sed '/^$/d' | LC_ALL=C sort -u | tr '\n' ' '; }

# arguments COMMAND - what the help says about it.
arguments() { sed -n "s/^  $1 \(.*\)/\1/p" "$work/help"; }

options_of() { arguments "$1" | grep -o -- '--[a-z]*' | sorted; }

# offers SHELL LINE WORDS
offers() {
	offered "$1" "$2" >"$work/out"
	ok "completion: $1: '$2'" "[ \"\$(cat \"\$work/out\")\" = '$3' ]"
}

test_completion_of() {
	# bash has the options there, too.
	offered "$1" '' | tr ' ' '\n' | grep -v '^-' | sorted >"$work/out"
	ok "completion: $1: commands" "[ \"\$(cat \"\$work/out\")\" = '$(echo "$commands" | sorted)' ]"
	offers "$1" -- '--help --proc --sysfs --version '
	offers "$1" "--sysfs $work st" 'status '
	offers "$1" "--proc $work place " "$(arguments place | sorted)"
	for command in $commands; do
		options=$(options_of "$command")
		[ -z "$options" ] || offers "$1" "$command --" "$options"
	done
	offers "$1" 'metrics Makefi' 'Makefile '
	offers "$1" 'explain ' ''
}

test_completion() {
	"$tool" help >"$work/help"
	commands=$(sed -n 's/^  \([a-z]*\).*/\1/p' "$work/help")
	for shell in bash zsh fish; do
		if command -v "$shell" >/dev/null; then
			test_completion_of "$shell"
		else
			skip "completion: $shell" "it is not installed"
		fi
	done
}
