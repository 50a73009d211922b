/*
 * json.h: JSON from servers, read with jansson.
 *
 * The size is bounded by the HTTP body's limit and the depth by jansson (2048). Getters accept NULL
 * and the wrong type, so a path through an unexpected document ends in the default.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <jansson.h>

#include "common/error.h"

void json_cleanup(json_t **json);

/*
 * The document, or NULL if the text is not valid JSON. Every number is a real: read it with
 * json_number_value(). A string may hold NULs.
 */
json_t *json_read(const char *text, size_t length);

/* The string member of an object, "" if there is none. */
const char *json_text(const json_t *object, const char *key);
