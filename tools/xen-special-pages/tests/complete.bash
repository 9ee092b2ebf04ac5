# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# complete.bash COMPLETION LINE - the words that bash offers at the end of LINE, one a line.
# shellcheck source=/dev/null
. "$1"
IFS=' ' read -ra COMP_WORDS <<<"$2"
[[ $2 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_xen_special_pages "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
