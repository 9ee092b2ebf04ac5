# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: Debian packages of the lab, downloaded and unpacked, never installed.
#
#	build/lab/debs/SUITE/	where they are downloaded to
#	build/lab/root-SUITE/	all of them unpacked: the toolstack with every
#				library that it needs, and Xen itself; for that of
#				$base_release also the kernel and busybox

# The kernel of dom0 and of the guest, and busybox, come from the suite of this
# one, whatever Xen they run on.
base_release=4.17

# apt for SUITE as if nothing were installed, so that dependencies come along.
bare_apt() {
	local suite=$1 dpkg=$build/lab/dpkg config
	shift

	# Its lock goes where its list of what is installed is.
	mkdir -p "$dpkg"
	: >"$dpkg/status"
	config=$(private_apt "$suite") || return 1
	APT_CONFIG=$config apt-get -qq -o Dir::State::status="$dpkg/status" \
		-o APT::Install-Recommends=false "$@"
}

# kernel_package CONFIG - the kernel that a Debian user gets: what the meta package depends
# on, in these package lists.
kernel_package() {
	APT_CONFIG=$1 apt-cache depends linux-image-amd64 |
		awk '/Depends: linux-image-[0-9]/ && !n++ { print $2 }'
}

download_packages() {
	local release=$1 suite=$2 debs=$3 more="" config kernel

	[ "$release" != "$base_release" ] || more=busybox-static
	mkdir -p "$debs/partial"
	bare_apt "$suite" -y -d -o Dir::Cache::Archives="$debs" install \
		"xen-hypervisor-$release-amd64" "xen-utils-$release" xenstore-utils \
		"$xen_device_model" seabios libxen-dev $more || return 1
	[ "$release" != "$base_release" ] || {
		config=$(private_apt "$suite") && kernel=$(kernel_package "$config") &&
			[ -n "$kernel" ] || return 1
		(cd "$debs" && bare_apt "$suite" download "$kernel")
	}
}

unpack_packages() {
	local debs=$1 root=$2 deb name

	rm -rf "$root"
	mkdir -p "$root"
	for deb in "$debs"/*.deb; do
		dpkg -x "$deb" "$root" || return 1
	done
	# These links are base-files' in newer releases, which isn't among them.
	for name in bin lib lib64 sbin; do
		[ -e "$root/$name" ] || ln -s "usr/$name" "$root/$name"
	done
	(cd "$debs" && sha256sum -- *.deb) >"$root/complete"
}

# forget_old_kernel SUITE ROOT - after a kernel update, tools/build-module builds for another
# kernel than that of the tree: begin anew.  Another Debian than SUITE has no say in it.
forget_old_kernel() {
	local kernel

	[ "$(os_release VERSION_CODENAME)" = "$1" ] || return 0
	kernel=$(kernel_package "") || return 0
	[ -n "$kernel" ] && [ ! -e "$2/lib/modules/${kernel#linux-image-}" ] || return 0
	step "Debian has $kernel now"
	rm -rf "$2" "$build/apt/$1"
}

# fetch_root XEN_RELEASE - prints the tree with the packages.
fetch_root() {
	local release=$1 suite root debs log

	xen_release "$release" || die "the lab does not know Xen $release, only $xen_releases"
	suite=$xen_suite
	root=$build/lab/root-$suite debs=$build/lab/debs/$suite log=$build/lab/fetch-$suite.log
	[ "$release" != "$base_release" ] || [ ! -e "$root/complete" ] || forget_old_kernel "$suite" "$root"
	if [ ! -e "$root/complete" ]; then
		private_apt "$suite" >/dev/null || exit 1
		step "downloading the packages of Debian $suite with Xen $release"
		mkdir -p "$build/lab"
		download_packages "$release" "$suite" "$debs" >"$log" 2>&1 ||
			die "cannot download, see $log (outdated package lists? remove $build/apt)"
		step "unpacking them"
		unpack_packages "$debs" "$root" >>"$log" 2>&1 || die "cannot unpack, see $log"
		rm -rf "$debs"
	fi
	echo "$root"
}

# fetch_base - prints the tree with the kernel and busybox.
fetch_base() {
	fetch_root "$base_release"
}
