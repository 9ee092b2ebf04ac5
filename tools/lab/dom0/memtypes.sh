# SPDX-License-Identifier: GPL-2.0-only
#
# How the guest's pages are mapped and accessed, on the EPT leg; part of the
# scenarios' library (lib.sh).  Neither witness asks the guest: the emulator
# (memtypes.c) says how a page is mapped when it is accessed, and counts; Xen's
# debug key D says what it has in the EPT entry.
#
#	measure_grants WHERE	what reading 1 MiB from a disk, 256 grants, does to the
#				frames of the grant table
#	measure_ram		the same for ordinary RAM that the guest maps UC-
#				(ept/uncached-page), written and read 1000 times
#
# Each is a row of the table that the run ends with, and leaves for the scenario
#	$mapping	"emt=WB ipat=1 pat=UC- effective=WB"

mappings=/tmp/mappings
table="Xen|ports|page|gfn|D|EMT|ipat|PAT|effective|reads|writes|exchanges"

# The table can grow for the first read: then its new frame would not be watched.
measure_grants() {
	local read='dd if=/dev/xvdc of=/dev/null bs=1M count=1 iflag=direct 2>/dev/null'

	guest "$read"
	measure "grant table, $1" "$(xen_grant_gfns)" "$read"
	expect "grant table, $1: each grant is revoked" [ "$(accesses rmw)" -ge 256 ]
}

measure_ram() {
	local parameters=/sys/module/uncached_page/parameters

	measure "RAM mapped UC-" "$(guest "cat $parameters/gfn")" "echo 1000 >$parameters/touch"
	is "$(accesses write)" 1000 "RAM mapped UC-: each write is counted"
}

# measure PAGE GFNS COMMAND - what the guest's COMMAND does to these frames.
measure() {
	local gfn entry

	# shellcheck disable=SC2086 # a list
	memtypes watch $2
	expect "$1: the guest can access it" guest "$3"
	memtypes report >$mappings
	log "$(cat $mappings)"
	mapping=$(cut -d' ' -f3-6 $mappings | sort -u)
	is "$(echo "$mapping" | grep -c .)" 1 "$1: mapped in one way"
	gfn=$(sed 's/gfn=\([^ ]*\).*/\1/; q' $mappings)
	entry=$(xen_ept_entry "$gfn")
	is "$entry" "$(entry_of "$mapping")" "$1: Xen prints the same type and ipat"
	table_row "$1" "$gfn" "$entry"
}

# A mapping as Xen prints it: the memory type, and "!" for ipat.
entry_of() {
	echo "$1" | sed 's/emt=\([^ ]*\) ipat=1 .*/\1!/; s/emt=\([^ ]*\) ipat=0 .*/\1/'
}

# xen_ept_entry GFN - type and ipat of the entry for it, of 4 KiB, 2 MiB or 1 GiB.
xen_ept_entry() {
	local order

	xen_key D >/tmp/ept-dump
	for order in 0 9 18; do
		grep -a "gfn: *$(printf %x $(($1 >> order << order))) order: *$order " /tmp/ept-dump
	done | tee -a /host/out/log | awk '{ print $9; exit }'
}

table_row() {
	local word kind line="${XEN_ARGS:--}|${IOPORTS:--}|$1|$2|$3"

	[ -e /tmp/table ] || row "$table"
	touch /tmp/table
	for word in $mapping; do
		line="$line|${word#*=}"
	done
	for kind in read write rmw; do
		line="$line|$(accesses $kind)"
	done
	row "$line"
}

# accesses read|write|rmw - how many the last measurement saw.
accesses() {
	awk -v kind="$1" '{ for (i = 1; i <= NF; i++) if (split($i, word, "=") && word[1] == kind) sum += word[2] }
		END { print sum + 0 }' $mappings
}
