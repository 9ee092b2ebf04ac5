// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool that Xen takes the pages of a guest's p2m from, and what is used:
 *
 *	pool DOMID set MIB	resize it; 0: give back all that isn't used
 *	pool DOMID pages	the domain's pages, and what is free on the host
 *	pool DOMID add GFN	a page of RAM for the guest
 *
 * The hypervisor has no call for how much of the pool is used.  But what isn't can
 * be given back, and then another page used is one less free on the host.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xen/domctl.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int set_size(uint32_t domid, uint32_t mib)
{
	xencall_handle *call = xencall_open(NULL, 0);
	struct xen_domctl *domctl;

	domctl = call ? xencall_alloc_buffer(call, sizeof(*domctl)) : NULL;
	if (!domctl)
		die("hypercalls");
	memset(domctl, 0, sizeof(*domctl));
	domctl->cmd = XEN_DOMCTL_shadow_op;
	domctl->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	domctl->domain = domid;
	domctl->u.shadow_op.op = XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION;
	domctl->u.shadow_op.mb = mib;
	/* To 0 it does not come down, as some is used: it says ENOMEM, having done all it can. */
	if (xencall1(call, __HYPERVISOR_domctl, (uintptr_t)domctl) && (mib || errno != ENOMEM))
		die("SHADOW_OP_SET_ALLOCATION");
	return 0;
}

static int show_pages(uint32_t domid)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	xc_domaininfo_t domain;
	xc_physinfo_t host;

	memset(&host, 0, sizeof(host));
	if (!xc || xc_physinfo(xc, &host) || xc_domain_getinfolist(xc, domid, 1, &domain) != 1)
		die("xc_physinfo, xc_domain_getinfolist");
	printf("domain %" PRIu64 " free %" PRIu64 "\n", (uint64_t)domain.tot_pages,
	       (uint64_t)host.free_pages);
	return 0;
}

static int add_page(uint32_t domid, xen_pfn_t gfn)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);

	if (!xc || xc_domain_populate_physmap_exact(xc, domid, 1, 0, 0, &gfn))
		die("XENMEM_populate_physmap");
	return 0;
}

int main(int argc, char **argv)
{
	uint32_t domid = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	if (argc == 4 && !strcmp(argv[2], "set"))
		return set_size(domid, strtoul(argv[3], NULL, 10));
	if (argc == 3 && !strcmp(argv[2], "pages"))
		return show_pages(domid);
	if (argc == 4 && !strcmp(argv[2], "add"))
		return add_page(domid, strtoull(argv[3], NULL, 0));
	fputs("usage: pool DOMID set MIB | pages | add GFN\n", stderr);
	return 2;
}
