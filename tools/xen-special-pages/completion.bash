# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# bash completion for xen-special-pages

_xen_special_pages() {
	local word=$2 previous=$3 command='' words i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--sysfs | --proc) i=$((i + 1)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	case $command in
	'')
		if [ "$previous" = --sysfs ] || [ "$previous" = --proc ]; then
			mapfile -t COMPREPLY < <(compgen -d -- "$word")
			return
		fi
		words='status explain place measure metrics watch help --sysfs --proc --version --help'
		;;
	status) words='--json --check' ;;
	place) words='auto range bar boot' ;;
	measure) words='--both --json' ;;
	watch) words='--interval --count' ;;
	metrics)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	*) words='' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _xen_special_pages xen-special-pages
