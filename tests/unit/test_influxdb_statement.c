/*
 * test_influxdb_statement.c: quoting, windows and percent-encoding of what is sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "checks/influxdb_statement.h"

/* Options own their texts, so they are not const. */
#define OWNED(name, text) static char name[] = text

OWNED(ha, "ha");
OWNED(probe, "ha_probe");
OWNED(autogen, "autogen");

static const struct {
	const char *name;	 /* of measurement, node or policy */
	const char *identifier;	 /* InfluxQL, double quotes */
	const char *string;	 /* InfluxQL, single quotes */
	const char *measurement; /* line protocol */
	const char *tag;	 /* line protocol */
} names[] = {
	{"plain", "\"plain\"", "'plain'", "plain", "plain"},
	{"a b", "\"a b\"", "'a b'", "a\\ b", "a\\ b"},
	{"a,b", "\"a,b\"", "'a,b'", "a\\,b", "a\\,b"},
	{"a=b", "\"a=b\"", "'a=b'", "a=b", "a\\=b"},
	{"a\"b", "\"a\\\"b\"", "'a\"b'", "a\"b", "a\"b"},
	{"a'b", "\"a'b\"", "'a\\'b'", "a'b", "a'b"},
	{"a\\b", "\"a\\\\b\"", "'a\\\\b'", "a\\b", "a\\b"},
	{"' OR 1=1 --", "\"' OR 1=1 --\"", "'\\' OR 1=1 --'", "'\\ OR\\ 1=1\\ --",
	 "'\\ OR\\ 1\\=1\\ --"},
	{"\\'", "\"\\\\'\"", "'\\\\\\''", "\\'", "\\'"},
	{"\xc3\xa4", "\"\xc3\xa4\"", "'\xc3\xa4'", "\xc3\xa4", "\xc3\xa4"},
};

static void expect(const char *text, const char *format, ...) format_(2, 3);

static void expect(const char *text, const char *format, ...)
{
	char wanted[4096];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(wanted, sizeof(wanted), format, args);
	va_end(args);
	assert_string_equal(text, wanted);
}

static void test_quoting_of_queries(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[64];
		struct influxdb_options options = {
			.database = ha, .canary_measurement = name, .fresh = name};
		struct influxdb_statement statement;

		(void)snprintf(name, sizeof(name), "%s", names[i].name);
		influxdb_statement_query(&options, name, &statement);
		expect(statement.text,
		       "SELECT last(\"v\") FROM %s WHERE \"node\" = %s AND time > now() - 1h",
		       names[i].identifier, names[i].string);
		influxdb_statement_read_back(&options, name, 1700000000123, &statement);
		expect(statement.text,
		       "SELECT \"v\" FROM %s WHERE \"node\" = %s AND time = 1700000000123ms",
		       names[i].identifier, names[i].string);
		influxdb_statement_window(&options, (struct influxdb_window){60000, 120000},
					  &statement);
		expect(statement.text,
		       "SELECT count(*), sum(*) FROM %s WHERE time >= 60000ms AND time < 120000ms",
		       names[i].identifier);
	}
}

static void test_quoting_of_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[64];
		struct influxdb_options options = {
			.database = ha, .retention_policy = name, .canary_measurement = probe};
		struct influxdb_statement statement;

		(void)snprintf(name, sizeof(name), "%s", names[i].name);
		influxdb_statement_read_back(&options, "n", 1, &statement);
		expect(statement.text,
		       "SELECT \"v\" FROM %s.\"ha_probe\" WHERE \"node\" = 'n' AND time = 1ms",
		       names[i].identifier);
	}
}

/* Measurements escape comma and space, tag values also '='; a quote means nothing there. */
static void test_quoting_of_lines(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[64];
		char wanted[256];
		struct influxdb_options options = {.canary_measurement = name};
		struct influxdb_statement line;

		(void)snprintf(name, sizeof(name), "%s", names[i].name);
		(void)snprintf(wanted, sizeof(wanted), "%s,node=%s v=-5i 1700000000123\n",
			       names[i].measurement, names[i].tag);
		influxdb_canary_line(&options, name, -5, 1700000000123, &line);
		row_check(bad, strcmp(line.text, wanted) == 0, "%s, expected %s", line.text,
			  wanted);
	}
	assert_int_equal(bad, 0);
}

/* Names of the greatest length, every byte escaped, are not cut. */
static void test_longest_names(void **state)
{
	char name[INFLUXDB_NAME_MAX + 1];
	struct influxdb_options options = {
		.database = name, .retention_policy = name, .canary_measurement = name};
	struct influxdb_statement statement;

	(void)state;
	memset(name, '\\', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	influxdb_statement_read_back(&options, name, 1, &statement);
	assert_contains(statement.text, "\" WHERE \"node\" = '");
	assert_string_equal(statement.text + strlen(statement.text) - 16, "' AND time = 1ms");
	assert_int_equal(strlen(statement.text),
			 strlen("SELECT \"v\" FROM \"\".\"\" WHERE \"node\" = '' AND time = 1ms") +
				 6L * INFLUXDB_NAME_MAX);
}

static void test_query_without_database(void **state)
{
	struct influxdb_options options = {.canary_measurement = probe};
	struct influxdb_statement statement;

	(void)state;
	influxdb_statement_query(&options, "n", &statement);
	assert_string_equal(statement.text, "SHOW DATABASES");
}

static void test_fresh(void **state)
{
	struct influxdb_options options = {
		.database = ha, .fresh = probe, .max_age_ms = 60000, .peer_lead_ms = 10000};
	struct influxdb_statement statement;

	(void)state;
	influxdb_statement_fresh(&options, 1700000000000, &statement);
	assert_string_equal(
		statement.text,
		"SELECT * FROM \"ha_probe\" WHERE time > "
		"1699999929000ms AND time <= 1700000060000ms ORDER BY time DESC LIMIT 1");
}

/* It ends at a full minute which is at least one minute, and less than two, ago. */
static void test_window(void **state)
{
	static const struct {
		int64_t now_ms, length_ms, from_ms, to_ms;
	} rows[] = {
		{600000, 60000, 480000, 540000},
		{600001, 60000, 480000, 540000},
		{659999, 60000, 480000, 540000},
		{660000, 60000, 540000, 600000},
		{600000, 300000, 240000, 540000},
		{1700000045678, 60000, 1699999920000, 1699999980000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct influxdb_window window =
			influxdb_divergence_window(rows[i].now_ms, rows[i].length_ms);

		assert_int_equal(window.from_ms, rows[i].from_ms);
		assert_int_equal(window.to_ms, rows[i].to_ms);
		assert_int_equal(window.to_ms % 60000, 0);
		assert_in_range(rows[i].now_ms - window.to_ms, 60000, 119999);
	}
}

static void test_database(void **state)
{
	struct influxdb_options neither = {.database = NULL};
	struct influxdb_options database = {.database = ha};
	struct influxdb_options bucket = {.bucket = probe};

	(void)state;
	assert_null(influxdb_database(&neither));
	assert_string_equal(influxdb_database(&database), "ha");
	assert_string_equal(influxdb_database(&bucket), "ha_probe");
}

OWNED(odd, "a b&c=d/e?f#g%h+i\"\xc3\xa4");
#define ODD "a%20b%26c%3Dd%2Fe%3Ff%23g%25h%2Bi%22%C3%A4"

static void test_query_paths(void **state)
{
	const struct {
		struct influxdb_options options;
		const char *path;
	} rows[] = {
		{{.database = NULL}, "/query?epoch=ms&q=" ODD},
		{{.database = ha}, "/query?epoch=ms&db=ha&q=" ODD},
		{{.database = odd}, "/query?epoch=ms&db=" ODD "&q=" ODD},
		{{.bucket = odd, .org = ha}, "/query?epoch=ms&db=" ODD "&q=" ODD},
		{{.database = ha, .retention_policy = odd},
		 "/query?epoch=ms&db=ha&rp=" ODD "&q=" ODD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(free_cleanup) char *path = influxdb_query_path(&rows[i].options, odd);

		assert_string_equal(path, rows[i].path);
	}
}

static void test_write_paths(void **state)
{
	const struct {
		struct influxdb_options options;
		const char *path;
	} rows[] = {
		{{.database = ha}, "/write?precision=ms&db=ha"},
		{{.database = odd}, "/write?precision=ms&db=" ODD},
		{{.database = ha, .retention_policy = autogen},
		 "/write?precision=ms&db=ha&rp=autogen"},
		{{.database = ha, .retention_policy = odd}, "/write?precision=ms&db=ha&rp=" ODD},
		{{.bucket = ha}, "/api/v2/write?precision=ms&bucket=ha"},
		{{.bucket = odd, .org = odd}, "/api/v2/write?precision=ms&bucket=" ODD "&org=" ODD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (enum influxdb_flavor flavor = 0; flavor <= INFLUXDB_FLAVOR_PROXY; flavor++) {
			cleanup_(free_cleanup) char *path =
				influxdb_write_path(&rows[i].options, flavor);

			expect(path, "%s%s", rows[i].path,
			       flavor == INFLUXDB_FLAVOR_ENTERPRISE_DATA ? "&consistency=any" : "");
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoting_of_queries),
		cmocka_unit_test(test_quoting_of_policies),
		cmocka_unit_test(test_quoting_of_lines),
		cmocka_unit_test(test_longest_names),
		cmocka_unit_test(test_query_without_database),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_database),
		cmocka_unit_test(test_query_paths),
		cmocka_unit_test(test_write_paths),
	};

	return cmocka_run_group_tests_name("influxdb_statement", tests, NULL, NULL);
}
