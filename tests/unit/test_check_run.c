/*
 * test_check_run.c: a probe that returns, one that fails, and one that never ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/check.h"

static const char *target(const void *config)
{
	(void)config;
	return "config";
}

static int validate(const void *config, struct error *error)
{
	(void)config;
	(void)error;
	return 0;
}

static void explain(const void *config, FILE *out)
{
	(void)config;
	(void)out;
}

/* Whether this machine is busy must not decide a test. */
static int64_t starved_ms;

int64_t __wrap_starvation_ms(struct deadline deadline);

int64_t __wrap_starvation_ms(struct deadline deadline)
{
	(void)deadline;
	return starved_ms;
}

static const struct check_options options;
static const void *const config = &options;
static struct deadline seen;

static struct check check_with(int (*probe)(const void *, struct deadline, struct progress *,
					    struct verdict *, struct error *))
{
	return (struct check){
		.program = "chk_unit",
		.service = "unit",
		.summary = "A test.",
		.config_size = sizeof(options),
		.validate = validate,
		.target = target,
		.probe = probe,
		.explain = explain,
	};
}

static int returning(const void *given, struct deadline deadline, struct progress *progress,
		     struct verdict *ret, struct error *error)
{
	(void)error;
	seen = deadline;
	progress_enter(progress, PHASE_QUERY, "step of the probe");
	progress_leave(progress, "done");
	verdict_set(ret, STATE_WARNING, REASON_STALE, PHASE_QUERY, "%s",
		    given == config ? "as configured" : "with another configuration");
	verdict_fact(ret, "key", "value");
	return 0;
}

static int failing(const void *given, struct deadline deadline, struct progress *progress,
		   struct verdict *ret, struct error *error)
{
	(void)given;
	(void)deadline;
	(void)progress;
	verdict_set(ret, STATE_OK, REASON_OK, PHASE_JUDGE, "not to be believed");
	verdict_fact(ret, "key", "kept");
	return error_set(error, ENOMEM, "out of memory\n");
}

/* Blocks for as long as the process lives, as a library can. */
static int endless(const void *given, struct deadline deadline, struct progress *progress,
		   struct verdict *ret, struct error *error)
{
	(void)given;
	(void)deadline;
	(void)progress;
	(void)error;
	verdict_set(ret, STATE_OK, REASON_OK, PHASE_JUDGE, "too late");
	for (;;)
		(void)pause();
	return 0;
}

static void test_returns(void **state)
{
	const struct check check = check_with(returning);
	cleanup_(progress_cleanup) struct progress *progress = NULL;
	struct deadline deadline = deadline_after_ms(60000);
	struct verdict verdict = {0};
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;

	(void)state;
	assert_int_equal(progress_new(&progress), 0);
	assert_true(check_run(&check, config, deadline, 80, progress, &verdict));
	assert_int_equal(verdict.state, STATE_WARNING);
	assert_int_equal(verdict.reason, REASON_STALE);
	assert_string_equal(verdict.text, "as configured");
	assert_int_equal(verdict.n_facts, 1);
	assert_true(seen.at_us == deadline.at_us - 80000);
	assert_int_equal(progress_read(progress, steps, &open), 1);
	assert_string_equal(steps[0].outcome, "done");
}

static void test_fails(void **state)
{
	const struct check check = check_with(failing);
	cleanup_(progress_cleanup) struct progress *progress = NULL;
	struct verdict verdict = {0};

	(void)state;
	assert_int_equal(progress_new(&progress), 0);
	assert_true(check_run(&check, config, deadline_after_ms(60000), 0, progress, &verdict));
	assert_int_equal(verdict.state, STATE_UNKNOWN);
	assert_int_equal(verdict.reason, REASON_INTERNAL_ERROR);
	assert_string_equal(verdict.text, "out of memory\\x0a");
}

/* The thread lives on and uses the progress: both are left to the end of the process. */
static void expect_timeout(struct progress *progress, enum phase phase, const char *text)
{
	static struct check check;
	struct verdict verdict = {0};

	check = check_with(endless);
	assert_false(check_run(&check, config, deadline_after_ms(1), 0, progress, &verdict));
	assert_int_equal(verdict.state, STATE_CRITICAL);
	assert_int_equal(verdict.reason, REASON_TIMEOUT);
	assert_int_equal(verdict.phase, phase);
	assert_contains(verdict.text, text);
}

static struct progress *opened;
static struct progress *closed;
static struct progress *unused;

static void test_outlives_its_deadline(void **state)
{
	(void)state;
	assert_int_equal(progress_new(&opened), 0);
	progress_enter(opened, PHASE_CONNECT, "connect");
	progress_leave(opened, "connected");
	progress_enter(opened, PHASE_RESOLVE, "resolve db1.example.org");
	expect_timeout(opened, PHASE_RESOLVE, "resolve db1.example.org");
}

static void test_outlives_between_steps(void **state)
{
	(void)state;
	assert_int_equal(progress_new(&closed), 0);
	progress_enter(closed, PHASE_TLS, "handshake");
	progress_leave(closed, "done");
	expect_timeout(closed, PHASE_TLS, "handshake");
}

static void test_outlives_without_a_step(void **state)
{
	(void)state;
	assert_int_equal(progress_new(&unused), 0);
	expect_timeout(unused, PHASE_JUDGE, "nothing came after the \"start\"");
}

/* A deadline that has passed before the start is no reason to hang or to be OK. */
static void test_no_time_at_all(void **state)
{
	static struct progress *progress;
	static struct check check;
	struct verdict verdict = {0};

	(void)state;
	check = check_with(endless);
	assert_int_equal(progress_new(&progress), 0);
	assert_false(check_run(&check, config, deadline_after_ms(0), 10, progress, &verdict));
	assert_int_equal(verdict.state, STATE_CRITICAL);
	assert_int_equal(verdict.reason, REASON_TIMEOUT);
}

/* A probe that got no CPU for most of its time knows nothing about the service. */
static void test_starved(void **state)
{
	static const struct {
		int64_t wait_ms, starved_ms;
		enum reason reason;
	} rows[] = {
		{1, 50, REASON_TIMEOUT},
		{1, 51, REASON_STARVED},
		{200, 99, REASON_TIMEOUT},
		{200, 1000, REASON_STARVED},
	};
	static struct check check;

	(void)state;
	check = check_with(endless);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct progress *progress; /* the endless thread keeps it */
		struct verdict verdict = {0};

		assert_int_equal(progress_new(&progress), 0);
		starved_ms = rows[i].starved_ms;
		assert_false(check_run(&check, config, deadline_after_ms(rows[i].wait_ms), 0,
				       progress, &verdict));
		assert_int_equal(verdict.reason, rows[i].reason);
		assert_int_equal(verdict.state,
				 rows[i].reason == REASON_STARVED ? STATE_UNKNOWN : STATE_CRITICAL);
	}
	starved_ms = 0;
}

/* What was settled before the probe went on stands, when it does not come back. */
static void test_settled(void **state)
{
	static struct progress *progress;
	static struct check check;
	struct verdict settled = {0};
	struct verdict verdict = {0};

	(void)state;
	check = check_with(endless);
	verdict_set(&settled, STATE_WARNING, REASON_STALE, PHASE_QUERY, "settled");
	assert_int_equal(progress_new(&progress), 0);
	progress_settle(progress, &settled);
	assert_false(check_run(&check, config, deadline_after_ms(1), 0, progress, &verdict));
	assert_int_equal(verdict.state, STATE_WARNING);
	assert_int_equal(verdict.reason, REASON_STALE);
	assert_string_equal(verdict.text, "settled");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_fails),
		cmocka_unit_test(test_outlives_its_deadline),
		cmocka_unit_test(test_outlives_between_steps),
		cmocka_unit_test(test_outlives_without_a_step),
		cmocka_unit_test(test_no_time_at_all),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_settled),
	};

	return cmocka_run_group_tests_name("check_run", tests, NULL, NULL);
}
