/*
 * influxdb_statement.h: the statements, points and request paths that chk_influxdb sends.
 *
 * Pure text. Names come from options whose length influxdb_validate() bounds, so nothing is cut.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb.h"

#define INFLUXDB_NAME_MAX 200 /* bytes of a database, bucket, measurement, node, ... */

struct influxdb_statement {
	char text[4096];
};

/* The closed window [from_ms, to_ms) that --divergence compares. */
struct influxdb_window {
	int64_t from_ms, to_ms;
};

struct influxdb_window influxdb_divergence_window(int64_t now_ms, int64_t length_ms);

/* Any point of the canary's series in the last hour; SHOW DATABASES without a database. */
void influxdb_statement_query(const struct influxdb_options *options, const char *node,
			      struct influxdb_statement *ret);
void influxdb_statement_read_back(const struct influxdb_options *options, const char *node,
				  int64_t time_ms, struct influxdb_statement *ret);
/*
 * The newest point not older than what --max-age and --peer-lead need to know, and not more than a
 * minute in the future: one point with a wrong date must not look fresh for ever.
 */
void influxdb_statement_fresh(const struct influxdb_options *options, int64_t now_ms,
			      struct influxdb_statement *ret);
void influxdb_statement_window(const struct influxdb_options *options,
			       struct influxdb_window window, struct influxdb_statement *ret);

/* The canary point in line protocol. */
void influxdb_canary_line(const struct influxdb_options *options, const char *node, int64_t value,
			  int64_t time_ms, struct influxdb_statement *ret);

/* Database or bucket of the levels query and write; NULL if none is given. */
const char *influxdb_database(const struct influxdb_options *options);

/* Request paths, percent-encoded; NULL without memory; free() the result. */
char *influxdb_query_path(const struct influxdb_options *options, const char *statement);
char *influxdb_write_path(const struct influxdb_options *options, enum influxdb_flavor flavor);
