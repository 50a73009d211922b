/*
 * test_exit_policy.c: every state under every policy, and LVS's weights.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/check_options.h"
#include "common/exit_policy.h"

/* Codes of OK, WARNING, UNKNOWN, CRITICAL (in the order of enum state) and wrong usage. */
static const struct {
	enum check_exit policy;
	enum check_unknown unknown;
	int codes[STATE_MAX];
	int usage;
} table[] = {
	{CHECK_EXIT_KEEPALIVED, CHECK_UNKNOWN_PASS, {0, 0, 0, 1}, 1},
	{CHECK_EXIT_KEEPALIVED, CHECK_UNKNOWN_FAIL, {0, 0, 1, 1}, 1},
	{CHECK_EXIT_WEIGHT, CHECK_UNKNOWN_PASS, {0, 2, 0, 1}, 1},
	{CHECK_EXIT_WEIGHT, CHECK_UNKNOWN_FAIL, {0, 2, 1, 1}, 1},
	{CHECK_EXIT_NAGIOS, CHECK_UNKNOWN_PASS, {0, 1, 3, 2}, 3},
	{CHECK_EXIT_NAGIOS, CHECK_UNKNOWN_FAIL, {0, 1, 3, 2}, 3},
};

static int expected(size_t row, enum state state, int weight)
{
	int code = table[row].codes[state];

	return table[row].policy == CHECK_EXIT_WEIGHT && code == 2 ? 2 + weight : code;
}

static void test_every_code(void **unused)
{
	int bad = 0;

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		for (int weight = 0; weight <= 253; weight++)
			for (enum state state = 0; state < STATE_MAX; state++) {
				const struct check_options options = {
					.exit = table[i].policy,
					.unknown = table[i].unknown,
					.degraded_weight = weight,
				};
				int code = exit_policy_code(&options, state);

				row_check(bad, code == expected(i, state, weight),
					  "row %zu, %s, weight %d: %d", i, state_name(state),
					  weight, code);
				row_check(bad, code >= 0 && code <= 255, "row %zu: %d", i, code);
			}
	assert_int_equal(bad, 0);
}

static void test_usage(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct check_options options = {.exit = table[i].policy,
						      .unknown = table[i].unknown};

		assert_int_equal(exit_policy_usage_code(&options), table[i].usage);
	}
}

/* misc_dynamic counts every code from 2 on as success. */
static void test_failure_is_never_a_weight(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct check_options options = {.exit = table[i].policy,
						      .unknown = table[i].unknown,
						      .degraded_weight = 100};

		if (table[i].policy != CHECK_EXIT_NAGIOS)
			assert_int_equal(exit_policy_code(&options, STATE_CRITICAL), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_failure_is_never_a_weight),
	};

	return cmocka_run_group_tests_name("exit_policy", tests, NULL, NULL);
}
