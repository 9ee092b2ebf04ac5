# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: several machines at a time.  An emulated machine is one thread, so each
# wants a CPU of this computer for itself.
#
# A job is a scenario, run by a process of its own.  Its result goes to
# build/lab/runs/NAME/result; what it has built is shared.

# MiB of this computer for a machine: the largest in make check needs 2.3 GiB.
mem_of_a_machine=3072

declare -A job_names=()

# As many machines as there are CPUs and memory for.
jobs_default() {
	local cpus mem

	cpus=$(nproc)
	mem=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 / mem_of_a_machine))
	[ "$mem" -ge 1 ] || mem=1
	echo $((mem < cpus ? mem : cpus))
}

# run_job NAME - the status, the seconds and the reason are in the file result.  If this job
# cannot go on (die), it leaves none, and the others go on.
run_job() {
	local begin status=0

	# shellcheck disable=SC2034 # of common.sh
	die_pid=$BASHPID
	trap 'exit "$die_status"' USR1
	trap 'machine_stop' EXIT
	trap 'exit 130' INT TERM
	begin=$(date +%s)
	run_one "$1" || status=$?
	printf '%s\n' "$status" $(($(date +%s) - begin)) "$why" >"$build/lab/runs/$1/result"
	step "$1: $(outcome "$status")"
}

# The name of a job that has ended is in $ended.
jobs_wait() {
	local pid

	wait -n -p pid "${!job_names[@]}" || true
	ended=${job_names[$pid]}
	unset "job_names[$pid]"
}

jobs_stop() {
	[ ${#job_names[@]} = 0 ] || kill "${!job_names[@]}" 2>/dev/null
	wait
}

# each_job JOBS COMMAND NAME... - run the scenarios, up to JOBS at a time; COMMAND NAME
# comes after each one has ended.
each_job() {
	local most=$1 after=$2 name
	shift 2

	for name; do
		if [ "$most" = 1 ]; then
			# In the foreground: it may want the terminal.
			(run_job "$name") || true
			"$after" "$name"
			continue
		fi
		if [ ${#job_names[@]} = "$most" ]; then
			jobs_wait
			"$after" "$ended"
		fi
		run_job "$name" </dev/null &
		job_names[$!]=$name
	done
	while [ ${#job_names[@]} -gt 0 ]; do
		jobs_wait
		"$after" "$ended"
	done
}

# one_at_a_time NAME COMMAND... - among the jobs; NAME is of what they share.
one_at_a_time() {
	local lock status=0

	mkdir -p "$build/lab/locks"
	exec {lock}>"$build/lab/locks/$1"
	shift
	flock "$lock"
	"$@" || status=$?
	exec {lock}>&-
	return $status
}
