/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine tells about itself and its host without the driver. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdbool.h>

#include "guest.h"

#define CPU_VENDOR_SIZE 16

/* Whose memory types count for special pages, as far as the CPU decides it. */
enum types_count {
	TYPES_HOST_DECIDES,	/* EPT: the host may overrule the guest.  Or an unknown CPU */
	TYPES_GUEST,		/* NPT: there is no way to overrule the guest */
};

struct host_facts {
	enum guest guest;
	char cpu_vendor[CPU_VENDOR_SIZE];	/* of CPUID, or "unknown" */
	enum types_count types;
	bool balloon;				/* the driver's parameter "sources" names it */
};

void host_facts_read(struct host_facts *facts);

#endif /* HOST_FACTS_H */
