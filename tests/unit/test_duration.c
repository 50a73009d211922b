/*
 * test_duration.c: durations as people write them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/options.h"

static void test_good(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"0", 0},	   {"0ms", 0},	      {"1", 1000},	   {"800ms", 800},
		{"2s", 2000},	   {"1m", 60000},     {"1h", 3600000},	   {"1d", 86400000},
		{"7d", 604800000}, {"0.8", 800},      {"0.8s", 800},	   {"1.5s", 1500},
		{"0.5m", 30000},   {"1.5h", 5400000}, {"1.4ms", 1},	   {"1.5ms", 2},
		{"0.0005s", 1},	   {"007s", 7000},    {"86400", 86400000}, {"1000d", 86400000000},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t ms = -1;

		row_check(bad, duration_parse(rows[i].text, &ms) == 0, "%s", rows[i].text);
		row_check(bad, ms == rows[i].ms, "%s: %lld", rows[i].text, (long long)ms);
	}
	assert_int_equal(bad, 0);
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		"",
		" ",
		"s",
		"ms",
		"-1",
		"-1s",
		"+1s",
		" 1s",
		"1 s",
		"1s ",
		"1S",
		"1MS",
		"1M",
		"1sec",
		"1min",
		"1w",
		"1us",
		"1ns",
		"1,5s",
		"1s500ms",
		"inf",
		"nan",
		"0x10",
		"0X1s",
		".5s",
		"1..5",
		"abc",
		"1e999",
		"1ss",
		"1msm",
		"99999999999999999999d",
		"1\n",
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t ms = 42;

		row_check(bad, duration_parse(rows[i], &ms) == -EINVAL, "\"%s\": %lld", rows[i],
			  (long long)ms);
		row_check(bad, ms == 42, "\"%s\": the result is touched", rows[i]);
	}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
