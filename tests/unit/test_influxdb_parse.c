/*
 * test_influxdb_parse.c: bodies of every product, and bodies of none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "checks/influxdb_parse.h"
#include "tests/unit/influxdb_bodies.h"

static struct influxdb_reply parse(const char *body)
{
	struct influxdb_reply reply = {.asked = true, .status = 200};

	influxdb_parse_body(body, strlen(body), &reply);
	return reply;
}

static const struct {
	const char *body;
	bool is_json, has_error;
	const char *name, *word, *version, *message;
} words[] = {
	{BODY_PING_3, true, false, "", "", "3.10.1", ""},
	{BODY_HEALTH_1, true, false, "influxdb", "pass", "1.8.10", "ready for queries and writes"},
	{BODY_HEALTH_2, true, false, "influxdb", "pass", "v2.7.5", "ready for queries and writes"},
	{BODY_HEALTH_3, false, false, "", "", "", "OK"},
	{BODY_HEALTH_FAIL, true, false, "influxdb", "fail", "", "sqlite: disk I/O error"},
	{BODY_READY_2, true, false, "", "ready", "", ""},
	{BODY_STARTING, true, false, "", "starting", "", ""},
	{BODY_READY_STARTING, true, false, "", "starting", "", "query: not ready"},
	{BODY_LEADER, false, false, "", "", "", "127.0.0.1:18410"},
	{BODY_META_STATUS, true, false, "", "", "", ""},
	{BODY_META_NO_ADMIN, true, true, "", "", "", "must create admin user first"},
	{BODY_404, false, false, "", "", "", "404 page not found"},
	{BODY_RELAY_404, true, true, "", "", "", "invalid write endpoint"},
	{BODY_RELAY_HEALTHY, true, false, "", "healthy", "", ""},
	{BODY_RELAY_LIMIT, false, false, "", "", "", "\"Too Many Requests\""},
	{BODY_PROXY_ALL_UP, true, false, "influx-proxy", "pass", "2.5.12",
	 "ready for queries and writes"},
	{BODY_NO_ROWS, true, false, "", "", "", ""},
	{BODY_DB_200, true, true, "", "", "", "database not found: nope"},
	{BODY_401_1, true, true, "", "", "", "authorization failed"},
	{BODY_401_2, true, true, "", "", "", "unauthorized access"},
	{BODY_DB_404_1, true, true, "", "", "", "database not found: \"nope\""},
	{BODY_BUCKET_404, true, true, "", "", "", "bucket \"nope\" not found"},
	{BODY_CSV, false, false, "", "", "",
	 "name,tags,time,node,v\\x0aha_probe,,1795262580000,n2,7"},
	/* of no product */
	{"", false, false, "", "", "", ""},
	{"{}", true, false, "", "", "", ""},
	{"[]", false, false, "", "", "", "[]"},
	{"null", false, false, "", "", "", "null"},
	{"{\"error\":", false, false, "", "", "", "{\"error\":"},
	{"{\"error\":5,\"status\":[],\"message\":{}}", true, false, "", "", "", ""},
	{"{\"error\":\"\"}", true, false, "", "", "", ""},
	{"{\"results\":{}}", true, false, "", "", "", ""},
	{"{\"results\":[]}", true, false, "", "", "", ""},
	{"{\"results\":[5]}", true, false, "", "", "", ""},
	{"{\"results\":[{\"series\":[{\"columns\":5,\"values\":\"x\"}]}]}", true, false, "", "", "",
	 ""},
	{"{\"error\":\"a\\nb\\u202e\"}", true, true, "", "", "", "a\\x0ab\\xe2\\x80\\xae"},
	{"  \r\n\t", false, false, "", "", "", ""},
};

static void test_words(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct influxdb_reply reply = parse(words[i].body);

		row_check(bad, reply.is_json == words[i].is_json, "%s", words[i].body);
		row_check(bad, reply.has_error == words[i].has_error, "%s", words[i].body);
		row_check(bad, strcmp(reply.name, words[i].name) == 0, "%s", words[i].body);
		row_check(bad, strcmp(reply.word, words[i].word) == 0, "%s", words[i].body);
		row_check(bad, strcmp(reply.version, words[i].version) == 0, "%s", words[i].body);
		row_check(bad, strcmp(reply.message, words[i].message) == 0, "%s: %s",
			  words[i].body, reply.message);
	}
	assert_int_equal(bad, 0);
}

static void test_kinds(void **state)
{
	(void)state;
	assert_true(parse("").is_empty);
	assert_true(parse(" \r\n").is_empty);
	assert_false(parse("x").is_empty);
	assert_false(parse("{}").is_empty);
	assert_true(parse(BODY_UI).is_html);
	assert_true(parse("\n <html>").is_html);
	assert_false(parse("{\"a\":\"<html>\"}").is_html);
	assert_false(parse(BODY_404).is_html);
}

/* The header's version stands; the body's is for those without. */
static void test_version_of_the_header_wins(void **state)
{
	struct influxdb_reply reply = {.version = "1.8.10"};

	(void)state;
	influxdb_parse_body("{\"version\":\"9\"}", 15, &reply);
	assert_string_equal(reply.version, "1.8.10");
}

static const struct {
	const char *body;
	int circles, circles_active, backends, active, behind;
} backends[] = {
	{BODY_PROXY_ALL_UP, 2, 2, 2, 2, 0},
	{BODY_PROXY_ONE_DOWN, 2, 1, 2, 1, 1},
	{BODY_PROXY_BEHIND, 1, 1, 1, 1, 1},
	{BODY_PROXY_ALL_DOWN, 1, 0, 2, 0, 1},
	{BODY_RELAY_HEALTHY, 0, 0, 2, 2, 0},
	{BODY_RELAY_PROBLEM, 0, 0, 2, 1, 0},
	{BODY_RELAY_CRITICAL, 0, 0, 2, 0, 0},
	{BODY_HEALTH_1, 0, 0, 0, 0, 0},
	{"{\"circles\":[]}", 0, 0, 0, 0, 0},
	{"{\"circles\":[{}]}", 1, 0, 0, 0, 0},
	{"{\"circles\":[{\"circle\":{\"active\":\"true\"},\"backends\":[{\"active\":1}]}]}", 1, 0,
	 1, 0, 0},
};

static void test_backends(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		struct influxdb_reply reply = parse(backends[i].body);

		row_check(bad, reply.circles == backends[i].circles, "row %zu", i);
		row_check(bad, reply.circles_active == backends[i].circles_active, "row %zu", i);
		row_check(bad, reply.backends == backends[i].backends, "row %zu", i);
		row_check(bad, reply.backends_active == backends[i].active, "row %zu", i);
		row_check(bad, reply.backends_behind == backends[i].behind, "row %zu", i);
	}
	assert_int_equal(bad, 0);
}

static void test_row(void **state)
{
	struct influxdb_reply reply = parse(BODY_ROW);

	(void)state;
	assert_true(reply.has_row);
	assert_true(reply.time_ms == 1795262585000);
	assert_int_equal(reply.n_columns, 1);
	assert_string_equal(reply.columns[0].name, "v");
	assert_true(reply.columns[0].value == 42);
}

static void test_only_numbers_become_columns(void **state)
{
	struct influxdb_reply reply = parse(BODY_MIXED);

	(void)state;
	assert_true(reply.has_row);
	assert_int_equal(reply.n_columns, 2);
	assert_string_equal(reply.columns[0].name, "f");
	assert_true(reply.columns[0].value == 1.5);
	assert_string_equal(reply.columns[1].name, "i");
	assert_true(reply.columns[1].value == 3);
	assert_int_equal(parse(BODY_WINDOW).n_columns, 6);
}

static void test_no_row(void **state)
{
	(void)state;
	assert_false(parse(BODY_NO_ROWS).has_row);
	assert_false(parse(BODY_NO_DATABASES).has_row);
	assert_false(parse(SERIES("\"time\"", "")).has_row);
	assert_false(parse(SERIES("\"time\"", "[]")).has_row);
	assert_true(parse(BODY_DATABASES).has_row);
	assert_int_equal(parse(BODY_DATABASES).n_columns, 0);
	/* nulls are no numbers: sum() over a field of strings */
	assert_int_equal(parse(SERIES("\"time\",\"v\"", "[0,null]")).n_columns, 0);
}

/* A time that is no number is no time: it reads as very old. */
static void test_time_as_text(void **state)
{
	struct influxdb_reply reply = parse(BODY_RFC3339);

	(void)state;
	assert_true(reply.has_row);
	assert_true(reply.time_ms == 0);
	assert_int_equal(reply.n_columns, 1);
}

/* Unsigned fields go up to 2^64 - 1. */
static void test_big_numbers(void **state)
{
	struct influxdb_reply reply =
		parse(SERIES("\"time\",\"u\"", "[1795262585000,18446744073709551615]"));

	(void)state;
	assert_true(reply.is_json);
	assert_true(reply.has_row);
	assert_true(reply.time_ms == 1795262585000);
}

static void test_more_values_than_columns(void **state)
{
	struct influxdb_reply reply = parse(SERIES("\"time\",\"v\"", "[1,2,3,4]"));

	(void)state;
	assert_int_equal(reply.n_columns, 1);
	reply = parse(SERIES("\"time\",\"v\",\"w\"", "[1,2]"));
	assert_int_equal(reply.n_columns, 1);
}

static void test_columns_overflow(void **state)
{
	char body[8192];
	size_t used =
		(size_t)snprintf(body, sizeof(body), "{\"results\":[{\"series\":[{\"columns\":[");
	struct influxdb_reply reply;
	char last[16];

	(void)state;
	for (int i = 0; i < 100; i++)
		used += (size_t)snprintf(body + used, sizeof(body) - used, "%s\"c%d\"",
					 i > 0 ? "," : "", i);
	used += (size_t)snprintf(body + used, sizeof(body) - used, "],\"values\":[[");
	for (int i = 0; i < 100; i++)
		used += (size_t)snprintf(body + used, sizeof(body) - used, "%s%d", i > 0 ? "," : "",
					 i);
	(void)snprintf(body + used, sizeof(body) - used, "]]}]}]}");
	reply = parse(body);
	(void)snprintf(last, sizeof(last), "c%d", INFLUXDB_COLUMNS_MAX - 1);
	assert_int_equal(reply.n_columns, INFLUXDB_COLUMNS_MAX);
	assert_string_equal(reply.columns[INFLUXDB_COLUMNS_MAX - 1].name, last);
}

static void test_long_message_is_cut(void **state)
{
	char body[600];
	struct influxdb_reply reply;

	(void)state;
	memset(body, 'm', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	reply = parse(body);
	assert_int_equal(strlen(reply.message), sizeof(reply.message) - 1);
	assert_string_equal(reply.message + sizeof(reply.message) - 4, "...");
}

/* The NUL behind a body is not part of it, and one inside ends nothing. */
static void test_length(void **state)
{
	struct influxdb_reply reply = {.asked = true};

	(void)state;
	influxdb_parse_body("OK\0more", 7, &reply);
	assert_string_equal(reply.message, "OK\\x00more");
	reply = (struct influxdb_reply){.asked = true};
	influxdb_parse_body("{}x", 2, &reply);
	assert_true(reply.is_json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_version_of_the_header_wins),
		cmocka_unit_test(test_backends),
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_only_numbers_become_columns),
		cmocka_unit_test(test_no_row),
		cmocka_unit_test(test_time_as_text),
		cmocka_unit_test(test_big_numbers),
		cmocka_unit_test(test_more_values_than_columns),
		cmocka_unit_test(test_columns_overflow),
		cmocka_unit_test(test_long_message_is_cut),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests_name("influxdb_parse", tests, NULL, NULL);
}
