/*
 * influxdb_parse.c: see influxdb_parse.h.
 *
 * Forms read in the sources and seen live: InfluxDB 1.6.7 to 1.8.10, 2.x, 3 Core, influxdb-cluster
 * 1.8.11-c1.2.0, influxdb-relay (influxdata and veepee-oss), chengshiwen/influx-proxy 2.5.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "checks/influxdb_parse.h"

#include <ctype.h>
#include <math.h>
#include <strings.h>

#include "common/escape.h"
#include "common/json.h"

static void copy_text(char *to, size_t size, const char *text)
{
	escape_text(to, size, text, strlen(text));
}

/* {"error":"..."} in 1.x, {"code":"...","message":"..."} in 2.x, results[0].error under 200. */
static void read_message(const json_t *root, struct influxdb_reply *reply)
{
	const json_t *result = json_array_get(json_object_get(root, "results"), 0);
	const char *error = json_text(root, "error");

	if (!*error)
		error = json_text(result, "error");
	if (!*error && *json_text(root, "code"))
		error = json_text(root, "message");
	reply->has_error = *error != '\0';
	copy_text(reply->message, sizeof(reply->message),
		  *error ? error : json_text(root, "message"));
}

/* "checks":[{"name":"shards","status":"fail","message":"loading shards 47.0% (94 / 200)"}] */
static void read_failing_check(const json_t *root, struct influxdb_reply *reply)
{
	const json_t *check;
	size_t i;

	json_array_foreach(json_object_get(root, "checks"), i, check)
	{
		if (strcmp(json_text(check, "status"), "fail") != 0)
			continue;
		escape_format(reply->message, sizeof(reply->message), "%s: %s",
			      json_text(check, "name"), json_text(check, "message"));
		return;
	}
}

static bool is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static void read_backends(const json_t *circle, struct influxdb_reply *reply)
{
	const json_t *backend;
	size_t i;

	json_array_foreach(json_object_get(circle, "backends"), i, backend)
	{
		reply->backends++;
		reply->backends_active += is_true(backend, "active");
		reply->backends_behind +=
			is_true(backend, "backlog") || is_true(backend, "rewriting");
	}
}

/* "circles":[{"circle":{"active":true,...},"backends":[{"active":true,"backlog":false,...}]}] */
static void read_circles(const json_t *root, struct influxdb_reply *reply)
{
	const json_t *circle;
	size_t i;

	json_array_foreach(json_object_get(root, "circles"), i, circle)
	{
		reply->circles++;
		reply->circles_active += is_true(json_object_get(circle, "circle"), "active");
		read_backends(circle, reply);
	}
}

/* veepee-oss/influxdb-relay: "healthy":{name:text}, "problem":{name:text} */
static void read_relay_backends(const json_t *root, struct influxdb_reply *reply)
{
	int healthy = (int)json_object_size(json_object_get(root, "healthy"));

	reply->backends += healthy + (int)json_object_size(json_object_get(root, "problem"));
	reply->backends_active += healthy;
}

/* A time beyond what JSON numbers hold exactly is none that a point can have. */
static int64_t to_time_ms(double number)
{
	return fabs(number) < 9007199254740992.0 ? (int64_t)number : 0;
}

/* "results":[{"series":[{"columns":["time","v"],"values":[[1732190400000,5]]}]}] */
static void read_first_row(const json_t *root, struct influxdb_reply *reply)
{
	const json_t *result = json_array_get(json_object_get(root, "results"), 0);
	const json_t *series = json_array_get(json_object_get(result, "series"), 0);
	const json_t *columns = json_object_get(series, "columns");
	const json_t *row = json_array_get(json_object_get(series, "values"), 0);

	reply->has_row = json_array_size(row) > 0;
	for (size_t i = 0; i < json_array_size(row); i++) {
		const char *name = json_string_value(json_array_get(columns, i));
		const json_t *value = json_array_get(row, i);
		struct influxdb_column *column = &reply->columns[reply->n_columns];

		if (!name || !json_is_number(value))
			continue;
		if (strcmp(name, "time") == 0) {
			reply->time_ms = to_time_ms(json_number_value(value));
			continue;
		}
		if (reply->n_columns == INFLUXDB_COLUMNS_MAX)
			break;
		copy_text(column->name, sizeof(column->name), name);
		column->value = json_number_value(value);
		reply->n_columns++;
	}
}

static void read_text(const char *body, size_t length, struct influxdb_reply *reply)
{
	while (length > 0 && isspace((unsigned char)*body)) {
		body++;
		length--;
	}
	while (length > 0 && isspace((unsigned char)body[length - 1]))
		length--;
	reply->is_empty = length == 0;
	reply->is_html = length > 0 && body[0] == '<';
	if (length > 0)
		escape_text(reply->message, sizeof(reply->message), body, length);
}

void influxdb_parse_body(const char *body, size_t length, struct influxdb_reply *reply)
{
	cleanup_(json_cleanup) json_t *root = length > 0 ? json_read(body, length) : NULL;

	if (!json_is_object(root)) {
		read_text(body, length, reply);
		return;
	}
	reply->is_json = true;
	copy_text(reply->name, sizeof(reply->name), json_text(root, "name"));
	copy_text(reply->word, sizeof(reply->word), json_text(root, "status"));
	copy_text(reply->leader, sizeof(reply->leader), json_text(root, "leader"));
	if (!reply->version[0])
		copy_text(reply->version, sizeof(reply->version), json_text(root, "version"));
	read_message(root, reply);
	read_failing_check(root, reply);
	read_circles(root, reply);
	read_relay_backends(root, reply);
	read_first_row(root, reply);
}
