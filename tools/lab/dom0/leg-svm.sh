# SPDX-License-Identifier: GPL-2.0-only
# How dom0 is connected to the host in QEMU: a virtio serial port, and the
# directory of the run by 9p.  leg-ept.sh has the same functions.

# open_line - as descriptor 3.
open_line() {
	local tries=200

	load virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console
	# The device node is there a moment before it can be opened.
	until (exec 3<>/dev/vport0p1) 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "no line to the host" && poweroff -f; }
		usleep 50000
	done
	exec 3<>/dev/vport0p1
}

mount_host() {
	[ -d /sys/module/9p ] || load netfs fscache 9pnet 9pnet_virtio 9p
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 lab /host
}

# Everything that the guest needs, away from the host's directory.
copy_boot() {
	mount_host
	cp -r /host/boot /lab/boot
	umount /host
}

# The emulator does not load a machine that was saved inside a guest.
wait_for_host() {
	xl pause guest
	tell ready
	read -r _ <&3
	xl unpause guest
	mount_host
}

# What is in /host/out is the host's already.
send_out() {
	sync
}
