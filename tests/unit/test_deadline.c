/*
 * test_deadline.c: arithmetic of deadlines. No test waits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/deadline.h"

static void test_after(void **state)
{
	int64_t before = monotonic_us();
	struct deadline deadline = deadline_after_ms(1500);
	int64_t after = monotonic_us();

	(void)state;
	assert_true(deadline.at_us >= before + 1500000);
	assert_true(deadline.at_us <= after + 1500000);
}

static void test_clocks_go_forward(void **state)
{
	int64_t first = monotonic_us();
	int64_t now_s = (int64_t)time(NULL);
	int64_t real_ms = realtime_ms();

	(void)state;
	assert_true(monotonic_us() >= first);
	assert_true(real_ms / 1000 - now_s >= -1 && real_ms / 1000 - now_s <= 60);
}

static void test_left(void **state)
{
	int64_t now = monotonic_us();

	(void)state;
	assert_int_equal(deadline_left_ms((struct deadline){now - 1}), 0);
	assert_int_equal(deadline_left_ms((struct deadline){0}), 0);
	assert_int_equal(deadline_left_ms((struct deadline){now - 3600000000}), 0);
	/* rounded up: one microsecond is not "no time left" */
	assert_in_range(deadline_left_ms((struct deadline){monotonic_us() + 60000001}), 50000,
			60001);
	assert_in_range(deadline_left_ms(deadline_after_ms(60000)), 50000, 60000);
}

static void test_within(void **state)
{
	struct deadline far = deadline_after_ms(3600000);
	struct deadline past = {monotonic_us() - 1000};
	struct deadline within = deadline_within_ms(far, 1000);

	(void)state;
	assert_true(within.at_us < far.at_us);
	assert_true(within.at_us <= monotonic_us() + 1000000);
	assert_true(deadline_within_ms(past, 1000).at_us == past.at_us);
	assert_true(deadline_within_ms(far, 7200000).at_us == far.at_us);
}

static void test_timespec(void **state)
{
	static const struct {
		int64_t at_us;
		time_t seconds;
		long nanoseconds;
	} rows[] = {
		{0, 0, 0},
		{999999, 0, 999999000},
		{1000000, 1, 0},
		{1234567, 1, 234567000},
		{86400000001, 86400, 1000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct timespec ts = deadline_timespec((struct deadline){rows[i].at_us});

		assert_int_equal(ts.tv_sec, rows[i].seconds);
		assert_int_equal(ts.tv_nsec, rows[i].nanoseconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_after),	 cmocka_unit_test(test_clocks_go_forward),
		cmocka_unit_test(test_left),	 cmocka_unit_test(test_within),
		cmocka_unit_test(test_timespec),
	};

	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
