# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # variables for those who source it
# Sourced after common.sh: the Xen releases that the project knows, each from the
# Debian suite that has it.  A further one is a line here, for the lab, and a series
# tools/hypervisor/xen-RELEASE/, for a hypervisor of ours.

# Release, suite, package with the device model, and what Debian 12's compiler has to
# be told for an older source.
xen_table() {
	cat <<-END
		4.14 bullseye qemu-system-x86 -Wno-error=array-bounds -Wno-error=address
		4.17 bookworm qemu-system-xen
		4.20 trixie   qemu-system-xen
	END
}

xen_releases=$(xen_table | awk '{ print $1 }' | xargs)

# xen_release RELEASE - its line, in $xen_suite, $xen_device_model and $xen_cflags.
# Fails if there is none.
xen_release() {
	local release

	while read -r release xen_suite xen_device_model xen_cflags; do
		[ "$release" != "$1" ] || return 0
	done < <(xen_table)
	return 1
}
