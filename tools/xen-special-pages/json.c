// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "json-object.h"

/* It changes if a key goes or gets another meaning.  New keys do not change it. */
#define JSON_SCHEMA 1

static struct json_object *ranges(const struct attr_value *value)
{
	struct json_object *array = json_object_new_array();
	const char *at = value->text;
	struct gfn_range range;

	while (gfn_range_next(&at, &range)) {
		struct json_object *item = json_object_new_object();

		json_add(item, "first_gfn", json_number(range.first));
		json_add(item, "pages", json_number(range.pages));
		json_object_array_add(array, item);
	}
	return array;
}

static struct json_object *words_of(const struct attr_info *info, const struct attr_value *value)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; info->words[i]; i++)
		if (value->number >> i & 1)
			json_object_array_add(array, json_object_new_string(info->words[i]));
	return array;
}

static struct json_object *attribute(const struct attr_info *info, const struct attr_value *value)
{
	if (!value->valid)
		return NULL;
	switch (info->kind) {
	case ATTR_HEX:
	case ATTR_DECIMAL:
		return json_number(value->number);
	case ATTR_GFN:
		return attr_is_unknown(value) ? NULL : json_number(value->number);
	case ATTR_RANGES:
		return ranges(value);
	case ATTR_TEXT:
	case ATTR_WORD:
	case ATTR_CHOICE:
	case ATTR_SET:
		break;
	}
	return json_object_new_string(value->text);
}

/* The object of the directory of the file @name in @root; *@base is the file's own name. */
static struct json_object *directory(struct json_object *root, const char *name, const char **base)
{
	const char *slash = strchr(name, '/');
	struct json_object *object;
	char key[64];

	*base = slash ? slash + 1 : name;
	if (!slash)
		return root;
	snprintf(key, sizeof(key), "%.*s", (int)(slash - name), name);
	if (!json_object_object_get_ex(root, key, &object)) {
		object = json_object_new_object();
		json_add(root, key, object);
	}
	return object;
}

/* What may hold several words is a string, as in the driver's file, and also a list. */
static void add_set(struct json_object *object, const char *key, const struct attr_info *info,
		    const struct attr_value *value)
{
	char plural[64];

	snprintf(plural, sizeof(plural), "%ss", key);
	json_add(object, plural, value->valid ? words_of(info, value) : NULL);
}

static void add_attributes(struct json_object *root, const struct attr_value *values)
{
	for (int i = 0; i < ATTR_COUNT; i++) {
		const char *key;
		struct json_object *object = directory(root, attr_info[i].name, &key);

		json_add(object, key, attribute(&attr_info[i], &values[i]));
		if (attr_info[i].kind == ATTR_SET)
			add_set(object, key, &attr_info[i], &values[i]);
	}
}

static struct json_object *write_back(const struct verdict *verdict)
{
	if (verdict->caching == CACHING_UNKNOWN || verdict->caching == CACHING_DEPENDS)
		return NULL;
	return json_object_new_boolean(verdict->caching == CACHING_WRITE_BACK);
}

static struct json_object *text(const char *string)
{
	return string ? json_object_new_string(string) : NULL;
}

static struct json_object *lines(const char *const *strings)
{
	struct json_object *array = json_object_new_array();

	for (; strings && *strings; strings++)
		json_object_array_add(array, json_object_new_string(*strings));
	return array;
}

static void add_fill(struct json_object *root, const struct attr_value *values)
{
	json_add(root, "grant_table_fill", text(verdict_fill_word(verdict_fill(values))));
}

static void add_verdict(struct json_object *root, const struct verdict *verdict)
{
	json_add(root, "write_back", write_back(verdict));
	json_add(root, "accesses", text(verdict_word(verdict->caching)));
	json_add(root, "check", json_object_new_int(verdict->check));
	json_add(root, "verdict", text(verdict->text));
	json_add(root, "advice", lines(verdict->advice));
}

void json_print(const struct attr_value *values, const struct host_facts *facts,
		const struct verdict *verdict)
{
	struct json_object *root = json_object_new_object();

	json_add(root, "schema", json_object_new_int(JSON_SCHEMA));
	if (values) {
		add_attributes(root, values);
		add_fill(root, values);
	}
	json_add(root, "driver", json_object_new_boolean(!!values));
	json_add(root, "cpu_vendor", text(facts->cpu_vendor));
	add_verdict(root, verdict);
	json_write(root);
}
