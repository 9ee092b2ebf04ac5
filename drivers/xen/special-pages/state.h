/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_STATE_H
#define XSP_STATE_H

#include <linux/types.h>

/* Where special pages are, taken together. */
enum xsp_state {
	XSP_STATE_BOOT,		/* all in their boot placement */
	XSP_STATE_MOVING,	/* every CPU is stopped for them */
	XSP_STATE_RANGE,	/* all that were to leave the boot placement have left it */
	XSP_STATE_PARTLY,	/* some did not get where they were to go; all work */
	XSP_STATE_FAILED,	/* the host took some away; accesses to these are lost */
	XSP_STATES
};

/* What may be about to happen. */
enum xsp_exit {
	XSP_EXIT_REQUEST,	/* the administrator asks for a placement */
	XSP_EXIT_SUSPEND,	/* the guest goes to sleep, or to another host */
	XSP_EXIT_KEXEC,		/* another kernel takes over */
	XSP_EXIT_REMOVE,	/* the driver goes */
	XSP_EXITS
};

/* What has to be done before. */
enum xsp_passage {
	XSP_PASSAGE_FREE,	/* nothing */
	XSP_PASSAGE_REPAIR,	/* first get back what the host took */
	XSP_PASSAGE_GO_BACK,	/* first go back to the boot placement */
	XSP_PASSAGE_CLOSED	/* not from here */
};

/**
 * struct xsp_count - special pages of all kinds, counted
 * @lost: mapped nowhere
 * @astray: not where the last move left the others of their kind
 * @away: not in their boot placement
 * @moving: a move is under way
 */
struct xsp_count {
	unsigned int lost;
	unsigned int astray;
	unsigned int away;
	bool moving;
};

extern const char * const xsp_state_names[XSP_STATES];

enum xsp_state xsp_state_of(const struct xsp_count *count);
enum xsp_passage xsp_state_passage(enum xsp_state state, enum xsp_exit exit);

#endif
