/*
 * test_mask.c: registered secrets show in no text, whatever is cut and wherever they stand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/escape.h"
#include "common/mask.h"

static const struct {
	const char *text, *secret, *out;
} rows[] = {
	{"abcd", "abcd", "********"},
	{"xabcdx abcd", "abcd", "x********x ********"},
	{"abcabcd", "abcd", "abc********"},
	{"aaaaaaaaa", "aaaa", "****************a"},
	{"nothing here", "abcd", "nothing here"},
	{"", "abcd", ""},
	{"an ordinary word", "an", "an ordinary word"},
	{"ABCD", "abcd", "ABCD"},
	{"pass\xc3\xa9", "pass\xc3\xa9", "********"},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char out[64];

		mask_add(rows[i].secret);
		escape_text(out, sizeof(out), rows[i].text, strlen(rows[i].text));
		assert_string_equal(out, rows[i].out);
		mask_remove(rows[i].secret);
		assert_int_equal(mask_match(rows[i].text, strlen(rows[i].text)), 0);
	}
}

/* A secret that stands across the end of the buffer shows no part of itself. */
static void test_cut(void **state)
{
	static const char secret[] = "0123456789abcdef";

	(void)state;
	mask_add(secret);
	for (int before = 0; before < 40; before++) {
		char text[64];
		char out[24];

		(void)snprintf(text, sizeof(text), "%.*s%s", before,
			       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", secret);
		escape_text(out, sizeof(out), text, strlen(text));
		assert_null(strpbrk(out, "0123456789abcdef"));
	}
	mask_remove(secret);
}

static void test_longest_wins(void **state)
{
	static const char whole[] = "user:password";
	char out[64];

	(void)state;
	mask_add(whole + 5);
	mask_add(whole);
	escape_format(out, sizeof(out), "<%s> <%s>", whole, whole + 5);
	assert_string_equal(out, "<********> <********>");
	mask_remove(whole);
	escape_format(out, sizeof(out), "<%s>", whole);
	assert_string_equal(out, "<user:********>");
	mask_remove(whole + 5);
}

static void test_too_many(void **state)
{
	static char texts[40][8];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "text%02zu", i);
		mask_add(texts[i]);
	}
	assert_int_equal(mask_match("text00", 6), 6);
	assert_int_equal(mask_match("text39", 6), 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		mask_remove(texts[i]);
	mask_remove(NULL);
	assert_int_equal(mask_match("text00", 6), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_longest_wins),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
