/*
 * test_progress.c: steps, the open one, one too many, and two threads at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include <pthread.h>

#include "common/progress.h"

static int setup(void **state)
{
	struct progress *progress;

	if (progress_new(&progress) < 0)
		return -1;
	*state = progress;
	return 0;
}

static int teardown(void **state)
{
	progress_free(*state);
	return 0;
}

static void test_none(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open = true;

	assert_int_equal(progress_read(*state, steps, &open), 0);
	assert_false(open);
	progress_leave(*state, "nothing to leave");
	assert_int_equal(progress_read(*state, steps, &open), 0);
	assert_false(open);
}

static void test_steps(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;

	progress_enter(*state, PHASE_CONNECT, "connect to %s", "h\n");
	progress_leave(*state, "%d", 204);
	progress_enter(*state, PHASE_REQUEST, "GET /ping");
	progress_enter(*state, PHASE_QUERY, "GET /query");
	assert_int_equal(progress_read(*state, steps, &open), 3);
	assert_true(open);
	assert_int_equal(steps[0].phase, PHASE_CONNECT);
	assert_string_equal(steps[0].what, "connect to h\\x0a");
	assert_string_equal(steps[0].outcome, "204");
	/* entering a step ends the one before, which then has no outcome */
	assert_string_equal(steps[1].what, "GET /ping");
	assert_string_equal(steps[1].outcome, "");
	assert_int_equal(steps[2].phase, PHASE_QUERY);
	assert_string_equal(steps[2].outcome, "");
}

static void test_left_twice(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;

	progress_enter(*state, PHASE_READ, "read");
	progress_leave(*state, "first");
	progress_leave(*state, "second");
	assert_int_equal(progress_read(*state, steps, &open), 1);
	assert_false(open);
	assert_string_equal(steps[0].outcome, "first");
}

static void test_times(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	int64_t elapsed;
	bool open;
	size_t n;

	progress_enter(*state, PHASE_CONNECT, "a");
	progress_leave(*state, "x");
	progress_enter(*state, PHASE_REQUEST, "b");
	n = progress_read(*state, steps, &open);
	elapsed = progress_elapsed_us(*state);
	assert_int_equal(n, 2);
	assert_true(steps[0].start_us >= 0 && steps[0].duration_us >= 0);
	assert_true(steps[1].start_us >= steps[0].start_us + steps[0].duration_us);
	/* an open step lasts up to now */
	assert_true(steps[1].duration_us >= 0);
	assert_true(steps[1].start_us + steps[1].duration_us <= elapsed);
}

static void test_overflow(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;

	for (int i = 0; i < PROGRESS_STEPS_MAX + 5; i++) {
		progress_enter(*state, PHASE_READ, "step %d", i);
		progress_leave(*state, "done %d", i);
	}
	progress_enter(*state, PHASE_WRITE, "the last");
	assert_int_equal(progress_read(*state, steps, &open), PROGRESS_STEPS_MAX);
	assert_true(open);
	assert_string_equal(steps[0].what, "step 0");
	assert_string_equal(steps[PROGRESS_STEPS_MAX - 2].what, "step 30");
	assert_string_equal(steps[PROGRESS_STEPS_MAX - 1].what, "the last");
	assert_string_equal(steps[PROGRESS_STEPS_MAX - 1].outcome, "");
}

static void test_long_texts_are_cut(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	bool open;

	progress_enter(*state, PHASE_READ, "%0500d", 1);
	progress_leave(*state, "%0500d", 1);
	assert_int_equal(progress_read(*state, steps, &open), 1);
	assert_int_equal(strlen(steps[0].what), sizeof(steps[0].what) - 1);
	assert_int_equal(strlen(steps[0].outcome), sizeof(steps[0].outcome) - 1);
}

static void *write_steps(void *user)
{
	for (int i = 0; i < 2000; i++) {
		progress_enter(user, PHASE_REQUEST, "same %d %d", i, i);
		progress_leave(user, "left %d", i);
	}
	return NULL;
}

/* A reader never sees half a step. */
static void test_two_threads(void **state)
{
	struct step steps[PROGRESS_STEPS_MAX];
	pthread_t writer;
	bool open;
	int bad = 0;
	size_t n = 0;

	assert_int_equal(pthread_create(&writer, NULL, write_steps, *state), 0);
	for (int round = 0; round < 500; round++) {
		n = progress_read(*state, steps, &open);
		for (size_t i = 0; i < n; i++) {
			int a = -1;
			int b = -2;
			int left = -3;

			row_check(bad, sscanf(steps[i].what, "same %d %d", &a, &b) == 2 && a == b,
				  "%s", steps[i].what);
			row_check(bad,
				  (open && i == n - 1) ||
					  (sscanf(steps[i].outcome, "left %d", &left) == 1 &&
					   left == a),
				  "%s: %s", steps[i].what, steps[i].outcome);
		}
	}
	assert_int_equal(pthread_join(writer, NULL), 0);
	assert_int_equal(bad, 0);
	assert_int_equal(progress_read(*state, steps, &open), PROGRESS_STEPS_MAX);
	assert_string_equal(steps[PROGRESS_STEPS_MAX - 1].outcome, "left 1999");
}

static void test_freed(void **state)
{
	struct progress *progress = NULL;

	(void)state;
	progress_cleanup(&progress);
	assert_int_equal(progress_new(&progress), 0);
	progress_cleanup(&progress);
	assert_null(progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_left_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(test_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overflow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_texts_are_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_threads, setup, teardown),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
