/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef JSON_H
#define JSON_H

#include "attr.h"
#include "verdict.h"

/*
 * Print one object: the driver's files by name, a directory being an object
 * within; what a file did not say is null.  And the verdict.  @values is NULL
 * without a driver.
 */
void json_print(const struct attr_value *values, const struct verdict *verdict);

#endif /* JSON_H */
