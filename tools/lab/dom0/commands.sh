# SPDX-License-Identifier: GPL-2.0-only
#
# What each command of the tool prints in a state of the driver, word for word; part of
# the scenarios' library (lib.sh).
#
#	commands_agree STATE PLACEMENT	the commands print what tools/lab/states/STATE says;
#					PLACEMENT is what `place` is asked for
#
# What depends on the machine and not on the state is a # there.  The output of the run is
# in out/state-STATE: after a wanted change of the tool, read it and copy it there.

# The commands, one a line; the tests of the tool hold them to its help (tests/states.sh).
tool_commands() { # PLACEMENT
	cat <<-END
		status
		status --check
		status --json
		explain
		place $1
		measure
		measure --both
		measure --json
		metrics
		watch --count 1
	END
}

# Versions, times, where shared_info is (which can be in any hole of the RAM), and what was
# measured: what follows from that is checked by the scenario "measure".
without_figures() {
	sed -E '
		1d
		s/^(Xen|            Xen)( +)[0-9][^ ]*/\1\2#/
		s/[0-9]+\.[0-9]+ ms/# ms/g
		s/^(shared_info +[a-z]+ +)0x[0-9a-f]+ */\1# /
		/^  "shared_info": \{/,/\}/s/("gfn": )[0-9]+/\1#/
		s/^[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}/#/
		s/("[a-z0-9_]*(_ns|_cycles|samples|_khz|ratio)": )[0-9.]+/\1#/
		s/(_pause_seconds) [0-9.e+-]+/\1 #/
		s/ +[0-9]+\.[0-9]/ #/g
		s/^((grant table|shared_info): ).*confidence.*/\1#/
		/^ +no caches \(an emulator\)/d
		s/("(outcome|confidence|text)": ).*/\1#/'
}

# A script that runs them.
commands_script() { # TOOL PLACEMENT
	tool_commands "$2" | while read -r line; do
		echo "echo; echo '$ xen-special-pages $line'; $1 $line 2>&1; echo \"exit code \$?\""
	done
}

commands_agree() {
	guest -t 200 "$(commands_script /lab/bin/xen-special-pages "$2")" | without_figures >"/host/out/state-$1"
	expect "$1: each command of the tool prints what it should" \
		diff -U 1 "/lab/job/states/$1" "/host/out/state-$1"
}
