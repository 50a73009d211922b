/*
 * test_json.c: JSON from servers: what is refused, and getters that never fail.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/json.h"

static bool is_read(const char *text, size_t length)
{
	cleanup_(json_cleanup) json_t *json = json_read(text, length);

	return json != NULL;
}

static void test_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"{}", true},
		{"[]", true},
		{"{\"a\":1}", true},
		{" {} \r\n", true},
		{"{\"a\":\"\\u00e4\"}", true},
		{"", false},
		{" ", false},
		{"{", false},
		{"{}x", false},
		{"{}{}", false},
		{"{\"a\":}", false},
		{"{'a':1}", false},
		{"{\"a\":1,}", false},
		{"<html>", false},
		{"{\"a\":\"\xff\"}", false},
		{"{\"a\":\"\\u0000\"}", true},
		{"{\"a\\u0000\":1}", false},
		{"{\"a\":\"\n\"}", false},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		row_check(bad, is_read(rows[i].text, strlen(rows[i].text)) == rows[i].good, "%s",
			  rows[i].text);
	assert_int_equal(bad, 0);
}

static void test_length_is_respected(void **state)
{
	(void)state;
	assert_true(is_read("{}garbage", 2));
	assert_false(is_read("{}", 1));
	assert_false(is_read("{}\0", 3));
}

/* Depth is bounded by jansson: a hostile body ends in a refusal, not in a full stack. */
static void test_depth(void **state)
{
	static char deep[200000];

	(void)state;
	memset(deep, '[', sizeof(deep));
	assert_false(is_read(deep, sizeof(deep)));
}

static void test_text(void **state)
{
	static const char text[] = "{\"s\":\"word\",\"n\":1,\"z\":null,\"o\":{\"s\":\"in\"}}";
	cleanup_(json_cleanup) json_t *json = json_read(text, strlen(text));

	(void)state;
	assert_non_null(json);
	assert_string_equal(json_text(json, "s"), "word");
	assert_string_equal(json_text(json, "n"), "");
	assert_string_equal(json_text(json, "z"), "");
	assert_string_equal(json_text(json, "absent"), "");
	assert_string_equal(json_text(json_object_get(json, "o"), "s"), "in");
	assert_string_equal(json_text(json_object_get(json, "n"), "s"), "");
	assert_string_equal(json_text(NULL, "s"), "");
}

static void test_cleanup(void **state)
{
	json_t *json = json_read("{}", 2);

	(void)state;
	json_cleanup(&json);
	assert_null(json);
	json_cleanup(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),	cmocka_unit_test(test_length_is_respected),
		cmocka_unit_test(test_depth),	cmocka_unit_test(test_text),
		cmocka_unit_test(test_cleanup),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
