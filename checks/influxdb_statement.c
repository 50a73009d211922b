/*
 * influxdb_statement.c: see influxdb_statement.h. Quoting follows InfluxQL and the line protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "checks/influxdb_statement.h"

#include <inttypes.h>

#include "common/url.h"

#define MINUTE_MS	   60000
#define FRESH_SLACK_MS	   1000
#define QUOTED_MAX	   (2 * INFLUXDB_NAME_MAX + 3)
#define TWO_QUOTED_DOT_MAX (2 * QUOTED_MAX + 2)

/* Puts text between two quotes, with a backslash before quotes and backslashes. */
static const char *quote(char buffer[static QUOTED_MAX], const char *text, char mark)
{
	size_t used = 0;

	buffer[used++] = mark;
	for (; *text && used < QUOTED_MAX - 3; text++) {
		if (*text == mark || *text == '\\')
			buffer[used++] = '\\';
		buffer[used++] = *text;
	}
	buffer[used++] = mark;
	buffer[used] = '\0';
	return buffer;
}

/* Line protocol: a backslash before special characters, which differ by place. */
static const char *escape_key(char buffer[static QUOTED_MAX], const char *text, const char *special)
{
	size_t used = 0;

	for (; *text && used < QUOTED_MAX - 3; text++) {
		if (strchr(special, *text))
			buffer[used++] = '\\';
		buffer[used++] = *text;
	}
	buffer[used] = '\0';
	return buffer;
}

/* "rp"."measurement", or "measurement" alone */
static const char *source(char buffer[static TWO_QUOTED_DOT_MAX],
			  const struct influxdb_options *options, const char *measurement)
{
	char policy[QUOTED_MAX];
	char name[QUOTED_MAX];

	(void)quote(name, measurement, '"');
	if (options->retention_policy)
		(void)snprintf(buffer, TWO_QUOTED_DOT_MAX, "%s.%s",
			       quote(policy, options->retention_policy, '"'), name);
	else
		(void)snprintf(buffer, TWO_QUOTED_DOT_MAX, "%s", name);
	return buffer;
}

/* What --fresh looks at: one field, or all. */
static const char *field(char buffer[static QUOTED_MAX], const struct influxdb_options *options)
{
	if (options->fresh_field)
		return quote(buffer, options->fresh_field, '"');
	(void)snprintf(buffer, QUOTED_MAX, "*");
	return buffer;
}

const char *influxdb_database(const struct influxdb_options *options)
{
	return options->bucket ? options->bucket : options->database;
}

struct influxdb_window influxdb_divergence_window(int64_t now_ms, int64_t length_ms)
{
	int64_t to_ms = (now_ms - MINUTE_MS) / MINUTE_MS * MINUTE_MS;

	return (struct influxdb_window){.from_ms = to_ms - length_ms, .to_ms = to_ms};
}

void influxdb_statement_query(const struct influxdb_options *options, const char *node,
			      struct influxdb_statement *ret)
{
	char from[TWO_QUOTED_DOT_MAX];
	char tag[QUOTED_MAX];

	if (!influxdb_database(options)) {
		(void)snprintf(ret->text, sizeof(ret->text), "SHOW DATABASES");
		return;
	}
	(void)snprintf(ret->text, sizeof(ret->text),
		       "SELECT last(\"v\") FROM %s WHERE \"node\" = %s AND time > now() - 1h",
		       source(from, options, options->canary_measurement), quote(tag, node, '\''));
}

void influxdb_statement_read_back(const struct influxdb_options *options, const char *node,
				  int64_t time_ms, struct influxdb_statement *ret)
{
	char from[TWO_QUOTED_DOT_MAX];
	char tag[QUOTED_MAX];

	(void)snprintf(ret->text, sizeof(ret->text),
		       "SELECT \"v\" FROM %s WHERE \"node\" = %s AND time = %" PRId64 "ms",
		       source(from, options, options->canary_measurement), quote(tag, node, '\''),
		       time_ms);
}

void influxdb_statement_fresh(const struct influxdb_options *options, int64_t now_ms,
			      struct influxdb_statement *ret)
{
	char from[TWO_QUOTED_DOT_MAX];
	char name[QUOTED_MAX];
	int64_t since_ms = now_ms - options->max_age_ms - options->peer_lead_ms - FRESH_SLACK_MS;

	(void)snprintf(ret->text, sizeof(ret->text),
		       "SELECT %s FROM %s WHERE time > %" PRId64 "ms AND time <= %" PRId64
		       "ms ORDER BY time DESC LIMIT 1",
		       field(name, options), source(from, options, options->fresh), since_ms,
		       now_ms + MINUTE_MS);
}

void influxdb_statement_window(const struct influxdb_options *options,
			       struct influxdb_window window, struct influxdb_statement *ret)
{
	char from[TWO_QUOTED_DOT_MAX];
	char name[QUOTED_MAX];

	(void)snprintf(ret->text, sizeof(ret->text),
		       "SELECT count(%s), sum(%s) FROM %s WHERE time >= %" PRId64
		       "ms AND time < %" PRId64 "ms",
		       field(name, options), name, source(from, options, options->fresh),
		       window.from_ms, window.to_ms);
}

void influxdb_canary_line(const struct influxdb_options *options, const char *node, int64_t value,
			  int64_t time_ms, struct influxdb_statement *ret)
{
	char measurement[QUOTED_MAX];
	char tag[QUOTED_MAX];

	(void)snprintf(ret->text, sizeof(ret->text), "%s,node=%s v=%" PRId64 "i %" PRId64 "\n",
		       escape_key(measurement, options->canary_measurement, ", "),
		       escape_key(tag, node, ", ="), value, time_ms);
}

/* "&name=value", encoded; "" for a NULL value; NULL without memory. */
static char *parameter(const char *name, const char *value)
{
	cleanup_(free_cleanup) char *encoded = NULL;
	char *text;

	if (!value)
		return strdup("");
	encoded = url_encode(value);
	if (!encoded || asprintf(&text, "&%s=%s", name, encoded) < 0)
		return NULL;
	return text;
}

char *influxdb_query_path(const struct influxdb_options *options, const char *statement)
{
	cleanup_(free_cleanup) char *database = parameter("db", influxdb_database(options));
	cleanup_(free_cleanup) char *policy = parameter("rp", options->retention_policy);
	cleanup_(free_cleanup) char *query = parameter("q", statement);
	char *path;

	if (!database || !policy || !query ||
	    asprintf(&path, "/query?epoch=ms%s%s%s", database, policy, query) < 0)
		return NULL;
	return path;
}

char *influxdb_write_path(const struct influxdb_options *options, enum influxdb_flavor flavor)
{
	bool by_bucket = options->bucket != NULL;
	cleanup_(free_cleanup) char *where =
		parameter(by_bucket ? "bucket" : "db", influxdb_database(options));
	cleanup_(free_cleanup) char *org = parameter("org", by_bucket ? options->org : NULL);
	cleanup_(free_cleanup) char *policy = parameter("rp", options->retention_policy);
	/* "any": this node takes the point, also for owners that are down (hinted handoff). */
	const char *consistency =
		flavor == INFLUXDB_FLAVOR_ENTERPRISE_DATA ? "&consistency=any" : "";
	char *path;

	if (!where || !org || !policy ||
	    asprintf(&path, "%s?precision=ms%s%s%s%s", by_bucket ? "/api/v2/write" : "/write",
		     where, org, policy, consistency) < 0)
		return NULL;
	return path;
}
