/* SPDX-License-Identifier: GPL-2.0-only */
/* What people read: the table of status, the verdict below it, and that there is no driver. */
#ifndef REPORT_H
#define REPORT_H

#include "attr.h"
#include "host-facts.h"
#include "verdict.h"

/*
 * The table; without the driver (@values is NULL) what else is known of a guest with the
 * device.
 */
void report_status(const struct attr_value *values, const struct host_facts *facts);

/* Tell the user of @command that there is no driver, and what to do.  An exit code. */
int report_no_driver(const char *command);

/* @values is NULL without a driver. */
void report_verdict(const struct attr_value *values, const struct verdict *verdict);

#endif /* REPORT_H */
