# SPDX-License-Identifier: GPL-2.0-only
#
# The driver's files, their documentation and the command-line tool must say the
# same; part of the scenarios' library (lib.sh).
#
#	attributes_agree WHEN	each documented file exists, each file that exists is
#				documented, the tool shows the value of each one, in its
#				table and in JSON; WHEN is for the names of the checks
#
# /lab/job/abi is the file of Documentation/ABI.

documented_attributes() {
	sed -n 's|^What:.*/xen-special-pages/||p' /lab/job/abi | sort
}

# "NAME VALUE" of each file, without those that each device has.
read_attributes() {
	# shellcheck disable=SC2016 # expanded in the guest
	guest "cd $driver_sysfs"' && for file in $(find . -type f); do
		case $file in ./power/* | ./uevent | ./modalias | ./driver_override) continue ;; esac
		echo "${file#./} $(cat "$file")" || exit 1
	done' | sort
}

# value NAME - as read_attributes has left it.
value() {
	sed -n "s|^$1 ||p" /tmp/attributes
}

# request - the word in brackets.
request() {
	value placement | sed 's/.*\[\(.*\)\].*/\1/'
}

# --- the tool's JSON: "NAME VALUE", one line for each element of a list ---

json_values() {
	awk '
	function name(  i, text) {
		for (i = 0; i < depth; i++) text = text path[i]
		return substr(text, 2)
	}
	{ sub(/^ +/, ""); sub(/,$/, ""); path[depth] = "" }
	match($0, /^"[a-z_]+": /) {
		path[depth] = "/" substr($0, 2, RLENGTH - 4)
		$0 = substr($0, RLENGTH + 1)
	}
	/[{[]$/ { depth++; items[depth] = 0; next }
	/^\]/ && !items[depth] { print name(), "[]" }
	/^[]}]/ { depth--; items[depth]++; next }
	{ depth++; print name(), $0; depth--; items[depth]++ }' |
		grep -vE '^(driver|write_back|verdict) ' | sort
}

# json_range FIRST+PAGES
json_range() {
	echo "host/ranges/first_gfn $((${1%+*}))"
	echo "host/ranges/pages ${1#*+}"
}

# json_value NAME VALUE - what JSON has to say of the file.
json_value() {
	local item

	case $1,$2 in
	placement,*) echo "placement \"$(request)\"" ;;
	host/ranges,none) echo "host/ranges []" ;;
	host/ranges,*) for item in $2; do json_range "$item"; done ;;
	*/gfn,unknown) echo "$1 null" ;;
	*,0x*) echo "$1 $(($2))" ;;
	*/frames,* | *_frames,* | stats/*) echo "$1 $2" ;;
	*) echo "$1 \"$2\"" ;;
	esac
	case $1,$2 in
	range/source,none) echo "range/sources []" ;;
	range/source,*) echo "$2" | tr + '\n' | sed 's|.*|range/sources "&"|' ;;
	esac
}

expected_json() {
	while read -r name text; do
		json_value "$name" "$text"
	done </tmp/attributes | sort
}

# --- the tool's table ---

size_text() {
	local size=$(($1)) unit

	for unit in bytes KiB MiB GiB; do
		if [ $size = 0 ] || [ $((size % 1024)) != 0 ]; then break; fi
		size=$((size / 1024))
	done
	echo "$size $unit"
}

pause_text() {
	awk "BEGIN { printf \"%.3f ms\", $1 / 1e6 }"
}

range_row() {
	if [ "$(value range/source)" = none ]; then
		echo "range none usable"
	else
		echo "range $(value range/start), $(size_text "$(value range/size)"), source $(value range/source)"
	fi
}

# The rows, without what the tool concludes from the values.
expected_rows() {
	echo "grant table $(value grant_table/placement) $(value grant_table/gfn)" \
		"$(value grant_table/frames)/$(value grant_table/max_frames) $(value grant_table/memory_type)"
	echo "shared_info $(value shared_info/placement) $(value shared_info/gfn) 1" \
		"$(value shared_info/memory_type)"
	echo "placement $(request), in force: $(value state)"
	range_row
	echo "host ranges $(value host/ranges), ipat $(value host/ipat)"
	echo "BAR $(value bar/start), $(size_text "$(value bar/size)"), $(value bar/memory_type)"
	echo "moves $(value stats/moves), failed $(value stats/failed_moves)," \
		"pause last $(pause_text "$(value stats/last_pause_ns)")," \
		"longest $(pause_text "$(value stats/max_pause_ns)")"
	echo "reason: $(value reason)"
}

# rows_are_in FILE - each expected row begins a line of the table.
rows_are_in() {
	local row result=0

	expected_rows >/tmp/rows
	while read -r row; do
		tr -s ' ' <"$1" | awk -v row="$row" 'index($0, row) == 1 { found = 1 } END { exit !found }' ||
			{ echo "not in the table: $row" && result=1; }
	done </tmp/rows
	return $result
}

attributes_agree() {
	read_attributes >/tmp/attributes
	documented_attributes >/tmp/documented
	cut -d' ' -f1 </tmp/attributes >/tmp/existing
	expect "$1: the files are those that are documented" diff /tmp/documented /tmp/existing
	special_pages status --json | json_values >/tmp/json
	expected_json >/tmp/expected
	expect "$1: the tool's JSON has the value of each" diff /tmp/expected /tmp/json
	special_pages status >/tmp/table
	expect "$1: and so has its table" rows_are_in /tmp/table
}
