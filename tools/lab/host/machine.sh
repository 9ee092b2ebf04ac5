# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: the emulated machine with Xen on it, and its snapshots.
#
# A machine runs in a directory, which dom0 sees by 9p:
#	serial.log	Xen's and dom0's console
#	line.{in,out}	the line to dom0 (dom0/init says what is on it)
#	qmp.{in,out}	QEMU's monitor
#
# Plain TCG: an emulated AMD with SVM and nested paging.  Each flag works
# around a problem that we hit with QEMU 7.2: see Documentation/known-issues.rst.

machine_cpu=EPYC,-smap,-monitor,-avx,-avx2,-f16c,-fma,-xsave,-xsaveopt,-xgetbv1,-xsavec
boot_limit=${LAB_BOOT_LIMIT:-400}
keep_snapshots=16

# For kernels: an emulated CPU may stand still for long when the host is busy.
patience="watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=200"

# Debian's QEMU with fixes (lab/qemu): see Documentation/known-issues.rst.
qemu=$build/qemu/qemu-system-x86_64

machine_pid=
machine_dir=
machine_pipes=()

xen_args() {
	local mem=${config[dom0_mem]}M

	echo "com1=115200,8n1 console=com1 dom0=pv dom0_mem=$mem,max:$mem dom0_max_vcpus=1" \
		"spec-ctrl=no xpti=no cpuidle=no noreboot loglvl=all guest_loglvl=all" \
		"$([ "${config[vcpus]}" = 1 ] || echo dom0_vcpus_pin) ${config[xen_args]}"
}

dom0_args() {
	echo "console=hvc0 quiet loglevel=4 panic=-1 swiotlb=512 mitigations=off $patience"
}

# QEMU's arguments as far as they are part of a snapshot, one a line.  One thread takes
# turns for all its CPUs: on a host with fewer free CPUs than the machine has, threads
# spin for locks whose holder does not run.
machine_args() {
	local cpus=1 module mem=$((config[dom0_mem] + config[mem] + 768))

	module="$images/vmlinux $(dom0_args) lab.leg=svm"
	[ "${config[vcpus]}" = 1 ] || cpus=3

	printf '%s\n' -L /usr/share/seabios -L /usr/share/qemu \
		-accel tcg,thread=single -machine q35 -cpu "$machine_cpu" \
		-smp $cpus -m $mem \
		-nodefaults -no-user-config -display none -vga none -no-reboot \
		-kernel "$xen" -append "$(xen_args)" \
		-initrd "${module//,/,,},$images/dom0.cpio" \
		-device virtio-serial-pci -device virtserialport,chardev=line,name=lab \
		-serial chardev:serial \
		-device virtio-9p-pci,fsdev=lab,mount_tag=lab
	# Its clock goes on by 8 ns with each instruction, whatever else the host does.
	[ "${config[clock]}" = host ] || printf '%s\n' -icount shift=3
}

# machine_pipe NAME - NAME.in and NAME.out in the directory of the machine, open as
# NAME_in and NAME_out.
machine_pipe() {
	local -n in=$1_in out=$1_out
	local pipe=$machine_dir/$1

	rm -f "$pipe".{in,out}
	mkfifo "$pipe".{in,out}
	exec {in}<>"$pipe.in" {out}<>"$pipe.out"
	begun=()
	machine_pipes+=("$1")
}

machine_pipes_close() {
	local pipe

	for pipe in "${machine_pipes[@]}"; do
		local -n in=${pipe}_in out=${pipe}_out
		exec {in}>&- {out}>&-
		rm -f "$machine_dir/$pipe".{in,out}
	done
	machine_pipes=()
}

# machine_start DIR [QEMU ARGUMENT...] - needs config[], images, xen.  The console
# goes to a file; with serial=terminal, to the terminal too.
machine_start() {
	local dir=$1 args console=file,path=$1/serial.log
	shift
	[ "${serial:-}" != terminal ] || console=stdio,signal=off,logfile=$dir/serial.log

	machine_dir=$dir
	machine_pipe line
	machine_pipe qmp
	mapfile -t args < <(machine_args)
	"$qemu" "${args[@]}" \
		-chardev "$console,id=serial" \
		-chardev "pipe,id=line,path=$dir/line" \
		-chardev "pipe,id=qmp,path=$dir/qmp" -mon chardev=qmp,mode=control \
		-fsdev "local,id=lab,path=$dir,security_model=none" \
		"$@" <&0 2>"$dir/qemu.log" {lock_fd}>&- &
	machine_pid=$!
	qmp '{"execute":"qmp_capabilities"}' || return 1
}

machine_runs() {
	kill -0 "$machine_pid" 2>/dev/null
}

machine_stop() {
	local tries

	[ -n "$machine_pid" ] || return 0
	kill "$machine_pid" 2>/dev/null
	for ((tries = 0; tries < 100; tries++)); do
		machine_runs || break
		sleep 0.1
	done
	! machine_runs || kill -9 "$machine_pid"
	wait "$machine_pid" 2>/dev/null
	machine_pid=
	machine_pipes_close
}

# qmp COMMAND - the answer is in $reply; no answer in five minutes is an error.
qmp() {
	local line deadline=$((SECONDS + 300))

	echo "$1" >&"$qmp_in"
	reply="no answer"
	while machine_runs && [ "$SECONDS" -lt "$deadline" ]; do
		read_line "$qmp_out" 1 || continue
		reply=$line
		case $reply in
		*'"return"'*) return 0 ;;
		*'"error"'*) return 1 ;;
		esac
	done
	return 1
}

# read_line FD SECONDS - a line, in $line; what has come of one when the time is
# over is kept for the next call.
declare -A begun=()
read_line() {
	if read -r -t "$2" line <&"$1"; then
		line=${begun[$1]:-}$line
		begun[$1]=
		return 0
	fi
	begun[$1]=${begun[$1]:-}$line
	return 1
}

# A deadline, for a machine that somebody has a shell on.
# shellcheck disable=SC2034 # for scenario.sh
forever=9999999999

# hear DEADLINE - the next line from dom0 is in $heard; fails, and says why in
# $heard, when the time is over (in seconds since the epoch), the machine has
# ended, or Xen or dom0 has crashed (QEMU does not end then).
hear() {
	local line

	while [ "$(date +%s)" -lt "$1" ]; do
		# Its last line counts, even if the machine has ended.
		if read_line "$line_out" 1 || { ! machine_runs && read_line "$line_out" 0.1; }; then
			heard=$line
			return 0
		elif ! machine_runs; then
			heard="the machine ended"
			return 1
		elif crash_lines "$machine_dir/serial.log" >/dev/null; then
			heard="a crash"
			return 1
		fi
	done
	heard="time limit"
	return 1
}

# Text in a console that means a crash of Xen, dom0 or the guest.
crash_lines() {
	grep -a -h -E 'Kernel panic|Dom0 crashed|Oops|BUG:|kernel BUG|Panic on CPU|Xen BUG|Assertion .* failed|general protection fault|double fault|soft lockup|rcu.*detected stall' \
		"$@" 2>/dev/null
}

# machine_examine - what its CPUs execute when it does not answer, a few times,
# is in DIR/stuck.
machine_examine() {
	local view

	for view in "info registers -a" "info registers -a" "info registers -a" "info lapic"; do
		qmp "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"$view\"}}" &&
			echo "${reply//\\r\\n/$'\n'}"
		sleep 0.1
	done >"$machine_dir/stuck"
}

# machine_keep - for somebody with a debugger: DIR/stuck, and the memory of the machine with
# the registers of its CPUs in DIR/core.
machine_keep() {
	machine_examine
	qmp "{\"execute\":\"dump-guest-memory\",\"arguments\":{\"paging\":false,\"protocol\":\"file:$machine_dir/core\"}}" ||
		echo "no core: $reply" >>"$machine_dir/stuck"
}

# --- snapshots ---------------------------------------------------------------

snapshot_key() {
	{
		machine_args | sed "s|$build||g"
		guest_config
		cat "$xen" "$images/stamp" "$lab"/host/machine.sh ${ovmf:+"$ovmf" "$lab/host/uefi.sh"}
		"$qemu" --version
		cat "$qemu.stamp"
	} | sha256sum | cut -c1-16
}

machine_boot() { # NAME DIR
	local dir=$2 limit=$boot_limit deadline

	# UEFI does thousands of port accesses, each of which takes dom0.
	[ "${config[firmware]}" = seabios ] || limit=$((limit * 4))
	deadline=$(($(date +%s) + limit))

	while hear "$deadline"; do
		case $heard in
		ready) return 0 ;;
		stage\ *) step "$1:   ${heard#stage }" ;;
		*) break ;;
		esac
	done
	crash_lines "$dir/serial.log" | head -5 >&2
	step "$1: boot failed: $heard; see $dir/serial.log"
	return 1
}

# snapshot_write FILE - QEMU does not look at the exit status of what it writes to: FILE is
# there when all of it has been written.
snapshot_write() {
	local file=$1 command tries

	command="zstd -q -1 >'$file.part' && mv '$file.part' '$file'"
	# Memory that changes while it is saved can be wrong after loading (seen).
	qmp '{"execute":"stop"}' || return 1
	qmp '{"execute":"migrate-set-parameters","arguments":{"max-bandwidth":100000000000}}' &&
		qmp "{\"execute\":\"migrate\",\"arguments\":{\"uri\":\"exec:$command\"}}" || return 1
	while qmp '{"execute":"query-migrate"}'; do
		case $reply in
		*'"status": "completed"'*) break ;;
		*'"status": "failed"'*) return 1 ;;
		esac
		sleep 0.1
	done
	for ((tries = 0; tries < 100; tries++)); do
		[ ! -e "$file" ] || return 0
		sleep 0.1
	done
	return 1
}

snapshot_prune() {
	local dir=$1

	# shellcheck disable=SC2012 # names are hashes
	ls -t "$dir" | tail -n "+$((keep_snapshots + 1))" | while read -r old; do
		rm -rf "${dir:?}/$old"
	done
}

# snapshot_make NAME - boots the machine of config[] to "guest is up" and saves it,
# unless there is such a snapshot.  Its directory is in $snapshot.  Fails with the reason
# in $why.
snapshot_make() {
	snapshot=$build/lab/snapshots/$(snapshot_key)
	one_at_a_time "${snapshot##*/}" snapshot_make_unless_there "$1"
}

snapshot_make_unless_there() {
	[ ! -e "$snapshot/state" ] || { touch "$snapshot" && return 0; }

	step "$1: booting ($(config_title))"
	rm -rf "$snapshot"
	{ mkdir -p "$snapshot/boot" && cp -l "$images"/guest/* "$snapshot/boot/" &&
		guest_config >"$snapshot/boot/guest.cfg"; } || {
		why="the files of the machine cannot be put together"
		return 1
	}
	[ -z "$ovmf" ] || uefi_boot_files "$snapshot/boot" || {
		why="what UEFI boots cannot be made"
		return 1
	}
	if ! { machine_start "$snapshot" </dev/null && machine_boot "$1" "$snapshot"; }; then
		machine_stop
		why="the machine does not boot"
		return 1
	fi
	step "$1:   the guest is up, saving the machine"
	snapshot_write "$snapshot/state" || {
		machine_stop
		rm -f "$snapshot/state.part"
		# shellcheck disable=SC2034 # for scenario.sh
		why="the machine cannot be saved, see ${snapshot#"$top"/}/qemu.log"
		return 1
	}
	machine_stop
	snapshot_prune "$build/lab/snapshots"
}

# snapshot_resume DIR [QEMU ARGUMENT...] - a machine in DIR from $snapshot.
snapshot_resume() {
	machine_start "$@" -incoming "exec:zstd -qdc '$snapshot/state'" || return 1
	while qmp '{"execute":"query-status"}'; do
		[[ $reply == *'"inmigrate"'* ]] || break
		sleep 0.1
	done
	[[ $reply == *'"paused"'* ]] && qmp '{"execute":"cont"}'
}
