/*
 * error.c: see error.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/error.h"

#include <stdarg.h>

#include "common/escape.h"

int error_set(struct error *error, int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	escape_vformat(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -errnum;
}
