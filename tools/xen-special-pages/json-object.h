/* SPDX-License-Identifier: GPL-2.0-only */
/* What json-c leaves to its callers. */
#ifndef JSON_OBJECT_H
#define JSON_OBJECT_H

#include <stdint.h>

#include <json-c/json.h>

/* Takes @value over.  Ends the command without memory: a part of the object would mislead. */
void json_add(struct json_object *object, const char *key, struct json_object *value);

/* json-c has one of its own from 0.14 on; SLE 15 has an older one. */
struct json_object *json_number(uint64_t number);

/* Print @root, and free it. */
void json_write(struct json_object *root);

#endif /* JSON_OBJECT_H */
