/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver measured, and what it means.  Pure: reads nothing, prints nothing. */
#ifndef MEASUREMENT_H
#define MEASUREMENT_H

#include <stdbool.h>
#include <stdint.h>

/* What was accessed. */
enum spot { SPOT_EMPTY, SPOT_GRANT_TABLE, SPOT_SHARED_INFO, SPOT_WB, SPOT_UC, SPOT_COUNT };

enum access_kind { ACCESS_LOAD, ACCESS_STORE, ACCESS_EXCHANGE, ACCESS_COUNT };

/* Times of whole samples, what measuring itself takes included. */
struct series {
	uint64_t samples;	/* 0: not measured */
	uint64_t median_cycles;
	uint64_t p99_cycles;
	uint64_t median_ns;
	uint64_t p99_ns;
};

struct measurement {
	uint64_t format;
	uint64_t tsc_khz;
	uint64_t accesses;	/* in a sample; none in one of SPOT_EMPTY */
	uint64_t gfn;		/* of the first grant frame */
	uint64_t entry;		/* the one that was accessed */
	uint64_t entry_flags;	/* not zero: it was only read */
	char memory_type[8];	/* how the guest maps the grant table, */
	char uc_memory_type[8];	/* and the uncached page of RAM */
	struct series series[SPOT_COUNT][ACCESS_COUNT];
};

/* Times of one access, what measuring takes subtracted. */
struct figures {
	double median_cycles;
	double p99_cycles;
	double median_ns;
	double p99_ns;
	double ratio;	/* of the medians, to RAM that is mapped write-back; 0: not known */
};

/* What one kind of accesses to a place is like. */
enum likeness {
	LIKE_NOTHING,	/* not measured, or RAM mapped WB and RAM mapped UC are the same */
	LIKE_RAM,
	LIKE_UNCACHED,
	LIKE_BETWEEN,
};

enum outcome { OUTCOME_CANNOT_TELL, OUTCOME_AS_RAM, OUTCOME_UNCACHED, OUTCOME_MIXED };

enum confidence { CONFIDENCE_NONE, CONFIDENCE_LOW, CONFIDENCE_HIGH };

struct finding {
	enum outcome outcome;
	enum confidence confidence;
	enum likeness likeness[ACCESS_COUNT];
	enum access_kind access;	/* the first one that tells something, */
	double ratio;			/* and how many times as long as in RAM it takes */
};

extern const char *const spot_names[SPOT_COUNT];
extern const char *const access_names[ACCESS_COUNT];

/* Whether @text is a measurement, of a format that is known here. */
bool measurement_parse(const char *text, struct measurement *measurement);

struct figures measurement_figures(const struct measurement *measurement, enum spot spot,
				   enum access_kind access);

/* What accesses to @spot are like. */
struct finding measurement_judge(const struct measurement *measurement, enum spot spot);

#endif /* MEASUREMENT_H */
