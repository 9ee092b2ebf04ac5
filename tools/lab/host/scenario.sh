# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: run scenarios on machines (machine.sh) and report in KTAP.

# Everything of ours that the guest gets: the driver and its tool, the script that runs
# before the driver's package is removed, the lab's programs, the scenario's files.
pack_payload() {
	local scenario=$1 tar=$2 tree=$2.tree module

	mkdir -p "$tree/bin" &&
		cp "$images"/bin/guest/* "$tree/bin/" &&
		rm -f "$tree/bin/agent" &&
		cp "$cli" "$tree/bin/xen-special-pages" || return 1
	if [ "$driver" != none ]; then
		cp "$driver" "$(dirname "$tar")/" &&
			strip --strip-debug -o "$tree/xen-special-pages.ko" "$driver" || return 1
	fi
	for module in "${guest_modules[@]}"; do
		strip --strip-debug -o "$tree/${module##*/}" "$module" || return 1
	done
	cp "$top/tools/packaging/debian/xen-special-pages-dkms.prerm" "$tree/prerm" || return 1
	[ -z "$scenario" ] || cp -r "$scenario" "$tree/scenario" || return 1
	[ -z "${config[payload]}" ] || "put_${config[payload]}" "$tree" || return 1
	tar -C "$tree" -cf "$tar" --owner=0 --group=0 . && rm -rf "$tree"
}

# make_job RUN "MODE PART" SCENARIO_DIR - RUN/job is what dom0 works on.
make_job() {
	local job=$1/job

	mkdir -p "$job/bin" "$1/out" &&
		cp "$lab"/dom0/{main,*.sh} "$top/tools/lib/status.sh" "$job/" &&
		cp "$images"/bin/dom0/* "$job/bin/" &&
		cp -r "$lab/states" "$job/" &&
		cp "$top/Documentation/ABI/testing/sysfs-platform-xen-special-pages" "$job/abi" ||
		return 1
	[ -z "$3" ] || cp -r "$3" "$job/scenario" || return 1
	cat >"$job/env" <<-END || return 1
		MODE=$2 PART=${part:-run} FULL=$full LEG=$leg STOP=$stop_at_failure
		VCPUS=${config[vcpus]} HAP=${config[hap]} GUEST_TYPE=${config[guest_type]}
		XEN=${config[xen]##*/} RELEASE=${config[release]}
		XEN_ARGS="${config[xen_args]}" IOPORTS="${config[ioports]}"
		PARAMETERS="$parameters"
	END
	pack_payload "$3" "$job/payload.tar"
}

# put_installation RUN - for dom0 (dom0/installation.sh); the guest writes to the disk.
put_installation() {
	[ -n "$installation" ] || return 0
	mkdir -p "$1/installation" &&
		cp -l "$installation"/{stub,kernel,initrd} "$1/installation/" &&
		cp --sparse=always "$installation/disk.img" "$1/installation/"
}

# dom0's lines as KTAP; plan and number are ours.
verdict_to_ktap() {
	awk '
	$1 == "ok"   { lines[n++] = "ok " ++t " " substr($0, 4); next }
	$1 == "also" { lines[n++] = "ok " ++t " " substr($0, 6); next }
	$1 == "skip" { lines[n++] = "ok " ++t " " substr($0, 6); next }
	$1 == "not"  { lines[n++] = "not ok " ++t " " substr($0, 5); next }
	$1 == "note" { lines[n++] = "# " substr($0, 6); next }
	END {
		if (!n) exit
		print "KTAP version 1"
		print "1.." t + 0
		for (i = 0; i < n; i++) print substr(lines[i], 1, 200)
	}' "$1"
}

# What dom0 says, until it ends or the time is over.  The verdict goes to VERDICT.
listen() { # VERDICT DEADLINE
	local deadline=$2

	while hear "$deadline"; do
		case $heard in
		"end 0") return 0 ;;
		end\ *) heard="its script ended with status ${heard#end }" && return 1 ;;
		broken\ *) return 1 ;;
		out\ *) echo "${heard#out }" >>"${1%/*}/out.base64" ;;
		keep) machine_keep ;;
		# Somebody has a shell there, and all the time in the world.
		stopped) deadline=$forever ;;
		continued) deadline=$(($(date +%s) + LIMIT)) ;;
		*) echo "$heard" >>"$1" ;;
		esac
	done
	return 1
}

# follow VERDICT LIMIT - dom0's report; fails unless the report ended, with the
# reason in $why, and in $blame whether that is a failure or an error.
follow() {
	: >"$1"
	echo go >&"$line_in"
	! LIMIT=$2 listen "$1" $(($(date +%s) + $2)) || return 0
	blame=$status_failed
	case $heard in
	broken\ *) why=${heard#broken } && blame=$status_error ;;
	"the machine ended") why="no verdict: the machine ended" && blame=$status_error ;;
	"time limit")
		why="no verdict: time limit of $2 s"
		[ "$leg" != svm ] || machine_examine
		;;
	*) why="no verdict: $heard" ;;
	esac
	return 1
}

# judge RUN - a scenario passed if it ended, reported at least one check, reported only
# ok, and no kernel crashed.  Returns the status, with the reason in $why; an error if
# only the lab failed.
judge() {
	local run=$1 crash logs bad

	logs=("$run/serial.log")
	[ "${config[crash]}" = yes ] || logs+=("$run/out/guest.log")
	crash=$(crash_lines "${logs[@]}" | head -1)
	bad=$(grep -c '^not ' "$run/verdict")
	if [ -n "$crash" ]; then
		why="a crash: $crash"
		return "$status_failed"
	elif [ -n "$why" ]; then
		return "$blame"
	elif [ "$bad" != 0 ]; then
		why="$bad of its checks"
		grep '^not ' "$run/verdict" | grep -qv ' # ERROR ' || return "$status_error"
		return "$status_failed"
	elif ! grep -q '^ok ' "$run/verdict"; then
		why=$(sed -n 's/^skip .*# SKIP //p' "$run/verdict" | head -1)
		[ -z "$why" ] || return "$status_skip"
		why="it checked nothing"
		return "$status_error"
	fi
}

# How much longer than on the SVM leg a scenario may take.
declare -A slowness=([svm]=1 [ept]=3)

# choose_leg - where the scenario of config[] runs is in $leg.
choose_leg() {
	leg=${config[leg]}
	[ "$leg" != any ] || leg=${wanted_leg:-svm}
	fits_leg || why="it does not run on the leg $wanted_leg"
	[ "$leg" = svm ] || ept_check
	[ -z "$why" ]
}

# fits_leg - can the scenario of config[] run on the leg that is asked for?
fits_leg() {
	[ -z "$wanted_leg" ] || [[ ${config[leg]} =~ ^(any|$wanted_leg)$ ]]
}

# begin_LEG NAME RUN SCENARIO_DIR - dom0 and the guest are up, and dom0 has the job.
# Fails with the reason in $why.
begin_svm() {
	snapshot_make "$1" || return 1
	step "$1: resuming${part#run}"
	why="the files of the run cannot be put together"
	make_job "$2" scenario "$3" || return 1
	why="the machine does not resume, see qemu.log"
	if [ "$stop_at_failure" = yes ]; then
		serial=terminal snapshot_resume "$2"
	else
		snapshot_resume "$2" </dev/null
	fi
}

begin_ept() {
	step "$1: booting ($(config_title))"
	why="the files of the run cannot be put together"
	make_job "$2" scenario "$3" || return 1
	why="the disk of the machine cannot be made, see grub.log"
	ept_disk "$2" || return 1
	why="the machine does not boot, see serial.log and bochs.out"
	ept_start "$2" && machine_boot "$1" "$2"
}

# What dom0 sent over the line because it has no directory of the host.
unpack_out() {
	[ -e "$1/out.base64" ] || return 0
	base64 -d <"$1/out.base64" | tar -xz -C "$1" && rm "$1/out.base64"
}

# run_one NAME - returns the status, with the reason in $why if it did not pass.
# A scenario may go on on other machines: the files run-2, run-3, ...
run_one() {
	local dir=$lab/scenarios/$1 run=$build/lab/runs/$1 file part status=0

	rm -rf "$run"
	mkdir -p "$run/carry"
	for file in "$dir"/run "$dir"/run-?; do
		[ -e "$file" ] || continue
		part=${file##*/}
		run_part "$1" "$part" || status=$?
		[ "$part" = run ] || [ ! -e "$run/$part/verdict" ] ||
			cat "$run/$part/verdict" >>"$run/verdict"
		[ $status = 0 ] || break
	done
	rm -rf "$run/carry"
	return $status
}

# MiB of this computer's disk for a machine: the EPT leg makes three copies of the initramfs.
machine_space=1024

# run_part NAME PART - what PART leaves in /host/carry, the next one finds there.
run_part() {
	local dir=$lab/scenarios/$1 top_run=$build/lab/runs/$1 run=$build/lab/runs/$1 up=yes

	[ "$2" = run ] || run+=/$2
	mkdir -p "$run"
	: >"$run/verdict"
	inputs "$dir" "$2" || return "$status_error"
	use_driver "${config[driver]}"
	[ "$2" = run ] || mv "$top_run/carry" "$run/carry"
	has_space "$machine_space" || return "$status_error"
	why="the disk of the installation cannot be copied"
	put_installation "$run" || return "$status_error"
	if "begin_$leg" "$1" "$run" "$dir"; then
		why=
		follow "$run/verdict" $((config[timeout] * slowness[$leg]))
	else
		up=no
	fi
	machine_stop
	unpack_out "$run"
	rm -rf "$run"/{job,disk,files,files.cpio,installation} "$run"/disk.img*
	[ "$2" = run ] || mv "$run/carry" "$top_run/carry"
	[ "$up" = yes ] || return "$status_error"
	judge "$run"
}

# What a machine that said nothing any more was at.
report_stuck() { # RUN
	local stuck

	for stuck in "$1"/stuck "$1"/run-?/stuck; do
		[ -e "$stuck" ] || continue
		grep -o 'RIP=.*' "$stuck" | cut -c1-120 | sed 's/^/# a CPU at /'
		tail -n 3 "${stuck%stuck}out/log" | cut -c1-160 | sed 's/^/# the last of its log: /'
	done
}

# report_one NAME - its checks and its result.
number=0
report_one() {
	local run=$build/lab/runs/$1 status=$status_error seconds=0 why="its process ended"

	[ ! -e "$run/result" ] ||
		{ read -r status && read -r seconds && read -r why; } <"$run/result" ||
		status=$status_error
	number=$((number + 1))
	[ ! -s "$run/verdict" ] || verdict_to_ktap "$run/verdict" | sed 's/^/  /'
	case $status in
	0)
		echo "ok $number $1 # $seconds s"
		results_count passed "$1"
		;;
	"$status_skip")
		echo "ok $number $1 # SKIP $why"
		results_count skipped "$1"
		;;
	"$status_error")
		echo "# $1: $why; see build/lab/runs/$1/"
		echo "not ok $number $1 # ERROR $why"
		results_count error "$1"
		;;
	*)
		report_stuck "$run"
		echo "# $1: $why; see build/lab/runs/$1/"
		echo "not ok $number $1 # $seconds s"
		results_count failed "$1"
		;;
	esac
}

# One run at a time: machines on too few cores only disturb each other.
lock() {
	mkdir -p "$build/lab"
	exec {lock_fd}>"$build/lab/lock"
	flock -n "$lock_fd" && return 0
	step "waiting for another run to end"
	flock "$lock_fd"
}

prepare() {
	lock
	[ "$boot_again" = no ] || rm -rf "$build/lab/snapshots"
}

# The rows that the scenarios gave, the same header only once.
print_table() {
	local name

	for name; do
		sed -n "s/^row //p" "$build/lab/runs/$name/verdict"
	done | awk -F "|" '
	!seen[$0]++ {
		line[n++] = $0
		for (i = 1; i <= NF; i++)
			if (length($i) > width[i]) width[i] = length($i)
	}
	END {
		for (l = 0; l < n; l++) {
			cells = split(line[l], cell, "|")
			text = "#"
			for (i = 1; i <= cells; i++)
				text = text sprintf(" %-*s", width[i] + 1, cell[i])
			print text
		}
	}'
}

# Returns 0, $status_failed if a check failed, $status_error if all that failed is the lab,
# or $status_skip if all were skipped.
run_scenarios() {
	local name

	for name; do
		[ -e "$lab/scenarios/$name/run" ] || die "there is no scenario $name, see --list"
	done
	prepare
	all_inputs "$@"
	echo "KTAP version 1"
	echo "1..$#"
	each_job "$jobs" report_one "$@"
	print_table "$@"
	if results_sum; then
		[ "$passed" != 0 ] || return "$status_skip"
		return 0
	fi
	[ "$failed" = 0 ] && return "$status_error"
	return "$status_failed"
}

outcome() { # STATUS
	case $1 in
	0) echo "passed" ;;
	"$status_skip") echo "skipped: $why" ;;
	"$status_error") echo "error: $why" ;;
	*) echo "failed: $why" ;;
	esac
}

# guest_shell [SCENARIO] - the terminal becomes the guest's, on the machine of that
# scenario, or on what smoke runs on.
guest_shell() {
	local run=$build/lab/runs/shell terminal

	[ -t 0 ] || die "--shell wants a terminal"
	prepare
	inputs "$lab/scenarios/${1:-smoke}" run || die "$why"
	[ "$leg" = svm ] || die "--shell is for the svm leg"
	own_inputs "${config[driver]}"
	snapshot_make shell || die "$why"
	rm -rf "$run"
	mkdir -p "$run"
	make_job "$run" shell "" || die "the files of the run cannot be put together"
	terminal=$(stty -g)
	serial=terminal snapshot_resume "$run" || die "the machine does not resume, see ${run#"$top"/}/qemu.log"
	echo go >&"$line_in"
	wait "$machine_pid"
	stty "$terminal"
	machine_stop
	rm -rf "$run/job"
}
