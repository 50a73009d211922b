/*
 * fuzz_influxdb_parse.c: a body, read into a reply and judged as the answer to every step of every
 * product. The first two bytes choose the status and whether the peer says the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "checks/influxdb_judge.h"
#include "checks/influxdb_parse.h"
#include "tests/fuzz/fuzz.h"

static const int statuses[] = {200, 204, 301, 400, 401, 403, 404, 422, 429, 500, 503, 0};

static struct influxdb_config config_of(bool by_bucket)
{
	static char name[] = "ha";

	return (struct influxdb_config){
		.http.min_cert_days = 30,
		.influxdb = {.level = INFLUXDB_LEVEL_WRITE,
			     .database = by_bucket ? NULL : name,
			     .bucket = by_bucket ? name : NULL,
			     .fresh = name,
			     .max_age_ms = 60000,
			     .peer_lead_ms = 10000,
			     .divergence_ms = 60000},
	};
}

static void check_verdict(const struct verdict *verdict)
{
	fuzz_require(verdict->state < STATE_MAX && verdict->reason < REASON_MAX);
	fuzz_require(verdict->phase < PHASE_MAX);
	fuzz_require(memchr(verdict->text, '\0', sizeof(verdict->text)));
	fuzz_require(verdict->n_facts <= VERDICT_FACTS_MAX);
	fuzz_require(verdict->n_metrics <= VERDICT_METRICS_MAX);
	for (const char *c = verdict->text; *c; c++)
		fuzz_require((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void judge_all(const struct influxdb_facts *facts, const struct influxdb_config *config)
{
	struct verdict verdict = {0};

	influxdb_judge(facts, config, &verdict);
	check_verdict(&verdict);
	for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++) {
		struct verdict one = {0};
		bool go_on = influxdb_judge_step(facts, config, step, &one);

		check_verdict(&one);
		fuzz_require(go_on ? one.state <= STATE_WARNING : one.state != STATE_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct influxdb_facts facts = {.now_ms = 1795262600000, .canary_value = 42};
	struct influxdb_config config;
	struct influxdb_reply reply = {.asked = true, .phase = PHASE_REQUEST};

	if (size < 2)
		return 0;
	reply.status = statuses[data[0] % (sizeof(statuses) / sizeof(statuses[0]))];
	influxdb_parse_body((const char *)data + 2, size - 2, &reply);
	fuzz_require(reply.n_columns >= 0 && reply.n_columns <= INFLUXDB_COLUMNS_MAX);
	config = config_of(data[1] & 1);
	for (int step = 0; step < INFLUXDB_STEP_MAX; step++)
		facts.replies[step] = reply;
	if (data[1] & 2)
		facts.replies[INFLUXDB_STEP_PEER_FRESH].reason = REASON_TIMEOUT;
	(void)influxdb_detect(&reply);
	for (enum influxdb_flavor flavor = 0; flavor <= INFLUXDB_FLAVOR_PROXY; flavor++) {
		facts.flavor = flavor;
		config.influxdb.flavor = flavor;
		judge_all(&facts, &config);
	}
	return 0;
}
