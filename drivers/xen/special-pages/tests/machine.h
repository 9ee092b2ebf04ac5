/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XSP_TESTS_MACHINE_H
#define XSP_TESTS_MACHINE_H

#include <linux/kmsg_dump.h>

#include "../special-pages.h"

/*
 * A made-up machine: a hypervisor that knows which page is at which frame, and a
 * kernel with page-table entries and a TLB.  The driver runs on it, and each step
 * that can fail has a number and can be made to fail.
 */

/* The frames of the machine. */
#define XSP_MODEL_SHARED_INFO	0x10	/* shared_info in the boot placement */
#define XSP_MODEL_BAR		0x20	/* the grant table there */
#define XSP_MODEL_RANGE		0x40	/* the range of source contract */
#define XSP_MODEL_HOLE		0x60	/* the holes in RAM of source balloon */
#define XSP_MODEL_CHOSEN	0x70	/* a range that the kernel chooses */
#define XSP_MODEL_GFNS		0x80	/* how many frames there are */

/* The most pages of one kind. */
#define XSP_MODEL_PAGES		8

/* Frames of the range, and of the holes: a window can consist of several pieces. */
#define XSP_MODEL_PIECE		4

#define XSP_MODEL_TEXT		256

/* What can fail. */
enum xsp_model_point {
	XSP_MODEL_MAP,		/* mapping a page, in a batch or alone */
	XSP_MODEL_POPULATE,	/* getting RAM for a frame */
	XSP_MODEL_FRAMES,	/* asking how many frames the grant table has */
	XSP_MODEL_STOP,		/* stopping all CPUs */
	XSP_MODEL_PTE,		/* finding the page-table entries where they were */
	XSP_MODEL_POINTS
};

/* How mapping a page fails; two of them are also wrong numbers of frames. */
enum xsp_model_how {
	XSP_MODEL_REFUSE,	/* -ENOMEM, the page stays where it is */
	XSP_MODEL_TAKE,		/* -ENOMEM, the page is nowhere */
	XSP_MODEL_BREAK,	/* this page and the rest of the batch have no answer */
	XSP_MODEL_ABSURD,	/* a positive answer, the page stays where it is; no frames */
	XSP_MODEL_PRETEND,	/* the answer is 0, the page stays where it is */
	XSP_MODEL_LIE,		/* the answer is 0, but it is another page; a frame less */
	XSP_MODEL_HOWS
};

/**
 * struct xsp_model_fault - a failure on purpose
 * @point: what fails
 * @how: for XSP_MODEL_MAP and XSP_MODEL_FRAMES
 * @first: which one fails first, from 1; 0 if none does
 * @nr: how many fail from there on
 */
struct xsp_model_fault {
	enum xsp_model_point point;
	enum xsp_model_how how;
	unsigned int first;
	unsigned int nr;
};

#define XSP_MODEL_FAULTS	3
#define XSP_MODEL_ALWAYS	(~0U)

/* What is at a frame. */
enum xsp_model_what {
	XSP_MODEL_EMPTY,
	XSP_MODEL_RAM,
	XSP_MODEL_SPECIAL
};

struct xsp_model_frame {
	enum xsp_model_what what;
	enum xsp_special_id id;
	unsigned int page;
};

/**
 * struct xsp_model_pages - pages of one kind
 * @nr: how many are in use
 * @max: how many there can be
 * @home: first frame of the boot placement
 * @missing: why the kind cannot be located, NULL if it can
 * @where: the hypervisor's frame of each page, XSP_MODEL_NOWHERE if it has none
 * @gfn: the kernel's record
 * @pte: its page-table entries
 * @tlb: what the CPU uses
 */
struct xsp_model_pages {
	unsigned int nr;
	unsigned int max;
	unsigned long home;
	const char *missing;
	unsigned long where[XSP_MODEL_PAGES];
	unsigned long gfn[XSP_MODEL_PAGES];
	pte_t pte[XSP_MODEL_PAGES];
	pte_t tlb[XSP_MODEL_PAGES];
};

#define XSP_MODEL_NOWHERE	(~0UL)

/**
 * struct xsp_model - the made-up machine
 * @xsp: the driver's state
 * @pages: special pages
 * @frames: what is at each frame
 * @spare: pages that the guest may have in addition
 * @room: frames of the range that source contract vouches for
 * @holes: frames that source balloon makes
 * @ipat: what the hypervisor advertises
 * @v2: the grant table has version 2
 * @mute: no answer to what is where
 * @pte_moved: this stop finds other page-table entries
 * @in_stop: all CPUs are stopped
 * @in_resume: block devices may not work yet
 * @in_act: the driver carries out something, for which it has to hold its lock
 * @faults: failures on purpose
 * @hits: how often one of them happened, for each point
 * @count: how often each point was passed
 * @pieces: pieces of windows that are taken
 * @last_pause: length of the last stop
 * @max_pause: length of the longest one
 * @wrong: the first thing that went wrong, empty if nothing did
 */
struct xsp_model {
	struct xsp xsp;
	struct xsp_model_pages pages[XSP_SPECIALS];
	struct xsp_model_frame frames[XSP_MODEL_GFNS];
	unsigned long spare;
	unsigned int room;
	unsigned int holes;
	bool ipat;
	bool v2;
	bool mute;
	bool pte_moved;
	bool in_stop;
	bool in_resume;
	bool in_act;
	struct xsp_model_fault faults[XSP_MODEL_FAULTS];
	unsigned int hits[XSP_MODEL_POINTS];
	unsigned int count[XSP_MODEL_POINTS];
	unsigned int pieces;
	u64 last_pause;
	u64 max_pause;
	char wrong[XSP_MODEL_TEXT];
};

void xsp_model_init(struct xsp_model *model);
void xsp_model_boot_wb(struct xsp_model *model);
void xsp_model_kernel_chooses(struct xsp_model *model, unsigned long gfn);
void xsp_model_exit(struct xsp_model *model);
void xsp_model_heal(struct xsp_model *model);
bool xsp_model_grow(struct xsp_model *model);
void __printf(2, 3) xsp_model_wrong(struct xsp_model *model, const char *format, ...);

/* What the driver says in the meantime does not go to the console. */
int xsp_model_quiet(void);
void xsp_model_loud(int level);

/* Work that is waiting for its time, so many seconds after a moment between @start and now. */
bool xsp_model_due(const struct delayed_work *work, unsigned long start, unsigned int seconds);

/* What the kernel has allocated for itself. */
unsigned long xsp_model_slab_bytes(void);

/* The end of the kernel log, and how many lines after it have a text. */
void xsp_model_log_mark(struct kmsg_dump_iter *mark);
unsigned int xsp_model_log_count(const struct kmsg_dump_iter *mark, const char *text);

#endif
