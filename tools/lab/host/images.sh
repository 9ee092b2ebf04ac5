# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of the other sourced files
# Sourced: the images that the emulated machine boots, made from a tree of
# packages (fetch.sh).  None of them depends on a scenario or on the driver.
#
#	build/lab/images-SUITE/			SUITE: of the Xen release
#		vmlinux, dom0.cpio			dom0
#		guest/{stub,kernel,initrd,vmlinuz}	the guest, HVM and PVH
#		bin/{dom0,guest}/NAME			the lab's own programs

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Where the device model puts an HVM guest's kernel and initramfs.
kernel_addr=0x1000000
initrd_addr=0xa000000

hash_of() {
	cat "$@" | sha256sum | cut -c1-16
}

# compile_static ROOT SOURCE OUT - with libxen of the same packages as Xen, which
# may have been built for a newer libc than ours.
compile_static() {
	local libxen=(-lxen{store,ctrl,call,evtchn,gnttab,foreignmemory,devicemodel,toolcore,toollog})

	gcc -O2 -g0 -Wall -Wextra -D_GNU_SOURCE -static -s -I"$1/usr/include" -I"$lab/src" \
		-o "$3" "$2" -L"$1/usr/lib/x86_64-linux-gnu" \
		-Wl,--start-group "${libxen[@]}" -Wl,--end-group -lpthread \
		-Wl,--defsym=__isoc23_strtol=strtol,--defsym=__isoc23_strtoul=strtoul ||
		die "cannot compile $2"
}

# The programs of dom0/, guest/ and (both sides) src/.
build_programs() {
	local root=$1 out=$2 stamp source side

	stamp=$( (cd "$lab" && sha256sum -- */*.[ch] host/images.sh && cat "$root/complete") |
		sha256sum | cut -c1-16)
	[ "$(cat "$out/stamp" 2>/dev/null)" != "$stamp" ] || return 0
	step "compiling the lab's programs"
	rm -rf "$out"
	mkdir -p "$out"/{dom0,guest}
	for side in dom0 guest; do
		for source in "$lab/$side"/*.c "$lab"/src/*.c; do
			[ -e "$source" ] || continue
			compile_static "$root" "$source" "$out/$side/$(basename "$source" .c)"
		done
	done
	gcc -O2 -Wall -Wextra -o "$out/bzimage" "$lab/host/bzimage.c" || die "cannot compile bzimage.c"
	echo "$stamp" >"$out/stamp"
}

put_busybox() {
	local root=$1 image=$2 applet

	mkdir -p "$image"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,run,tmp,root,etc,mnt,host,lab,lib/modules}
	cp "$root/bin/busybox" "$image/bin/busybox"
	for applet in $("$root/bin/busybox" --list); do
		[ "$applet" = busybox ] || ln -sf busybox "$image/bin/$applet"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$image/etc/passwd"
}

put_modules() {
	local root=$1 image=$2 module file
	shift 2

	for module; do
		! grep -q "/$module.ko$" "$root"/lib/modules/*/modules.builtin 2>/dev/null || continue
		file=$(find "$root/lib/modules" -name "$module.ko")
		[ -n "$file" ] || die "the kernel package has no module $module"
		install -m644 "$file" "$image/lib/modules/"
	done
}

pack_cpio() {
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet --reproducible) >"$2"
}

kernel_of() {
	echo "$1"/boot/vmlinuz-*
}

extract_vmlinux() {
	local bzimage=$1 vmlinux=$2 tools=$3

	"$tools/bzimage" payload "$bzimage" "$vmlinux.packed" || die "cannot read $bzimage"
	case $(head -c 4 "$vmlinux.packed" | od -An -tx1 | tr -d ' ') in
	fd377a58) xz -dc --single-stream "$vmlinux.packed" >"$vmlinux.full" ;;
	28b52ffd) zstd -qdc "$vmlinux.packed" >"$vmlinux.full" ;;
	1f8b*) gzip -dc "$vmlinux.packed" >"$vmlinux.full" ;;
	*) die "unknown compression of $bzimage" ;;
	esac || true
	# A length follows in the payload, which some of them complain about; whether the
	# kernel is whole shows here, and what follows its last section is dropped.
	strip -o "$vmlinux" "$vmlinux.full" || die "cannot strip $vmlinux.full"
	rm -f "$vmlinux.packed" "$vmlinux.full"
}

build_guest_images() {
	local root=$1 out=$2 tools=$3 image=$2/tree

	mkdir -p "$out"
	put_busybox "$root" "$image"
	put_modules "$root" "$image" xen-blkfront xen-netfront xen-evtchn xen-privcmd \
		xen-gntdev xen-gntalloc xenfs
	# Not all kernels have it; the scenario that uses it says so.
	[ -z "$(find "$root/lib/modules" -name msr.ko)" ] || put_modules "$root" "$image" msr
	install -m755 "$lab/guest/init" "$image/init"
	install -m755 "$tools/guest/agent" "$image/bin/agent"
	pack_cpio "$image" "$out/initrd"
	rm -rf "$image"
	cp "$(kernel_of "$root")" "$out/vmlinuz"
	"$tools/bzimage" split "$out/vmlinuz" $kernel_addr $initrd_addr \
		"$(stat -c %s "$out/initrd")" "$out/stub" "$out/kernel" ||
		die "cannot split $out/vmlinuz"
}

# The shared libraries of some programs, by the loader of the same tree.
libraries_of() {
	local root=$1 dirs
	shift

	dirs=$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu
	dirs+=:$root/usr/lib/x86_64-linux-gnu/pulseaudio
	for program; do
		"$root/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$dirs" \
			--list "$program" || die "libraries of $program are missing"
	done | awk '$3 ~ /^\// { print $3 }' | sort -u
}

# The device model: its place depends on the Xen release, which has it built in.
device_model_of() {
	local root=$1 name

	for name in usr/libexec/xen-qemu-system-i386 usr/bin/qemu-system-i386; do
		[ ! -e "$root/$name" ] || { echo "$name" && return 0; }
	done
	die "there is no device model in $root"
}

put_toolstack() {
	local root=$1 image=$2 release=$3 dir=usr/lib/xen-$3 name library qemu

	qemu=$(device_model_of "$root") || exit 1
	mkdir -p "$image"/{lib64,lib/x86_64-linux-gnu,"$dir"/{bin,boot}} "$image/$(dirname "$qemu")" \
		"$image"/usr/share/{seabios,qemu/keymaps} "$image"/{run/{xen,xenstored},etc/xen} \
		"$image"/var/{lib/xen,log/xen/console,lock}
	ln -s /run "$image/var/run"
	for name in xl xenstored xenconsoled xenconsole xen-init-dom0 libxl-save-helper \
		xen-hvmctx xen-diag xenctx lsevtchn; do
		install -m755 "$root/$dir/bin/$name" "$image/$dir/bin/"
	done
	for name in read write ls rm list; do
		install -m755 "$root/usr/bin/xenstore-$name" "$image/usr/bin/"
	done
	install -m755 "$root/$dir/boot/hvmloader" "$image/$dir/boot/"
	install -m755 "$root/$qemu" "$image/$qemu"
	cp "$root/usr/share/seabios/bios-256k.bin" "$image/usr/share/seabios/"
	cp "$root"/usr/share/qemu/{linuxboot.bin,linuxboot_dma.bin,kvmvapic.bin} "$image/usr/share/qemu/"
	cp "$root/usr/share/qemu/keymaps/en-us" "$image/usr/share/qemu/keymaps/"
	cp -r "$root/etc/xen/scripts" "$image/etc/xen/scripts"
	: >"$image/etc/xen/xl.conf"
	ln -s busybox "$image/bin/bash" # Xen's own hotplug scripts ask for it

	install -m755 "$root/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$image/lib64/"
	for library in $(libraries_of "$root" "$image/$dir"/bin/* "$image"/usr/bin/xenstore-* \
		"$image/$qemu"); do
		install -m755 "$library" "$image/lib/x86_64-linux-gnu/"
	done
	echo "XEN_VERSION=$release" >"$image/etc/lab-release"
}

# build_dom0_image BASE TOOLS OUT XEN_RELEASE - kernel and busybox from one tree,
# the toolstack from another.
build_dom0_image() {
	local base=$1 tools=$2 out=$3 release=$4 image=$3/tree

	put_busybox "$base" "$image"
	put_modules "$base" "$image" xen-evtchn xen-privcmd xen-gntdev xen-gntalloc xenfs \
		xen-blkback xen-netback loop virtio virtio_ring virtio_pci \
		virtio_pci_modern_dev virtio_pci_legacy_dev virtio_console \
		9pnet 9pnet_virtio netfs fscache 9p configfs null_blk
	put_toolstack "$tools" "$image" "$release"
	install -m755 "$lab"/dom0/hotplug/* "$image/etc/xen/"
	install -m644 "$lab"/dom0/leg-*.sh "$image/etc/"
	install -m755 "$lab/dom0/init" "$image/init"
	pack_cpio "$image" "$out/dom0.cpio"
	rm -rf "$image"
}

# build_images XEN_RELEASE - leaves the directory with the images in $images, the trees
# of packages in $base and $toolstack.  Errors have to be fatal (build-images).
build_images() {
	local release=$1 stamp

	need gcc libc6-dev binutils cpio xz-utils zstd qemu-system-x86
	base=$(fetch_base)
	toolstack=$(fetch_root "$release")
	xen_release "$release"
	images=$build/lab/images-$xen_suite
	build_programs "$toolstack" "$images/bin"
	stamp=$(hash_of "$base/complete" "$toolstack/complete" "$images/bin/guest/agent" \
		"$lab"/{guest,dom0}/init "$lab"/dom0/leg-*.sh "$lab"/dom0/hotplug/* "$lab"/host/{bzimage.c,images.sh})
	[ "$(cat "$images/stamp" 2>/dev/null)" != "$stamp" ] || return 0
	step "making the images of dom0 with Xen $release, and of the guest"
	rm -rf "$images/guest" "$images/tree" "$images/stamp"
	build_guest_images "$base" "$images/guest" "$images/bin"
	extract_vmlinux "$(kernel_of "$base")" "$images/vmlinux" "$images/bin"
	build_dom0_image "$base" "$toolstack" "$images" "$release"
	echo "$stamp" >"$images/stamp"
}
