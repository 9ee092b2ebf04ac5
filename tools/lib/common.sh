# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the project's scripts: progress lines, package installation,
# Debian source and binary packages fetched without touching the system.

# What programs print is read, and must not be translated.
export LC_ALL=C.UTF-8 LANGUAGE=

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
case ${BUILD:=$top/build} in
/*) build=$BUILD ;;
*) build=$PWD/$BUILD ;;
esac
BUILD=$build # absolute for our children, too, if it is exported

# Where the scripts that call others find them.  The self-test has broken ones.
# shellcheck disable=SC2034 # for those who source this
tools=${SELFTEST_TOOLS:-$top/tools}

# shellcheck source=tools/lib/status.sh
. "$top/tools/lib/status.sh"

# The first script of a run fixes the origin of the elapsed times.
export STEP_ORIGIN=${STEP_ORIGIN:-$(date +%s)}

step() {
	printf '[%4ds] %s\n' "$(($(date +%s) - STEP_ORIGIN))" "$*" >&2
}

# die TEXT... - end the script with $die_status.  In $(...) and in a pipeline, exit
# ends no more than that, and whoever called may go on: so the script is told, too.
# What runs beside others in a script sets $die_pid and this trap: only it ends then.
die_status=$status_failed
die_pid=$$
trap 'exit "$die_status"' USR1
die() {
	step "error: $*"
	[ "$BASHPID" = "$die_pid" ] || kill -s USR1 "$die_pid"
	exit "$die_status"
}

[[ $top$build != *[[:space:]]* ]] || die "make cannot work in a directory with a blank in its name: $top"

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# shellcheck source=tools/lib/packages.sh
. "$top/tools/lib/packages.sh"

# What the guests of the lab get: the driver, its test build, the tool.  The lab itself
# builds the hypervisor and the emulators: without one of them it runs what can be run.
build_for_guests() {
	"$tools/build-module" >/dev/null
	"$tools/build-module" --test >/dev/null
	"$tools/build-cli" >/dev/null
}

# The archives of Debian that this machine is set up for, one address a line.
apt_archives() {
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
		sed -n 's/^Debian //p' | sort -u
}

# private_apt SUITE - an apt configuration of our own, binaries and sources,
# under build/apt/SUITE, reading the archives that this machine is set up for.
# Prints the file to use as APT_CONFIG; fails, having said why, if the lists cannot be
# read.
private_apt() {
	local suite=$1 dir=$build/apt/$1 archive name

	if [ ! -e "$dir/complete" ]; then
		mkdir -p "$dir"/{lists/partial,cache/archives/partial}
		for archive in $(apt_archives); do
			case $archive in
			*security*)
				[[ $suite != *-backports ]] || continue # has no such part
				name=$suite-security
				;;
			*) name=$suite ;;
			esac
			printf 'deb %s %s main\ndeb-src %s %s main\n' \
				"$archive" "$name" "$archive" "$name"
		done >"$dir/sources.list"
		cat >"$dir/apt.conf" <<-EOF
			Dir::Etc::sourcelist "$dir/sources.list";
			Dir::Etc::sourceparts "/dev/null";
			Dir::State::lists "$dir/lists";
			Dir::Cache "$dir/cache";
			APT::Sandbox::User "$(id -un)";
		EOF
		[ -s "$dir/sources.list" ] || {
			step "error: apt has no lists of an archive of Debian, run apt-get update"
			return 1
		}
		step "reading the package lists of $suite"
		if ! APT_CONFIG=$dir/apt.conf apt-get update -qq >"$dir/update.log" 2>&1; then
			step "error: cannot read the package lists of $suite," \
				"see build/apt/$suite/update.log"
			return 1
		fi
		touch "$dir/complete"
	fi
	echo "$dir/apt.conf"
}
