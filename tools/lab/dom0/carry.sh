#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A guest goes from one machine to another: part of the scenarios' library
# (lib.sh).  The host hands the directory from one part of a scenario (run) to the
# next one (run-2, ...), each with its own "# lab:" lines.

carried=/host/carry

# carry_out - the guest, its disks, and what is known of the traffic on these.
carry_out() {
	xl save guest /tmp/guest.save || return 1
	guest_may_leave
	rm -rf /host/carry/*
	cp /tmp/guest.save /lab/xvdb.img /lab/xvdc.img $carried/ || return 1
	[ ! -e "$traffic" ] || cp -r "$traffic" $carried/traffic
	rm -f /tmp/guest.save
}

# carry_in [LINE] - the guest takes the place of this machine's own one.  LINE is
# added to its configuration.
carry_in() {
	local disk

	xl destroy guest
	for disk in xvdb xvdc; do
		dd if=$carried/$disk.img of=/lab/$disk.img bs=1M conv=notrunc 2>/dev/null || return 1
	done
	[ ! -e $carried/traffic ] || cp -r $carried/traffic "$traffic"
	cp /lab/boot/guest.cfg /tmp/guest.cfg && echo "$*" >>/tmp/guest.cfg
	cp $carried/guest.save /tmp/ && xl restore /tmp/guest.cfg /tmp/guest.save || return 1
	rm -f /tmp/guest.save
	update_domid
	guest true
}
