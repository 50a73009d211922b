/*
 * test_influxdb_judge.c: what each answer means, by step and product, and what no answer may mean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/influxdb_facts.h"

#define F1    INFLUXDB_FLAVOR_1
#define F2    INFLUXDB_FLAVOR_2
#define F3    INFLUXDB_FLAVOR_3
#define DATA  INFLUXDB_FLAVOR_ENTERPRISE_DATA
#define META  INFLUXDB_FLAVOR_ENTERPRISE_META
#define RELAY INFLUXDB_FLAVOR_RELAY
#define PROXY INFLUXDB_FLAVOR_PROXY
#define AUTO  INFLUXDB_FLAVOR_AUTO

#define READY	  INFLUXDB_STEP_READY
#define HEALTH	  INFLUXDB_STEP_HEALTH
#define QUERY	  INFLUXDB_STEP_QUERY
#define WRITE	  INFLUXDB_STEP_WRITE
#define READ_BACK INFLUXDB_STEP_READ_BACK
#define FRESH	  INFLUXDB_STEP_FRESH
#define WINDOW	  INFLUXDB_STEP_WINDOW

#define GOOD		STATE_OK, REASON_OK, true
#define CRITICAL(word)	STATE_CRITICAL, REASON_##word, false
#define UNKNOWN(word)	STATE_UNKNOWN, REASON_##word, false
#define WARN(word)	STATE_WARNING, REASON_##word, true
#define WARN_STOP(word) STATE_WARNING, REASON_##word, false

struct row {
	enum influxdb_step step;
	enum influxdb_flavor flavor;
	int status;
	const char *body;
	enum state state;
	enum reason reason;
	bool go_on;
};

static const struct row rows[] = {
	/* "busy" is an overload only where the status says so */
	{QUERY, F1, 200, "{\"results\":[{\"error\":\"database not found: busybox\"}]}",
	 UNKNOWN(DATABASE_MISSING)},
	{WRITE, F1, 500, "{\"error\":\"writing WAL entry: device or resource busy\"}",
	 CRITICAL(WRITE_FAILED)},
	{WRITE, F1, 503, "server is too busy", WARN_STOP(OVERLOADED)},
	/* JSON, but of another product */
	{HEALTH, F2, 200, "{\"name\":\"other\",\"status\":\"pass\"}", CRITICAL(UNEXPECTED_ANSWER)},
	/* 2.x: /ready */
	{READY, F2, 200, BODY_READY_2, GOOD},
	{READY, F2, 503, BODY_STARTING, CRITICAL(STARTING)},
	{READY, F2, 503, BODY_READY_STARTING, CRITICAL(STARTING)},
	{READY, F2, 503, "", CRITICAL(NOT_READY)},
	{READY, F2, 200, BODY_UI, CRITICAL(UNEXPECTED_ANSWER)},
	{READY, F2, 200, "{}", CRITICAL(UNEXPECTED_ANSWER)},
	{READY, F2, 404, BODY_404, CRITICAL(HTTP_STATUS)},
	{READY, F2, 500, "", CRITICAL(HTTP_STATUS)},
	{READY, F2, 302, "", CRITICAL(REDIRECTED)},
	{READY, F2, 401, BODY_401_2, UNKNOWN(AUTH_DENIED)},
	{READY, F2, 403, "", UNKNOWN(GRANT_MISSING)},
	/* 3: only Enterprise has it */
	{READY, F3, 404, "", GOOD},
	{READY, F3, 200, "", GOOD},
	{READY, F3, 503, "", CRITICAL(NOT_READY)},
	{READY, F3, 401, "", UNKNOWN(AUTH_DENIED)},
	/* a meta node's /status */
	{READY, META, 200, BODY_META_STATUS, GOOD},
	{READY, META, 503, "", CRITICAL(NOT_READY)},
	{READY, META, 401, "", UNKNOWN(AUTH_DENIED)},

	/* /health */
	{HEALTH, F1, 200, BODY_HEALTH_1, GOOD},
	{HEALTH, F1, 404, BODY_404, GOOD},
	{HEALTH, F1, 401, BODY_401_1, UNKNOWN(AUTH_DENIED)},
	{HEALTH, F1, 200, BODY_UI, CRITICAL(UNEXPECTED_ANSWER)},
	{HEALTH, F1, 200, "", CRITICAL(UNEXPECTED_ANSWER)},
	{HEALTH, F1, 200, "{}", CRITICAL(NOT_READY)},
	{HEALTH, F1, 301, "", CRITICAL(REDIRECTED)},
	{HEALTH, F1, 500, "", CRITICAL(HTTP_STATUS)},
	{HEALTH, F1, 405, "", CRITICAL(HTTP_STATUS)},
	{HEALTH, DATA, 200, BODY_HEALTH_1, GOOD},
	{HEALTH, DATA, 404, BODY_404, GOOD},
	{HEALTH, F2, 200, BODY_HEALTH_2, GOOD},
	{HEALTH, F2, 200, BODY_HEALTH_29, GOOD},
	{HEALTH, F2, 404, BODY_404, CRITICAL(HTTP_STATUS)},
	{HEALTH, F2, 503, BODY_HEALTH_FAIL, CRITICAL(NOT_READY)},
	{HEALTH, F2, 200, BODY_HEALTH_FAIL, CRITICAL(NOT_READY)},
	{HEALTH, F2, 503, BODY_STARTING, CRITICAL(STARTING)},
	{HEALTH, F2, 200, BODY_UI, CRITICAL(UNEXPECTED_ANSWER)},
	{HEALTH, F3, 200, BODY_HEALTH_3, GOOD},
	{HEALTH, F3, 401, "", UNKNOWN(AUTH_DENIED)},
	{HEALTH, F3, 404, "", CRITICAL(HTTP_STATUS)},
	{HEALTH, RELAY, 404, BODY_RELAY_404, GOOD},
	{HEALTH, RELAY, 200, BODY_RELAY_HEALTHY, GOOD},
	{HEALTH, RELAY, 200, BODY_RELAY_PROBLEM, WARN(BACKEND_DOWN)},
	{HEALTH, RELAY, 200, BODY_RELAY_CRITICAL, CRITICAL(BACKENDS_DOWN)},
	{HEALTH, RELAY, 429, BODY_RELAY_LIMIT, WARN_STOP(OVERLOADED)},
	{HEALTH, PROXY, 200, BODY_PROXY_ALL_UP, GOOD},
	{HEALTH, PROXY, 200, BODY_PROXY_ONE_DOWN, WARN(BACKEND_DOWN)},
	{HEALTH, PROXY, 200, BODY_PROXY_BEHIND, WARN(BACKEND_DOWN)},
	{HEALTH, PROXY, 200, BODY_PROXY_ALL_DOWN, CRITICAL(BACKENDS_DOWN)},
	{HEALTH, PROXY, 200, BODY_HEALTH_1, GOOD},
	{HEALTH, PROXY, 404, BODY_404, GOOD},
	{HEALTH, PROXY, 401, "{\"error\":\"authentication failed\"}", UNKNOWN(AUTH_DENIED)},

	/* /query */
	{QUERY, F1, 200, BODY_ROW, GOOD},
	{QUERY, F1, 200, BODY_NO_ROWS, GOOD},
	{QUERY, F1, 200, BODY_DATABASES, GOOD},
	{QUERY, F1, 200, BODY_NO_DATABASES, GOOD},
	{QUERY, F1, 200, BODY_CSV, CRITICAL(UNEXPECTED_ANSWER)},
	{QUERY, F1, 200, BODY_UI, CRITICAL(UNEXPECTED_ANSWER)},
	{QUERY, F1, 204, "", CRITICAL(UNEXPECTED_ANSWER)},
	{QUERY, F1, 200, BODY_DB_200, UNKNOWN(DATABASE_MISSING)},
	{QUERY, F1, 200, BODY_RP_200, UNKNOWN(DATABASE_MISSING)},
	{QUERY, F1, 200, BODY_ENGINE_200, CRITICAL(QUERY_FAILED)},
	{QUERY, F1, 200, RESULTS(",\"error\":\"shard not found\""), CRITICAL(QUERY_FAILED)},
	{QUERY, F1, 400, BODY_SYNTAX_1, UNKNOWN(QUERY_FAILED)},
	{QUERY, F1, 401, BODY_401_1, UNKNOWN(AUTH_DENIED)},
	{QUERY, F1, 403, BODY_QUERY_403, UNKNOWN(GRANT_MISSING)},
	{QUERY, F1, 403, BODY_NO_ADMIN, UNKNOWN(AUTH_DENIED)},
	{QUERY, F1, 403, "", UNKNOWN(GRANT_MISSING)},
	{QUERY, F1, 500, "{\"error\":\"i/o error\"}", CRITICAL(QUERY_FAILED)},
	{QUERY, F1, 500, "", CRITICAL(QUERY_FAILED)},
	{QUERY, F1, 503, BODY_CONCURRENT, WARN(OVERLOADED)},
	{QUERY, F1, 200, RESULTS(",\"error\":\"max-concurrent-queries limit exceeded(1, 1)\""),
	 WARN(OVERLOADED)},
	{QUERY, F1, 307, "", CRITICAL(REDIRECTED)},
	{QUERY, F2, 200, BODY_RP_UNSET_200, UNKNOWN(DATABASE_MISSING)},
	{QUERY, F2, 400, BODY_SYNTAX_2, UNKNOWN(QUERY_FAILED)},
	{QUERY, F2, 401, BODY_401_2, UNKNOWN(AUTH_DENIED)},
	{QUERY, F2, 404, BODY_DBRP_404, UNKNOWN(DATABASE_MISSING)},
	{QUERY, F2, 500, BODY_QUEUE, WARN(OVERLOADED)},
	{QUERY, F2, 503, BODY_STARTING, CRITICAL(STARTING)},
	{QUERY, F3, 200, BODY_ROW, GOOD},
	{QUERY, DATA, 200, BODY_NO_ROWS, GOOD},
	{QUERY, PROXY, 200, BODY_ROW, GOOD},
	{QUERY, PROXY, 400, BODY_PROXY_DEAD, CRITICAL(BACKENDS_DOWN)},
	{QUERY, PROXY, 400, "{\"error\":\"database not found\"}", UNKNOWN(DATABASE_MISSING)},
	{QUERY, PROXY, 400, "{\"error\":\"database forbidden: nope\"}", UNKNOWN(QUERY_FAILED)},

	/* a node that cannot answer what --max-age and --divergence ask is judged as for /query */
	{FRESH, F1, 200, BODY_ROW, GOOD},
	{FRESH, F1, 200, BODY_NO_ROWS, GOOD},
	/* a comparison that cannot be made is a WARNING at most */
	{FRESH, F1, 500, "{\"error\":\"i/o error\"}", WARN(QUERY_FAILED)},
	{FRESH, F1, 401, BODY_401_1, STATE_UNKNOWN, REASON_AUTH_DENIED, false},
	{WINDOW, F1, 200, BODY_WINDOW, GOOD},
	{WINDOW, F1, 503, BODY_CONCURRENT, WARN(OVERLOADED)},

	/* writes */
	{WRITE, F1, 204, "", GOOD},
	{WRITE, F1, 200, "", CRITICAL(UNEXPECTED_ANSWER)},
	{WRITE, F1, 200, BODY_UI, CRITICAL(UNEXPECTED_ANSWER)},
	{WRITE, F1, 302, "", CRITICAL(REDIRECTED)},
	{WRITE, F1, 400, BODY_TYPE_1, UNKNOWN(WRITE_REJECTED)},
	{WRITE, F1, 400, BODY_RETENTION_1, UNKNOWN(WRITE_REJECTED)},
	{WRITE, F1, 413, "", UNKNOWN(WRITE_REJECTED)},
	{WRITE, F1, 401, BODY_401_1, UNKNOWN(AUTH_DENIED)},
	{WRITE, F1, 403, BODY_WRITE_403_1, UNKNOWN(GRANT_MISSING)},
	{WRITE, F1, 403, BODY_USER_REQUIRED, UNKNOWN(AUTH_DENIED)},
	{WRITE, F1, 404, BODY_DB_404_1, UNKNOWN(DATABASE_MISSING)},
	{WRITE, F1, 500, BODY_RP_500, UNKNOWN(DATABASE_MISSING)},
	{WRITE, F1, 500, BODY_DISK_FULL, CRITICAL(WRITE_FAILED)},
	{WRITE, F1, 500, BODY_TIMEOUT, CRITICAL(WRITE_FAILED)},
	{WRITE, F1, 503, BODY_THROTTLED, WARN_STOP(OVERLOADED)},
	{WRITE, F1, 503, "", CRITICAL(WRITE_FAILED)},
	{WRITE, F1, 429, "", WARN_STOP(OVERLOADED)},
	{WRITE, F2, 204, "", GOOD},
	{WRITE, F2, 404, BODY_BUCKET_404, UNKNOWN(DATABASE_MISSING)},
	{WRITE, F2, 404, BODY_ORG_404, UNKNOWN(DATABASE_MISSING)},
	{WRITE, F2, 403, BODY_WRITE_403_2, UNKNOWN(GRANT_MISSING)},
	{WRITE, F2, 422, BODY_TYPE_2, UNKNOWN(WRITE_REJECTED)},
	{WRITE, F2, 503, BODY_STARTING, CRITICAL(STARTING)},
	{WRITE, F2, 429, BODY_QUOTA, WARN_STOP(OVERLOADED)},
	{WRITE, DATA, 204, "", GOOD},
	{WRITE, DATA, 500, BODY_PARTIAL, CRITICAL(WRITE_FAILED)},
	{WRITE, DATA, 500, BODY_TYPE_CLUSTER, UNKNOWN(WRITE_REJECTED)},
	{WRITE, RELAY, 204, "", GOOD},
	{WRITE, RELAY, 503, BODY_RELAY_503, CRITICAL(WRITE_FAILED)},
	{WRITE, RELAY, 400, "\"unable to parse points\"", UNKNOWN(WRITE_REJECTED)},
	{WRITE, PROXY, 204, "", GOOD},

	/* reading back: 42 was written */
	{READ_BACK, F1, 200, BODY_ROW, GOOD},
	{READ_BACK, F1, 200, BODY_OTHER_ROW, CRITICAL(READ_BACK_FAILED)},
	{READ_BACK, F1, 200, BODY_NO_ROWS, CRITICAL(READ_BACK_FAILED)},
	{READ_BACK, F1, 200, SERIES("\"time\",\"w\"", "[1,42]"), CRITICAL(READ_BACK_FAILED)},
	{READ_BACK, F1, 200, SERIES("\"time\",\"v\"", "[1,\"42\"]"), CRITICAL(READ_BACK_FAILED)},
	{READ_BACK, F1, 503, BODY_CONCURRENT, WARN_STOP(OVERLOADED)},
	{READ_BACK, F1, 429, "", WARN_STOP(OVERLOADED)},
	{READ_BACK, F1, 401, BODY_401_1, UNKNOWN(AUTH_DENIED)},
	{READ_BACK, F1, 403, BODY_QUERY_403, UNKNOWN(GRANT_MISSING)},
	{READ_BACK, F1, 500, "{\"error\":\"i/o error\"}", CRITICAL(QUERY_FAILED)},
	{READ_BACK, F2, 200, BODY_ROW, GOOD},
	{READ_BACK, PROXY, 400, BODY_PROXY_DEAD, CRITICAL(BACKENDS_DOWN)},
};

static void test_rows(void **state)
{
	const struct influxdb_config config = usual_config();
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct influxdb_facts facts = usual_facts(row->flavor);
		struct verdict verdict = {0};
		bool go_on;

		facts.replies[row->step] = answer(row->step, row->status, row->body);
		go_on = influxdb_judge_step(&facts, &config, row->step, &verdict);
		row_check(bad, verdict.state == row->state && verdict.reason == row->reason,
			  "row %zu, %s %d %s: %s %s", i, influxdb_flavor_title(row->flavor),
			  row->status, row->body, state_name(verdict.state),
			  reason_name(verdict.reason));
		row_check(bad, go_on == row->go_on, "row %zu, %d %s", i, row->status, row->body);
		row_check(bad, verdict.state == STATE_OK || verdict.phase == phase_of(row->step),
			  "row %zu: %s", i, phase_name(verdict.phase));
		row_check(bad, (verdict.state == STATE_OK) == (verdict.text[0] == '\0'),
			  "row %zu: %s", i, verdict.text);
	}
	assert_int_equal(bad, 0);
}

/* With a bucket the text names the token's right, with a database the user's. */
static void test_texts_name_the_right(void **state)
{
	static char bucket[] = "chime";
	struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(F2);
	struct verdict verdict = {0};

	(void)state;
	facts.replies[WRITE] = answer(WRITE, 403, BODY_WRITE_403_2);
	(void)influxdb_judge_step(&facts, &config, WRITE, &verdict);
	assert_contains(verdict.text, "GRANT WRITE ON \"ha\" TO \"<user>\"");
	config.influxdb.bucket = bucket;
	verdict = (struct verdict){0};
	(void)influxdb_judge_step(&facts, &config, WRITE, &verdict);
	assert_contains(verdict.text, "no WRITE permission on bucket chime");
	facts.replies[QUERY] = answer(QUERY, 403, "");
	verdict = (struct verdict){0};
	(void)influxdb_judge_step(&facts, &config, QUERY, &verdict);
	assert_contains(verdict.text, "--read-bucket");
}

static void test_not_asked_is_no_finding(void **state)
{
	const struct influxdb_config config = usual_config();

	(void)state;
	for (enum influxdb_flavor flavor = 0; flavor < FLAVORS; flavor++)
		for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++) {
			const struct influxdb_facts facts = usual_facts(flavor);
			struct verdict verdict = {0};

			assert_true(influxdb_judge_step(&facts, &config, step, &verdict));
			assert_int_equal(verdict.state, STATE_OK);
			assert_int_equal(verdict.reason, REASON_OK);
		}
}

/* --- detection ------------------------------------------------------------------------------- */

static const struct {
	const char *build, *version;
	int status;
	const char *body;
	enum influxdb_flavor flavor;
} pings[] = {
	{"OSS", "1.6.7~rc0", 204, "", F1},
	{"OSS", "1.8.10", 204, "", F1},
	{"OSS", "1.8.10", 200, "{\"version\":\"1.8.10\"}", F1},
	{"OSS", "1.8.10", 401, BODY_401_1, F1},
	{"OSS", "v2.7.5", 204, "", F2},
	{"OSS", "2.0.4", 204, "", F2},
	{"cloud2", "", 204, "", AUTO},
	{"OSS", "v2.9.1-dev", 503, BODY_STARTING, F2},
	{"", "", 503, BODY_STARTING, F2},
	{"Core", "3.10.1", 200, BODY_PING_3, F3},
	{"", "", 200, BODY_PING_3, F3}, /* 3.0: no headers yet */
	{"Enterprise", "3.10.0", 200, BODY_PING_3, F3},
	{"OSS", "1.8.11-c1.2.0", 204, "", DATA},
	{"OSS", "1.8.11-c1.2.0", 200, "{\"version\":\"1.8.11-c1.2.0\"}", DATA},
	{"Enterprise", "1.11.3-c1.11.3", 204, "", DATA},
	{"Enterprise", "1.9.6", 204, "", DATA},
	/* meta nodes tell the version too, but no build */
	{"", "1.8.11-c1.2.0", 200, BODY_LEADER, META},
	{"", "1.8.11-c1.2.0", 200, "", META},
	{"", "", 200, BODY_LEADER, META},
	{"", "", 200, "db1.example.org:8089", META},
	{"", "", 200, "", META},
	{"", "relay", 204, "", RELAY},
	{"", "relay", 200, "", RELAY},
	{"InfluxDB Proxy", "2.5.12", 204, "", PROXY},
	{"InfluxDB Proxy", "1.2.3", 204, "", PROXY},
	/* none of them */
	{"", "", 204, "", AUTO},
	{"", "", 200, BODY_UI, AUTO},
	{"", "", 200, "<a href=\"http://x\">", AUTO},
	{"", "", 200, "pong", AUTO},
	{"", "", 404, BODY_404, AUTO},
	{"", "", 500, "", AUTO},
	{"", "", 200, "{}", AUTO},
};

static struct influxdb_reply ping_of(size_t i)
{
	struct influxdb_reply reply = {
		.asked = true, .phase = PHASE_REQUEST, .status = pings[i].status};

	(void)snprintf(reply.build, sizeof(reply.build), "%s", pings[i].build);
	(void)snprintf(reply.version, sizeof(reply.version), "%s", pings[i].version);
	influxdb_parse_body(pings[i].body, strlen(pings[i].body), &reply);
	return reply;
}

static void test_detect(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pings); i++) {
		struct influxdb_reply reply = ping_of(i);
		enum influxdb_flavor found = influxdb_detect(&reply);

		row_check(bad, found == pings[i].flavor, "\"%s\" \"%s\" %d \"%s\": %s",
			  pings[i].build, pings[i].version, pings[i].status, pings[i].body,
			  influxdb_flavor_title(found));
	}
	assert_int_equal(bad, 0);
}

/* Rows: what --flavor says; columns: what is found. The last column is AUTO, no known product. */
static const char *const matrix[FLAVORS] = {
	/*                    - 1 2 3 D M R P */
	[AUTO] = /*        */ "n y y y y y y y", [F1] = /*          */ "y y n n y n n n",
	[F2] = /*          */ "y n y n n n n n", [F3] = /*          */ "y n n y n n n n",
	[DATA] = /*        */ "y y n n y n n n", [META] = /*        */ "y n n n n y n n",
	[RELAY] = /*       */ "y n n n n n y n", [PROXY] = /*       */ "y n n n n n n y",
};

/* One ping with status 200 or 204 of each product, the recorded ones. */
static struct influxdb_reply ping_of_flavor(enum influxdb_flavor flavor)
{
	static const struct {
		const char *build, *version, *body;
		int status;
	} by_flavor[FLAVORS] = {
		[AUTO] = {"", "", "pong", 200},
		[F1] = {"OSS", "1.8.10", "", 204},
		[F2] = {"OSS", "v2.7.5", "", 204},
		[F3] = {"Core", "3.10.1", BODY_PING_3, 200},
		[DATA] = {"OSS", "1.8.11-c1.2.0", "", 204},
		[META] = {"", "", BODY_LEADER, 200},
		[RELAY] = {"", "relay", "", 204},
		[PROXY] = {"InfluxDB Proxy", "2.5.12", "", 204},
	};
	struct influxdb_reply reply =
		answer(INFLUXDB_STEP_PING, by_flavor[flavor].status, by_flavor[flavor].body);

	(void)snprintf(reply.build, sizeof(reply.build), "%s", by_flavor[flavor].build);
	(void)snprintf(reply.version, sizeof(reply.version), "%s", by_flavor[flavor].version);
	return reply;
}

static void test_flavor_matrix(void **state)
{
	int bad = 0;

	(void)state;
	for (enum influxdb_flavor told = 0; told < FLAVORS; told++)
		for (enum influxdb_flavor found = 0; found < FLAVORS; found++) {
			bool fits = matrix[told][2 * (size_t)found] == 'y';
			struct influxdb_config config = usual_config();
			struct influxdb_facts facts = usual_facts(told == AUTO ? found : told);
			struct verdict verdict = {0};
			bool go_on;

			config.influxdb.flavor = told;
			facts.replies[INFLUXDB_STEP_PING] = ping_of_flavor(found);
			go_on = influxdb_judge_step(&facts, &config, INFLUXDB_STEP_PING, &verdict);
			row_check(bad, go_on == fits, "told %s, found %s",
				  influxdb_flavor_title(told), influxdb_flavor_title(found));
			row_check(bad,
				  fits ? verdict.state == STATE_OK
				       : verdict.state == STATE_CRITICAL &&
						  verdict.reason == REASON_UNEXPECTED_ANSWER,
				  "told %s, found %s: %s", influxdb_flavor_title(told),
				  influxdb_flavor_title(found), verdict.text);
		}
	assert_int_equal(bad, 0);
}

/* As the recorded ones: with the version header that data nodes send too. */
static void test_meta_node(void **state)
{
	static const struct {
		enum influxdb_flavor told;
		const char *body;
		enum state state;
		enum reason reason;
	} nodes[] = {
		{AUTO, BODY_LEADER, STATE_OK, REASON_OK},
		{META, BODY_LEADER, STATE_OK, REASON_OK},
		{AUTO, "", STATE_CRITICAL, REASON_NO_LEADER},
		{META, "", STATE_CRITICAL, REASON_NO_LEADER},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		struct influxdb_config config = usual_config();
		struct influxdb_facts facts = usual_facts(META);
		struct influxdb_reply *ping = &facts.replies[INFLUXDB_STEP_PING];
		struct verdict verdict = {0};

		config.influxdb.flavor = nodes[i].told;
		*ping = answer(INFLUXDB_STEP_PING, 200, nodes[i].body);
		(void)snprintf(ping->version, sizeof(ping->version), "1.8.11-c1.2.0");
		if (nodes[i].told == AUTO)
			facts.flavor = influxdb_detect(ping);
		(void)influxdb_judge_step(&facts, &config, INFLUXDB_STEP_PING, &verdict);
		row_check(bad, verdict.state == nodes[i].state && verdict.reason == nodes[i].reason,
			  "row %zu: %s %s", i, reason_name(verdict.reason), verdict.text);
	}
	assert_int_equal(bad, 0);
}

static void test_ping_statuses(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum state state;
		enum reason reason;
	} statuses[] = {
		{200, "", STATE_OK, REASON_OK},
		{204, "", STATE_OK, REASON_OK},
		{401, BODY_401_1, STATE_UNKNOWN, REASON_AUTH_DENIED},
		{403, "", STATE_UNKNOWN, REASON_GRANT_MISSING},
		{404, BODY_404, STATE_CRITICAL, REASON_HTTP_STATUS},
		{429, BODY_RELAY_LIMIT, STATE_WARNING, REASON_OVERLOADED},
		{301, "", STATE_CRITICAL, REASON_REDIRECTED},
		{500, "", STATE_CRITICAL, REASON_HTTP_STATUS},
		{503, BODY_STARTING, STATE_CRITICAL, REASON_STARTING},
		{503, "", STATE_CRITICAL, REASON_HTTP_STATUS},
		{202, "", STATE_CRITICAL, REASON_UNEXPECTED_ANSWER},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		const struct influxdb_config config = usual_config();
		struct influxdb_facts facts = usual_facts(F1);
		struct influxdb_reply *ping = &facts.replies[INFLUXDB_STEP_PING];
		struct verdict verdict = {0};

		*ping = answer(INFLUXDB_STEP_PING, statuses[i].status, statuses[i].body);
		(void)snprintf(ping->version, sizeof(ping->version), "1.8.10");
		assert_int_equal(influxdb_judge_step(&facts, &config, INFLUXDB_STEP_PING, &verdict),
				 statuses[i].state == STATE_OK);
		assert_int_equal(verdict.state, statuses[i].state);
		assert_int_equal(verdict.reason, statuses[i].reason);
	}
}

static void test_steps_of_flavors(void **state)
{
	/* PING READY HEALTH QUERY WRITE READ_BACK FRESH WINDOW PEER_FRESH PEER_WINDOW */
	static const char *const has[FLAVORS] = {
		[AUTO] = "ynyyyyyyyy",	[F1] = "ynyyyyyyyy",	[F2] = "yyyyyyyyyy",
		[F3] = "yyyyyyyyyy",	[DATA] = "ynyyyyyyyy",	[META] = "yynnnnnnnn",
		[RELAY] = "ynynynnnnn", [PROXY] = "ynyyynyyyy",
	};

	(void)state;
	for (enum influxdb_flavor flavor = 0; flavor < FLAVORS; flavor++)
		for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++) {
			const struct influxdb_facts facts = usual_facts(flavor);

			assert_int_equal(influxdb_has_step(&facts, step), has[flavor][step] == 'y');
		}
}

/* --- no answer at all ------------------------------------------------------------------------ */

static enum state state_of_failure(enum influxdb_step step, enum reason reason)
{
	bool compares = step == INFLUXDB_STEP_FRESH || step == INFLUXDB_STEP_WINDOW;

	switch (reason) {
	case REASON_RESOLVE_FAILED:
	case REASON_TLS_VERIFY_FAILED:
	case REASON_TLS_SETUP:
	case REASON_AUTH_DENIED:
		return step == INFLUXDB_STEP_WINDOW ? STATE_WARNING : STATE_UNKNOWN;
	default:
		return compares ? STATE_WARNING : STATE_CRITICAL;
	}
}

static void test_transport_failures(void **state)
{
	static const enum reason reasons[] = {
		REASON_TIMEOUT,		  REASON_RESOLVE_FAILED,     REASON_CONNECT_REFUSED,
		REASON_CONNECT_FAILED,	  REASON_CONNECTION_CLOSED,  REASON_TLS_FAILED,
		REASON_TLS_VERIFY_FAILED, REASON_TLS_SETUP,	     REASON_UNEXPECTED_ANSWER,
		REASON_REDIRECTED,	  REASON_RESPONSE_TOO_LARGE, REASON_AUTH_DENIED,
	};
	const struct influxdb_config config = usual_config();
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		for (enum phase phase = 0; phase < PHASE_MAX; phase++)
			for (enum influxdb_step step = 0; step < INFLUXDB_STEP_PEER_FRESH; step++) {
				struct influxdb_facts facts = usual_facts(F1);
				struct verdict verdict = {0};
				bool go_on;

				facts.replies[step] = (struct influxdb_reply){
					.asked = true, .reason = reasons[i], .phase = phase};
				go_on = influxdb_judge_step(&facts, &config, step, &verdict);
				row_check(bad, go_on == (verdict.state == STATE_WARNING), "%s",
					  reason_name(reasons[i]));
				row_check(bad, verdict.state == state_of_failure(step, reasons[i]),
					  "%s", reason_name(reasons[i]));
				row_check(bad,
					  verdict.reason == reasons[i] && verdict.phase == phase,
					  "%s/%s", reason_name(reasons[i]), phase_name(phase));
			}
	assert_int_equal(bad, 0);
}

/* Behind a relay or proxy that has answered, silence is a backend's: both nodes would meet it. */
static void test_hanging_backend(void **state)
{
	static const struct {
		enum influxdb_flavor flavor;
		enum influxdb_step step;
		enum state state;
	} rows_here[] = {
		{RELAY, HEALTH, STATE_WARNING},	 {PROXY, QUERY, STATE_WARNING},
		{RELAY, WRITE, STATE_CRITICAL},	 {RELAY, INFLUXDB_STEP_PING, STATE_CRITICAL},
		{PROXY, HEALTH, STATE_CRITICAL}, {F1, HEALTH, STATE_CRITICAL},
		{F1, QUERY, STATE_CRITICAL},
	};
	const struct influxdb_config config = usual_config();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows_here); i++) {
		enum influxdb_step step = rows_here[i].step;
		struct influxdb_facts facts = usual_facts(rows_here[i].flavor);
		struct verdict verdict = {0};

		facts.replies[step] = (struct influxdb_reply){
			.asked = true, .reason = REASON_TIMEOUT, .phase = phase_of(step)};
		assert_int_equal(influxdb_judge_step(&facts, &config, step, &verdict),
				 rows_here[i].state == STATE_WARNING);
		assert_int_equal(verdict.state, rows_here[i].state);
	}
}

/* --- what must never happen, over all steps, products, statuses and bodies ---------------------
 */

static const int all_statuses[] = {0,	200, 202, 204, 301, 400, 401, 403, 404,
				   405, 413, 422, 429, 500, 502, 503, 504};

static const char *const all_bodies[] = {
	BODY_NONE,
	BODY_PING_3,
	BODY_HEALTH_1,
	BODY_HEALTH_2,
	BODY_HEALTH_3,
	BODY_HEALTH_FAIL,
	BODY_READY_2,
	BODY_STARTING,
	BODY_UI,
	BODY_LEADER,
	BODY_META_STATUS,
	BODY_META_NO_ADMIN,
	BODY_404,
	BODY_RELAY_404,
	BODY_RELAY_HEALTHY,
	BODY_RELAY_PROBLEM,
	BODY_RELAY_CRITICAL,
	BODY_RELAY_LIMIT,
	BODY_PROXY_ALL_UP,
	BODY_PROXY_ONE_DOWN,
	BODY_PROXY_ALL_DOWN,
	BODY_NO_ROWS,
	BODY_ROW,
	BODY_OTHER_ROW,
	BODY_DATABASES,
	BODY_CSV,
	BODY_DB_200,
	BODY_RP_200,
	BODY_ENGINE_200,
	BODY_SYNTAX_1,
	BODY_SYNTAX_2,
	BODY_QUERY_403,
	BODY_NO_ADMIN,
	BODY_401_1,
	BODY_401_2,
	BODY_PROXY_DEAD,
	BODY_DB_404_1,
	BODY_BUCKET_404,
	BODY_RP_500,
	BODY_WRITE_403_1,
	BODY_WRITE_403_2,
	BODY_TYPE_1,
	BODY_TYPE_2,
	BODY_TYPE_CLUSTER,
	BODY_DISK_FULL,
	BODY_TIMEOUT,
	BODY_THROTTLED,
	BODY_CONCURRENT,
	BODY_QUEUE,
	BODY_QUOTA,
	BODY_SLOW_DOWN,
};

static void check_invariants(enum influxdb_flavor flavor, enum influxdb_step step, int status,
			     const char *body, int *bad)
{
	const struct influxdb_config config = usual_config();
	struct influxdb_facts facts = usual_facts(flavor);
	bool peer = step >= INFLUXDB_STEP_PEER_FRESH;
	struct verdict one = {0};
	bool go_on;

	facts.replies[step] = answer(step, status, body);
	go_on = influxdb_judge_step(&facts, &config, step, &one);
	row_check(*bad, go_on || one.state != STATE_OK, "step %d, %d %s", (int)step, status, body);
	row_check(*bad, !go_on || one.state <= STATE_WARNING, "step %d, %d %s", (int)step, status,
		  body);
	row_check(*bad, one.state == STATE_OK || one.reason != REASON_OK, "step %d, %d %s",
		  (int)step, status, body);
	row_check(*bad, one.state == STATE_OK || one.text[0], "step %d, %d %s", (int)step, status,
		  body);
	row_check(*bad, one.state == STATE_OK || one.phase == phase_of(step), "step %d, %d %s",
		  (int)step, status, body);
	row_check(*bad, status != 429 || one.state != STATE_CRITICAL,
		  "overload is CRITICAL: %s, step %d, %d %s", influxdb_flavor_title(flavor),
		  (int)step, status, body);
	row_check(*bad,
		  (status != 401 && status != 403) || peer || step == INFLUXDB_STEP_WINDOW ||
			  one.state == STATE_UNKNOWN,
		  "refused credentials: step %d, %d %s", (int)step, status, body);
	row_check(*bad, !peer || (one.state != STATE_CRITICAL && go_on),
		  "the peer's answer alone: step %d, %d %s", (int)step, status, body);
}

static void test_invariants(void **state)
{
	int bad = 0;

	(void)state;
	for (enum influxdb_flavor flavor = 0; flavor < FLAVORS; flavor++)
		for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++)
			for (size_t s = 0; s < ARRAY_SIZE(all_statuses); s++)
				for (size_t b = 0; b < ARRAY_SIZE(all_bodies); b++)
					check_invariants(flavor, step, all_statuses[s],
							 all_bodies[b], &bad);
	assert_int_equal(bad, 0);
}

/* Whatever the words of overload come with, the node stays. */
static void test_overload_is_never_critical(void **state)
{
	static const char *const busy[] = {BODY_THROTTLED, BODY_CONCURRENT, BODY_QUEUE};
	static const enum influxdb_step steps[] = {QUERY, WRITE, READ_BACK, FRESH, WINDOW};
	const struct influxdb_config config = usual_config();
	int bad = 0;

	(void)state;
	for (size_t b = 0; b < ARRAY_SIZE(busy); b++)
		for (size_t s = 0; s < ARRAY_SIZE(steps); s++) {
			struct influxdb_facts facts = usual_facts(F2);
			struct verdict verdict = {0};

			facts.replies[steps[s]] = answer(steps[s], 503, busy[b]);
			(void)influxdb_judge_step(&facts, &config, steps[s], &verdict);
			row_check(bad,
				  verdict.state == STATE_WARNING &&
					  verdict.reason == REASON_OVERLOADED,
				  "step %d, 503 %s: %s %s", (int)steps[s], busy[b],
				  state_name(verdict.state), reason_name(verdict.reason));
		}
	assert_int_equal(bad, 0);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_texts_name_the_right),
		TEST(test_not_asked_is_no_finding),
		TEST(test_detect),
		TEST(test_flavor_matrix),
		TEST(test_meta_node),
		TEST(test_ping_statuses),
		TEST(test_steps_of_flavors),
		TEST(test_transport_failures),
		TEST(test_hanging_backend),
		TEST(test_invariants),
		TEST(test_overload_is_never_critical),
	};

	return cmocka_run_group_tests_name("influxdb_judge", tests, NULL, NULL);
}
