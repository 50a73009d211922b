/*
 * json.c: see json.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/json.h"

void json_cleanup(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

json_t *json_read(const char *text, size_t length)
{
	/* A stored number above 2^63 - 1, or a stored NUL, is no reason to refuse the document. */
	return json_loadb(text, length, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
}

const char *json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}
