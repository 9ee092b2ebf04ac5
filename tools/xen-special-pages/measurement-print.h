/* SPDX-License-Identifier: GPL-2.0-only */
/* What people and programs read about measurements. */
#ifndef MEASUREMENT_PRINT_H
#define MEASUREMENT_PRINT_H

#include "measurement.h"
#include "sysfs.h"

/* A measurement, and the state in which it was made. */
struct taken {
	char state[SYSFS_VALUE_SIZE];
	struct measurement measurement;
};

/* A table and the verdicts of each of @count. */
void measurement_print(const struct taken *taken, unsigned int count);

/* One JSON object with all of them. */
void measurement_print_json(const struct taken *taken, unsigned int count);

#endif /* MEASUREMENT_PRINT_H */
