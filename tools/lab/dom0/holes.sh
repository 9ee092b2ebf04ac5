# SPDX-License-Identifier: GPL-2.0-only
#
# Holes in the guest's RAM, and its memory; part of the scenarios' library (lib.sh).
#
#	grow_table FRAMES		the grant table, at boot, gets so many frames
#	place_slowly PLACEMENT		for many frames: Xen 4.17 asks the device model
#					about each, which takes its time here
#	special_gfns			where all special pages are, one a line
#	filler_start			fill the guest's memory, each page with a pattern of
#					its own
#	filler_start_kernel GFNS	the same with some pages of the kernel's; GFNS: a file
#					in the guest that lists frames
#	filler_stop			fails if a page had something else; prints figures
#	without_ram FILE		how many of the frames listed there have none, and where
#	holes_travel ROUNDS		checks: holes are kept over so many live migrations,
#					used again, and filled in the end

grow_table() {
	guest_hypercalls && guest "/lab/bin/growtable $1 0xf0000"
}

place_slowly() { guest -t 200 "/lab/bin/put $driver_sysfs/placement '$1'"; }

special_gfns() {
	xen_grant_gfns
	xen_shared_info_gfn
}

# 24 MiB are for the traffic.
filler_start() {
	guest_bg filler "exec /lab/bin/filler 24"
}

# More than the kernel has free of this kind, to get all of those.
filler_start_kernel() {
	guest_bg filler "exec /lab/bin/filler -k 16 $1"
}

filler_stop() {
	guest "killall filler"
	guest_wait filler 120
}

# gfn_runs FILE - of the frames listed there, in order: the first and how many follow it.
gfn_runs() {
	local gfn first=0 count=0

	while read -r gfn; do
		if [ $count -gt 0 ] && [ $((gfn)) = $((first + count)) ]; then
			count=$((count + 1))
			continue
		fi
		[ $count = 0 ] || echo $first $count
		first=$((gfn))
		count=1
	done <"$1"
	[ $count = 0 ] || echo $first $count
}

without_ram() {
	local first count got

	gfn_runs "$1" | while read -r first count; do
		got=$(p2m_count "$first" "$count")
		[ "$got" = "$count" ] || echo "$((count - got)) from $first on"
	done
}

# in_holes NAME - where the holes are goes to /tmp/holes; there is RAM missing for them.
in_holes() {
	special_gfns >>/tmp/holes
	sort -u -o /tmp/holes /tmp/holes
	is "$(sysfs state) $(sysfs grant_table/memory_type)" "range WB" "$1: in holes, write-back"
	is "$(xenview "$domid" pages)" $((all_pages - frames)) "$1: RAM of the guest"
}

# tell_holes - the guest gets the list as /run/holes, in pieces that xenstore takes.
tell_holes() {
	local first=1

	while [ $first -le "$(wc -l </tmp/holes)" ]; do
		guest "echo '$(sed -n "$first,$((first + 99))p" /tmp/holes)' >>/run/holes"
		first=$((first + 100))
	done
}

# each_has_its_content - the driver got the pages from those that the kernel uses itself.
each_has_its_content() {
	local text held

	tell_holes
	filler_start_kernel /run/holes
	sleep 5
	text=$(filler_stop)
	is $? 0 "memory with former holes in it is right"
	note "$text"
	held=${text##*held=}
	expect "most of the former holes are among it" [ "$held" -gt $(($(wc -l </tmp/holes) / 2)) ]
}

holes_travel() {
	local made=0 text

	all_pages=$(xenview "$domid" pages)
	expect "the module loads" driver_load sources=balloon placement=boot
	frames=$(sysfs grant_table/max_frames)
	expect "the table grows to its $frames frames" grow_table "$frames"
	is "$(place_slowly range)" OK "place range"
	in_holes "at first"
	traffic_start disk
	filler_start
	while [ $made -lt "$1" ]; do
		made=$((made + 1))
		by_migration || {
			not_ok "live migration $made"
			return
		}
		in_holes "after migration $made"
	done
	expect "saved and restored" by_save
	in_holes "after a restore"
	text=$(filler_stop)
	is $? 0 "the memory is right"
	note "$text"
	is "$(sort -u /tmp/holes | wc -l)" $((frames + 1)) "the same holes all the time"
	is "$(place_slowly boot)" OK "place boot"
	is "$(xenview "$domid" pages)" "$all_pages" "all RAM is back"
	is "$(without_ram /tmp/holes)" "" "each former hole has RAM"
	each_has_its_content
	expect "traffic goes on, all checksums right" traffic_stop
	note "$(traffic_report)"
	is "$(sysfs stats/failed_moves)" 0 "no move failed"
}
