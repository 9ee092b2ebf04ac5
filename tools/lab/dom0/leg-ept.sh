# SPDX-License-Identifier: GPL-2.0-only
# How dom0 is connected to the host in Bochs, which has no virtio: files come
# with the initramfs, and go as text over the line, a serial port.  leg-svm.sh
# has the same functions.

# open_line - as descriptor 3.
open_line() {
	stty -F /dev/ttyS1 115200 raw -echo
	exec 3<>/dev/ttyS1
}

copy_boot() {
	ln -s /host/boot /lab/boot
}

# The machine is not saved, there is nothing to wait for.
wait_for_host() {
	tell ready
}

# Each line of the archive as a line that begins with "out".
send_out() {
	tar -C /host -cz out | base64 | sed 's/^/out /' >&3
}
