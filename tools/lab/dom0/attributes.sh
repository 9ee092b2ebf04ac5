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
	guest "cd $driver_sysfs && find . -type f | xargs grep ''" |
		grep -vE '^\./(power/|uevent:|modalias:|driver_override:)' |
		sed 's|^\./\([^:]*\):|\1 |' | sort
}

# json_values - the tool's JSON as "NAME VALUE", one line for each element of a list.
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
		grep -vE '^(schema|driver|cpu_vendor|grant_table_fill|write_back|accesses|check|verdict|advice) ' | sort
}

# expected_json - the same from the files.
expected_json() {
	awk '
	function number(text,  i, n) {
		if (text !~ /^0x/) return text
		for (i = 3; i <= length(text); i++)
			n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
		return sprintf("%.0f", n)
	}
	function list(name, text, separator,  n, i, item, part) {
		if (text == "none") print name "s []"
		n = text == "none" ? 0 : split(text, item, separator)
		for (i = 1; i <= n; i++) {
			if (split(item[i], part, "+") == 2)
				print name "s/first_gfn " number(part[1]) "\n" name "s/pages " part[2]
			else
				print name "s \"" item[i] "\""
		}
	}
	{ name = $1; text = substr($0, length($1) + 2) }
	name == "placement" { sub(/.*\[/, "", text); sub(/\].*/, "", text) }
	name == "range/source" { list(name, text, "+") }
	name == "host/ranges" { list("host/range", text, " "); next }
	name ~ /gfn$/ && text == "unknown" { print name, "null"; next }
	text ~ /^(0x[0-9a-f]+|[0-9]+)$/ { print name, number(text); next }
	{ print name " \"" text "\"" }' /tmp/attributes | sort
}

# expected_rows - the lines of the tool's table, from the files, without what the tool
# concludes from them.
expected_rows() {
	awk '
	function size(text,  i, n) {
		for (i = 3; i <= length(text); i++)
			n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
		for (i = 1; n && n % 1024 == 0 && i < 4; i++) n /= 1024
		return sprintf("%.0f %s", n, unit[i])
	}
	function pause(name) { return sprintf("%.3f ms", v[name] / 1e6) }
	BEGIN { split("bytes KiB MiB GiB", unit) }
	{ v[$1] = substr($0, length($1) + 2) }
	END {
		sub(/.*\[/, "", v["placement"])
		sub(/\].*/, "", v["placement"])
		print "grant table", v["grant_table/placement"], v["grant_table/gfn"], \
			v["grant_table/frames"] "/" v["grant_table/max_frames"], v["grant_table/memory_type"]
		print "shared_info", v["shared_info/placement"], v["shared_info/gfn"], 1, \
			v["shared_info/memory_type"]
		print "placement " v["placement"] ", in force: " v["state"]
		print v["range/source"] == "none" ? "range none usable" : "range " v["range/start"] ", " \
			size(v["range/size"]) ", source " v["range/source"]
		print "host ranges " v["host/ranges"] ", ipat " v["host/ipat"]
		print "BAR " v["bar/start"] ", " size(v["bar/size"]) ", " v["bar/memory_type"]
		print "moves " v["stats/moves"] ", failed " v["stats/failed_moves"] ", pause last " \
			pause("stats/last_pause_ns") ", longest " pause("stats/max_pause_ns")
		print "reason: " v["reason"]
	}' /tmp/attributes
}

# rows_are_in TABLE ROWS - each row begins a line of the table, blanks squeezed.
rows_are_in() {
	awk '
	{ gsub(/ +/, " ") }
	NR == FNR { table[NR] = $0; next }
	{
		found = 0
		for (i in table) if (index(table[i], $0) == 1) found = 1
		if (!found) { print "not in the table: " $0; missing = 1 }
	}
	END { exit missing }' "$1" "$2"
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
	expected_rows >/tmp/rows
	expect "$1: and so has its table" rows_are_in /tmp/table /tmp/rows
}
