/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine tells about itself and its host without the driver. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "guest.h"

#define CPU_VENDOR_SIZE 16
#define XEN_VERSION_SIZE 32
#define MEMORY_TYPE_SIZE 24

/* Whose memory types count for special pages, as far as the CPU decides it. */
enum types_count {
	TYPES_HOST_DECIDES,	/* EPT: the host may overrule the guest.  Or an unknown CPU */
	TYPES_GUEST,		/* NPT: there is no way to overrule the guest */
};

/* Which modules the kernel takes. */
enum modules_taken {
	MODULES_ANY,		/* as far as one can see */
	MODULES_TRUSTED,	/* only with the signature of a key that it trusts */
	MODULES_TRUSTED_FIXED,	/* the same without UEFI, where keys can be added */
};

struct host_facts {
	enum guest guest;
	char xen_version[XEN_VERSION_SIZE];	/* such as 4.17.5, or "unknown" */
	unsigned int xen_major;			/* 0: unknown */
	unsigned int xen_minor;
	unsigned int xen_point;
	uint64_t bar_start;			/* of the platform device; 0: unknown */
	uint64_t bar_size;
	char bar_mtrr[MEMORY_TYPE_SIZE];	/* as in /proc/mtrr, "default", or "unknown" */
	char bar_mapped[MEMORY_TYPE_SIZE];	/* as debugfs tells, or "unknown" */
	char cpu_vendor[CPU_VENDOR_SIZE];	/* of CPUID, or "unknown" */
	enum types_count types;
	bool balloon;				/* the driver's parameter "sources" names it */
	enum modules_taken modules;
	bool kernel_placed;	/* without the driver: by the kernel, into a range */
};

/* Whether a stock Xen of this version forces write-back for special pages on EPT. */
bool host_facts_forces_on_ept(const struct host_facts *facts);

/* All but the BAR, about which nothing is known then. */
void host_facts_read(struct host_facts *facts);

/* The BAR, too.  The kernel's list of memory types may be long, and the driver knows better. */
void host_facts_read_bar(struct host_facts *facts);

#endif /* HOST_FACTS_H */
