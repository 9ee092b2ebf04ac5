# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: run scenarios on machines (machine.sh) and report in KTAP.

# xen_image - the hypervisor of config[xen], uncompressed, is in $xen.
xen_image() {
	local file release=${config[release]}

	case ${config[xen]} in
	stock) file=$(echo "$(fetch_root "$release")"/boot/xen-*-amd64.gz) ;;
	patched)
		file=$build/hypervisor/$release/xen.gz
		[ -e "$file" ] || "$top/tools/hypervisor/build" "$release" ||
			die "cannot build the hypervisor"
		;;
	*) file=${config[xen]} ;;
	esac
	[ -e "$file" ] || die "there is no $file"
	xen=$build/lab/xen/$(hash_of "$file")
	[ -e "$xen" ] && return 0
	mkdir -p "$build/lab/xen"
	if gzip -t "$file" 2>/dev/null; then gzip -dc "$file"; else cat "$file"; fi >"$xen.part"
	mv "$xen.part" "$xen"
}

# Modules that the guest gets apart from the driver.
guest_modules=()

# Everything of ours that the guest gets: the driver and its tool as far as they
# are built, the script that runs before the driver's package is removed, the lab's
# programs, the scenario's files.
pack_payload() {
	local scenario=$1 tar=$2 tree=$2.tree cli module

	cli=$build/cli/xen-special-pages.static
	mkdir -p "$tree/bin"
	cp "$images"/bin/guest/* "$tree/bin/"
	rm -f "$tree/bin/agent"
	[ ! -e "$cli" ] || cp "$cli" "$tree/bin/xen-special-pages"
	[ ! -e "$driver" ] || cp "$driver" "$(dirname "$tar")/"
	[ ! -e "$driver" ] || strip --strip-debug -o "$tree/xen-special-pages.ko" "$driver"
	for module in "${guest_modules[@]}"; do
		strip --strip-debug -o "$tree/${module##*/}" "$module"
	done
	cp "$top/tools/packaging/debian/xen-special-pages-dkms.prerm" "$tree/prerm"
	[ -z "$scenario" ] || cp -r "$scenario" "$tree/scenario"
	[ -z "${config[payload]}" ] || "put_${config[payload]}" "$tree"
	tar -C "$tree" -cf "$tar" --owner=0 --group=0 .
	rm -rf "$tree"
}

# make_job RUN "MODE PART" SCENARIO_DIR - RUN/job is what dom0 works on.
make_job() {
	local job=$1/job

	mkdir -p "$job/bin" "$1/out"
	cp "$lab"/dom0/{main,*.sh} "$job/"
	cp "$images"/bin/dom0/* "$job/bin/"
	cp "$top/Documentation/ABI/testing/sysfs-platform-xen-special-pages" "$job/abi"
	[ -z "$3" ] || cp -r "$3" "$job/scenario"
	cat >"$job/env" <<-END
		MODE=$2 PART=${part:-run} FULL=$full LEG=$leg
		VCPUS=${config[vcpus]} HAP=${config[hap]} GUEST_TYPE=${config[guest_type]}
		XEN=${config[xen]##*/} RELEASE=${config[release]}
		XEN_ARGS="${config[xen_args]}" IOPORTS="${config[ioports]}"
	END
	pack_payload "$3" "$job/payload.tar"
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

# follow VERDICT LIMIT - dom0's report; fails, with a reason in $why, unless it
# came to its end.
follow() {
	local deadline=$(($(date +%s) + $2))

	: >"$1"
	echo go >&"$line_in"
	while hear "$deadline"; do
		case $heard in
		"end 0") return 0 ;;
		end\ *)
			why="its script ended with status ${heard#end }"
			return 1
			;;
		out\ *) echo "${heard#out }" >>"${1%/*}/out.base64" ;;
		*) echo "$heard" >>"$1" ;;
		esac
	done
	why="no verdict: $heard"
	if [ "$heard" = "time limit" ]; then
		why+=" of $2 s"
		[ "$leg" != svm ] || machine_examine
	fi
	return 1
}

# The verdict of a run is all of: it came to its end, said nothing but ok, said
# something, and no kernel crashed.
judge() {
	local run=$1 crash logs

	logs=("$run/serial.log")
	[ "${config[crash]}" = yes ] || logs+=("$run/out/guest.log")
	crash=$(crash_lines "${logs[@]}" | head -1)
	if [ -n "$crash" ]; then
		why="a crash: $crash"
	elif [ -n "$why" ]; then
		:
	elif grep -q '^not ' "$run/verdict"; then
		why="$(grep -c '^not ' "$run/verdict") of its checks"
	elif ! grep -q '^ok ' "$run/verdict"; then
		why=$(sed -n 's/^skip .*# SKIP //p' "$run/verdict" | head -1)
		[ -n "$why" ] && return 4
		why="it checked nothing"
	fi
	[ -z "$why" ]
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

# begin_LEG NAME RUN SCENARIO_DIR - dom0 and the guest are up, and dom0 has the job;
# or the reason why not is in $why.
begin_svm() {
	snapshot_make || {
		why="the machine does not boot"
		return
	}
	step "$1: resuming${part#run}"
	make_job "$2" scenario "$3"
	snapshot_resume "$2" </dev/null || why="the machine does not resume, see qemu.log"
}

begin_ept() {
	ept_prepare
	step "$1: booting ($(config_title))"
	make_job "$2" scenario "$3"
	{ ept_start "$2" && machine_boot "$2"; } || why="the machine does not boot, see serial.log and bochs.out"
}

# What dom0 sent over the line because it has no directory of the host.
unpack_out() {
	[ -e "$1/out.base64" ] || return 0
	base64 -d <"$1/out.base64" | tar -xz -C "$1" && rm "$1/out.base64"
}

# run_one NAME - the result is in $why: nothing, or the reason of the failure.
# A scenario may go on on other machines: the files run-2, run-3, ...
run_one() {
	local dir=$lab/scenarios/$1 run=$build/lab/runs/$1 file part status=0

	rm -rf "$run"
	mkdir -p "$run/carry"
	for file in "$dir"/run "$dir"/run-?; do
		[ -e "$file" ] || continue
		part=${file##*/}
		run_part "$1" "$part" || status=$?
		[ "$part" = run ] || cat "$run/$part/verdict" >>"$run/verdict"
		[ $status = 0 ] || break
	done
	rm -rf "$run/carry"
	return $status
}

# run_part NAME PART - what PART leaves in /host/carry, the next one finds there.
run_part() {
	local dir=$lab/scenarios/$1 top_run=$build/lab/runs/$1 run=$build/lab/runs/$1

	why=
	config_read "$dir" "$2"
	use_images
	xen_image
	[ "$2" = run ] || run+=/$2
	mkdir -p "$run"
	: >"$run/verdict"
	choose_leg || return 1
	[ "$2" = run ] || mv "$top_run/carry" "$run/carry"
	"begin_$leg" "$1" "$run" "$dir"
	if [ -z "$why" ]; then
		follow "$run/verdict" $((config[timeout] * slowness[$leg]))
	fi
	machine_stop
	unpack_out "$run"
	rm -rf "$run/job" "$run"/disk.img*
	[ "$2" = run ] || mv "$run/carry" "$top_run/carry"
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

report_one() { # NUMBER NAME STATUS SECONDS
	[ ! -s "$build/lab/runs/$2/verdict" ] ||
		verdict_to_ktap "$build/lab/runs/$2/verdict" | sed 's/^/  /'
	case $3 in
	0) echo "ok $1 $2 # $4 s" ;;
	4) echo "ok $1 $2 # SKIP $why" ;;
	*)
		report_stuck "$build/lab/runs/$2"
		echo "# $2: $why; see build/lab/runs/$2/"
		echo "not ok $1 $2 # $4 s"
		;;
	esac
}

# One at a time: two machines on two cores only disturb each other.
lock() {
	mkdir -p "$build/lab"
	exec {lock_fd}>"$build/lab/lock"
	flock -n "$lock_fd" && return 0
	step "waiting for another run to end"
	flock "$lock_fd"
}

# use_kernel SERIES - for the guest.
use_kernel() {
	images=$(build_kernel_images "$1") || exit 1
	kernel=$(<"$build/kernels/$1/image.release")
}

# use_images - what config[] wants, in $images; the guest's kernel, in $kernel.
use_images() {
	images=$(build_images "${config[release]}") || exit 1
	root=$(fetch_base)
	kernel=$(basename "$root"/lib/modules/*)
	[ -z "$guest_kernel" ] || use_kernel "$guest_kernel"
	driver=${MODULE:-$build/module/$kernel/xen-special-pages.ko}
	[ -e "$driver" ] || step "note: the guest gets no driver, there is no $driver"
}

prepare() {
	lock
	[ "$boot_anew" = no ] || rm -rf "$build/lab/snapshots"
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

run_scenarios() {
	local name number=0 failed=0 status begin

	for name; do
		[ -e "$lab/scenarios/$name/run" ] || die "there is no scenario $name, see --list"
	done
	prepare
	echo "KTAP version 1"
	echo "1..$#"
	for name; do
		begin=$(date +%s)
		status=0
		run_one "$name" || status=$?
		number=$((number + 1))
		report_one "$number" "$name" "$status" "$(($(date +%s) - begin))"
		[ "$status" = 0 ] || [ "$status" = 4 ] || failed=$((failed + 1))
		step "$name: $([ "$status" = 0 ] && echo passed || echo "$why")"
	done
	print_table "$@"
	[ "$failed" = 0 ]
}

# guest_shell [SCENARIO] - the terminal becomes the guest's, on the machine of that
# scenario, or on what smoke runs on.
guest_shell() {
	local run=$build/lab/runs/shell terminal

	[ -t 0 ] || die "--shell wants a terminal"
	config_read "$lab/scenarios/${1:-smoke}"
	why=
	choose_leg
	[ "$leg" = svm ] || die "--shell is for the svm leg"
	prepare
	use_images
	xen_image
	snapshot_make || exit 1
	rm -rf "$run"
	mkdir -p "$run"
	make_job "$run" shell ""
	terminal=$(stty -g)
	serial=stdio,signal=off snapshot_resume "$run"
	echo go >&"$line_in"
	wait "$machine_pid"
	stty "$terminal"
	machine_stop
	rm -rf "$run/job"
}
