/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef JSON_H
#define JSON_H

#include "attr.h"
#include "host-facts.h"
#include "verdict.h"

/*
 * Print one object: the driver's files by name, each directory as an object in
 * it, null for what a file does not say; and the verdict.  @values is NULL
 * without a driver.
 */
void json_print(const struct attr_value *values, const struct host_facts *facts,
		const struct verdict *verdict);

#endif /* JSON_H */
