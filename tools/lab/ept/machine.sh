# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2034 # variables of the other sourced files
# Sourced: the emulated machine with EPT, a Bochs of our own (build-bochs).  It
# boots again for each scenario.  The machine with SVM is host/machine.sh.
#
# A machine runs in a directory:
#	disk.img	what it boots from: GRUB, Xen, dom0 and the files of the run
#	serial.log	the first serial port: Xen's and dom0's console
#	line.out	the second one, a pipe: the line from dom0
#	bochs.log	what Bochs says, ept.log: every mapping of a guest's page

# The disk has a whole number of cylinders of 16 heads and 63 sectors.
cylinder=$((16 * 63 * 512))

# ept_check - in $why, what the emulator does not have.
ept_check() {
	[ "${config[vcpus]}" = 1 ] || why="the EPT leg has one CPU"
	[ "${config[guest_type]}" = hvm ] || why="the EPT leg has HVM guests only"
	[ "${config[firmware]}" = seabios ] || why="the EPT leg has guests with SeaBIOS only"
	[ "${config[dom0_mem]}" -le 1024 ] || why="the EPT leg has 1024 MiB for dom0 at most"
}

ept_xen_args() {
	echo "$(xen_args) pv-l1tf=no watchdog=0 sched=credit ept=exec-sp" \
		"conring_size=8M serial_tx_buffer=4M"
}

ept_dom0_args() {
	echo "$(dom0_args) nokaslr random.trust_cpu=on lab.leg=ept"
}

ept_grub_config() {
	cat <<-END
		set timeout=0
		menuentry lab {
			multiboot2 /boot/xen $(ept_xen_args)
			module2 /boot/vmlinux $(ept_dom0_args)
			module2 --nounzip /boot/initrd
		}
	END
}

# The guest's kernel as it is when it has unpacked itself, in images/unpacked:
# stub, kernel and initrd as guest/ has them.
ept_guest_kernel() {
	local out=$images/unpacked stamp entry

	stamp=$(hash_of "$images/stamp" "$lab/ept/entry64.S" "$lab/ept/machine.sh")
	[ "$(cat "$out/stamp" 2>/dev/null)" != "$stamp" ] || return 0
	step "unpacking the guest's kernel"
	rm -rf "$out"
	mkdir -p "$out" &&
		cp -l "$images/guest/initrd" "$out/" &&
		extract_vmlinux "$images/guest/vmlinuz" "$out/vmlinux" "$images/bin" || return 1
	[ "$(ept_load_address "$out/vmlinux")" = $((kernel_addr)) ] ||
		die "the guest's kernel is not made for $kernel_addr"
	entry=$(ept_entry "$out/vmlinux")
	objcopy -O binary "$out/vmlinux" "$out/kernel" || die "cannot convert $out/vmlinux"
	ept_stub "$out" "$entry" || die "cannot build $lab/ept/entry64.S"
	rm "$out/vmlinux"
	echo "$stamp" >"$out/stamp"
}

ept_load_address() {
	echo $(($(readelf -lW "$1" | awk '$1 == "LOAD" { print $4; exit }')))
}

# The first byte of Debian's 6.1, somewhere behind it in kernels that can also be PV guests.
ept_entry() {
	echo $(($(readelf -h "$1" | sed -n 's/.*Entry point address: *//p')))
}

# The real-mode part of the guest's bzImage, and entry64.S.
ept_stub() {
	local out=$1 entry=$2 size

	size=$(stat -c %s "$out/initrd")
	gcc -m32 -c -o "$out/entry.o" "$lab/ept/entry64.S" -DKERNEL_ENTRY="$entry" \
		-DINITRD_ADDR="$initrd_addr" -DINITRD_SIZE="$size" || return 1
	ld -m elf_i386 -Ttext=0x100000 --oformat binary -o "$out/entry" "$out/entry.o" || return 1
	"$images/bin/bzimage" stub "$images/guest/vmlinuz" "$out/entry" "$out/stub" || return 1
	rm "$out/entry" "$out/entry.o"
}

# What QEMU's machine has in the directory of the host comes with the initramfs.
ept_initrd() {
	local run=$1 out=$2 files=$1/files

	one_at_a_time unpacked ept_guest_kernel &&
		mkdir -p "$files/host/boot" &&
		cp -l "$images"/unpacked/{stub,kernel,initrd} "$files/host/boot/" &&
		guest_config >"$files/host/boot/guest.cfg" &&
		mv "$run/job" "$files/host/job" &&
		pack_cpio "$files" "$run/files.cpio" &&
		cat "$images/dom0.cpio" "$run/files.cpio" >"$out" &&
		rm -rf "$files" "$run/files.cpio"
}

# ept_disk RUN - needs config[], images, xen, and RUN/job.
ept_disk() {
	local run=$1 tree=$1/disk size

	mkdir -p "$tree/boot/grub" &&
		cp "$xen" "$tree/boot/xen" &&
		cp -l "$images/vmlinux" "$tree/boot/" &&
		ept_initrd "$run" "$tree/boot/initrd" &&
		ept_grub_config >"$tree/boot/grub/grub.cfg" &&
		grub-mkrescue -o "$run/disk.img" "$tree" --fonts= --locales= --themes= \
			--install-modules="biosdisk part_msdos iso9660 normal multiboot2" \
			>"$run/grub.log" 2>&1 || return 1
	size=$(stat -c %s "$run/disk.img") &&
		truncate -s $(((size + cylinder - 1) / cylinder * cylinder)) "$run/disk.img" &&
		rm -rf "$tree"
}

# One vCPU of a model that has EPT but no APIC virtualisation: with that, the
# guest's timer stops.
ept_bochs_config() {
	local mem=$((config[dom0_mem] + 1024))

	cat <<-END
		plugin_ctrl: unmapped=true
		cpu: model=corei7_ivy_bridge_3770k, count=1, ips=100000000, reset_on_triple_fault=0, ignore_bad_msrs=1
		memory: guest=$mem, host=$mem, block_size=4096
		romimage: file="$build/bochs/BIOS-bochs-latest"
		vgaromimage: file="$build/bochs/vgabios.bin"
		pci: enabled=1, chipset=i440fx
		ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
		ata0-master: type=disk, path="$1/disk.img", mode=flat
		boot: disk
		clock: sync=none, time0=1700000000
		com1: enabled=1, mode=file, dev="$1/serial.log"
		com2: enabled=1, mode=file, dev="$1/line.out"
		display_library: nogui
		log: "$1/bochs.log"
		panic: action=fatal
		error: action=ignore
		info: action=ignore
		debug: action=ignore
	END
}

# The emulator, and a module of the guest that some scenarios use.  A kernel that is no
# package has its headers in $KERNEL_HEADERS.
emulator_ept() {
	local out=$build/module/uncached-page-$kernel which=()

	builder bochs emulator "$tools/lab/ept/build-bochs" || return 1
	need grub-common grub-pc-bin mtools xorriso
	[ -z "$guest_kernel" ] || which=(--kernel "$guest_kernel")
	[ -z "${KERNEL_HEADERS:-}" ] || which=("$kernel")
	builder "uncached-page-$kernel" "uncached page" env DRIVER_SOURCE="$lab/ept/uncached-page" \
		MODULE_OUT="$out" "$tools/build-module" "${which[@]}" || return 1
	guest_modules=("$out/uncached-page.ko")
}

# ept_start RUN - needs config[], and the disk.
ept_start() {
	local run=$1

	machine_dir=$run
	ept_bochs_config "$run" >"$run/bochsrc"
	machine_pipe line
	: >"$run/serial.log"
	BOCHS_EPT_LOG=$run/ept.log "$build/bochs/bochs" -q -unlock -f "$run/bochsrc" \
		</dev/null >"$run/bochs.out" 2>&1 {lock_fd}>&- &
	machine_pid=$!
}
