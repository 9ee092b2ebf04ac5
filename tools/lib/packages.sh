# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of common.sh
# Sourced by common.sh: the packages that a script needs, on Debian and elsewhere.

# What Debian's packages are called elsewhere: "=" the same, "-" nothing is known, A,B
# both.  What is not here is for Debian and Ubuntu only: the lab, Xen, the Debian packages.
package_table() {
	cat <<-'END'
		# Debian            ubuntu                dnf                zypper               pacman        apk
		clang               =                     =                  =                    =             =
		cpio                =                     =                  =                    =             =
		dkms                =                     =                  =                    =             -
		fish                =                     =                  =                    =             =
		gcc                 =                     =                  =                    =             =
		git                 =                     =                  =                    =             =
		jq                  =                     =                  =                    =             =
		libc6-dev           =                     glibc-devel        glibc-devel          glibc         musl-dev
		libjson-c-dev       =                     json-c-devel       libjson-c-devel      json-c        json-c-dev
		linux-headers-amd64 linux-headers-generic kernel-devel       kernel-default-devel linux-headers linux-lts-dev
		lld                 =                     =                  =                    =             =
		llvm                =                     =                  =                    =             =
		make                =                     =                  =                    =             =
		pkg-config          =                     pkgconf-pkg-config =                    pkgconf       pkgconf
		rpm                 =                     rpm-build          rpm-build            rpm-tools     -
		rpmlint             =                     =                  =                    -             -
		rsync               =                     =                  =                    =             =
		sparse              =                     =                  =                    =             -
		zsh                 =                     =                  =                    =             =
	END
}

# os_release NAME - a value of os-release; another file is for the self-test.
os_release() {
	# shellcheck source=/dev/null
	(unset "$1" && . "${OS_RELEASE:-/etc/os-release}" 2>/dev/null && echo "${!1:-}")
}

# package_system - debian, a column of the table, or unknown.
package_system() {
	local id

	for id in $(os_release ID) $(os_release ID_LIKE); do
		case $id in
		debian | ubuntu) echo "$id" && return ;;
		fedora | rhel | centos) echo dnf && return ;;
		suse | opensuse | sles) echo zypper && return ;;
		arch) echo pacman && return ;;
		alpine) echo apk && return ;;
		esac
	done
	echo unknown
}

# package_names SYSTEM PACKAGE... - what these of Debian are called there, or
# "? PACKAGE" if nothing is known.
package_names() {
	package_table | awk -v there="$1" -v wanted="${*:2}" '
		NR == 1 { for (i = 3; i <= NF; i++) if ($i == there) column = i - 1 }
		NR > 1 { name[$1] = column ? $column : "=" }
		END {
			n = split(wanted, packages, " ")
			for (i = 1; i <= n; i++) {
				package = packages[i]
				known = package in name ? name[package] : there == "ubuntu" || !column ? "=" : "-"
				if (known == "=") print package
				else if (known == "-") print "? " package
				else { gsub(",", "\n", known); print known }
			}
		}'
}

# package_installed SYSTEM NAME
package_installed() {
	case $1 in
	debian | ubuntu) dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null | grep -qx installed ;;
	dnf | zypper) rpm -q --whatprovides "$2" ;;
	pacman) pacman -T "$2" ;;
	apk) apk info -e "$2" ;;
	esac >/dev/null 2>&1
}

# package_command SYSTEM - installs what follows.
package_command() {
	case $1 in
	debian | ubuntu) echo apt-get install ;;
	dnf) echo dnf install ;;
	zypper) echo zypper install ;;
	pacman) echo pacman -S ;;
	apk) echo apk add ;;
	esac
}

# Refresh the package lists once per run, and only when something is missing.
refresh_lists() {
	[ -z "${LISTS_FRESH:-}" ] || return 0
	step "apt-get update"
	as_root apt-get update -qq >"$build/apt-update.log" 2>&1 ||
		die "apt-get update failed, see build/apt-update.log"
	export LISTS_FRESH=1
}

install_packages() {
	mkdir -p "$build"
	refresh_lists
	step "installing $*"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "$@" >"$build/apt-install.log" 2>&1 ||
		die "cannot install $*, see build/apt-install.log"
}

# need PACKAGE... - see to it that these packages, by Debian's names, are installed.
# Debian and Ubuntu themselves get what is missing.  On other systems the script ends,
# and says what to install; if the system is unknown, it says so and goes on.
need() {
	local system names name missing=()

	system=$(package_system)
	if [ "$system" = unknown ]; then
		step "note: unknown system; needed are, by Debian's names: $*"
		return 0
	fi
	names=$(package_names "$system" "$@") || die "cannot tell what packages are called here"
	while read -r name; do
		[[ $name != "? "* ]] || die "this is for Debian and Ubuntu: no package is known that" \
			"is Debian's ${name#"? "}"
		package_installed "$system" "$name" </dev/null || missing+=("$name")
	done <<<"$names"
	[ ${#missing[@]} -gt 0 ] || return 0
	case $(os_release ID) in
	debian | ubuntu) install_packages "${missing[@]}" ;;
	*) die "packages are missing: $(package_command "$system") ${missing[*]}" ;;
	esac
}
