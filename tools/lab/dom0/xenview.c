// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where Xen has a guest's special pages, asked of Xen alone:
 *
 *	xenview DOMID grant		gfn of each grant frame, one a line
 *	xenview DOMID shared-info	gfn of shared_info
 *	xenview DOMID gfn GFN		is there a page at GFN?  exit status 0 or 1
 *	xenview DOMID pages		pages of RAM that the guest has
 *	xenview DOMID max-pages		the most that it may have
 *	xenview DOMID set-max-pages N	change that
 *	xenview DOMID ports		event channels that are not closed
 *	xenview DOMID gfns GFN COUNT	how many pages are there from GFN on?
 *	xenview DOMID sum GFN COUNT	how many there are, and a checksum of their content
 *	xenview DOMID entry N		an entry of the first grant frame, as a number
 *	xenview DOMID set-entry N NUMBER	change that
 *
 * Xen hands dom0 the machine frames of the grant table whatever the guest did
 * with them (XENMEM_acquire_resource); its table of machine frames says at which
 * gfn each is.  Then the page is mapped by this gfn, through the guest's p2m,
 * and must show what the grant frame shows.  "none": the guest has it nowhere;
 * "differs": the two tables disagree.
 *
 * Exit status 125 if Xen could not be asked: that is no answer, not even a "no".
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/memory.h>

#define PAGE		4096UL
#define NO_ANSWER	125
#define MOST_PORTS	1024U
#define NOWHERE		UINT64_MAX
#define M2P_CHUNK_MFNS	(1UL << 18)	/* a chunk is 2 MiB of 8-byte entries */
#define COMPARE_TRIES	20
#define ACQUIRE_MAX	32U		/* in one hypercall, Xen 4.14 */

static xc_interface *xc;
static xencall_handle *call;
static xenforeignmemory_handle *foreign;
static uint32_t domid;

static void die(const char *what)
{
	perror(what);
	exit(NO_ANSWER);
}

static void *map(uint32_t owner, xen_pfn_t frame)
{
	int error = 0;
	void *page = xenforeignmemory_map(foreign, owner, PROT_READ, 1, &frame, &error);

	if (page && error) {
		xenforeignmemory_unmap(foreign, page, 1);
		page = NULL;
	}
	return page;
}

static unsigned int grant_frames(void)
{
	struct gnttab_query_size query = { .dom = domid };

	if (xc_gnttab_query_size(xc, &query) || query.status != GNTST_okay)
		die("grant table size");
	return query.nr_frames;
}

static void acquire_some(unsigned int first, unsigned int count, uint64_t *mfns)
{
	struct xen_mem_acquire_resource *request;
	xen_pfn_t *list;

	request = xencall_alloc_buffer(call, sizeof(*request));
	list = xencall_alloc_buffer(call, count * sizeof(*list));
	if (!request || !list)
		die("no memory");
	memset(request, 0, sizeof(*request));
	request->domid = domid;
	request->type = XENMEM_resource_grant_table;
	request->id = XENMEM_resource_grant_table_id_shared;
	request->frame = first;
	request->nr_frames = count;
	set_xen_guest_handle_raw(request->frame_list, list);
	if (xencall2(call, __HYPERVISOR_memory_op, XENMEM_acquire_resource, (uintptr_t)request) < 0)
		die("XENMEM_acquire_resource");
	for (unsigned int i = 0; i < count; i++)
		mfns[i] = list[i];
	xencall_free_buffer(call, list);
	xencall_free_buffer(call, request);
}

static void acquire_mfns(unsigned int count, uint64_t *mfns)
{
	for (unsigned int i = 0; i < count; i += ACQUIRE_MAX)
		acquire_some(i, count - i < ACQUIRE_MAX ? count - i : ACQUIRE_MAX, mfns + i);
}

/* An entry of Xen's table of machine frames. */
static uint64_t mfn_to_gfn(uint64_t mfn)
{
	unsigned long chunk = mfn / M2P_CHUNK_MFNS, at = mfn % M2P_CHUNK_MFNS;
	xen_pfn_t chunks[chunk + 1];
	uint64_t *page, gfn;

	if (xc_machphys_mfn_list(xc, chunk + 1, chunks))
		die("XENMEM_machphys_mfn_list");
	page = map(DOMID_XEN, chunks[chunk] + at * sizeof(gfn) / PAGE);
	if (!page)
		die("mapping Xen's table of machine frames");
	gfn = page[at % (PAGE / sizeof(gfn))];
	xenforeignmemory_unmap(foreign, page, 1);
	return gfn;
}

/* The guest goes on writing to both, which are one: look again if they differ. */
static bool same_content(const void *a, const void *b)
{
	for (int i = 0; i < COMPARE_TRIES; i++, usleep(1000))
		if (!memcmp(a, b, PAGE))
			return true;
	return false;
}

/* A grant frame as Xen has it; *@resource is to be unmapped. */
static void *map_grant_frame(unsigned int frame, int prot,
			     xenforeignmemory_resource_handle **resource)
{
	void *page = NULL;

	*resource = xenforeignmemory_map_resource(foreign, domid, XENMEM_resource_grant_table,
						  XENMEM_resource_grant_table_id_shared, frame, 1,
						  &page, prot, 0);
	if (!*resource)
		die("mapping the grant table");
	return page;
}

static bool p2m_agrees(uint64_t gfn, unsigned int frame)
{
	xenforeignmemory_resource_handle *resource;
	void *by_gfn = map(domid, gfn), *by_index;
	bool same;

	if (!by_gfn)
		return false;
	by_index = map_grant_frame(frame, PROT_READ, &resource);
	same = same_content(by_gfn, by_index);
	xenforeignmemory_unmap_resource(foreign, resource);
	xenforeignmemory_unmap(foreign, by_gfn, 1);
	return same;
}

static int show_grant(void)
{
	unsigned int count = grant_frames();
	uint64_t mfns[count], gfn;

	acquire_mfns(count, mfns);
	for (unsigned int i = 0; i < count; i++) {
		gfn = mfn_to_gfn(mfns[i]);
		if (gfn == NOWHERE)
			puts("none");
		else
			printf("%#lx%s\n", gfn, p2m_agrees(gfn, i) ? "" : " differs");
	}
	return 0;
}

static xc_domaininfo_t domain_info(void)
{
	xc_domaininfo_t info;

	if (xc_domain_getinfolist(xc, domid, 1, &info) != 1 || info.domain != domid)
		die("domain");
	return info;
}

static int show_shared_info(void)
{
	uint64_t gfn = domain_info().shared_info_frame;

	if (gfn == NOWHERE)
		puts("none");
	else
		printf("%#lx\n", gfn);
	return 0;
}

static int show_pages(void)
{
	printf("%lu\n", (unsigned long)domain_info().tot_pages);
	return 0;
}

static int show_max_pages(void)
{
	printf("%lu\n", (unsigned long)domain_info().max_pages);
	return 0;
}

static int set_max_pages(const char *text)
{
	if (xc_domain_setmaxmem(xc, domid, strtoull(text, NULL, 0) * (PAGE / 1024)))
		die("maximum memory");
	return 0;
}

static bool has_page(xen_pfn_t gfn)
{
	void *page = map(domid, gfn);

	if (page)
		xenforeignmemory_unmap(foreign, page, 1);
	return page;
}

static int show_gfn(const char *text)
{
	return !has_page(strtoull(text, NULL, 0));
}

static int show_ports(void)
{
	xc_evtchn_status_t status = {};
	unsigned int open = 0;

	for (status.port = 1; status.port < MOST_PORTS; status.port++) {
		status.dom = domid;
		open += !xc_evtchn_status(xc, &status) && status.status != EVTCHNSTAT_closed;
	}
	if (!open)
		die("event channels");
	printf("%u\n", open);
	return 0;
}

static int count_gfns(const char *first, const char *count)
{
	xen_pfn_t gfn = strtoull(first, NULL, 0);
	unsigned int i, nr = strtoul(count, NULL, 0), found = 0;

	for (i = 0; i < nr; i++)
		found += has_page(gfn + i);
	printf("%u\n", found);
	return 0;
}

/* FNV-1a, by words. */
static uint64_t add_to_sum(uint64_t sum, const uint64_t *page)
{
	for (unsigned int i = 0; i < PAGE / sizeof(*page); i++)
		sum = (sum ^ page[i]) * 0x100000001b3;
	return sum;
}

static int sum_gfns(const char *first, const char *count)
{
	xen_pfn_t gfn = strtoull(first, NULL, 0);
	unsigned int i, nr = strtoul(count, NULL, 0), found = 0;
	uint64_t sum = 0xcbf29ce484222325;

	for (i = 0; i < nr; i++) {
		void *page = map(domid, gfn + i);

		if (!page)
			continue;
		sum = add_to_sum(sum, page);
		xenforeignmemory_unmap(foreign, page, 1);
		found++;
	}
	printf("%u pages %#lx\n", found, (unsigned long)sum);
	return 0;
}

static int show_entry(const char *number)
{
	xenforeignmemory_resource_handle *resource;
	volatile uint64_t *entries = map_grant_frame(0, PROT_READ, &resource);

	printf("%#lx\n", (unsigned long)entries[strtoul(number, NULL, 0)]);
	xenforeignmemory_unmap_resource(foreign, resource);
	return 0;
}

static int set_entry(const char *number, const char *value)
{
	xenforeignmemory_resource_handle *resource;
	volatile uint64_t *entries = map_grant_frame(0, PROT_READ | PROT_WRITE, &resource);

	entries[strtoul(number, NULL, 0)] = strtoull(value, NULL, 0);
	xenforeignmemory_unmap_resource(foreign, resource);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: xenview DOMID grant | shared-info | gfn GFN | pages | ...\n", stderr);
		return NO_ANSWER;
	}
	domid = strtoul(argv[1], NULL, 0);
	xc = xc_interface_open(NULL, NULL, 0);
	call = xencall_open(NULL, 0);
	foreign = xenforeignmemory_open(NULL, 0);
	if (!xc || !call || !foreign)
		die("the hypervisor's interface");
	if (!strcmp(argv[2], "grant"))
		return show_grant();
	if (!strcmp(argv[2], "shared-info"))
		return show_shared_info();
	if (!strcmp(argv[2], "gfn") && argc == 4)
		return show_gfn(argv[3]);
	if (!strcmp(argv[2], "pages"))
		return show_pages();
	if (!strcmp(argv[2], "max-pages"))
		return show_max_pages();
	if (!strcmp(argv[2], "set-max-pages") && argc == 4)
		return set_max_pages(argv[3]);
	if (!strcmp(argv[2], "ports"))
		return show_ports();
	if (!strcmp(argv[2], "gfns") && argc == 5)
		return count_gfns(argv[3], argv[4]);
	if (!strcmp(argv[2], "sum") && argc == 5)
		return sum_gfns(argv[3], argv[4]);
	if (!strcmp(argv[2], "entry") && argc == 4)
		return show_entry(argv[3]);
	if (!strcmp(argv[2], "set-entry") && argc == 5)
		return set_entry(argv[3], argv[4]);
	fprintf(stderr, "xenview: %s?\n", argv[2]);
	return NO_ANSWER;
}
