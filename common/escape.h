/*
 * escape.h: makes text from servers, files and command lines fit for a terminal and a log.
 *
 * What comes out is valid UTF-8 without control characters, bidirectional overrides or invisible
 * format characters; every offending byte becomes \xNN. Secrets (mask.h) become asterisks. Escaping
 * escaped text changes nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "common/attributes.h"

/*
 * Writes text[0..length) escaped into buffer, at most size - 1 bytes and a NUL; text that does not
 * fit ends in "...". size must be at least 8.
 */
void escape_text(char *buffer, size_t size, const char *text, size_t length);

/* Formats into buffer and escapes the result. size must be at least 8. */
void escape_format(char *buffer, size_t size, const char *format, ...) format_(3, 4);
void escape_vformat(char *buffer, size_t size, const char *format, va_list args) format_(3, 0);
