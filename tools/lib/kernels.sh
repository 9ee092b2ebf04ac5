# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of common.sh
# Sourced after common.sh: kernels that Debian ships, by series (5.10, 6.12, ...; rt and
# cloud are Debian 12's 6.1 with PREEMPT_RT, and for clouds), none of them installed; and
# kernels of our own (tools/kernels).
#
#	build/kernels/SERIES/
#		root/		a system with the headers, the compiler that
#				belongs to them, and make
#		objects/	of a kernel of our own, instead of root/
#		image/		the kernel and its modules

own_kernels=$(cd "$top/tools/kernels" && echo *.config)
own_kernels=${own_kernels//.config/}
kernel_series="5.10 6.1 6.12 7.3 rt cloud $own_kernels"

is_own_kernel() { [[ " $own_kernels " == *" $1 "* ]]; }

# Where a series is, the suites one after the other.  A further one is a line here.
kernel_suites() {
	case $1 in
	5.10) echo bullseye ;;
	6.1 | 6.12 | rt | cloud) echo bookworm ;;
	7.3) echo trixie trixie-backports ;;
	*) die "no kernel of series $1, there are: $kernel_series" ;;
	esac
}

# kernel_apt SERIES COMMAND... - with the package lists of its last suite.
kernel_apt() {
	local suites config

	suites=$(kernel_suites "$1") && config=$(private_apt "${suites##* }") || exit 1
	shift
	APT_CONFIG=$config "$@"
}

# kernel_pattern SERIES - what uname -r says in each of them, a regular expression.
kernel_pattern() {
	case $1 in
	rt | cloud) echo "6\.1\.[0-9.-]+-$1-amd64" ;;
	*) echo "${1//./\\.}\.[0-9.-]+(\+deb[0-9]+)?-amd64" ;;
	esac
}

# kernel_release SERIES - what uname -r says in the newest one.
kernel_release() {
	local release

	release=$(kernel_apt "$1" apt-cache --names-only search "^linux-headers-$(kernel_pattern "$1")\$" |
		sed 's/^linux-headers-\([^ ]*\).*/\1/' | sort -V | tail -n 1)
	echo "${release:-$(die "no packages of kernel $1")}"
}

# kernel_cache SERIES PART - the directory of a part, made by make_PART unless
# it is complete.  DIR.release says which release it is: all parts are of the same.
kernel_cache() {
	local series=$1 part=$2 dir=$build/kernels/$1/$2 log=$build/kernels/$1/$2.log release

	if [ ! -e "$dir.release" ]; then
		release=$(find "$build/kernels/$series/" -maxdepth 1 -name '*.release' -exec cat {} + 2>/dev/null) || true
		release=${release%%$'\n'*}
		release=${release:-$(kernel_release "$series")}
		step "kernel $release: fetching the $part"
		# What is in a root is root's.
		if [ "$part" = root ]; then as_root rm -rf "$dir"; else rm -rf "$dir"; fi
		mkdir -p "$dir"
		"make_$part" "$series" "$release" "$dir" >"$log" 2>&1 ||
			die "cannot make ${dir#"$top"/}, see ${log#"$top"/} (outdated package lists? remove" \
				"${build#"$top"/}/apt and ${build#"$top"/}/kernels/$series)"
		echo "$release" >"$dir.release"
	fi
	echo "$dir"
}

# kernel_root SERIES - prints the system to build modules in (run_in_root).
kernel_root() {
	need mmdebstrap
	kernel_cache "$1" root
}

# Where mmdebstrap finds the packages.
root_sources() {
	local suite config

	for suite in $(kernel_suites "$1"); do
		config=$(private_apt "$suite") || return 1
		grep '^deb ' "$(dirname "$config")/sources.list"
	done
}

# Unpacked, not configured: of what the packages' scripts would have done, a
# compilation wants little.
make_root() {
	local series=$1 release=$2 dir=$3 suites packages name

	suites=$(kernel_suites "$series")
	packages=linux-headers-$release,make,binutils,libc6-dev,gawk,python3-minimal
	root_sources "$series" >"$dir.list" &&
		as_root nice mmdebstrap --variant=extract --include="?essential" --include="$packages" \
			"${suites%% *}" "$dir" "$dir.list" || return 1
	for name in bin lib lib64 sbin; do
		[ -e "$dir/$name" ] || as_root ln -s "usr/$name" "$dir/$name"
	done
	as_root ln -sf gawk "$dir/usr/bin/awk" && as_root mkdir -p "$dir/proc"
}

# run_in_root ROOT DIR... -- COMMAND... - in a system made by kernel_root, where
# these directories are what they are here.
run_in_root() {
	local root=$1 dirs=()
	shift

	while [ "$1" != -- ]; do
		as_root mkdir -p "$root$1"
		dirs+=("$1")
		shift
	done
	# shellcheck disable=SC2016 # for the inner shell
	as_root unshare --mount bash -ec '
		root=$0
		mount -t proc proc "$root/proc"
		while [ "$1" != -- ]; do
			mount --bind "$1" "$root$1"
			shift
		done
		shift
		exec chroot "$root" "$@"' "$root" "${dirs[@]}" "$@"
}

# kernel_image SERIES - prints the tree with the kernel and its modules.
kernel_image() {
	if is_own_kernel "$1"; then
		"$tools/kernels/build" "$1" || return 1
		echo "$build/kernels/$1/image"
	else
		kernel_cache "$1" image
	fi
}

# The kernel comes in one package, or in several.
download_image() {
	local series=$1 release=$2 dir=$3 packages

	for packages in "linux-binary-$release linux-modules-$release" \
		"linux-image-$release" "linux-image-$release-unsigned"; do
		# shellcheck disable=SC2086 # several words
		(cd "$dir" && kernel_apt "$series" apt-get download -qq $packages) && return 0
	done
	return 1
}

make_image() {
	local dir=$3 deb

	download_image "$@" || return 1
	for deb in "$dir"/*.deb; do
		dpkg -x "$deb" "$dir" && rm "$deb" || return 1
	done
}
