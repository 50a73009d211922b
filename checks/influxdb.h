/*
 * influxdb.h: what chk_influxdb is configured with and what it learns.
 *
 * The probe (influxdb_probe.c) sends requests and fills the facts, the parser (influxdb_parse.c)
 * turns one answer into a reply, the judge (influxdb_judge.c) turns facts into a verdict.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb_options.h"
#include "common/check_options.h"
#include "common/http_options.h"
#include "common/verdict.h"

struct influxdb_config {
	struct check_options check; /* first, see check.h */
	struct http_options http;
	struct influxdb_options influxdb;
};

/* The requests that a probe can make, in their order. */
enum influxdb_step {
	INFLUXDB_STEP_PING,
	INFLUXDB_STEP_READY,
	INFLUXDB_STEP_HEALTH,
	INFLUXDB_STEP_QUERY,
	INFLUXDB_STEP_WRITE,
	INFLUXDB_STEP_READ_BACK,
	INFLUXDB_STEP_FRESH,
	INFLUXDB_STEP_WINDOW,
	INFLUXDB_STEP_PEER_FRESH,
	INFLUXDB_STEP_PEER_WINDOW,
	INFLUXDB_STEP_MAX,
};

struct influxdb_column {
	char name[128];
	double value;
};

#define INFLUXDB_COLUMNS_MAX 64

/* One answer, whatever it was to: what is absent stays zero. */
struct influxdb_reply {
	bool asked;
	enum reason reason; /* REASON_OK: a whole HTTP answer came */
	enum phase phase;
	char detail[192]; /* of a transport failure */
	int status;
	int64_t duration_us;

	char build[48];	  /* X-Influxdb-Build */
	char version[48]; /* X-Influxdb-Version, or "version" of the body */

	bool is_json;
	bool is_html;
	bool is_empty;
	char name[32];	   /* "name" */
	char word[32];	   /* "status" */
	char message[192]; /* the server's error or message, or the first words of a text body */
	bool has_error;	   /* the body tells an error, even under status 200 */

	char leader[64]; /* a meta node's /status */

	/* chengshiwen/influx-proxy: /health */
	int circles, circles_active;
	int backends, backends_active, backends_behind;

	/* /query: first row of the first series */
	bool has_row;
	int64_t time_ms;
	struct influxdb_column columns[INFLUXDB_COLUMNS_MAX];
	int n_columns;
};

struct influxdb_facts {
	enum influxdb_flavor flavor; /* as found or as told; AUTO: could not be found */
	char version[48];
	struct influxdb_reply replies[INFLUXDB_STEP_MAX];
	int64_t now_ms;	      /* realtime when the probe began */
	int64_t canary_value; /* what was written */
	bool has_cert_days;
	double cert_days;
};
