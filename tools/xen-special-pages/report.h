/* SPDX-License-Identifier: GPL-2.0-only */
/* What people read: the table of status, and the verdict below it. */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "attr.h"
#include "host-facts.h"
#include "verdict.h"

void report_table(const struct attr_value *values, const struct host_facts *facts);

/* What can be said without the driver. */
void report_facts(const struct host_facts *facts);

/* What to do, if there is something to do. */
void report_advice(FILE *to, const struct verdict *verdict);

/* @values is NULL without a driver. */
void report_verdict(const struct attr_value *values, const struct verdict *verdict);

#endif /* REPORT_H */
