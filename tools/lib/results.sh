# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of common.sh, and for the caller
# Sourced after common.sh: results of checks, counted and summed up.
#
# Four outcomes, as in the Xen Test Framework: a check passed, failed, was skipped, or
# there is no verdict because something else broke (error).  A sum is two lines,
#	errors: N: NAME, NAME...		only if there are any
#	N passed, N failed[, N skipped]		errors are among the failed ones
# and the last one of the output.

passed=0
failed=0
skipped=0
errors=()

# results_sum - the two lines.  Fails if anything failed, or there was nothing.
results_sum() {
	local names bad=$((failed + ${#errors[@]}))

	names=$(printf '%s, ' "${errors[@]}")
	[ ${#errors[@]} = 0 ] || echo "errors: ${#errors[@]}: ${names%, }"
	echo "$passed passed, $bad failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
	[ "$bad" = 0 ] && [ "$((passed + skipped))" != 0 ]
}

# results_count OUTCOME NAME - passed, failed, skipped or error.
results_count() {
	case $1 in
	passed) passed=$((passed + 1)) ;;
	failed) failed=$((failed + 1)) ;;
	skipped) skipped=$((skipped + 1)) ;;
	error) errors+=("$2") ;;
	*) die "no such outcome: $1" ;;
	esac
}

# results_of LOG STATUS NAME - add those of a script to ours.  It has summed up itself,
# or has printed KTAP, whose outermost lines count, or has one result, its status.  If
# the script failed and no check did, then the script is what broke.
# Leaves what it added in part_passed, part_failed, part_skipped, part_errors.
results_of() {
	local log=$1 status=$2 name=$3 sum='^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$' error

	part_errors=()
	if [[ $(tail -n 1 "$log") =~ $sum ]]; then
		part_passed=${BASH_REMATCH[1]} part_failed=${BASH_REMATCH[2]}
		part_skipped=${BASH_REMATCH[4]:-0}
		mapfile -t part_errors < <(tail -n 2 "$log" |
			sed -n 's/^errors: [0-9]*: //p' | sed 's/, /\n/g')
	else
		results_of_ktap "$log"
		[ "$status" != 0 ] || [ $((part_passed + part_failed + part_skipped)) != 0 ] ||
			part_passed=1
	fi
	[ "$status" = 0 ] || [ "$part_failed" != 0 ] || results_of_broken
	passed=$((passed + part_passed))
	skipped=$((skipped + part_skipped))
	failed=$((failed + part_failed - ${#part_errors[@]}))
	for error in "${part_errors[@]}"; do
		errors+=("$name${error:+/$error}")
	done
}

results_of_broken() {
	part_errors+=("")
	part_failed=$((part_failed + 1))
}

# Fewer results than were announced: the part did not end.
results_of_ktap() {
	local planned

	part_skipped=$(grep -c '^ok .*# SKIP' "$1" || true)
	part_passed=$(($(grep -c '^ok ' "$1" || true) - part_skipped))
	part_failed=$(grep -c '^not ok ' "$1" || true)
	mapfile -t part_errors < <(sed -n -E 's/^not ok [0-9]+ (- )?(.*) # ERROR.*/\2/p' "$1")
	planned=$(sed -n -E 's/^1\.\.([0-9]+)$/\1/p' "$1" | tail -n 1)
	[ "${planned:-0}" -le $((part_passed + part_failed + part_skipped)) ] || results_of_broken
}
