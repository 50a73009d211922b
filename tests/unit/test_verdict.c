/*
 * test_verdict.c: names, how findings add up, and what happens to one too many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include <ctype.h>

#include "common/verdict.h"

static void test_state_names(void **state)
{
	(void)state;
	assert_string_equal(state_name(STATE_OK), "OK");
	assert_string_equal(state_name(STATE_WARNING), "WARNING");
	assert_string_equal(state_name(STATE_UNKNOWN), "UNKNOWN");
	assert_string_equal(state_name(STATE_CRITICAL), "CRITICAL");
}

static void test_phase_names(void **state)
{
	static const char *const names[] = {"resolve", "connect", "tls",  "request", "auth",
					    "query",   "write",	  "read", "judge"};

	(void)state;
	assert_int_equal(ARRAY_SIZE(names), PHASE_MAX);
	for (enum phase phase = 0; phase < PHASE_MAX; phase++)
		assert_string_equal(phase_name(phase), names[phase]);
}

static bool is_snake_case(const char *word)
{
	if (!islower((unsigned char)*word))
		return false;
	for (; *word; word++)
		if (!islower((unsigned char)*word) && !isdigit((unsigned char)*word) &&
		    *word != '_')
			return false;
	return true;
}

static void test_reason_names(void **state)
{
	(void)state;
	for (enum reason reason = 0; reason < REASON_MAX; reason++) {
		assert_true(is_snake_case(reason_name(reason)));
		for (enum reason other = 0; other < reason; other++)
			assert_string_not_equal(reason_name(reason), reason_name(other));
	}
}

/* The words are an interface. New ones may be added; these stay. */
static void test_reason_words_stay(void **state)
{
	static const char *const words[] = {
		"ok",
		"timeout",
		"resolve_failed",
		"connect_refused",
		"connect_failed",
		"connection_closed",
		"tls_failed",
		"tls_verify_failed",
		"tls_setup",
		"cert_expiring",
		"unexpected_answer",
		"http_status",
		"redirected",
		"response_too_large",
		"starting",
		"not_ready",
		"auth_denied",
		"grant_missing",
		"database_missing",
		"query_failed",
		"write_failed",
		"write_rejected",
		"read_back_failed",
		"overloaded",
		"no_leader",
		"backends_down",
		"backend_down",
		"stale",
		"diverged",
		"peer_unreachable",
		"secret_unusable",
		"maintenance",
		"internal_error",
		"usage",
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		bool found = false;

		for (enum reason reason = 0; reason < REASON_MAX; reason++)
			found |= strcmp(reason_name(reason), words[i]) == 0;
		row_check(bad, found, "%s", words[i]);
	}
	assert_int_equal(bad, 0);
}

static void test_set_replaces(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	verdict_fact(&verdict, "k", "v");
	verdict_set(&verdict, STATE_CRITICAL, REASON_TIMEOUT, PHASE_READ, "first");
	verdict_set(&verdict, STATE_WARNING, REASON_STALE, PHASE_QUERY, "%s %d", "second", 2);
	assert_int_equal(verdict.state, STATE_WARNING);
	assert_int_equal(verdict.reason, REASON_STALE);
	assert_int_equal(verdict.phase, PHASE_QUERY);
	assert_string_equal(verdict.text, "second 2");
	assert_int_equal(verdict.n_facts, 1);
}

static void test_text_is_escaped_and_bounded(void **state)
{
	struct verdict verdict = {0};
	char raw[2000];

	(void)state;
	verdict_set(&verdict, STATE_OK, REASON_OK, PHASE_JUDGE, "a\nb\033[0m\xff");
	assert_string_equal(verdict.text, "a\\x0ab\\x1b[0m\\xff");
	memset(raw, 'x', sizeof(raw) - 1);
	raw[sizeof(raw) - 1] = '\0';
	verdict_set(&verdict, STATE_OK, REASON_OK, PHASE_JUDGE, "%s", raw);
	assert_int_equal(strlen(verdict.text), sizeof(verdict.text) - 1);
	assert_string_equal(verdict.text + sizeof(verdict.text) - 4, "...");
}

/* Every pair: the worse one wins with its reason and phase; of two equals the first does. */
static void test_add_every_pair(void **state)
{
	(void)state;
	for (enum state a = STATE_OK; a < STATE_MAX; a++)
		for (enum state b = STATE_OK; b < STATE_MAX; b++) {
			struct verdict verdict = {0};
			bool second = b > a || (a == STATE_OK && b == STATE_OK);
			bool both = a == b && a != STATE_OK;

			verdict_add(&verdict, a, REASON_STALE, PHASE_QUERY, "one");
			verdict_add(&verdict, b, REASON_DIVERGED, PHASE_READ, "two");
			assert_int_equal(verdict.state, a > b ? a : b);
			assert_int_equal(verdict.reason, second ? REASON_DIVERGED : REASON_STALE);
			assert_int_equal(verdict.phase, second ? PHASE_READ : PHASE_QUERY);
			assert_string_equal(verdict.text, both	   ? "one; two"
							  : second ? "two"
								   : "one");
		}
}

static void test_add_order_of_badness(void **state)
{
	(void)state;
	assert_true(STATE_OK < STATE_WARNING);
	assert_true(STATE_WARNING < STATE_UNKNOWN);
	assert_true(STATE_UNKNOWN < STATE_CRITICAL);
}

static void test_add_joins_three(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	verdict_add(&verdict, STATE_WARNING, REASON_STALE, PHASE_QUERY, "a");
	verdict_add(&verdict, STATE_WARNING, REASON_DIVERGED, PHASE_QUERY, "b");
	verdict_add(&verdict, STATE_OK, REASON_OK, PHASE_QUERY, "unheard");
	verdict_add(&verdict, STATE_WARNING, REASON_CERT_EXPIRING, PHASE_TLS, "c");
	assert_string_equal(verdict.text, "a; b; c");
	assert_int_equal(verdict.reason, REASON_STALE);
}

static void test_add_joined_text_is_bounded(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	for (int i = 0; i < 40; i++)
		verdict_add(&verdict, STATE_WARNING, REASON_STALE, PHASE_QUERY, "finding %030d", i);
	assert_true(strlen(verdict.text) < sizeof(verdict.text));
	assert_string_equal(verdict.text + strlen(verdict.text) - 3, "...");
}

static void test_facts_overflow(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	for (int i = 0; i < VERDICT_FACTS_MAX + 5; i++)
		verdict_fact(&verdict, "key", "%d", i);
	assert_int_equal(verdict.n_facts, VERDICT_FACTS_MAX);
	assert_string_equal(verdict.facts[0].value, "0");
	assert_string_equal(verdict.facts[VERDICT_FACTS_MAX - 1].value, "15");
}

static void test_metrics_overflow(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	for (int i = 0; i < VERDICT_METRICS_MAX + 5; i++)
		verdict_metric(&verdict, "name", i, UNIT_SECONDS);
	assert_int_equal(verdict.n_metrics, VERDICT_METRICS_MAX);
	assert_true(verdict.metrics[VERDICT_METRICS_MAX - 1].value == VERDICT_METRICS_MAX - 1);
	assert_int_equal(verdict.metrics[3].unit, UNIT_SECONDS);
}

static void test_facts_are_escaped(void **state)
{
	struct verdict verdict = {0};

	(void)state;
	verdict_fact(&verdict, "a\tb", "%s", "x\ny");
	assert_string_equal(verdict.facts[0].key, "a\\x09b");
	assert_string_equal(verdict.facts[0].value, "x\\x0ay");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_names),
		cmocka_unit_test(test_phase_names),
		cmocka_unit_test(test_reason_names),
		cmocka_unit_test(test_reason_words_stay),
		cmocka_unit_test(test_set_replaces),
		cmocka_unit_test(test_text_is_escaped_and_bounded),
		cmocka_unit_test(test_add_every_pair),
		cmocka_unit_test(test_add_order_of_badness),
		cmocka_unit_test(test_add_joins_three),
		cmocka_unit_test(test_add_joined_text_is_bounded),
		cmocka_unit_test(test_facts_overflow),
		cmocka_unit_test(test_metrics_overflow),
		cmocka_unit_test(test_facts_are_escaped),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
