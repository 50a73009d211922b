/*
 * escape.c: see escape.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/escape.h"

#include <stdbool.h>
#include <stdint.h>

#include "common/mask.h"

/* Longest text that escape_vformat() formats before it escapes; what is longer is cut. */
#define FORMAT_MAX 2048

/* Length of the UTF-8 sequence at s[0..n), and its code point; 0 if it is not valid UTF-8. */
static size_t utf8_decode(const unsigned char *s, size_t n, uint32_t *ret_code)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = s[0] < 0x80    ? 1
			: s[0] >= 0xf0 ? 4
			: s[0] >= 0xe0 ? 3
			: s[0] >= 0xc2 ? 2
				       : 0;
	uint32_t code;

	if (length == 0 || length > n || s[0] > 0xf4)
		return 0;
	code = length == 1 ? s[0] : s[0] & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0U) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3fU);
	}
	if (code < smallest[length] || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*ret_code = code;
	return length;
}

/* Controls, and characters that reorder or hide text on a terminal (Unicode category Cf). */
static bool is_harmful(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x00, 0x1f},	    {0x7f, 0x9f},     {0xad, 0xad},	  {0x61c, 0x61c},
		{0x180e, 0x180e},   {0x200b, 0x200f}, {0x2028, 0x202e},	  {0x2060, 0x206f},
		{0xfeff, 0xfeff},   {0xfff9, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
		{0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static size_t escape_one(char out[static 20], const unsigned char *s, size_t n, size_t *ret_used)
{
	uint32_t code = 0;
	size_t length = utf8_decode(s, n, &code);
	size_t written = 0;

	if (length > 0 && !is_harmful(code)) {
		memcpy(out, s, length);
		*ret_used = length;
		return length;
	}
	*ret_used = length > 0 ? length : 1;
	for (size_t i = 0; i < *ret_used; i++)
		written += (size_t)snprintf(out + written, 20 - written, "\\x%02x", s[i]);
	return written;
}

/* The next piece of the output, and how much of the text it stands for. */
static size_t next_piece(char out[static 20], const char *text, size_t length, size_t *ret_used)
{
	static const char asterisks[] = "********";
	size_t secret = mask_match(text, length);

	if (secret == 0)
		return escape_one(out, (const unsigned char *)text, length, ret_used);
	*ret_used = secret;
	memcpy(out, asterisks, sizeof(asterisks) - 1);
	return sizeof(asterisks) - 1;
}

void escape_text(char *buffer, size_t size, const char *text, size_t length)
{
	static const char ellipsis[] = "...";
	size_t room = size - sizeof(ellipsis);
	size_t fits = 0; /* what may stay when the rest does not fit */
	size_t used = 0;

	for (size_t i = 0, step; i < length; i += step) {
		char piece[20];
		size_t n = next_piece(piece, text + i, length - i, &step);

		if (used + n >= size) {
			memcpy(buffer + fits, ellipsis, sizeof(ellipsis));
			return;
		}
		memcpy(buffer + used, piece, n);
		used += n;
		if (used <= room)
			fits = used;
	}
	buffer[used] = '\0';
}

void escape_vformat(char *buffer, size_t size, const char *format, va_list args)
{
	char raw[FORMAT_MAX];
	int n = vsnprintf(raw, sizeof(raw), format, args);

	if (n < 0)
		n = 0;
	escape_text(buffer, size, raw, (size_t)n < sizeof(raw) ? (size_t)n : sizeof(raw) - 1);
}

void escape_format(char *buffer, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	escape_vformat(buffer, size, format, args);
	va_end(args);
}
