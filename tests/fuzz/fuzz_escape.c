/*
 * fuzz_escape.c: the first byte is the buffer's size, the rest is the text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "common/escape.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = 8 + (size > 0 ? data[0] : 0);
	char *once = malloc(room);
	char *twice = malloc(room);

	fuzz_require(once && twice);
	escape_text(once, room, (const char *)data + (size > 0), size > 0 ? size - 1 : 0);
	fuzz_require(strlen(once) < room);
	for (const char *c = once; *c; c++)
		fuzz_require((unsigned char)*c >= 0x20 && *c != 0x7f);
	escape_text(twice, room, once, strlen(once));
	fuzz_require(strcmp(once, twice) == 0);
	free(once);
	free(twice);
	return 0;
}
