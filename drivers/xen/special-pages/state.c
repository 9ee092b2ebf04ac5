// SPDX-License-Identifier: GPL-2.0-only
/* The states of special pages, and what each allows.  Documentation/design.rst draws them. */

#include <linux/kernel.h>

#include "state.h"

const char * const xsp_state_names[XSP_STATES] = {
	[XSP_STATE_BOOT]	= "boot",
	[XSP_STATE_MOVING]	= "moving",
	[XSP_STATE_RANGE]	= "range",
	[XSP_STATE_PARTLY]	= "partly",
	[XSP_STATE_FAILED]	= "failed",
};

static const u8 xsp_passages[XSP_STATES][XSP_EXITS] = {
	[XSP_STATE_BOOT] = {
		[XSP_EXIT_REQUEST]	= XSP_PASSAGE_FREE,
		[XSP_EXIT_SUSPEND]	= XSP_PASSAGE_FREE,
		[XSP_EXIT_KEXEC]	= XSP_PASSAGE_FREE,
		[XSP_EXIT_REMOVE]	= XSP_PASSAGE_FREE,
	},
	[XSP_STATE_MOVING] = {
		[XSP_EXIT_REQUEST]	= XSP_PASSAGE_CLOSED,
		[XSP_EXIT_SUSPEND]	= XSP_PASSAGE_CLOSED,
		[XSP_EXIT_KEXEC]	= XSP_PASSAGE_CLOSED,
		[XSP_EXIT_REMOVE]	= XSP_PASSAGE_CLOSED,
	},
	[XSP_STATE_RANGE] = {
		[XSP_EXIT_REQUEST]	= XSP_PASSAGE_FREE,
		[XSP_EXIT_SUSPEND]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_KEXEC]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_REMOVE]	= XSP_PASSAGE_CLOSED,
	},
	[XSP_STATE_PARTLY] = {
		[XSP_EXIT_REQUEST]	= XSP_PASSAGE_FREE,
		[XSP_EXIT_SUSPEND]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_KEXEC]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_REMOVE]	= XSP_PASSAGE_CLOSED,
	},
	[XSP_STATE_FAILED] = {
		[XSP_EXIT_REQUEST]	= XSP_PASSAGE_REPAIR,
		[XSP_EXIT_SUSPEND]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_KEXEC]	= XSP_PASSAGE_GO_BACK,
		[XSP_EXIT_REMOVE]	= XSP_PASSAGE_CLOSED,
	},
};

/* The state that these counts mean. */
enum xsp_state xsp_state_of(const struct xsp_count *count)
{
	if (count->moving)
		return XSP_STATE_MOVING;
	if (count->lost)
		return XSP_STATE_FAILED;
	if (count->astray)
		return XSP_STATE_PARTLY;
	return count->away ? XSP_STATE_RANGE : XSP_STATE_BOOT;
}

/* What a state allows; nothing else decides it. */
enum xsp_passage xsp_state_passage(enum xsp_state state, enum xsp_exit exit)
{
	return xsp_passages[state][exit];
}
