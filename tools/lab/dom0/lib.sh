# SPDX-License-Identifier: GPL-2.0-only
#
# The library of the scenarios: POSIX sh for busybox, running in dom0.
#
# A scenario is a directory tools/lab/scenarios/NAME/.  Its file `run` is
# sourced here with errors not fatal; it reports results one by one.  What it
# prints goes to out/output of the run, what the library does to out/log.  All
# files of the directory are in dom0 in the current directory, and in the guest
# in /lab/scenario/.
#
# Results (each becomes a KTAP line)
#	ok NAME, not_ok NAME [WHY], skip NAME WHY
#	expect NAME COMMAND...		ok if the command succeeds
#	expect_fail NAME COMMAND...	ok if it refuses, that is, ends by itself with a status
#					below 124; an error if it is not there, does not end
#					in time or is killed
#	no_verdict NAME WHY		the check could not be made: an error of the lab
#	is GOT WANT NAME		ok if both are the same
#	matches TEXT PATTERN NAME	ok if TEXT matches the shell pattern
#	note TEXT			a diagnostic line, e.g. a measurement
#	dmesg_allow REGEX		error lines that this scenario provokes
#	rounds FEW MANY		prints how often to do it: MANY with --full
#	parameter NAME DEFAULT	prints what --parameter says, or the default
#
# The guest
#	guest [-t SECONDS] COMMAND	run it there; its output and exit status
#					(124: no answer in time; default 60 s)
#	guest_bg NAME COMMAND		start it there
#	guest_wait NAME [SECONDS]	output and exit status of a guest_bg
#	domid				its domain id (variable)
#	update_domid			after a restore or migration
#	dom0_grants PAGES		dom0 grants so many pages to it: references in /tmp/refs
#	dom0_grants_answered		it has answered in each (grantee.c), and dom0 takes them
#					back; succeeds if dom0 finds every answer
#	guest_hypercalls		let its user space make any hypercall
#	guest_ready [SECONDS]		waits until a kernel of its own kexec is up
#	balloon_to MIB [SECONDS]	its balloon makes it so large
#	guest_replace CONFIG [SECONDS]	another guest in its place, with the scenario's files
#
# The driver
#	driver_load [PARAMETER...]	insmod
#	driver_unload			rmmod; the module is in use while pages are in the range
#	driver_remove			back to boot, and rmmod
#	sysfs FILE			content of a file of the driver
#	sysfs_write FILE TEXT		prints OK, or the errno's name: EPERM, ...
#	guest_moves NAME ROUNDS FIRST SECOND	start requests in turn (guest_wait NAME)
#	special_pages ARGUMENT...	the command-line tool in the guest
#
# Xen's own view (xenview.c), never asked of the guest
#	xen_grant_gfns			gfn of each grant frame, one a line, "none"
#	xen_shared_info_gfn		gfn of shared_info
#	grant_is_at GFN			Xen has the grant frames at GFN, GFN + 1, ...
#	gfns_follow GFN			succeeds if what it reads is GFN, GFN + 1, ..., one a line
#	p2m_has GFN			succeeds if a page can be mapped there
#	p2m_count GFN COUNT		how many pages can be, from there on
#	xen_key KEY			what Xen prints for a debug key
#	tell keep			the host keeps the memory and the registers of the machine
#
# An installed Debian in place of the guest (installation.sh)
#	installation_boot [ARGUMENT...]	boots it, with these arguments of the kernel
#
# Traffic, checked end to end by the other side (traffic.sh)
#	traffic_start [disk] [net]	default: both
#	traffic_stop			fails on a mismatch, a stall or no traffic
#	traffic_report			figures of the last traffic_stop
#
# The driver's files (attributes.sh)
#	attributes_agree WHEN		they are those that are documented, the tool knows each
#
# The tool's commands (commands.sh)
#	commands_agree STATE PLACEMENT	each prints what tools/lab/states/STATE says
#
# Memory types (memtypes.sh), on the EPT leg
#	row CELL|CELL...		a line of the table that the run ends with
#
# More, each described at the top of its file: at-boot.sh (a kernel with the series for
# Linux), faults.sh (a host that refuses, on purpose), journeys.sh (save, restore, migrate),
# refusals.sh (both), holes.sh (holes in the guest's RAM)
#
# Another host, for a scenario of several parts (carry.sh)
#	carry_out			save the guest, with its disks, for the next part
#	carry_in [LINE]			restore it there; LINE is added to its configuration

. /lab/job/status.sh

domid=$(xl domid guest)
mkdir -p /host/out

tell() { echo "$*" >&3; }
log() { echo "[$(cut -d' ' -f1 /proc/uptime)] $*" >>/host/out/log; }

# --- results -----------------------------------------------------------------

# also: like ok, but no result of the scenario itself.
result() { # ok|also|not|skip|note TEXT
	tell "$@"
	log "$@"
}

ok() { result ok "$1"; }
not_ok() { result not "$1${2:+ # $2}" && stop_here "$1"; }
no_verdict() { result not "$1 # ERROR $2" && stop_here "$1"; }
skip() { result skip "$1 # SKIP $2"; }
note() { result note "$*"; }
row() { result row "$*"; }

# skip_unless_wanted NAME REASON - ends the scenario.  Who has built a kernel for it wants
# it to run (--parameter wanted=yes): then it fails.
skip_unless_wanted() {
	if [ "$(parameter wanted no)" = yes ]; then not_ok "$@"; else skip "$@"; fi
	exit 0
}

# why_no_verdict STATUS - what this exit status says, if it says nothing about what the
# command was asked.
why_no_verdict() {
	case $1 in
	"$status_timeout") echo "no answer in time" ;;
	"$status_no_answer") echo "nobody answers" ;;
	"$status_not_executable") echo "not executable" ;;
	"$status_not_found") echo "command not found" ;;
	*) [ "$1" -lt "$status_signal" ] || echo "killed by signal $(($1 - status_signal))" ;;
	esac
}

expect() {
	local name=$1 status=0
	shift
	"$@" || status=$?
	case $status in
	0) ok "$name" ;;
	"$status_not_executable" | "$status_not_found")
		no_verdict "$name" "$(why_no_verdict $status): $*"
		;;
	*) not_ok "$name" "status $status of: $*" ;;
	esac
}

expect_fail() {
	local name=$1 status=0 why
	shift
	"$@" || status=$?
	why=$(why_no_verdict $status)
	if [ $status = 0 ]; then
		not_ok "$name" "succeeded: $*"
	elif [ -n "$why" ]; then
		no_verdict "$name" "$why: $*"
	else
		ok "$name"
	fi
}

# stop_here NAME - at the first failed check, with --stop-at-failure: a shell.
stop_here() {
	[ "$STOP" = yes ] && [ ! -e /tmp/stopped ] || return 0
	touch /tmp/stopped
	tell stopped
	printf '\nlab: failed: %s\n%s\n%s\n' "$1" \
		"lab: a shell in dom0 with the functions of lib.sh, such as: guest COMMAND" \
		"lab: exit goes on with the scenario" >/dev/hvc0
	ENV=/lab/job/shell.sh setsid cttyhack sh -i </dev/hvc0 >/dev/hvc0 2>&1
	tell continued
}

is() {
	if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" "got '$1', want '$2'"; fi
}

matches() {
	# shellcheck disable=SC2254 # a pattern
	case $1 in
	$2) ok "$3" ;;
	*) not_ok "$3" "got '$1', want '$2'" ;;
	esac
}

rounds() {
	if [ "$FULL" = yes ]; then echo "$2"; else echo "$1"; fi
}

parameter() {
	local word value=$2

	for word in $PARAMETERS; do
		[ "${word%%=*}" != "$1" ] || value=${word#*=}
	done
	echo "$value"
}

# --- the guest ---------------------------------------------------------------

guest() {
	local limit=60 status
	[ "$1" != -t ] || { limit=$2 && shift 2; }
	log "guest: $*"
	/lab/job/bin/guest -t "$limit" "$domid" "$*" >/tmp/guest.out.$$ 2>&1
	status=$?
	tee -a /host/out/log </tmp/guest.out.$$
	[ $status = 0 ] || log "guest: status $status"
	return $status
}

guest_bg() {
	local name=$1
	shift
	guest "mkdir -p /run/bg; rm -f /run/bg/$name.*
		{ ($*) >/run/bg/$name.out 2>&1; echo \$? >/run/bg/$name.status; } </dev/null >/dev/null 2>&1 &"
}

guest_wait() {
	guest -t "${2:-60}" "i=0; while [ ! -e /run/bg/$1.status ]; do
		i=\$((i + 1)); [ \$i -lt $((${2:-60} * 10 - 20)) ] || { echo '$1 does not end'; exit 124; }
		usleep 100000; done; cat /run/bg/$1.out; exit \$(cat /run/bg/$1.status)"
}

guest_size() {
	xl list guest | awk 'NR == 2 { print $3 }'
}

balloon_to() {
	local tries=$((${2:-10} * 10))

	xl mem-set guest "$1"
	until [ "$(guest_size)" -ge "$(($1 - 1))" ] && [ "$(guest_size)" -le "$(($1 + 1))" ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		usleep 100000
	done
}

dom0_grants() {
	/lab/job/bin/granter "$domid" "$1" /tmp/refs /tmp/go >/tmp/granter.out 2>&1 &
	granter=$!
	until [ "$([ ! -e /tmp/refs ] || wc -l </tmp/refs)" = "$1" ] || ! kill -0 "$granter"; do usleep 100000; done
}

dom0_grants_answered() {
	touch /tmp/go
	wait "$granter"
}

guest_hypercalls() {
	guest "umount /proc/xen; rmmod xenfs xen_privcmd; insmod /lib/modules/xen-privcmd.ko unrestricted=1"
}

# guest_ready [SECONDS] - waits until the agent of a restarted guest is up.
guest_ready() {
	local end
	end=$(($(date +%s) + ${1:-60}))
	until [ "$(xenstore-read "/local/domain/$domid/data/ready" 2>/dev/null)" = 1 ]; do
		[ "$(date +%s)" -lt $end ] || return 1
		usleep 100000
	done
}

guest_replace() {
	xl destroy guest
	xl create -q "$1" >>/host/out/xl.out 2>&1 || return 1
	update_domid
	guest_ready "${2:-250}" && push_payload && guest "echo '<6>$dmesg_mark' >/dev/kmsg"
}

# A disk is plugged in, read and unplugged.  Its node can be there a moment before it.
disk_comes_and_goes() {
	dd if=/dev/zero of=/lab/plugged.img bs=1M count=1 2>/dev/null
	xl block-attach guest \
		format=raw,vdev=xvde,access=rw,backendtype=qdisk,target=/lab/plugged.img &&
		guest 'i=0; until dd if=/dev/xvde of=/dev/null bs=64k iflag=direct; do
			i=$((i + 1)); [ $i -lt 100 ] || exit 1; usleep 100000; done' &&
		xl block-detach guest xvde
}

# guest_may_leave - it is right that there is no guest at the end.  A scenario is a process of
# its own, so a file says it.
guest_may_leave() { : >/tmp/guest-may-leave; }

update_domid() {
	domid=$(xl domid guest 2>/dev/null)
}

# --- the driver --------------------------------------------------------------

driver_sysfs=/sys/devices/platform/xen-special-pages

driver_load() { guest "insmod /lab/xen-special-pages.ko $*"; }
driver_unload() { guest "rmmod xen_special_pages"; }
driver_remove() { guest "echo boot >$driver_sysfs/placement && rmmod xen_special_pages"; }
sysfs() { guest "cat $driver_sysfs/$1"; }
sysfs_write() { guest "/lab/bin/put $driver_sysfs/$1 '$2'"; }
guest_moves() {
	guest_bg "$1" "cd $driver_sysfs; i=0; while [ \$i -lt $2 ]; do
		echo $3 >placement && echo $4 >placement || exit 1; i=\$((i + 1)); done"
}
special_pages() { guest "/lab/bin/xen-special-pages $*"; }

# --- Xen's own view ----------------------------------------------------------

xen_grant_gfns() { xenview "$domid" grant; }
xen_shared_info_gfn() { xenview "$domid" shared-info; }
gfns_follow() {
	awk -v gfn=$(($1)) '
		$0 != sprintf("0x%x", gfn + NR - 1) { print "line " NR ": " $0; wrong = 1 }
		END { exit wrong || !NR }'
}
grant_is_at() { xen_grant_gfns | gfns_follow "$1"; }
p2m_has() { xenview "$domid" gfn "$1"; }
p2m_count() { xenview "$domid" gfns "$1" "$2"; }

xen_key() {
	xl dmesg -c >>/host/out/xen-dmesg
	xl debug-keys "$1"
	sleep 1
	xl dmesg
}

# --- what the kernels said ---------------------------------------------------

dmesg_mark="lab: the scenario begins"

dmesg_allow() { echo "$1" >>/tmp/dmesg.allowed; }

dmesg_begin() {
	: >/tmp/dmesg.allowed
	echo "<6>$dmesg_mark" >/dev/kmsg
	guest "echo '<6>$dmesg_mark' >/dev/kmsg"
}

# Lines of error level or worse, or that look like trouble, since the mark.
dmesg_trouble() {
	awk -v mark="$dmesg_mark" 'index($0, mark) { n = 0; next } { line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }' "$1" |
		grep -E '^<[0-3]>|WARNING:|BUG:|Oops|Call Trace|segfault|general protection' |
		if [ -s /tmp/dmesg.allowed ]; then grep -v -E -f /tmp/dmesg.allowed; else cat; fi
}

# In a kernel that looks for them (tools/kernels/debug.config): memory that nothing points to
# any more, and whether locks have been looked at to the end.
debug_kernel_end() {
	local leaks=/sys/kernel/debug/kmemleak

	guest "[ -e $leaks ]" || return 0
	guest -t 200 "echo scan >$leaks; sleep 6; echo scan >$leaks; cat $leaks" >/host/out/kmemleak
	is "$(cat /host/out/kmemleak)" "" "kmemleak has found nothing"
	expect "locks were looked at" guest "grep 'debug_locks: *1' /proc/lockdep_stats"
}

dmesg_end() {
	local side lines

	dmesg -r >/host/out/dmesg-dom0
	update_domid
	[ -z "$domid" ] || debug_kernel_end
	if [ -n "$domid" ]; then
		/lab/job/bin/guest "$domid" 'dmesg -r' >/host/out/dmesg-guest 2>&1 ||
			not_ok "the guest still answers at the end"
	elif [ ! -e /tmp/guest-may-leave ]; then
		not_ok "the guest is there at the end"
	fi
	for side in dom0 guest; do
		[ -e /host/out/dmesg-$side ] || continue
		if ! grep -q "$dmesg_mark" /host/out/dmesg-$side; then
			# Another kernel may run in the guest by now.
			note "the messages of $side begin later than the scenario"
			[ $side = guest ] || no_verdict "no error in the messages of $side" "they begin too late"
			[ $side = guest ] || continue
		fi
		lines=$(dmesg_trouble /host/out/dmesg-$side)
		if [ -z "$lines" ]; then
			result also "no error in the messages of $side"
		else
			log "$lines"
			not_ok "no error in the messages of $side" "$(echo "$lines" | head -n 1)"
		fi
	done
}

keep_logs() {
	# A guest that migrates has another name meanwhile, and so another log.
	cat /var/log/xen/console/guest-guest*.log >/host/out/guest.log 2>/dev/null
	cp /var/log/xen/qemu-dm-guest.log /host/out/ 2>/dev/null
	xl dmesg >>/host/out/xen-dmesg
}

. /lab/job/traffic.sh
. /lab/job/memtypes.sh
. /lab/job/at-boot.sh
. /lab/job/attributes.sh
. /lab/job/carry.sh
. /lab/job/commands.sh
. /lab/job/faults.sh
. /lab/job/holes.sh
. /lab/job/installation.sh
. /lab/job/journeys.sh
. /lab/job/refusals.sh
