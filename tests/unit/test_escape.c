/*
 * test_escape.c: what escape.c lets through, what it does not, and where it cuts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/escape.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *in;
	size_t length;
	const char *out;
} cases[] = {
	{TEXT(""), ""},
	{TEXT("plain ASCII ~ \\ \" ' |"), "plain ASCII ~ \\ \" ' |"},
	{TEXT("a\nb\tc\rd"), "a\\x0ab\\x09c\\x0dd"},
	{TEXT("nul\0nul"), "nul\\x00nul"},
	{TEXT("\033[31mred\a"), "\\x1b[31mred\\x07"},
	{TEXT("\177"), "\\x7f"},
	/* valid UTF-8 of every length */
	{TEXT("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
	{TEXT("\xc2\xa0"), "\xc2\xa0"},
	{TEXT("\xf4\x8f\xbf\xbd"), "\xf4\x8f\xbf\xbd"},
	/* C1 controls, raw and as UTF-8 */
	{TEXT("\x9b"
	      "31m"),
	 "\\x9b31m"},
	{TEXT("\xc2\x9b"
	      "31m"),
	 "\\xc2\\x9b31m"},
	{TEXT("\xc2\x80\xc2\x9f"), "\\xc2\\x80\\xc2\\x9f"},
	/* alone, cut, overlong, surrogate, beyond Unicode */
	{TEXT("\x80"), "\\x80"},
	{TEXT("\xff\xfe"), "\\xff\\xfe"},
	{TEXT("\xc3"), "\\xc3"},
	{TEXT("\xe2\x82"), "\\xe2\\x82"},
	{TEXT("\xf0\x9f\x98"), "\\xf0\\x9f\\x98"},
	{TEXT("\xc3("), "\\xc3("},
	{TEXT("\xe2\x82z"), "\\xe2\\x82z"},
	{TEXT("\xc0\xaf"), "\\xc0\\xaf"},
	{TEXT("\xc1\xbf"), "\\xc1\\xbf"},
	{TEXT("\xe0\x80\xaf"), "\\xe0\\x80\\xaf"},
	{TEXT("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf"},
	{TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
	{TEXT("\xed\xbf\xbf"), "\\xed\\xbf\\xbf"},
	{TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"},
	{TEXT("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80"},
	/* reordering and hiding */
	{TEXT("a\xe2\x80\xae"
	      "b"),
	 "a\\xe2\\x80\\xaeb"},
	{TEXT("\xef\xbb\xbf"), "\\xef\\xbb\\xbf"},
	{TEXT("\xf3\xa0\x80\x81"), "\\xf3\\xa0\\x80\\x81"},
};

static void test_cases(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char out[128];

		escape_text(out, sizeof(out), cases[i].in, cases[i].length);
		row_check(bad, strcmp(out, cases[i].out) == 0, "row %zu gives %s", i, out);
	}
	assert_int_equal(bad, 0);
}

static size_t encode(uint32_t code, char out[static 5])
{
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(leads[n] | code);
	out[n] = '\0';
	return n;
}

/* Unicode 15: Cc, Bidi_Control, line separators, and the Cf that are Default_Ignorable. */
static bool must_not_pass(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0, 0x1f},	    {0x7f, 0x9f},	{0xad, 0xad},	    {0x61c, 0x61c},
		{0x180e, 0x180e},   {0x200b, 0x200f},	{0x2028, 0x202e},   {0x2060, 0x206f},
		{0xd800, 0xdfff},   {0xfeff, 0xfeff},	{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
		{0xe0001, 0xe0001}, {0xe0020, 0xe007f},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static void test_every_code_point(void **state)
{
	int bad = 0;

	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char in[5];
		char out[32];
		size_t n = encode(code, in);

		escape_text(out, sizeof(out), in, n);
		if (must_not_pass(code))
			row_check(bad, out[0] == '\\' && strlen(out) == 4 * n, "U+%04X passes",
				  (unsigned int)code);
		else if (strcmp(out, in) != 0)
			row_check(bad, out[0] == '\\' && strlen(out) == 4 * n, "U+%04X -> %s",
				  (unsigned int)code, out);
	}
	assert_int_equal(bad, 0);
}

/* Letters, digits, punctuation and symbols of all scripts stay readable. */
static void test_readable_text_passes(void **state)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x20, 0x7e},	  {0xa0, 0xac},	    {0xae, 0x60b},	{0x620, 0x6dc},
		{0x900, 0x17ff},  {0x1e00, 0x200a}, {0x2010, 0x2027},	{0x2070, 0x2fff},
		{0x3000, 0xd7ff}, {0xe000, 0xfdff}, {0x10000, 0x107ff}, {0x1f300, 0x1faff},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		for (uint32_t code = ranges[i].first; code <= ranges[i].last; code++) {
			char in[5];
			char out[32];

			escape_text(out, sizeof(out), in, encode(code, in));
			row_check(bad, strcmp(out, in) == 0, "U+%04X", (unsigned int)code);
		}
	assert_int_equal(bad, 0);
}

static void test_cut(void **state)
{
	static const struct {
		const char *in;
		size_t size;
		const char *out;
	} rows[] = {
		{"1234567", 8, "1234567"},
		{"12345678", 8, "1234..."},
		{"123\n", 8, "123\\x0a"},
		{"1234\n", 8, "1234..."},
		{"123\n4", 8, "123..."},
		{"\n\n", 8, "\\x0a..."},
		{"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 8, "\xe2\x82\xac..."},
		{"\xe2\x82\xac\xe2\x82\xac", 8, "\xe2\x82\xac\xe2\x82\xac"},
		{"\xf0\x9f\x98\x80\xf0\x9f\x98\x80", 8, "\xf0\x9f\x98\x80..."},
		{"abcdefghij", 10, "abcdef..."},
		{"abcdefghi", 10, "abcdefghi"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char out[16];

		escape_text(out, rows[i].size, rows[i].in, strlen(rows[i].in));
		assert_string_equal(out, rows[i].out);
	}
}

/* Every input of up to two bytes, in every size: nothing is written behind the buffer. */
static void test_bounds_and_idempotence(void **state)
{
	(void)state;
	for (unsigned int pair = 0; pair < 0x10000; pair++)
		for (size_t size = 8; size <= 10; size++) {
			char in[4] = {(char)(pair >> 8), (char)pair, 'x', 'y'};
			char once[12];
			char twice[12];

			memset(once, '#', sizeof(once));
			escape_text(once, size, in, sizeof(in));
			assert_true(strlen(once) < size && once[size] == '#');
			escape_text(twice, size, once, strlen(once));
			assert_string_equal(twice, once);
		}
}

/* What follows the text in memory does not complete its last character. */
static void test_length_is_respected(void **state)
{
	static const char face[] = "\xf0\x9f\x98\x80";

	(void)state;
	for (size_t n = 0; n < 4; n++) {
		char out[32];

		escape_text(out, sizeof(out), face, n);
		assert_int_equal(strlen(out), 4 * n);
	}
}

static void test_format(void **state)
{
	char small[16];
	char big[4096];

	(void)state;
	escape_format(small, sizeof(small), "%s=%d\n", "n", 5);
	assert_string_equal(small, "n=5\\x0a");
	escape_format(small, sizeof(small), "%030d", 7);
	assert_string_equal(small, "000000000000...");
	/* a format's result is bounded by itself */
	escape_format(big, sizeof(big), "%05000d", 7);
	assert_int_equal(strlen(big), 2047);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_readable_text_passes),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_bounds_and_idempotence),
		cmocka_unit_test(test_length_is_respected),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
