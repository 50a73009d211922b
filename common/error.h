/*
 * error.h: an error's text for a person, made where the context is known.
 *
 * Functions that can fail for a reason worth telling take a struct error and return a negative
 * errno. On success the struct is left alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "common/attributes.h"

struct error {
	char text[512];
};

/* Sets the text, with control characters escaped, and returns -errnum: `return error_set(...)`. */
int error_set(struct error *error, int errnum, const char *format, ...) format_(3, 4);
