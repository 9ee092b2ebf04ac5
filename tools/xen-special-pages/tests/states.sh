# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC2016 # variables of run, and for it; evaluated later
# Sourced by run: the list of commands that are tried in each state (lab/dom0/commands.sh) is the
# tool's, and what each prints on this machine, which is no guest of Xen.

lab=../lab

# Of the other states, the processor is the lab's.
without_vendor() { sed 's/\("cpu_vendor": "\)[^"]*/\1#/'; }

test_states() {
	if [ ! -e $lab/states ]; then
		skip 'each command in each state' 'the packages have no lab'
		return
	fi
	# shellcheck source=tools/lab/dom0/commands.sh
	. $lab/dom0/commands.sh
	run help
	sed -n 's/^  \([a-z][a-z]*\).*/\1/p' "$work/out" | grep -vx help | sort >"$work/commands"
	tool_commands range | cut -d' ' -f1 | sort -u >"$work/tried"
	ok 'each command is tried in each state' 'diff "$work/commands" "$work/tried" >"$work/err"'
	if [ "$(cat /sys/hypervisor/type 2>/dev/null)" = xen ]; then
		skip 'no Xen: each command' 'this machine is a guest of Xen'
		return
	fi
	sh -c "$(commands_script "$tool" range)" | without_figures | without_vendor >"$work/out"
	ok 'no Xen: each command' 'diff $lab/states/no-xen "$work/out" >"$work/err"'
}
