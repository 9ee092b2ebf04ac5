// SPDX-License-Identifier: GPL-2.0-only
#include "json-object.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) == 0)
		return;
	fputs("xen-special-pages: out of memory\n", stderr);
	exit(EXIT_FAILURE);
}

struct json_object *json_number(uint64_t number)
{
	char digits[sizeof("18446744073709551615")];

	if (number <= INT64_MAX)
		return json_object_new_int64((int64_t)number);
	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	return json_object_new_double_s((double)number, digits);
}

void json_write(struct json_object *root)
{
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
						  JSON_C_TO_STRING_SPACED |
						  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
}
