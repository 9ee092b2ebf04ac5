# SPDX-License-Identifier: GPL-2.0-only
#
# Disk and network traffic of the guest, each checked by the other side; part of
# the scenarios' library (lib.sh).  The programs are in src/: disk.c, stream.c.
#
#	xvdb	blkback on a loop device	xvdc	qdisk, in the device model
#	eth0	netback, one TCP connection, both directions at once

traffic=/tmp/traffic
traffic_port=5000

traffic_start() {
	local kind

	rm -rf $traffic
	mkdir -p $traffic
	[ $# -gt 0 ] || set -- disk net
	for kind; do
		"traffic_start_$kind" || return 1
		touch "$traffic/$kind.runs"
	done
}

# traffic_stop - fails if anything is not as it was sent.
traffic_stop() {
	local status=0

	ls $traffic/*.runs >/dev/null 2>&1 || traffic_fault "none was started" || return 1
	guest "killall disk stream 2>/dev/null; true"
	[ ! -e $traffic/disk.runs ] || traffic_stop_disk xvdb || status=1
	[ ! -e $traffic/disk.runs ] || traffic_stop_disk xvdc || status=1
	[ ! -e $traffic/net.runs ] || traffic_stop_net || status=1
	rm -f $traffic/*.runs
	return $status
}

traffic_report() {
	cat $traffic/report.* | tr '\n' ';' | sed 's/;$//; s/;/; /g'
}

# traffic_fault TEXT - for the log and the report of results.
traffic_fault() {
	note "traffic: $*"
	return 1
}

# traffic_value NAME LINE - of a line of NAME=VALUE words.
traffic_value() {
	echo "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

traffic_start_disk() {
	local disk

	for disk in xvdb xvdc; do
		disk prepare /lab/$disk.img &&
			guest_bg "traffic-$disk" "exec /lab/bin/disk exercise /dev/$disk" || return 1
	done
}

traffic_stop_disk() {
	local disk=$1 line written read

	line=$(guest_wait "traffic-$disk" 60) || {
		traffic_fault "$disk: $line"
		return 1
	}
	written=$(traffic_value written "$line")
	read=$(traffic_value read "$line")
	echo "$disk wrote $((written / 1024)) KiB, read $((read / 1024)) KiB" >"$traffic/report.$disk"
	[ "$written" -gt 0 ] && [ "$read" -gt 0 ] || traffic_fault "$disk: no traffic" || return 1
	[ "$(traffic_value sum "$line")" = "$(disk sum "/lab/$disk.img")" ] ||
		traffic_fault "$disk: dom0 does not have what the guest wrote"
}

traffic_start_net() {
	stream listen $traffic_port >$traffic/net.out 2>&1 &
	echo $! >$traffic/net.pid
	sleep 0.2
	guest_bg traffic-net "exec /lab/bin/stream connect 10.0.0.1 $traffic_port"
}

# The listener has ended, or gets 10 s to.
traffic_stop_listener() {
	local pid tries=100

	pid=$(cat $traffic/net.pid)
	kill "$pid" 2>/dev/null
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { kill -9 "$pid" && return 1; }
		usleep 100000
	done
}

traffic_stop_net() {
	local here there

	kill "$(cat $traffic/net.pid)" 2>/dev/null
	there=$(guest_wait traffic-net 60) || traffic_fault "net, guest: $there" || return 1
	traffic_stop_listener || traffic_fault "net: dom0's end does not end" || return 1
	here=$(cat $traffic/net.out)
	echo "eth0 sent $(($(traffic_value sent "$there") / 1024)) KiB," \
		"received $(($(traffic_value received "$there") / 1024)) KiB" >$traffic/report.net
	[ "$(traffic_value sent "$there")" -gt 0 ] && [ "$(traffic_value sent "$here")" -gt 0 ] ||
		traffic_fault "net: no traffic" || return 1
	[ "$(traffic_half sent "$there")" = "$(traffic_half received "$here")" ] ||
		traffic_fault "net: dom0 received something else than the guest sent" || return 1
	[ "$(traffic_half sent "$here")" = "$(traffic_half received "$there")" ] ||
		traffic_fault "net: the guest received something else than dom0 sent"
}

traffic_half() {
	echo "$(traffic_value "$1" "$2") $(traffic_value "$1_sum" "$2")"
}
