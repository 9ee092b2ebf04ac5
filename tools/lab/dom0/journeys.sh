# SPDX-License-Identifier: GPL-2.0-only
#
# The guest leaves its host and arrives again, on the same one; part of the
# scenarios' library (lib.sh).  dom0 needs 1024 MiB for it.
#
#	by_save, by_migration		once; fails unless the guest answers afterwards
#	by_cancelled_save		a save that the host calls off after suspending
#	save_fails			xl save gives up, because the guest does not suspend

# xl says a lot: keep it, and log how long it took.
xl_logged() {
	local status=0 begin

	begin=$(date +%s)
	log "xl $1"
	xl "$@" >>/host/out/xl.out 2>&1 || status=$?
	log "xl $1: status $status after $(($(date +%s) - begin)) s"
	return $status
}

has_arrived() {
	update_domid
	[ -n "$domid" ] && guest true
}

by_save() {
	local status=0

	{ xl_logged save guest /tmp/guest.save && xl_logged restore /tmp/guest.save; } || status=$?
	rm -f /tmp/guest.save
	[ $status = 0 ] && has_arrived
}

by_migration() {
	xl_logged migrate -s "" guest "xl migrate-receive" && has_arrived
}

by_cancelled_save() {
	mkdir -p /tmp/full && mount -t tmpfs -o size=1m full /tmp/full
	! xl_logged save guest /tmp/full/guest.save || return 1
	umount /tmp/full
	has_arrived
}

save_fails() {
	local status=0

	xl_logged save guest /tmp/guest.save || status=$?
	rm -f /tmp/guest.save
	[ $status != 0 ] && has_arrived
}
