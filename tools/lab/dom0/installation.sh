# SPDX-License-Identifier: GPL-2.0-only
#
# A guest from the disk that tools/lab/build-installation has made, in place of the usual
# one; part of the scenarios' library (lib.sh).  Its agent starts after its network, as a
# service of systemd.

installation=/lab/installation

installation_files() {
	[ ! -e $installation ] || return 0
	mkdir $installation && cp /host/installation/stub /host/installation/kernel \
		/host/installation/initrd $installation/ &&
		losetup /dev/loop2 /host/installation/disk.img
}

# The usual guest's configuration with another kernel, and with a disk to boot from.
installation_config() { # ARGUMENT...
	sed -e "s|/lab/boot/|$installation/|g" \
		-e "s|^cmdline = \"|&root=/dev/xvda rw net.ifnames=0 $* |" \
		-e 's|^disk = \[|&"format=raw,vdev=xvda,access=rw,backendtype=phy,script=/etc/xen/block,target=/dev/loop2",|' \
		/lab/boot/guest.cfg
}

installation_boot() {
	installation_files || return 1
	installation_config "$@" >/tmp/guest.cfg
	guest_replace /tmp/guest.cfg 1200
}
