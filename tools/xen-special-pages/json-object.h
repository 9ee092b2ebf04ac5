/* SPDX-License-Identifier: GPL-2.0-only */
/* What json-c leaves to its callers. */
#ifndef JSON_OBJECT_H
#define JSON_OBJECT_H

#include <json-c/json.h>

/* Takes @value over.  Ends the command without memory: a part of the object would mislead. */
void json_add(struct json_object *object, const char *key, struct json_object *value);

/* Print @root, and free it. */
void json_write(struct json_object *root);

#endif /* JSON_OBJECT_H */
