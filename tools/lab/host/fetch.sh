# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: Debian packages of the lab, downloaded and unpacked, never installed.
#
#	build/lab/debs/SUITE/	where they are downloaded to
#	build/lab/root-SUITE/	all of them unpacked: the toolstack with every
#				library that it needs, the kernel, Xen itself

# Xen release of a Debian suite.  A further suite is one more line here.
xen_release() {
	case $1 in
	bookworm) echo 4.17 ;;
	*) die "the lab does not know the Xen release of the suite $1" ;;
	esac
}

# apt for SUITE as if nothing were installed, so that dependencies come along.
bare_apt() {
	local suite=$1 dpkg=$build/lab/dpkg
	shift

	# Its lock goes where its list of what is installed is.
	mkdir -p "$dpkg"
	: >"$dpkg/status"
	APT_CONFIG=$(private_apt "$suite") apt-get -qq -o Dir::State::status="$dpkg/status" \
		-o APT::Install-Recommends=false "$@"
}

# The kernel that a Debian user gets: what the meta package depends on today.
kernel_package() {
	APT_CONFIG=$(private_apt "$1") apt-cache depends linux-image-amd64 |
		awk '/Depends: linux-image-[0-9]/ { print $2; exit }'
}

download_packages() {
	local suite=$1 version=$2 debs=$3 kernel

	kernel=$(kernel_package "$suite")
	mkdir -p "$debs/partial"
	bare_apt "$suite" -y -d -o Dir::Cache::Archives="$debs" install \
		"xen-hypervisor-$version-amd64" "xen-utils-$version" xenstore-utils \
		qemu-system-xen seabios libxen-dev busybox-static &&
		(cd "$debs" && bare_apt "$suite" download "$kernel")
}

# fetch_root SUITE - prints the tree with the packages of SUITE.
fetch_root() {
	local suite=$1 version debs=$build/lab/debs/$1 root=$build/lab/root-$1 log deb

	log=$build/lab/fetch-$suite.log
	if [ ! -e "$root/complete" ]; then
		version=$(xen_release "$suite")
		private_apt "$suite" >/dev/null
		step "downloading the packages of Debian $suite with Xen $version"
		mkdir -p "$build/lab"
		download_packages "$suite" "$version" "$debs" >"$log" 2>&1 ||
			die "cannot download, see $log (outdated package lists? remove $build/apt)"
		step "unpacking them"
		rm -rf "$root"
		mkdir -p "$root"
		for deb in "$debs"/*.deb; do
			dpkg -x "$deb" "$root" >>"$log" 2>&1 || die "cannot unpack $deb, see $log"
		done
		(cd "$debs" && sha256sum -- *.deb) >"$root/complete"
		rm -rf "$debs"
	fi
	echo "$root"
}
