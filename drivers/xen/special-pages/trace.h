/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_special_pages

#if !defined(XSP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define XSP_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "move.h"
#include "policy.h"

#ifndef XSP_TRACE_WHY_BYTES
#define XSP_TRACE_WHY_BYTES	128
#endif

/* For programs that read the events from outside. */
TRACE_DEFINE_ENUM(XSP_SPACE_SHARED_INFO);
TRACE_DEFINE_ENUM(XSP_SPACE_GRANT_TABLE);
TRACE_DEFINE_ENUM(XSP_AUTO);
TRACE_DEFINE_ENUM(XSP_RANGE);
TRACE_DEFINE_ENUM(XSP_BAR);
TRACE_DEFINE_ENUM(XSP_BOOT);

/* After each move that the hypervisor was asked for: once for each kind of pages in it. */
TRACE_EVENT(xsp_move,
	    TP_PROTO(const struct xsp_mover *mover, const struct xsp_mapping *to,
		     u64 pause_ns, int err),
	    TP_ARGS(mover, to, pause_ns, err),
	    TP_STRUCT__entry(__field(unsigned int, space)
			     __field(unsigned int, pages)
			     __field(u64, from_gfn)
			     __field(u64, to_gfn)
			     __field(u64, pause_ns)
			     __field(int, err)
	    ),
	    TP_fast_assign(__entry->space = mover->pages->kind->space;
			   __entry->pages = mover->nr;
			   __entry->from_gfn = mover->from.gfn[0];
			   __entry->to_gfn = to->gfn[0];
			   __entry->pause_ns = pause_ns;
			   __entry->err = err;
	    ),
	    TP_printk("%s pages=%u from_gfn=0x%llx to_gfn=0x%llx pause_ns=%llu err=%d",
		      __print_symbolic(__entry->space,
				       { XSP_SPACE_SHARED_INFO, "shared_info" },
				       { XSP_SPACE_GRANT_TABLE, "grant_table" }),
		      __entry->pages, __entry->from_gfn, __entry->to_gfn,
		      __entry->pause_ns, __entry->err)
);

/* A request that the policy, or the kind of this guest, does not allow. */
TRACE_EVENT(xsp_refuse,
	    TP_PROTO(enum xsp_placement request, const char *why),
	    TP_ARGS(request, why),
	    TP_STRUCT__entry(__field(unsigned int, request)
			     __array(char, why, XSP_TRACE_WHY_BYTES)
	    ),
	    TP_fast_assign(__entry->request = request;
			   strscpy(__entry->why, why, XSP_TRACE_WHY_BYTES);
	    ),
	    TP_printk("request=%s why=\"%s\"",
		      __print_symbolic(__entry->request,
				       { XSP_AUTO, "auto" },
				       { XSP_RANGE, "range" },
				       { XSP_BAR, "bar" },
				       { XSP_BOOT, "boot" }),
		      __entry->why)
);

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
