/*
 * chk_influxdb.c: front of the InfluxDB check: its options, what they may not say together, and
 * --explain. See chk_influxdb(8).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <stddef.h>

#include "checks/influxdb_judge.h"
#include "checks/influxdb_probe.h"
#include "checks/influxdb_statement.h"
#include "common/check.h"
#include "common/http.h"

static const struct option_group groups[] = {
	{&influxdb_option_table, offsetof(struct influxdb_config, influxdb)},
	{&http_option_table, offsetof(struct influxdb_config, http)},
	{&check_option_table, offsetof(struct influxdb_config, check)},
	{NULL, 0},
};

static int validate_names(const struct influxdb_options *options, struct error *error)
{
	const struct {
		const char *option, *value;
	} names[] = {
		{"database", options->database},
		{"retention-policy", options->retention_policy},
		{"org", options->org},
		{"bucket", options->bucket},
		{"node", options->node},
		{"canary-measurement", options->canary_measurement},
		{"fresh", options->fresh},
		{"fresh-field", options->fresh_field},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].value && strlen(names[i].value) > INFLUXDB_NAME_MAX)
			return error_set(error, EINVAL, "--%s is longer than %d bytes",
					 names[i].option, INFLUXDB_NAME_MAX);
	/* A trailing one would escape what follows it, and elsewhere it stays in the stored name.
	 */
	if ((options->node && strchr(options->node, '\\')) ||
	    strchr(options->canary_measurement, '\\'))
		return error_set(error, EINVAL,
				 "--node and --canary-measurement must not hold a backslash");
	/* "#" begins a comment of the line protocol, "_" a name of the server's own. */
	if (strchr("#_", options->canary_measurement[0]))
		return error_set(error, EINVAL,
				 "--canary-measurement must not begin with '#' or '_'");
	return 0;
}

static int validate_fresh(const struct influxdb_options *options, struct error *error)
{
	if (options->max_age_ms < 0 && options->divergence_ms < 0)
		return error_set(error, EINVAL, "--fresh needs --max-age, --divergence or both");
	if (!influxdb_database(options))
		return error_set(error, EINVAL, "--fresh needs --database or --bucket");
	if (!options->peer)
		return error_set(error, EINVAL,
				 "--fresh needs --peer: without a comparison both nodes would "
				 "fail when the writers stop");
	return 0;
}

static int validate_comparison(const struct influxdb_options *options, struct error *error)
{
	if (options->peer_token_file && !options->peer)
		return error_set(error, EINVAL, "--peer-token-file needs --peer");
	if (options->fresh)
		return validate_fresh(options, error);
	if (options->fresh_field)
		return error_set(error, EINVAL, "--fresh-field needs --fresh");
	if (options->max_age_ms >= 0)
		return error_set(error, EINVAL, "--max-age needs --fresh");
	if (options->divergence_ms >= 0)
		return error_set(error, EINVAL, "--divergence needs --fresh");
	if (options->peer)
		return error_set(error, EINVAL,
				 "--peer needs --fresh: there is nothing to compare");
	return 0;
}

static int validate_target(const struct influxdb_options *options, struct error *error)
{
	bool meta = options->flavor == INFLUXDB_FLAVOR_ENTERPRISE_META;

	if (options->database && options->bucket)
		return error_set(error, EINVAL, "--database and --bucket exclude each other");
	if (options->org && !options->bucket)
		return error_set(error, EINVAL, "--org needs --bucket");
	if (options->bucket && !options->org && options->flavor == INFLUXDB_FLAVOR_2)
		return error_set(error, EINVAL, "--bucket needs --org");
	if (options->retention_policy && !options->database)
		return error_set(error, EINVAL, "--retention-policy needs --database");
	if (options->level == INFLUXDB_LEVEL_WRITE && !influxdb_database(options))
		return error_set(error, EINVAL, "--level=write needs --database or --bucket");
	if (meta && options->level > INFLUXDB_LEVEL_READY)
		return error_set(error, EINVAL,
				 "--level: a meta node has no data; use ping or ready");
	return 0;
}

static int validate_access(const struct influxdb_options *options, struct error *error)
{
	if (options->token_file && options->username)
		return error_set(error, EINVAL, "--token-file and --username exclude each other");
	if (options->password_file && !options->username)
		return error_set(error, EINVAL, "--password-file needs --username");
	return 0;
}

static int validate(const void *config, struct error *error)
{
	const struct influxdb_config *all = config;
	struct url url;
	int r = validate_names(&all->influxdb, error);

	if (r == 0)
		r = validate_target(&all->influxdb, error);
	if (r == 0)
		r = validate_comparison(&all->influxdb, error);
	if (r == 0)
		r = validate_access(&all->influxdb, error);
	if (r == 0)
		r = url_parse(all->influxdb.url, &url, error);
	return r < 0 ? r : http_options_validate(&all->http, &url, error);
}

static const char *target(const void *config)
{
	const struct influxdb_config *all = config;

	return all->influxdb.url;
}

static void explain_requests(const struct influxdb_options *options, FILE *out)
{
	struct influxdb_statement statement;
	char node[INFLUXDB_NAME_MAX + 1];

	(void)fprintf(out, "Requests, in this order, as far as the product has them:\n"
			   "  GET /ping\n");
	if (options->level >= INFLUXDB_LEVEL_READY)
		(void)fprintf(out, "  GET /ready (2.x, 3), GET /status (meta nodes)\n"
				   "  GET /health\n");
	(void)influxdb_node(options, node, sizeof(node));
	if (options->level >= INFLUXDB_LEVEL_QUERY) {
		influxdb_statement_query(options, node, &statement);
		(void)fprintf(out, "  GET /query: %s\n", statement.text);
	}
	if (options->level >= INFLUXDB_LEVEL_WRITE) {
		influxdb_canary_line(options, node, 1, 1, &statement);
		(void)fprintf(out, "  POST %s: %s", options->bucket ? "/api/v2/write" : "/write",
			      statement.text);
		influxdb_statement_read_back(options, node, 1, &statement);
		(void)fprintf(out, "  GET /query: %s\n", statement.text);
	}
	if (options->max_age_ms >= 0)
		(void)fprintf(out, "  GET /query, here and at %s: newest point of %s\n",
			      options->peer, options->fresh);
	if (options->divergence_ms >= 0)
		(void)fprintf(out, "  GET /query, here and at %s: count and sum of %s\n",
			      options->peer, options->fresh);
}

static void explain_rights(const struct influxdb_options *options, FILE *out)
{
	const char *database = influxdb_database(options);
	bool reads = options->level >= INFLUXDB_LEVEL_QUERY || options->fresh;
	bool writes = options->level == INFLUXDB_LEVEL_WRITE;

	(void)fprintf(out, "\nRights:\n");
	if (!reads)
		(void)fprintf(out,
			      "  none (a login only with ping-auth-enabled in 1.x, or in 3)\n");
	else if (options->bucket)
		(void)fprintf(out, "  influx auth create --org %s --read-bucket <id of %s>%s%s%s\n",
			      options->org ? options->org : "<org>", database,
			      writes ? " --write-bucket <id of " : "", writes ? database : "",
			      writes ? ">" : "");
	else
		(void)fprintf(out, "  GRANT %s ON \"%s\" TO \"%s\"\n", writes ? "ALL" : "READ",
			      database ? database : "<database>",
			      options->username ? options->username : "<user>");
}

static void explain(const void *config, FILE *out)
{
	const struct influxdb_config *all = config;

	explain_requests(&all->influxdb, out);
	explain_rights(&all->influxdb, out);
}

static const struct check check = {
	.program = "chk_influxdb",
	.service = "influxdb",
	.summary = "Checks what an InfluxDB server, cluster node, relay or proxy does.",
	.groups = groups,
	.config_size = sizeof(struct influxdb_config),
	.validate = validate,
	.target = target,
	.probe = influxdb_probe,
	.explain = explain,
};

int main(int argc, char *argv[])
{
	return check_main(&check, argc, argv);
}
