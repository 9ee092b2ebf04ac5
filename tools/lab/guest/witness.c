// SPDX-License-Identifier: GPL-2.0-only
/*
 * witness DOMID FRAMES - tell from inside where the guest's special pages are, and
 *	whether so many of its grant frames work: those that have entries for it.  The
 *	entries of the first ones are in use by the disks and the network, or kept for them.
 *	For each line of /run/ask, a list of gfns, it writes a line to /run/tell:
 *
 *	grant=GFN,GFN,...	where Xen has each grant frame; none: nowhere
 *	ram=0,1,...		is there a page at each gfn of the list?
 *	pages=N			of RAM that the domain has
 *	ports=N			event channels that are open
 *	bad=FRAME,...		grant frames that do not work
 *
 * A frame works if a grant that the kernel writes into it now leads Xen to the page: the
 * guest copies from its own grant.  The kernel's list of free entries is a stack, so an
 * entry that is given up is the next one.  DOMID is the guest's own.
 *
 * Needs a privcmd device that lets every hypercall through, and gntalloc with a limit of
 * some thousand pages.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/hvm/hvm_op.h>
#include <xen/memory.h>
#include <xen/sys/gntalloc.h>

#define PAGE		4096U
#define ENTRIES		(PAGE / sizeof(grant_entry_v1_t))
#define MOST_FRAMES	64U
#define BATCH		64U
#define MOST_BATCHES	(MOST_FRAMES * ENTRIES / BATCH)
#define TRIES		8
#define MOST_PORTS	64U

struct grant {
	uint64_t index;		/* gntalloc's number, where it is mapped, too */
	uint32_t ref;
};

static xencall_handle *call;
static int gntalloc;
static unsigned int domid, frames;
static unsigned int nr_held;
static struct grant held[MOST_FRAMES];	/* grants, each in another frame */
static uint64_t *copy;			/* where Xen copies to */
static uint64_t copy_gfn;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static long hypercall(unsigned int number, unsigned int command, void *arg, size_t size)
{
	void *buffer = xencall_alloc_buffer(call, size);
	long rc;

	if (!buffer)
		die("hypercall buffer");
	memcpy(buffer, arg, size);
	rc = xencall3(call, number, command, (uintptr_t)buffer, 1);
	memcpy(arg, buffer, size);
	xencall_free_buffer(call, buffer);
	return rc;
}

/* --- grants of our own --- */

/* Fails if nothing is free. */
static bool grant(struct grant *grants, unsigned int nr)
{
	static struct ioctl_gntalloc_alloc_gref *request;

	if (!request)
		request = malloc(sizeof(*request) + BATCH * sizeof(request->gref_ids[0]));
	if (!request)
		die("no memory");
	request->domid = domid;
	request->flags = GNTALLOC_FLAG_WRITABLE;
	request->count = nr;
	if (ioctl(gntalloc, IOCTL_GNTALLOC_ALLOC_GREF, request))
		return false;
	for (unsigned int i = 0; i < nr; i++) {
		grants[i].index = request->index + i * PAGE;
		grants[i].ref = request->gref_ids[i];
	}
	return true;
}

static void give_up(const struct grant *grants, unsigned int nr)
{
	struct ioctl_gntalloc_dealloc_gref request = { .index = grants->index, .count = nr };

	if (ioctl(gntalloc, IOCTL_GNTALLOC_DEALLOC_GREF, &request))
		die("gntalloc: give up grants");
}

static unsigned int frame_of(const struct grant *grant)
{
	return grant->ref / ENTRIES;
}

/* Keeps a grant of each frame that has none yet; returns how many it keeps. */
static unsigned int keep_grants(const struct grant *grants, unsigned int nr)
{
	static bool seen[MOST_FRAMES];
	unsigned int kept = 0, frame;

	for (unsigned int i = 0; i < nr && nr_held < frames; i++) {
		frame = frame_of(&grants[i]);
		if (frame >= MOST_FRAMES || seen[frame])
			continue;
		seen[frame] = true;
		held[nr_held++] = grants[i];
		kept++;
	}
	return kept;
}

/* Use entries until enough frames have had one, many at a time. */
static void use_frames(void)
{
	static struct grant batches[MOST_BATCHES][BATCH];
	bool keep[MOST_BATCHES];
	unsigned int nr;

	for (nr = 0; nr_held < frames && nr < MOST_BATCHES && grant(batches[nr], BATCH); nr++)
		keep[nr] = keep_grants(batches[nr], BATCH);
	if (nr_held < frames)
		die("gntalloc: no grants in so many frames");
	while (nr--)
		if (!keep[nr])
			give_up(batches[nr], BATCH);
}

/* A new grant in that frame; those in others, which others had given up, are given up again. */
static bool grant_in(unsigned int frame, struct grant *result)
{
	struct grant tried[TRIES];
	bool found = false;
	int nr = 0;

	while (!found && nr < TRIES && grant(&tried[nr], 1))
		found = frame_of(&tried[nr++]) == frame;
	if (found)
		*result = tried[--nr];
	while (nr--)
		give_up(&tried[nr], 1);
	return found;
}

static bool xen_copies(const struct grant *grant)
{
	struct gnttab_copy request = {
		.source.u.ref = grant->ref,
		.source.domid = DOMID_SELF,
		.dest.u.gmfn = copy_gfn,
		.dest.domid = DOMID_SELF,
		.len = PAGE,
		.flags = GNTCOPY_source_gref,
	};

	return !hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_copy, &request,
			  sizeof(request)) && request.status == GNTST_okay;
}

/* What is written to the page now is what Xen finds by the grant. */
static bool reaches_xen(const struct grant *grant)
{
	static uint64_t number;
	uint64_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, gntalloc,
			      grant->index);
	bool same;

	if (page == MAP_FAILED)
		die("gntalloc: map a page");
	page[0] = ++number;
	page[PAGE / sizeof(*page) - 1] = ~number;
	memset(copy, 0, PAGE);
	same = xen_copies(grant) && !memcmp(page, copy, PAGE);
	munmap(page, PAGE);
	return same;
}

/* Give up a grant, and make a new one in the same frame: does that reach Xen? */
static bool frame_works(struct grant *grant)
{
	unsigned int frame = frame_of(grant);

	give_up(grant, 1);
	if (!grant_in(frame, grant))
		die("no grant in that frame");
	return reaches_xen(grant);
}

static void tell_bad(FILE *out)
{
	const char *comma = "";

	fputs(" bad=", out);
	for (unsigned int i = 0; i < nr_held; i++) {
		if (frame_works(&held[i]))
			continue;
		fprintf(out, "%s%u", comma, frame_of(&held[i]));
		comma = ",";
	}
}

/* --- what Xen says --- */

static void tell_grant(FILE *out)
{
	struct gnttab_query_size size = { .dom = DOMID_SELF };
	struct gnttab_setup_table setup = { .dom = DOMID_SELF };
	xen_pfn_t *list = xencall_alloc_buffer(call, MOST_FRAMES * sizeof(*list));

	if (!list || hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_query_size, &size,
			       sizeof(size)) ||
	    size.status != GNTST_okay || size.nr_frames > MOST_FRAMES)
		die("grant table size");
	setup.nr_frames = size.nr_frames;
	set_xen_guest_handle_raw(setup.frame_list, list);
	if (hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, &setup,
		      sizeof(setup)) || setup.status != GNTST_okay)
		die("grant table frames");
	fputs("grant=", out);
	for (unsigned int i = 0; i < size.nr_frames; i++) {
		fputs(i ? "," : "", out);
		if (list[i] == (xen_pfn_t)-1)
			fputs("none", out);
		else
			fprintf(out, "0x%" PRIx64, (uint64_t)list[i]);
	}
	xencall_free_buffer(call, list);
}

static bool has_ram(uint64_t gfn)
{
	struct xen_hvm_get_mem_type query = { .domid = DOMID_SELF, .pfn = gfn };

	if (hypercall(__HYPERVISOR_hvm_op, HVMOP_get_mem_type, &query, sizeof(query)))
		die("HVMOP_get_mem_type");
	return query.mem_type == HVMMEM_ram_rw;
}

static void tell_ram(FILE *out, char *gfns)
{
	const char *comma = "";
	char *gfn, *next = gfns;

	fputs(" ram=", out);
	while ((gfn = strsep(&next, "\n ")))
		if (*gfn) {
			fprintf(out, "%s%d", comma, has_ram(strtoull(gfn, NULL, 0)));
			comma = ",";
		}
}

static long pages(void)
{
	domid_t self = DOMID_SELF;

	return hypercall(__HYPERVISOR_memory_op, XENMEM_current_reservation, &self, sizeof(self));
}

static unsigned int ports(void)
{
	struct evtchn_status query = { .dom = DOMID_SELF };
	unsigned int open = 0;

	for (query.port = 1; query.port < MOST_PORTS; query.port++)
		open += !hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_status, &query,
				   sizeof(query)) && query.status != EVTCHNSTAT_closed;
	return open;
}

/* -------------------------------------------------------------------------- */

static uint64_t gfn_of(const void *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (fd < 0 || pread(fd, &entry, 8, (uintptr_t)address / PAGE * 8) != 8 || !(entry >> 63))
		die("/proc/self/pagemap");
	close(fd);
	return entry & ((1ULL << 55) - 1);
}

static void prepare(void)
{
	call = xencall_open(NULL, 0);
	gntalloc = open("/dev/xen/gntalloc", O_RDWR);
	copy = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!call || gntalloc < 0 || copy == MAP_FAILED || mlock(copy, PAGE))
		die("witness");
	memset(copy, 1, PAGE);
	copy_gfn = gfn_of(copy);
	use_frames();
	if (mkfifo("/run/ask", 0600) || mkfifo("/run/tell", 0600))
		die("mkfifo");
}

/* The reader opens one after the other, and so do we. */
static void answer(void)
{
	char gfns[4096] = "";
	FILE *ask = fopen("/run/ask", "r"), *out;

	if (!ask)
		die("/run/ask");
	if (!fgets(gfns, sizeof(gfns), ask))
		gfns[0] = '\0';
	fclose(ask);
	out = fopen("/run/tell", "w");
	if (!out)
		die("/run/tell");
	tell_grant(out);
	tell_ram(out, gfns);
	fprintf(out, " pages=%ld ports=%u", pages(), ports());
	tell_bad(out);
	fputc('\n', out);
	fclose(out);
}

int main(int argc, char **argv)
{
	domid = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	frames = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	if (!frames || frames > MOST_FRAMES) {
		fputs("usage: witness DOMID FRAMES\n", stderr);
		return 2;
	}
	prepare();
	for (;;)
		answer();
}
