/*
 * test_influxdb_compare.c: freshness, divergence, certificates, and the verdict over all steps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/influxdb_facts.h"

#define F1	    INFLUXDB_FLAVOR_1
#define FRESH	    INFLUXDB_STEP_FRESH
#define PEER_FRESH  INFLUXDB_STEP_PEER_FRESH
#define WINDOW	    INFLUXDB_STEP_WINDOW
#define PEER_WINDOW INFLUXDB_STEP_PEER_WINDOW

/* Ages in milliseconds; the limits are --max-age=60s and --peer-lead=10s. */
#define NO_ROWS	  (-1)
#define DEAD	  (-2)
#define DENIED	  (-3)
#define BUSY	  (-4)
#define BROKEN	  (-5)
#define NOT_ASKED (-6)

static struct influxdb_reply reply_of_age(enum influxdb_step step, int64_t age_ms)
{
	char body[128];

	switch (age_ms) {
	case NO_ROWS:
		return answer(step, 200, BODY_NO_ROWS);
	case DEAD:
		return (struct influxdb_reply){.asked = true,
					       .reason = REASON_CONNECT_REFUSED,
					       .phase = PHASE_CONNECT,
					       .detail = "refused"};
	case DENIED:
		return answer(step, 401, BODY_401_1);
	case BUSY:
		return answer(step, 503, BODY_CONCURRENT);
	case BROKEN:
		return answer(step, 200, BODY_UI);
	case NOT_ASKED:
		return (struct influxdb_reply){.asked = false};
	default:
		(void)snprintf(body, sizeof(body), SERIES("\"time\",\"v\"", "[%lld,1]"),
			       (long long)(NOW_MS - age_ms));
		return answer(step, 200, body);
	}
}

static const struct {
	int64_t here, there;
	enum state state;
	enum reason reason;
} ages[] = {
	/* fresh here: what the peer does is nobody's business */
	{0, 0, STATE_OK, REASON_OK},
	{60000, 0, STATE_OK, REASON_OK}, /* exactly --max-age */
	{1000, 500000, STATE_OK, REASON_OK},
	{1000, NO_ROWS, STATE_OK, REASON_OK},
	{1000, DEAD, STATE_OK, REASON_OK},
	{1000, DENIED, STATE_OK, REASON_OK},
	{1000, BUSY, STATE_OK, REASON_OK},
	{1000, BROKEN, STATE_OK, REASON_OK},
	/* stale here and the peer is ahead */
	{60001, 0, STATE_CRITICAL, REASON_STALE},
	{500000, 1000, STATE_CRITICAL, REASON_STALE},
	{70002, 60001, STATE_CRITICAL, REASON_STALE}, /* both stale, lead 10001 ms */
	{70001, 60001, STATE_WARNING, REASON_STALE},  /* lead exactly --peer-lead */
	{70001, 60000, STATE_CRITICAL, REASON_STALE},
	{60001, 50001, STATE_WARNING, REASON_STALE},
	{60001, 50000, STATE_CRITICAL, REASON_STALE},
	/* stale on both sides: the writers stopped */
	{500000, 500000, STATE_WARNING, REASON_STALE},
	{500000, 600000, STATE_WARNING, REASON_STALE},
	{500000, NO_ROWS, STATE_WARNING, REASON_STALE},
	{NO_ROWS, NO_ROWS, STATE_WARNING, REASON_STALE},
	/* nothing here; what is asked for begins 70 s ago */
	{NO_ROWS, 0, STATE_CRITICAL, REASON_STALE},
	{NO_ROWS, 59999, STATE_CRITICAL, REASON_STALE},
	{NO_ROWS, 60000, STATE_WARNING, REASON_STALE},
	{NO_ROWS, 500000, STATE_WARNING, REASON_STALE},
	/* stale here, and the peer cannot be asked: a standby of a dead peer stays eligible */
	{500000, DEAD, STATE_WARNING, REASON_STALE},
	{500000, DENIED, STATE_WARNING, REASON_STALE},
	{500000, BUSY, STATE_WARNING, REASON_STALE},
	{500000, BROKEN, STATE_WARNING, REASON_STALE},
	{NO_ROWS, DEAD, STATE_WARNING, REASON_STALE},
	/* our own answer was none: that is judged where it came */
	{NOT_ASKED, 0, STATE_OK, REASON_OK},
};

static struct verdict judge_fresh(int64_t here, int64_t there)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	facts.replies[FRESH] = reply_of_age(FRESH, here);
	facts.replies[PEER_FRESH] = reply_of_age(PEER_FRESH, there);
	influxdb_judge(&facts, &config, &verdict);
	return verdict;
}

static void test_freshness(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ages); i++) {
		struct verdict verdict = judge_fresh(ages[i].here, ages[i].there);

		row_check(bad, verdict.state == ages[i].state && verdict.reason == ages[i].reason,
			  "row %zu: %lld here, %lld there: %s", i, (long long)ages[i].here,
			  (long long)ages[i].there, verdict.text);
	}
	assert_int_equal(bad, 0);
}

static void test_clock_ahead(void **state)
{
	struct verdict verdict = judge_fresh(-5000, 0);

	(void)state;
	assert_int_equal(verdict.state, STATE_OK);
	assert_true(verdict.metrics[0].value == -5);
}

static void test_freshness_texts(void **state)
{
	(void)state;
	assert_contains(judge_fresh(90000, 1000).text,
			"newest cpu here is 90.0 s old, the peer's 1.0 s old");
	assert_contains(judge_fresh(90000, NO_ROWS).text, "the peer's older than 70 s");
	assert_contains(judge_fresh(90000, DEAD).text,
			"the peer http://peer:8086 cannot be compared (refused)");
	assert_contains(judge_fresh(90000, DENIED).text,
			"cannot be compared (authorization failed)");
}

/* --- divergence ------------------------------------------------------------------------------ */

#define COLUMNS "\"time\",\"count_v\",\"sum_v\""

static const struct {
	const char *here, *there;
	bool differs;
} windows[] = {
	{SERIES(COLUMNS, "[0,2,49]"), SERIES(COLUMNS, "[0,2,49]"), false},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES(COLUMNS, "[9,2,49]"), false},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES(COLUMNS, "[0,2,49.0]"), false},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES(COLUMNS, "[0,3,49]"), true},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES(COLUMNS, "[0,2,50]"), true},
	{SERIES(COLUMNS, "[0,2,0]"), SERIES(COLUMNS, "[0,2,0]"), false},
	{SERIES(COLUMNS, "[0,2,0]"), SERIES(COLUMNS, "[0,2,0.001]"), true},
	{SERIES(COLUMNS, "[0,2,-49]"), SERIES(COLUMNS, "[0,2,49]"), true},
	/* sums of floats may come in another order */
	{SERIES(COLUMNS, "[0,2,0.30000000000000004]"), SERIES(COLUMNS, "[0,2,0.3]"), false},
	{SERIES(COLUMNS, "[0,2,1000000000]"), SERIES(COLUMNS, "[0,2,1000000000.9]"), false},
	{SERIES(COLUMNS, "[0,2,1000000000]"), SERIES(COLUMNS, "[0,2,1000000002]"), true},
	/* rows and columns on one side only */
	{BODY_NO_ROWS, BODY_NO_ROWS, false},
	{SERIES(COLUMNS, "[0,2,49]"), BODY_NO_ROWS, true},
	{BODY_NO_ROWS, SERIES(COLUMNS, "[0,2,49]"), true},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES("\"time\",\"count_v\"", "[0,2]"), true},
	{SERIES("\"time\",\"count_v\"", "[0,2]"), SERIES(COLUMNS, "[0,2,49]"), true},
	{SERIES(COLUMNS, "[0,2,49]"), SERIES("\"time\",\"sum_v\",\"count_v\"", "[0,49,2]"), false},
	{BODY_WINDOW, BODY_WINDOW, false},
};

static struct verdict judge_windows(struct influxdb_reply here, struct influxdb_reply there)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	facts.replies[WINDOW] = here;
	facts.replies[PEER_WINDOW] = there;
	influxdb_judge(&facts, &config, &verdict);
	return verdict;
}

static void test_divergence(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++) {
		struct verdict verdict = judge_windows(answer(WINDOW, 200, windows[i].here),
						       answer(PEER_WINDOW, 200, windows[i].there));
		enum state state_wanted = windows[i].differs ? STATE_WARNING : STATE_OK;
		enum reason reason = windows[i].differs ? REASON_DIVERGED : REASON_OK;

		row_check(bad, verdict.state == state_wanted && verdict.reason == reason,
			  "row %zu: %s", i, verdict.text);
	}
	assert_int_equal(bad, 0);
}

static void test_divergence_without_peer(void **state)
{
	static const int64_t failures[] = {DEAD, DENIED, BUSY, BROKEN};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		struct verdict verdict = judge_windows(answer(WINDOW, 200, BODY_WINDOW),
						       reply_of_age(PEER_WINDOW, failures[i]));

		assert_int_equal(verdict.state, STATE_OK);
		assert_int_equal(verdict.reason, REASON_PEER_UNREACHABLE);
	}
}

/* Stale and diverged at once: one verdict that tells both. */
static void test_stale_and_diverged(void **state)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	(void)state;
	facts.replies[FRESH] = reply_of_age(FRESH, 500000);
	facts.replies[PEER_FRESH] = reply_of_age(PEER_FRESH, 500000);
	facts.replies[WINDOW] = answer(WINDOW, 200, BODY_WINDOW);
	facts.replies[PEER_WINDOW] = answer(PEER_WINDOW, 200, BODY_NO_ROWS);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.state, STATE_WARNING);
	assert_int_equal(verdict.reason, REASON_STALE);
	assert_contains(verdict.text, "the writers may have stopped; cpu differs from the peer");
}

/* --- certificates ---------------------------------------------------------------------------- */

static void test_certificate(void **state)
{
	static const struct {
		bool known;
		double days;
		int64_t limit;
		enum state state;
	} rows[] = {
		{true, 30.0, 30, STATE_OK},	{true, 29.999, 30, STATE_WARNING},
		{true, 30.001, 30, STATE_OK},	{true, 0.5, 0, STATE_OK},
		{true, -0.5, 0, STATE_WARNING}, {true, -400, 30, STATE_WARNING},
		{true, 1, -1, STATE_OK},	{true, -1, -1, STATE_OK},
		{false, 0, 30, STATE_OK},	{true, 3650, 3650, STATE_OK},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct influxdb_config config = usual_config();
		struct influxdb_facts facts = usual_facts(F1);
		struct verdict verdict = {0};

		config.http.min_cert_days = rows[i].limit;
		facts.has_cert_days = rows[i].known;
		facts.cert_days = rows[i].days;
		influxdb_judge(&facts, &config, &verdict);
		assert_int_equal(verdict.state, rows[i].state);
		assert_int_equal(verdict.reason,
				 rows[i].state == STATE_OK ? REASON_OK : REASON_CERT_EXPIRING);
		assert_int_equal(verdict.n_metrics, rows[i].known);
	}
}

static void test_certificate_does_not_hide_a_failure(void **state)
{
	struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	(void)state;
	config.http.min_cert_days = 30;
	facts.has_cert_days = true;
	facts.replies[INFLUXDB_STEP_WRITE] = answer(INFLUXDB_STEP_WRITE, 500, BODY_DISK_FULL);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.state, STATE_CRITICAL);
	assert_int_equal(verdict.reason, REASON_WRITE_FAILED);
}

/* --- the whole verdict ----------------------------------------------------------------------- */

static void all_good(struct influxdb_facts *facts)
{
	struct influxdb_reply *replies = facts->replies;

	replies[INFLUXDB_STEP_PING] = answer(INFLUXDB_STEP_PING, 204, "");
	(void)snprintf(replies[INFLUXDB_STEP_PING].build, 48, "OSS");
	(void)snprintf(replies[INFLUXDB_STEP_PING].version, 48, "1.8.10");
	(void)snprintf(facts->version, sizeof(facts->version), "1.8.10");
	replies[INFLUXDB_STEP_HEALTH] = answer(INFLUXDB_STEP_HEALTH, 200, BODY_HEALTH_1);
	replies[INFLUXDB_STEP_QUERY] = answer(INFLUXDB_STEP_QUERY, 200, BODY_ROW);
	replies[INFLUXDB_STEP_WRITE] = answer(INFLUXDB_STEP_WRITE, 204, "");
	replies[INFLUXDB_STEP_READ_BACK] = answer(INFLUXDB_STEP_READ_BACK, 200, BODY_ROW);
	replies[FRESH] = reply_of_age(FRESH, 1000);
	replies[PEER_FRESH] = reply_of_age(PEER_FRESH, 2000);
}

static void test_success(void **state)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	(void)state;
	all_good(&facts);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.state, STATE_OK);
	assert_int_equal(verdict.reason, REASON_OK);
	assert_int_equal(verdict.phase, PHASE_JUDGE);
	assert_string_equal(verdict.text, "InfluxDB 1.x 1.8.10 stored a point and gave it back");
	assert_int_equal(verdict.n_metrics, 7);
	assert_string_equal(verdict.metrics[0].name, "influxdb_ping");
	assert_string_equal(verdict.metrics[5].name, "influxdb_newest_age");
	assert_true(verdict.metrics[5].value == 1);
	assert_true(verdict.metrics[6].value == 2);
	assert_string_equal(verdict.facts[0].key, "flavor");
	assert_string_equal(verdict.facts[1].value,
			    "status 204, X-Influxdb-Build \"OSS\", version \"1.8.10\"");
}

/* A text tells what was proven, never more than what was asked of the product. */
static void test_success_texts(void **state)
{
	static const struct {
		enum influxdb_flavor flavor;
		enum influxdb_level level;
		enum influxdb_step asked;
		enum state state;
		const char *text;
	} rows[] = {
		{INFLUXDB_FLAVOR_2, INFLUXDB_LEVEL_PING, INFLUXDB_STEP_PING, STATE_OK,
		 "InfluxDB 2.x answers"},
		{INFLUXDB_FLAVOR_3, INFLUXDB_LEVEL_READY, INFLUXDB_STEP_HEALTH, STATE_OK,
		 "InfluxDB 3 is ready"},
		{INFLUXDB_FLAVOR_1, INFLUXDB_LEVEL_QUERY, INFLUXDB_STEP_QUERY, STATE_OK,
		 "InfluxDB 1.x answers queries"},
		{INFLUXDB_FLAVOR_RELAY, INFLUXDB_LEVEL_WRITE, INFLUXDB_STEP_WRITE, STATE_OK,
		 "influxdb-relay passed a point on to a backend"},
		{INFLUXDB_FLAVOR_PROXY, INFLUXDB_LEVEL_WRITE, INFLUXDB_STEP_WRITE, STATE_OK,
		 "influx-proxy answers queries and buffered a point"},
		{INFLUXDB_FLAVOR_RELAY, INFLUXDB_LEVEL_QUERY, INFLUXDB_STEP_PING, STATE_UNKNOWN,
		 "--level: influxdb-relay cannot be asked for query"},
		{INFLUXDB_FLAVOR_ENTERPRISE_META, INFLUXDB_LEVEL_WRITE, INFLUXDB_STEP_PING,
		 STATE_UNKNOWN,
		 "--level: InfluxDB Enterprise/cluster meta node cannot be asked for write"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct influxdb_config config = usual_config();
		struct influxdb_facts facts = usual_facts(rows[i].flavor);
		struct verdict verdict = {0};

		all_good(&facts);
		facts.version[0] = '\0';
		for (int step = 0; step < INFLUXDB_STEP_MAX; step++)
			facts.replies[step].asked =
				step == (int)rows[i].asked && step != INFLUXDB_STEP_PING;
		facts.replies[INFLUXDB_STEP_HEALTH] = answer(INFLUXDB_STEP_HEALTH, 404, "");
		facts.replies[INFLUXDB_STEP_HEALTH].asked = false;
		if (rows[i].asked == INFLUXDB_STEP_HEALTH)
			facts.replies[INFLUXDB_STEP_HEALTH] =
				answer(INFLUXDB_STEP_HEALTH, 200, "OK");
		config.influxdb.level = rows[i].level;
		config.influxdb.fresh = NULL;
		influxdb_judge(&facts, &config, &verdict);
		assert_int_equal(verdict.state, rows[i].state);
		assert_string_equal(verdict.text, rows[i].text);
	}
}

/* The first step that says stop ends it: what comes after was not asked by a live probe. */
static void test_first_failure_ends_it(void **state)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	(void)state;
	all_good(&facts);
	facts.replies[INFLUXDB_STEP_HEALTH] = answer(INFLUXDB_STEP_HEALTH, 500, "");
	facts.replies[INFLUXDB_STEP_WRITE] = answer(INFLUXDB_STEP_WRITE, 500, BODY_DISK_FULL);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.reason, REASON_HTTP_STATUS);
	assert_null(strstr(verdict.text, "no space left"));
}

/* An overload of another step says nothing about what was read back. */
static void test_overload_does_not_hide_a_lost_point(void **state)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F1);
	struct verdict verdict = {0};

	(void)state;
	all_good(&facts);
	facts.replies[INFLUXDB_STEP_QUERY] = answer(INFLUXDB_STEP_QUERY, 503, BODY_CONCURRENT);
	facts.replies[INFLUXDB_STEP_READ_BACK] = answer(INFLUXDB_STEP_READ_BACK, 200, BODY_NO_ROWS);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.state, STATE_CRITICAL);
	assert_int_equal(verdict.reason, REASON_READ_BACK_FAILED);
}

/* ... and another warning does not turn an overload into a failure. */
static void test_warning_does_not_make_overload_critical(void **state)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(INFLUXDB_FLAVOR_PROXY);
	struct verdict verdict = {0};

	(void)state;
	all_good(&facts);
	(void)snprintf(facts.replies[INFLUXDB_STEP_PING].build, 48, "InfluxDB Proxy");
	facts.replies[INFLUXDB_STEP_HEALTH] =
		answer(INFLUXDB_STEP_HEALTH, 200, BODY_PROXY_ONE_DOWN);
	facts.replies[INFLUXDB_STEP_READ_BACK] =
		answer(INFLUXDB_STEP_READ_BACK, 503, BODY_CONCURRENT);
	influxdb_judge(&facts, &config, &verdict);
	assert_int_equal(verdict.state, STATE_WARNING);
	assert_int_equal(verdict.reason, REASON_BACKEND_DOWN);
}

/* Nothing that the peer answers, or fails to, makes a node with fresh data anything but OK. */
static void test_peer_never_fails_a_fresh_node(void **state)
{
	static const int64_t peers[] = {0, 500000, NO_ROWS, DEAD, DENIED, BUSY, BROKEN, NOT_ASKED};
	const struct influxdb_config config = usual_config();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++) {
		struct influxdb_facts facts = usual_facts(F1);
		struct verdict verdict = {0};

		all_good(&facts);
		facts.replies[PEER_FRESH] = reply_of_age(PEER_FRESH, peers[i]);
		facts.replies[WINDOW] = answer(WINDOW, 200, BODY_NO_ROWS);
		facts.replies[PEER_WINDOW] = facts.replies[PEER_FRESH];
		influxdb_judge(&facts, &config, &verdict);
		assert_true(verdict.state <= STATE_WARNING);
	}
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_freshness),
		TEST(test_clock_ahead),
		TEST(test_freshness_texts),
		TEST(test_divergence),
		TEST(test_divergence_without_peer),
		TEST(test_stale_and_diverged),
		TEST(test_certificate),
		TEST(test_certificate_does_not_hide_a_failure),
		TEST(test_success),
		TEST(test_success_texts),
		TEST(test_first_failure_ends_it),
		TEST(test_overload_does_not_hide_a_lost_point),
		TEST(test_warning_does_not_make_overload_critical),
		TEST(test_peer_never_fails_a_fresh_node),
	};

	return cmocka_run_group_tests_name("influxdb_compare", tests, NULL, NULL);
}
