// SPDX-License-Identifier: GPL-2.0-only
/*
 * guardtest host DOMID - try, from dom0, to map things in the range that DOMID
 *	has for its special pages.
 * guardtest foreign DOMID OTHER - make DOMID the device model of OTHER, which lets
 *	it have pages of OTHER's, and try, from dom0, to map one in its range.
 * guardtest guest - try, from inside, to get RAM there.
 * guardtest offer DOMID - grant a page to DOMID, print the reference, keep the
 *	page until stdin ends.
 * guardtest map DOMID REF - map DOMID's grant there, read it and unmap it: what
 *	the guard must let through.
 *
 * Prints "NAME: ERRNO" for each attempt, and succeeds if each got the errno
 * that it should.  What is mapped in spite of the guard is unmapped again.  Where
 * the first attempt shows that there is no guard, the ones that would take a page
 * from under the guest are skipped.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xendevicemodel.h>
#include <xengnttab.h>
#include <xen/domctl.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#define RANGE_GFN	0xfe700UL
#define RANGE_PAGES	256
#define TARGET_GFN	(RANGE_GFN + 0x10)

#define ORDER_2M	9
#define GUEST_RAM_GFN	0x8000UL	/* 128 MiB */
#define OTHER_RAM_GFN	0x200UL		/* 2 MiB */
#define VGA_MFN		0xa0UL		/* MMIO that dom0 may give away */

#define PAGE		4096
#define PATTERN		0x5a

static xc_interface *xc;
static xencall_handle *call;
static uint32_t domid;
static int unguarded;
static int failures;

static void die(const char *what)
{
	fprintf(stderr, "guardtest: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Of the hypercalls that libxenctrl has no function for, or hides the answer of. */
static int hypercall(unsigned int number, unsigned int command, void *arg, size_t size)
{
	void *buffer = xencall_alloc_buffer(call, size);
	int rc, saved;

	if (!buffer)
		die("hypercall buffer");
	memcpy(buffer, arg, size);
	if (number == __HYPERVISOR_domctl)
		rc = xencall1(call, number, (uintptr_t)buffer);
	else
		rc = xencall3(call, number, command, (uintptr_t)buffer, 1);
	saved = errno;
	memcpy(arg, buffer, size);
	xencall_free_buffer(call, buffer);
	errno = saved;
	return rc;
}

/* --- attempts from dom0: 0, or -1 with errno ------------------------------ */

/*
 * Xen answers how many extents it populated.  Not all of them, and no reason:
 * reported as ENOMEM, the usual one.
 */
static int populate(unsigned long gfn, unsigned int order, unsigned int flags)
{
	xen_pfn_t extent = gfn;
	int done = xc_domain_populate_physmap(xc, domid, 1, order, flags, &extent);

	if (done == 1) {
		xc_domain_decrease_reservation(xc, domid, 1, order, &extent);
		return 0;
	}
	if (!done)
		errno = ENOMEM;
	return -1;
}

static int populate_page(void)
{
	int rc = populate(TARGET_GFN, 0, 0);

	unguarded = !rc;
	return rc;
}

static int populate_first(void)
{
	return populate(RANGE_GFN, 0, 0);
}

static int populate_last(void)
{
	return populate(RANGE_GFN + RANGE_PAGES - 1, 0, 0);
}

/* A superpage that starts below the range. */
static int populate_around(void)
{
	return populate(RANGE_GFN & ~((1UL << ORDER_2M) - 1), ORDER_2M, 0);
}

static int populate_on_demand(void)
{
	return populate(TARGET_GFN, 0, XENMEMF_populate_on_demand);
}

/* The neighbours are nobody's: what shows that the attempts as such are right. */
static int populate_below(void)
{
	return populate(RANGE_GFN - 1, 0, 0);
}

static int populate_above(void)
{
	return populate(RANGE_GFN + RANGE_PAGES, 0, 0);
}

/* Of two extents, the first outside: populated, and the second not. */
static int populate_across(void)
{
	xen_pfn_t extents[] = { RANGE_GFN - 1, RANGE_GFN };
	int done = xc_domain_populate_physmap(xc, domid, 2, 0, 0, extents);

	if (done > 0)
		xc_domain_decrease_reservation(xc, domid, done, 0, extents);
	if (done == 1)
		return 0;
	if (done >= 0)
		errno = ERANGE;
	return -1;
}

static int add(unsigned int space, unsigned long index)
{
	return xc_domain_add_to_physmap(xc, domid, space, index, TARGET_GFN);
}

static int add_shared_info(void)
{
	return add(XENMAPSPACE_shared_info, 0);
}

static int add_grant_frame(void)
{
	return add(XENMAPSPACE_grant_table, 0);
}

static unsigned int grant_frames(void)
{
	struct gnttab_query_size query = { .dom = domid };

	if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_query_size, &query, sizeof(query)) ||
	    query.status)
		die("grant table query_size");
	return query.nr_frames;
}

/* A frame that the table does not have yet: mapping it makes the table grow. */
static int add_new_grant_frame(void)
{
	unsigned int frames = grant_frames();
	int rc = add(XENMAPSPACE_grant_table, frames);
	int saved = errno;

	if (grant_frames() != frames) {
		errno = EUCLEAN;
		return -1;
	}
	errno = saved;
	return rc;
}

static int add_ram(void)
{
	return add(XENMAPSPACE_gmfn, GUEST_RAM_GFN);
}

static int add_grant_frame_batch(void)
{
	xen_ulong_t index = 0;
	xen_pfn_t gfn = TARGET_GFN;
	int error = 0;

	if (xc_domain_add_to_physmap_batch(xc, domid, 0, XENMAPSPACE_grant_table, 1,
					   &index, &gfn, &error))
		return -1;
	errno = -error;
	return error ? -1 : 0;
}

/* What a device model has a call of its own for, to move the memory of a display. */
static int relocate(unsigned long gfn, unsigned int pages)
{
	xendevicemodel_handle *model = xendevicemodel_open(NULL, 0);
	int rc, saved;

	if (!model)
		die("device model");
	rc = xendevicemodel_relocate_memory(model, domid, pages, GUEST_RAM_GFN, gfn);
	saved = errno;
	xendevicemodel_close(model);
	errno = saved;
	return rc;
}

static int relocate_ram(void)
{
	return relocate(TARGET_GFN, 1);
}

/*
 * Requests for two pages of the guest's RAM, the first to go just below the range.
 * It is moved, and has to go back; the guest must not lose it in that time.
 */
static int across(int (*request)(void))
{
	int rc, saved;

	if (xc_domain_pause(xc, domid))
		die("pause");
	rc = request();
	saved = errno;
	if (xc_domain_add_to_physmap(xc, domid, XENMAPSPACE_gmfn, RANGE_GFN - 1, GUEST_RAM_GFN))
		die("the page below the range was not moved, or cannot go back");
	if (xc_domain_unpause(xc, domid))
		die("unpause");
	errno = saved;
	return rc;
}

static int move_range(void)
{
	struct xen_add_to_physmap request = {
		.domid = domid, .size = 2, .space = XENMAPSPACE_gmfn_range,
		.idx = GUEST_RAM_GFN, .gpfn = RANGE_GFN - 1,
	};

	return hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, &request,
			 sizeof(request));
}

static int move_batch(void)
{
	xen_ulong_t from[] = { GUEST_RAM_GFN, GUEST_RAM_GFN + 1 };
	xen_pfn_t to[] = { RANGE_GFN - 1, RANGE_GFN };
	int errors[2] = { 0 };

	if (xc_domain_add_to_physmap_batch(xc, domid, 0, XENMAPSPACE_gmfn, 2, from, to, errors))
		return -1;
	errno = -errors[1];
	return errors[1] ? -1 : 0;
}

static int relocate_two(void)
{
	return relocate(RANGE_GFN - 1, 2);
}

static int range_across(void)
{
	return across(move_range);
}

static int batch_across(void)
{
	return across(move_batch);
}

static int relocate_across(void)
{
	return across(relocate_two);
}

/* xc_domain_memory_mapping() loses the error in undoing what was mapped. */
static int memory_mapping(int add, unsigned long gfn, unsigned long mfn, unsigned long pages)
{
	struct xen_domctl domctl = {
		.cmd = XEN_DOMCTL_memory_mapping,
		.interface_version = XEN_DOMCTL_INTERFACE_VERSION,
		.domain = domid,
		.u.memory_mapping = {
			.first_gfn = gfn,
			.first_mfn = mfn,
			.nr_mfns = pages,
			.add_mapping = add,
		},
	};

	return hypercall(__HYPERVISOR_domctl, 0, &domctl, sizeof(domctl));
}

static int map_page(void)
{
	int rc = memory_mapping(DPCI_ADD_MAPPING, TARGET_GFN, VGA_MFN, 1);

	if (!rc && memory_mapping(DPCI_REMOVE_MAPPING, TARGET_GFN, VGA_MFN, 1))
		die("cannot unmap MMIO");
	return rc;
}

/* Xen answers how many of the two it mapped, for the toolstack to ask for the rest. */
static int map_two(void)
{
	int done = memory_mapping(DPCI_ADD_MAPPING, RANGE_GFN - 1, VGA_MFN, 2);
	int rc, saved;

	if (done < 0)
		return done;
	rc = done ? memory_mapping(DPCI_ADD_MAPPING, RANGE_GFN, VGA_MFN + 1, 1) : 0;
	saved = errno;
	if (memory_mapping(DPCI_REMOVE_MAPPING, RANGE_GFN - 1, VGA_MFN, rc ? 1 : 2))
		die("cannot unmap MMIO");
	errno = saved;
	return rc;
}

/* Without the permission Xen says EPERM for a reason that isn't the guard. */
static int with_mmio(int (*attempt)(void))
{
	int rc, saved;

	if (xc_domain_iomem_permission(xc, domid, VGA_MFN, 2, 1))
		die("iomem_permission");
	rc = attempt();
	saved = errno;
	if (xc_domain_iomem_permission(xc, domid, VGA_MFN, 2, 0))
		die("iomem_permission");
	errno = saved;
	return rc;
}

static int map_mmio(void)
{
	return with_mmio(map_page);
}

static int mmio_across(void)
{
	return with_mmio(map_two);
}

/* Where the guest's grant table is: what is there must not go before the refusal. */
static uint32_t other_domid;

static int add_foreign(void)
{
	xen_ulong_t index = OTHER_RAM_GFN;
	xen_pfn_t gfn = RANGE_GFN;
	int error = 0;

	if (xc_domain_set_target(xc, domid, other_domid))
		die("set_target");
	if (xc_domain_add_to_physmap_batch(xc, domid, other_domid, XENMAPSPACE_gmfn_foreign, 1,
					   &index, &gfn, &error))
		return -1;
	errno = -error;
	return error ? -1 : 0;
}

/* --- attempts from inside ------------------------------------------------- */

static unsigned char *page;

static unsigned long page_gfn(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (fd < 0 || pread(fd, &entry, 8, (uintptr_t)page / PAGE * 8) != 8 || !(entry >> 63))
		die("/proc/self/pagemap");
	close(fd);
	return entry & ((1ULL << 55) - 1);
}

static void page_alloc(void)
{
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		die("mmap");
	memset(page, PATTERN, PAGE);
	if (mlock(page, PAGE))
		die("mlock");
}

/* A refused request must not have taken the page away. */
static int page_lost(void)
{
	for (int i = 0; i < PAGE; i++)
		if (page[i] != PATTERN)
			return 1;
	return 0;
}

static int move_page(void)
{
	unsigned long gfn = page_gfn();
	int rc = add(XENMAPSPACE_gmfn, gfn);

	if (!rc)
		xc_domain_add_to_physmap(xc, domid, XENMAPSPACE_gmfn, TARGET_GFN, gfn);
	return rc;
}

static int exchange_page(void)
{
	xen_pfn_t in = page_gfn(), out = TARGET_GFN;

	return xc_domain_memory_exchange_pages(xc, domid, 1, 0, &in, 1, 0, &out);
}

/* --- tables --------------------------------------------------------------- */

struct attempt {
	const char *name;
	int (*run)(void);
	int want;
	int takes_page;
};

static const struct attempt host_attempts[] = {
	{ "populate", populate_page, EPERM, 0 },
	{ "populate-first", populate_first, EPERM, 0 },
	{ "populate-last", populate_last, EPERM, 0 },
	{ "populate-around", populate_around, EPERM, 0 },
	{ "populate-on-demand", populate_on_demand, EPERM, 0 },
	{ "populate-below", populate_below, 0, 0 },
	{ "populate-above", populate_above, 0, 0 },
	{ "populate-across", populate_across, 0, 0 },
	{ "shared-info", add_shared_info, EPERM, 1 },
	{ "grant-frame", add_grant_frame, EPERM, 1 },
	{ "grant-frame-batch", add_grant_frame_batch, EPERM, 1 },
	{ "new-grant-frame", add_new_grant_frame, EPERM, 1 },
	{ "ram", add_ram, EPERM, 1 },
	{ "relocate", relocate_ram, EPERM, 1 },
	{ "range-across", range_across, EPERM, 1 },
	{ "batch-across", batch_across, EPERM, 1 },
	{ "relocate-across", relocate_across, EPERM, 1 },
	{ "mmio", map_mmio, EPERM, 0 },
	{ "mmio-across", mmio_across, EPERM, 0 },
	{ NULL, NULL, 0, 0 }
};

static const struct attempt foreign_attempts[] = {
	{ "foreign", add_foreign, EPERM, 0 },
	{ NULL, NULL, 0, 0 }
};

/* Xen exchanges no pages of HVM guests, wherever they are. */
static const struct attempt guest_attempts[] = {
	{ "populate", populate_page, EPERM, 0 },
	{ "populate-first", populate_first, EPERM, 0 },
	{ "populate-last", populate_last, EPERM, 0 },
	{ "populate-around", populate_around, EPERM, 0 },
	{ "move", move_page, EPERM, 0 },
	{ "exchange", exchange_page, EOPNOTSUPP, 0 },
	{ NULL, NULL, 0, 0 }
};

static void report(const char *name, int got, int want)
{
	printf("%s: %s", name, got ? strerrorname_np(got) : "OK");
	if (got != want) {
		printf(", not %s", want ? strerrorname_np(want) : "OK");
		failures++;
	}
	putchar('\n');
}

static void run(const struct attempt *attempt)
{
	for (; attempt->name; attempt++) {
		if (unguarded && attempt->takes_page)
			printf("%s: skipped\n", attempt->name);
		else
			report(attempt->name, attempt->run() ? errno : 0, attempt->want);
	}
}

/* --- grants --------------------------------------------------------------- */

static void offer(void)
{
	xengntshr_handle *shr = xengntshr_open(NULL, 0);
	uint32_t ref;
	char byte;

	if (!shr)
		die("gntalloc");
	page = xengntshr_share_pages(shr, domid, 1, &ref, 0);
	if (!page)
		die("share");
	memset(page, PATTERN, PAGE);
	printf("%u\n", ref);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	xengntshr_unshare(shr, page, 1);
}

/* What is mapped shows in guest-physical memory: 0, or an errno. */
static int check_target(void)
{
	int fd = open("/dev/mem", O_RDONLY);
	const unsigned char *target;
	int i, error = 0;

	if (fd < 0)
		return errno;
	target = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, (off_t)TARGET_GFN * PAGE);
	close(fd);
	if (target == MAP_FAILED)
		return errno;
	for (i = 0; i < PAGE && !error; i++)
		error = target[i] == PATTERN ? 0 : EIO;
	munmap((void *)target, PAGE);
	return error;
}

static void map(uint32_t ref)
{
	struct gnttab_map_grant_ref map = {
		.host_addr = TARGET_GFN * PAGE, .flags = GNTMAP_host_map | GNTMAP_readonly,
		.ref = ref, .dom = domid,
	};
	struct gnttab_unmap_grant_ref unmap = { .host_addr = TARGET_GFN * PAGE };

	if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, &map, sizeof(map)))
		die("map_grant_ref");
	report("map-grant", map.status ? EPERM : 0, 0);
	if (map.status) {
		fprintf(stderr, "guardtest: grant status %d\n", map.status);
		return;
	}
	report("read-grant", check_target(), 0);
	unmap.handle = map.handle;
	if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, &unmap,
		      sizeof(unmap)))
		die("unmap_grant_ref");
	report("unmap-grant", unmap.status ? EIO : 0, 0);
}

/* -------------------------------------------------------------------------- */

/* Linux refuses a guest's hypercalls on its own, with an errno like the guard's. */
static void open_xen(void)
{
	xc = xc_interface_open(NULL, NULL, 0);
	call = xencall_open(NULL, 0);
	if (!xc || !call)
		die("/dev/xen/privcmd");
	if (xc_version(xc, XENVER_version, NULL) < 0)
		die("no hypercalls (guests: insmod xen-privcmd.ko unrestricted=1)");
}

static int usage(void)
{
	fputs("usage: guardtest host DOMID | foreign DOMID OTHER | guest |\n"
	      "       offer DOMID | map DOMID REF\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	open_xen();
	if (argc > 2)
		domid = strtoul(argv[2], NULL, 10);

	if (!strcmp(command, "host") && argc == 3) {
		run(host_attempts);
	} else if (!strcmp(command, "foreign") && argc == 4) {
		other_domid = strtoul(argv[3], NULL, 10);
		run(foreign_attempts);
	} else if (!strcmp(command, "guest") && argc == 2) {
		domid = DOMID_SELF;
		page_alloc();
		run(guest_attempts);
		report("page-kept", page_lost() ? EIO : 0, 0);
	} else if (!strcmp(command, "offer") && argc == 3) {
		offer();
	} else if (!strcmp(command, "map") && argc == 4) {
		map(strtoul(argv[3], NULL, 10));
	} else {
		return usage();
	}
	return failures > 0;
}
