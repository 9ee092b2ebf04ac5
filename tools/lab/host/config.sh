# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: the machine and the guest that a scenario needs.
#
# A scenario's `run` says so in comment lines of words KEY=VALUE:
#	# lab: xen=patched vcpus=2 timeout=90
#	# lab: xen-args=special-pages=range=0,ipat=0
# xen-args, guest-args and guest-config may come several times and add up.  Options
# of tools/lab/run replace the other keys, and add to those.  timeout-full is the
# time limit with --full, if that takes longer.

config_keys="leg release xen vcpus hap guest-type firmware ioports dom0-mem mem viridian payload installation crash driver clock when timeout timeout-full xen-args guest-args guest-config"

declare -gA config=() override=()

config_defaults() {
	config=([leg]=svm [release]=$base_release [xen]=patched [vcpus]=1 [hap]=1 [guest_type]=hvm
		[firmware]=seabios [ioports]="" [dom0_mem]=512 [mem]=256 [viridian]=0 [payload]="" [installation]=no [crash]=no
		[driver]=plain [clock]=host [when]=check
		[timeout]=120 [timeout_full]=0 [xen_args]="" [guest_args]="" [guest_config]="")
}

# xen_choice NAME - a name, or the full path of a file.
xen_choice() {
	case $1 in
	stock | patched | lying) echo "$1" ;;
	*) realpath -e "$1" || die "xen=$1: stock, patched, lying or a file" ;;
	esac
}

# config_set ARRAY KEY VALUE
config_set() {
	local -n array=$1
	local key=${2//-/_}

	[[ " $config_keys " == *" $2 "* ]] || die "unknown key '$2', one of: $config_keys"
	case $2 in
	xen) array["$key"]=$(xen_choice "$3") || exit 1 ;;
	guest-config) array["$key"]="${array["$key"]:+${array["$key"]}; }$3" ;;
	*-args) array["$key"]="${array["$key"]:+${array["$key"]} }$3" ;;
	*) array["$key"]=$3 ;;
	esac
}

config_check() {
	xen_release "${config[release]}" || die "release=${config[release]}: one of $xen_releases"
	[[ ${config[leg]} =~ ^(svm|ept|any)$ ]] || die "leg=${config[leg]}: svm, ept or any"
	[[ ${config[vcpus]} =~ ^[1-8]$ ]] || die "vcpus=${config[vcpus]}: 1 to 8"
	[[ ${config[hap]} =~ ^[01]$ ]] || die "hap=${config[hap]}: 0 or 1"
	[[ ${config[guest_type]} =~ ^(hvm|pvh)$ ]] || die "guest-type=${config[guest_type]}: hvm or pvh"
	[[ ${config[firmware]}-${config[guest_type]} =~ ^(seabios-|ovmf-hvm$) ]] ||
		die "firmware=${config[firmware]}: seabios, or ovmf for hvm"
	[[ ${config[dom0_mem]} =~ ^[0-9]+$ ]] || die "dom0-mem=${config[dom0_mem]}: MiB"
	[[ ${config[timeout]} =~ ^[0-9]+$ ]] || die "timeout=${config[timeout]}: seconds"
	[[ ${config[timeout_full]} =~ ^[0-9]+$ ]] || die "timeout-full=${config[timeout_full]}: seconds"
	[[ ${config[mem]} =~ ^[0-9]+$ ]] || die "mem=${config[mem]}: MiB"
	[[ ${config[viridian]} =~ ^[01]$ ]] || die "viridian=${config[viridian]}: 0 or 1"
	[[ ${config[driver]} =~ ^(plain|test)$ ]] || die "driver=${config[driver]}: plain or test"
	[[ ${config[clock]} =~ ^(host|instructions)$ ]] || die "clock=${config[clock]}: host or instructions"
	[[ ${config[when]} =~ ^(check|matrix|demo|bench|soak)$ ]] ||
		die "when=${config[when]}: check, matrix, demo, bench or soak"
	[[ ${config[installation]} =~ ^(no|yes)$ ]] || die "installation=${config[installation]}: no or yes"
	[[ ${config[payload]} =~ ^(|kernel|kdump)$ ]] || die "payload=${config[payload]}: kernel or kdump"
}

# config_read SCENARIO_DIR [PART] - fills config[].
config_read() {
	local words word key

	config_defaults
	read -r -d "" -a words < <(sed -n "s/^# lab: //p" "$1/${2:-run}") || true
	for word in "${words[@]}"; do
		config_set config "${word%%=*}" "${word#*=}"
	done
	for key in "${!override[@]}"; do
		config_set config "${key//_/-}" "${override[$key]}"
	done
	[ "$full" = no ] || [ "${config[timeout_full]}" = 0 ] || [ -n "${override[timeout]:-}" ] ||
		config[timeout]=${config[timeout_full]}
	config_check
}

# What distinguishes one machine from another, for people.
config_title() {
	printf '%s Xen %s, %s vCPU, %s' "${config[xen]##*/}" "${config[release]}" "${config[vcpus]}" \
		"${config[guest_type]}"
	[ "${config[firmware]}" = seabios ] || printf ', %s' "${config[firmware]}"
	[ "${config[hap]}" = 1 ] || printf ', shadow paging'
	[ "${config[mem]}" = 256 ] || printf ', %s MiB' "${config[mem]}"
	[ "${config[viridian]}" = 0 ] || printf ', Viridian'
	[ "${config[clock]}" = host ] || printf ', time in instructions'
	[ -z "${config[ioports]}" ] || printf ', I/O ports %s' "${config[ioports]}"
	[ -z "${config[xen_args]}" ] || printf ', Xen: %s' "${config[xen_args]}"
	[ -z "${config[guest_args]}" ] || printf ', guest: %s' "${config[guest_args]}"
}

guest_kernel_args() {
	echo "console=hvc0 quiet loglevel=4 log_buf_len=1M oops=panic panic=-1 nokaslr $patience" \
		"${config[guest_args]}"
}

# guest_cpus - each vCPU on one emulated CPU, in turn.
guest_cpus() {
	local i
	for ((i = 0; i < config[vcpus]; i++)); do
		printf '"%d", ' "$((config[vcpus] > 1 ? 1 + i % 2 : 0))"
	done
}

# The guest's configuration for xl.  tsc_mode: the emulator reports RDTSCP as
# RDTSC, so it must not be intercepted.
guest_config() {
	cat <<-END
		name = "guest"
		type = "${config[guest_type]}"
		memory = ${config[mem]}
		vcpus = ${config[vcpus]}
		cpus = [ $(guest_cpus) ]
		tsc_mode = "native"
		disk = [
			$(guest_boot_disk)
			"format=raw,vdev=xvdb,access=rw,backendtype=phy,script=/etc/xen/block,target=/dev/loop0",
			"format=raw,vdev=xvdc,access=rw,backendtype=qdisk,target=/lab/xvdc.img",
			"format=raw,vdev=xvdd,access=rw,backendtype=phy,script=/etc/xen/block,target=/dev/loop1",
		]
		vif = [ "mac=00:16:3e:00:00:01,type=vif,script=/etc/xen/vif" ]
		on_poweroff = "destroy"
		on_reboot = "destroy"
		on_crash = "destroy"
		${config[guest_config]}
	END
	[ -z "${config[ioports]}" ] || echo "ioports = [ \"${config[ioports]}\" ]"
	"guest_config_${config[guest_type]}"
}

# What UEFI boots from (uefi.sh).  xvda to xvdd are also emulated, as IDE, which is slow.
guest_boot_disk() {
	[ "${config[firmware]}" = ovmf ] || return 0
	echo '"format=raw,vdev=xvde,access=rw,backendtype=qdisk,target=/lab/boot/uefi.img",'
}

guest_config_pvh() {
	cat <<-END
		cmdline = "$(guest_kernel_args)"
		kernel = "/lab/boot/vmlinuz"
		ramdisk = "/lab/boot/initrd"
	END
}

guest_config_hvm() {
	cat <<-END
		hap = ${config[hap]}
		viridian = ${config[viridian]}
		xen_platform_pci = 1
		vga = "none"
		vnc = 0
		sdl = 0
		usb = 0
		serial = "none"
	END
	"guest_config_${config[firmware]}"
}

guest_config_seabios() {
	cat <<-END
		bios = "seabios"
		cmdline = "$(guest_kernel_args)"
		kernel = "/lab/boot/stub"
		device_model_args_hvm = [
			"-device", "loader,file=/lab/boot/kernel,addr=$kernel_addr,force-raw=on",
			"-device", "loader,file=/lab/boot/initrd,addr=$initrd_addr,force-raw=on",
		]
	END
}

guest_config_ovmf() {
	cat <<-END
		bios = "ovmf"
		bios_path_override = "/lab/boot/OVMF.fd"
	END
}
