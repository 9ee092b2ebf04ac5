// SPDX-License-Identifier: GPL-2.0-only
#include "json-object.h"

#include <stdio.h>
#include <stdlib.h>

void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) == 0)
		return;
	fputs("xen-special-pages: out of memory\n", stderr);
	exit(EXIT_FAILURE);
}

void json_write(struct json_object *root)
{
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
						  JSON_C_TO_STRING_SPACED |
						  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
}
