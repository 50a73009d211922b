/*
 * test_report.c: the exact bytes of every output format. They are an interface.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include <jansson.h>

#include "common/report.h"

static const struct step steps[] = {
	{PHASE_CONNECT, 0, 1234, "connect to 127.0.0.1:8086", "connected"},
	{PHASE_REQUEST, 1300, 10500, "GET /ping", ""},
};

static struct verdict verdict;
static struct report report;

static int setup(void **state)
{
	(void)state;
	memset(&verdict, 0, sizeof(verdict));
	verdict_set(&verdict, STATE_WARNING, REASON_STALE, PHASE_QUERY, "a|b \"c\" \\d");
	verdict_fact(&verdict, "flavor", "InfluxDB %s", "1.x");
	verdict_metric(&verdict, "influxdb_ping", 0.0105, UNIT_SECONDS);
	verdict_metric(&verdict, "certificate_validity", 29.5, UNIT_DAYS);
	verdict_metric(&verdict, "backends", 3, UNIT_NONE);
	report = (struct report){
		.program = "chk_x",
		.service = "x",
		.target = "http://h:1",
		.verdict = &verdict,
		.steps = steps,
		.n_steps = ARRAY_SIZE(steps),
		.duration_us = 12345,
		.timeout_ms = 800,
		.exit_code = 2,
	};
	return 0;
}

static void expect(void (*print)(const struct report *, FILE *), const char *wanted)
{
	cleanup_(free_cleanup) char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	print(&report, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, wanted);
}

static void test_text(void **state)
{
	(void)state;
	expect(report_text, "WARNING x http://h:1: a|b \"c\" \\d [stale/query] (12.3 ms)\n");
}

static void test_text_verbose(void **state)
{
	(void)state;
	report.verbose = true;
	expect(report_text,
	       "WARNING x http://h:1: a|b \"c\" \\d [stale/query] (12.3 ms)\n"
	       "  +     0.0 ms       1.2 ms  connect  connect to 127.0.0.1:8086: connected\n"
	       "  +     1.3 ms      10.5 ms  request  GET /ping\n"
	       "  flavor: InfluxDB 1.x\n");
}

static void test_line(void **state)
{
	char line[REPORT_LINE_MAX];
	char small[16];

	(void)state;
	report_line(&report, line, sizeof(line));
	assert_string_equal(line, "WARNING x http://h:1: a|b \"c\" \\d [stale/query] (12.3 ms)");
	report_line(&report, small, sizeof(small));
	assert_string_equal(small, "WARNING x ht...");
}

/* The longest verdict and target still leave room for reason, phase and time. */
static void test_longest_line(void **state)
{
	char line[REPORT_LINE_MAX];
	char target[320];

	(void)state;
	memset(target, 't', sizeof(target) - 1);
	target[sizeof(target) - 1] = '\0';
	report.target = target;
	verdict_set(&verdict, STATE_CRITICAL, REASON_RESPONSE_TOO_LARGE, PHASE_CONNECT, "%0600d",
		    1);
	report_line(&report, line, sizeof(line));
	assert_contains(line, "... [response_too_large/connect] (12.3 ms)");
}

static void test_json(void **state)
{
	(void)state;
	expect(report_json,
	       "{\"check\": \"chk_x\", \"service\": \"x\", \"target\": \"http://h:1\", "
	       "\"state\": \"WARNING\", \"reason\": \"stale\", \"phase\": \"query\", "
	       "\"text\": \"a|b \\\"c\\\" \\\\d\", \"exit_code\": 2, \"duration_ms\": 12.345, "
	       "\"facts\": {\"flavor\": \"InfluxDB 1.x\"}, "
	       "\"metrics\": {\"influxdb_ping_seconds\": 0.0105, "
	       "\"certificate_validity_days\": 29.5, \"backends\": 3.0}, "
	       "\"steps\": [{\"phase\": \"connect\", \"what\": \"connect to 127.0.0.1:8086\", "
	       "\"outcome\": \"connected\", \"start_ms\": 0.0, \"duration_ms\": 1.234}, "
	       "{\"phase\": \"request\", \"what\": \"GET /ping\", \"outcome\": \"\", "
	       "\"start_ms\": 1.3, \"duration_ms\": 10.5}]}\n");
}

/* Whatever a server said, the document is one line of valid JSON. */
static void test_json_of_hostile_text(void **state)
{
	cleanup_(free_cleanup) char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *root;

	(void)state;
	verdict_set(&verdict, STATE_CRITICAL, REASON_HTTP_STATUS, PHASE_READ,
		    "\"}\n\xff\xe2\x80\xae\\u0000");
	report_json(&report, out);
	assert_int_equal(fclose(out), 0);
	assert_ptr_equal(strchr(text, '\n'), text + length - 1);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(root, "text")),
			    "\"}\\x0a\\xff\\xe2\\x80\\xae\\u0000");
	json_decref(root);
}

static void test_nagios(void **state)
{
	(void)state;
	expect(report_nagios, "x WARNING - a/b \"c\" \\d [stale/query] | time=0.012345s;;;0;0.800 "
			      "influxdb_ping=0.0105s certificate_validity=29.5 backends=3\n");
}

static void test_nagios_verbose(void **state)
{
	(void)state;
	report.verbose = true;
	report.n_steps = 1;
	expect(report_nagios, "x WARNING - a/b \"c\" \\d [stale/query] | time=0.012345s;;;0;0.800 "
			      "influxdb_ping=0.0105s certificate_validity=29.5 backends=3\n"
			      "1.2 ms connect connect to 127.0.0.1:8086: connected\n");
}

static void test_nagios_has_one_bar(void **state)
{
	static const struct step barred = {PHASE_QUERY, 0, 1000, "SELECT a|b", "c|d"};
	cleanup_(free_cleanup) char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int bars = 0;

	(void)state;
	verdict_set(&verdict, STATE_OK, REASON_OK, PHASE_JUDGE, "| || |");
	report.steps = &barred;
	report.n_steps = 1;
	report.verbose = true;
	report_nagios(&report, out);
	assert_int_equal(fclose(out), 0);
	for (const char *c = text; *c; c++)
		bars += *c == '|';
	assert_int_equal(bars, 1);
}

#define SAMPLE(name, help, value)                                                                  \
	"# HELP keepwell_" name " " help "\n# TYPE keepwell_" name " gauge\nkeepwell_" name        \
	"{service=\"x\",target=\"http://h:1\"} " value "\n"
#define MANUAL "See the manual page of the check."

static void test_prometheus(void **state)
{
	(void)state;
	expect(report_prometheus,
	       SAMPLE("check_up", "1 unless the verdict is CRITICAL.", "1") SAMPLE(
		       "check_duration_seconds", "How long the check took.",
		       "0.012345") "# HELP keepwell_check_verdict_info The verdict's state, reason and phase.\n"
				   "# TYPE keepwell_check_verdict_info gauge\n"
				   "keepwell_check_verdict_info{service=\"x\",target=\"http://h:1\",state=\"WARNING\","
				   "reason=\"stale\",phase=\"query\"} 1\n" SAMPLE(
					   "influxdb_ping_seconds", MANUAL, "0.0105")
					   SAMPLE("certificate_validity_days", MANUAL, "29.5")
						   SAMPLE("backends", MANUAL, "3"));
}

static void test_prometheus_up(void **state)
{
	(void)state;
	for (enum state s = 0; s < STATE_MAX; s++) {
		cleanup_(free_cleanup) char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		verdict.state = s;
		report_prometheus(&report, out);
		assert_int_equal(fclose(out), 0);
		assert_contains(text, s == STATE_CRITICAL ? "keepwell_check_up{service=\"x\","
							    "target=\"http://h:1\"} 0\n"
							  : "keepwell_check_up{service=\"x\","
							    "target=\"http://h:1\"} 1\n");
	}
}

static void test_prometheus_labels(void **state)
{
	cleanup_(free_cleanup) char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	report.target = "a\\b\"c";
	report_prometheus(&report, out);
	assert_int_equal(fclose(out), 0);
	assert_contains(text, "{service=\"x\",target=\"a\\\\b\\\"c\"} 1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_text, setup),
		cmocka_unit_test_setup(test_text_verbose, setup),
		cmocka_unit_test_setup(test_line, setup),
		cmocka_unit_test_setup(test_longest_line, setup),
		cmocka_unit_test_setup(test_json, setup),
		cmocka_unit_test_setup(test_json_of_hostile_text, setup),
		cmocka_unit_test_setup(test_nagios, setup),
		cmocka_unit_test_setup(test_nagios_verbose, setup),
		cmocka_unit_test_setup(test_nagios_has_one_bar, setup),
		cmocka_unit_test_setup(test_prometheus, setup),
		cmocka_unit_test_setup(test_prometheus_up, setup),
		cmocka_unit_test_setup(test_prometheus_labels, setup),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
