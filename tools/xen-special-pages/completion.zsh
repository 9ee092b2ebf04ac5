#compdef xen-special-pages
# SPDX-License-Identifier: GPL-2.0-only
# zsh completion for xen-special-pages

_xen_special_pages_commands() {
	local -a commands=(
		'status:show where the special pages are, and how cached'
		'explain:say why they are there, and what would change that'
		'place:move them there'
		'measure:time accesses to them'
		'metrics:print them for Prometheus, or replace FILE'
		'watch:show status again and again'
		'help:show this'
	)

	_describe command commands
}

_xen_special_pages_arguments() {
	case $words[1] in
	status) _arguments --json --check ;;
	place) _arguments '1:placement:(auto range bar boot)' ;;
	measure) _arguments --both --json ;;
	watch) _arguments '--interval:seconds' '--count:number' ;;
	metrics) _arguments '1:file:_files' ;;
	*) _message 'no more arguments' ;;
	esac
}

_xen_special_pages() {
	local curcontext=$curcontext state state_descr line
	local -A opt_args

	_arguments -C \
		'--sysfs:directory:_files -/' \
		'--proc:directory:_files -/' \
		'(- *)--version' \
		'(- *)--help' \
		'1: :_xen_special_pages_commands' \
		'*:: :_xen_special_pages_arguments'
}

_xen_special_pages "$@"
