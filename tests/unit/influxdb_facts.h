/*
 * influxdb_facts.h: facts, configurations and replies for tests of the judge.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb_judge.h"
#include "checks/influxdb_parse.h"
#include "tests/unit/influxdb_bodies.h"
#include "tests/unit/unit.h"

#define FLAVORS (INFLUXDB_FLAVOR_PROXY + 1)

static inline enum phase phase_of(enum influxdb_step step)
{
	switch (step) {
	case INFLUXDB_STEP_PING:
	case INFLUXDB_STEP_READY:
	case INFLUXDB_STEP_HEALTH:
		return PHASE_REQUEST;
	case INFLUXDB_STEP_WRITE:
		return PHASE_WRITE;
	case INFLUXDB_STEP_READ_BACK:
		return PHASE_READ;
	default:
		return PHASE_QUERY;
	}
}

static inline struct influxdb_reply answer(enum influxdb_step step, int status, const char *body)
{
	struct influxdb_reply reply = {.asked = true, .phase = phase_of(step), .status = status};

	influxdb_parse_body(body, strlen(body), &reply);
	return reply;
}

/* The options of --level=write --database=ha --fresh=cpu --max-age=60s --divergence=5m. */
static inline struct influxdb_config usual_config(void)
{
	static char url[] = "http://127.0.0.1:8086";
	static char database[] = "ha";
	static char measurement[] = "cpu";
	static char peer[] = "http://peer:8086";

	return (struct influxdb_config){
		.check.timeout_ms = 800,
		.http.min_cert_days = -1,
		.influxdb = {.url = url,
			     .level = INFLUXDB_LEVEL_WRITE,
			     .database = database,
			     .fresh = measurement,
			     .peer = peer,
			     .max_age_ms = 60000,
			     .peer_lead_ms = 10000,
			     .divergence_ms = 300000},
	};
}

#define NOW_MS 1795262600000

static inline struct influxdb_facts usual_facts(enum influxdb_flavor flavor)
{
	return (struct influxdb_facts){.flavor = flavor, .now_ms = NOW_MS, .canary_value = 42};
}
