/*
 * influxdb_probe.c: see influxdb_probe.h.
 *
 * The steps run in the order of enum influxdb_step on one kept-alive connection. After each one the
 * judge says whether to go on, so a dead server is asked once and not six times. The peer comes
 * last, when what is known without it is settled, and has a third of the timeout.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "checks/influxdb_probe.h"

#include <errno.h>

#include "checks/influxdb_judge.h"
#include "checks/influxdb_parse.h"
#include "checks/influxdb_statement.h"
#include "common/http.h"
#include "common/mask.h"
#include "common/secrets.h"

struct probe {
	const struct influxdb_config *config;
	struct deadline deadline;
	struct deadline peer_deadline; /* begins with the first question to the peer */
	struct progress *progress;
	struct error *error;
	struct url url;
	struct url peer_url;
	struct http_options peer_http;
	struct http_client *client;
	struct http_client *peer;
	char *token;
	char *peer_token;
	char *password;
	char node[INFLUXDB_NAME_MAX + 1];
	struct influxdb_facts facts;
};

/* InfluxDB 1.8 takes "user:password" as a token: the password alone must not show either. */
static const char *password_of(const char *token)
{
	const char *colon = token ? strchr(token, ':') : NULL;

	return colon ? colon + 1 : NULL;
}

static void probe_done(struct probe *probe)
{
	mask_remove(password_of(probe->token));
	mask_remove(password_of(probe->peer_token));
	http_client_cleanup(&probe->client);
	http_client_cleanup(&probe->peer);
	secret_cleanup(&probe->token);
	secret_cleanup(&probe->peer_token);
	secret_cleanup(&probe->password);
}

const char *influxdb_node(const struct influxdb_options *options, char *buffer, size_t size)
{
	if (options->node)
		(void)snprintf(buffer, size, "%s", options->node);
	else if (gethostname(buffer, size) < 0 || buffer[0] == '\0')
		(void)snprintf(buffer, size, "localhost");
	buffer[size - 1] = '\0';
	return buffer;
}

static void take_answer(const struct http_answer *answer, struct influxdb_reply *reply)
{
	reply->asked = true;
	reply->reason = answer->reason;
	reply->phase = answer->phase;
	reply->status = (int)answer->status;
	reply->duration_us = answer->duration_us;
	memcpy(reply->detail, answer->detail, sizeof(reply->detail));
	http_answer_header(answer, "X-Influxdb-Build", reply->build, sizeof(reply->build));
	http_answer_header(answer, "X-Influxdb-Version", reply->version, sizeof(reply->version));
	influxdb_parse_body(answer->body, answer->body_length, reply);
	if (!reply->message[0])
		http_answer_header(answer, "X-Influxdb-Error", reply->message,
				   sizeof(reply->message));
}

/* Makes one request; path and body are freed by the caller. */
static int ask(struct probe *probe, struct http_client *client, enum influxdb_step step,
	       const struct http_request *request, struct deadline deadline)
{
	struct http_answer answer;
	int r;

	if (!request->path)
		return error_set(probe->error, ENOMEM, "out of memory");
	probe->facts.replies[step] = (struct influxdb_reply){0};
	r = http_perform(client, request, deadline, &answer);
	if (r < 0)
		return error_set(probe->error, -r, "out of memory");
	take_answer(&answer, &probe->facts.replies[step]);
	http_answer_done(&answer);
	return 0;
}

static int ask_path(struct probe *probe, enum influxdb_step step, const char *path)
{
	/* A relay asks all of its backends first: its time must not be all of ours. */
	bool relays = probe->facts.flavor == INFLUXDB_FLAVOR_RELAY && step == INFLUXDB_STEP_HEALTH;
	struct deadline deadline =
		relays ? deadline_within_ms(probe->deadline, probe->config->check.timeout_ms / 3)
		       : probe->deadline;
	char what[64];
	struct http_request request = {.path = path, .phase = PHASE_REQUEST, .what = what};

	(void)snprintf(what, sizeof(what), "GET %s", path);
	return ask(probe, probe->client, step, &request, deadline);
}

static int ask_query(struct probe *probe, struct http_client *client, enum influxdb_step step,
		     enum phase phase, const struct influxdb_statement *statement,
		     struct deadline deadline)
{
	cleanup_(free_cleanup) char *path =
		influxdb_query_path(&probe->config->influxdb, statement->text);
	struct http_request request = {.path = path, .phase = phase, .what = statement->text};

	return ask(probe, client, step, &request, deadline);
}

static int ask_ping(struct probe *probe)
{
	struct influxdb_facts *facts = &probe->facts;
	const struct influxdb_reply *ping = &facts->replies[INFLUXDB_STEP_PING];
	enum influxdb_flavor told = probe->config->influxdb.flavor;
	const char *version;
	int r = ask_path(probe, INFLUXDB_STEP_PING, "/ping");

	facts->flavor = told == INFLUXDB_FLAVOR_AUTO ? influxdb_detect(ping) : told;
	version = ping->version[0] == 'v' ? ping->version + 1 : ping->version;
	if (facts->flavor != INFLUXDB_FLAVOR_RELAY)
		(void)snprintf(facts->version, sizeof(facts->version), "%s", version);
	return r;
}

static int ask_write(struct probe *probe)
{
	const struct influxdb_options *options = &probe->config->influxdb;
	cleanup_(free_cleanup) char *path = influxdb_write_path(options, probe->facts.flavor);
	struct influxdb_statement line;
	struct http_request request = {
		.path = path,
		.phase = PHASE_WRITE,
		.what = options->bucket ? "POST /api/v2/write" : "POST /write",
		.body = line.text,
		.content_type = "text/plain; charset=utf-8",
	};

	probe->facts.canary_value = probe->facts.now_ms;
	influxdb_canary_line(options, probe->node, probe->facts.canary_value, probe->facts.now_ms,
			     &line);
	return ask(probe, probe->client, INFLUXDB_STEP_WRITE, &request, probe->deadline);
}

/* The peer's budget for all of its steps: what is left, and at most a third of the timeout. */
static struct deadline peer_deadline(struct probe *probe)
{
	if (probe->peer_deadline.at_us == 0)
		probe->peer_deadline =
			deadline_within_ms(probe->deadline, probe->config->check.timeout_ms / 3);
	return probe->peer_deadline;
}

static int ask_statement(struct probe *probe, enum influxdb_step step)
{
	const struct influxdb_options *options = &probe->config->influxdb;
	int64_t now_ms = probe->facts.now_ms;
	struct influxdb_statement statement;

	switch (step) {
	case INFLUXDB_STEP_QUERY:
		influxdb_statement_query(options, probe->node, &statement);
		break;
	case INFLUXDB_STEP_READ_BACK:
		influxdb_statement_read_back(options, probe->node, now_ms, &statement);
		return ask_query(probe, probe->client, step, PHASE_READ, &statement,
				 probe->deadline);
	case INFLUXDB_STEP_FRESH:
	case INFLUXDB_STEP_PEER_FRESH:
		influxdb_statement_fresh(options, now_ms, &statement);
		break;
	default:
		influxdb_statement_window(
			options, influxdb_divergence_window(now_ms, options->divergence_ms),
			&statement);
		break;
	}
	if (step == INFLUXDB_STEP_PEER_FRESH || step == INFLUXDB_STEP_PEER_WINDOW)
		return ask_query(probe, probe->peer, step, PHASE_QUERY, &statement,
				 peer_deadline(probe));
	return ask_query(probe, probe->client, step, PHASE_QUERY, &statement, probe->deadline);
}

static int ask_step(struct probe *probe, enum influxdb_step step)
{
	bool meta = probe->facts.flavor == INFLUXDB_FLAVOR_ENTERPRISE_META;

	switch (step) {
	case INFLUXDB_STEP_PING:
		return ask_ping(probe);
	case INFLUXDB_STEP_READY:
		return ask_path(probe, step, meta ? "/status" : "/ready");
	case INFLUXDB_STEP_HEALTH:
		return ask_path(probe, step, "/health");
	case INFLUXDB_STEP_WRITE:
		return ask_write(probe);
	default:
		return ask_statement(probe, step);
	}
}

/* Whether the options ask for a step. */
static bool is_wanted(const struct influxdb_options *options, enum influxdb_step step)
{
	switch (step) {
	case INFLUXDB_STEP_PING:
		return true;
	case INFLUXDB_STEP_READY:
	case INFLUXDB_STEP_HEALTH:
		return options->level >= INFLUXDB_LEVEL_READY;
	case INFLUXDB_STEP_QUERY:
		return options->level >= INFLUXDB_LEVEL_QUERY;
	case INFLUXDB_STEP_WRITE:
	case INFLUXDB_STEP_READ_BACK:
		return options->level >= INFLUXDB_LEVEL_WRITE;
	case INFLUXDB_STEP_FRESH:
	case INFLUXDB_STEP_PEER_FRESH:
		return options->max_age_ms >= 0;
	default:
		return options->divergence_ms >= 0;
	}
}

/*
 * What the verdict is if the peer, or the name server that should find it, says nothing: libcurl
 * may not come back from there in time.
 */
static void settle_without_peer(struct probe *probe)
{
	struct influxdb_facts *facts = &probe->facts;
	struct verdict verdict = {0};

	for (enum influxdb_step step = INFLUXDB_STEP_PEER_FRESH; step < INFLUXDB_STEP_MAX; step++)
		if (is_wanted(&probe->config->influxdb, step))
			facts->replies[step] = (struct influxdb_reply){
				.asked = true,
				.reason = REASON_TIMEOUT,
				.phase = PHASE_RESOLVE,
				.detail = "no answer in time",
			};
	influxdb_judge(facts, probe->config, &verdict);
	progress_settle(probe->progress, &verdict);
}

static int ask_all(struct probe *probe)
{
	bool settled = false;

	for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++) {
		struct verdict scratch = {0};
		int r;

		if (!is_wanted(&probe->config->influxdb, step) ||
		    (step > INFLUXDB_STEP_PING && !influxdb_has_step(&probe->facts, step)))
			continue;
		if (step >= INFLUXDB_STEP_PEER_FRESH && !settled) {
			settle_without_peer(probe);
			settled = true;
		}
		r = ask_step(probe, step);
		if (r < 0)
			return r;
		if (!influxdb_judge_step(&probe->facts, probe->config, step, &scratch))
			break;
	}
	return 0;
}

/* Reads the secrets. A bad one is a verdict: the server must not be asked anonymously instead. */
static bool read_secrets(struct probe *probe, struct verdict *ret)
{
	const struct influxdb_options *options = &probe->config->influxdb;
	const struct {
		const char *option, *path;
		char **secret;
	} files[] = {
		{"token-file", options->token_file, &probe->token},
		{"peer-token-file", options->peer_token_file, &probe->peer_token},
		{"password-file", options->password_file, &probe->password},
	};
	struct error why;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!files[i].path)
			continue;
		/* What stands if the file lies on a network that hangs. */
		verdict_set(ret, STATE_UNKNOWN, REASON_SECRET_UNUSABLE, PHASE_AUTH,
			    "--%s: reading %s hangs; the service was not asked", files[i].option,
			    files[i].path);
		progress_enter(probe->progress, PHASE_AUTH, "read %s", files[i].path);
		progress_settle(probe->progress, ret);
		if (secret_read(files[i].path, files[i].secret, &why) < 0) {
			verdict_set(ret, STATE_UNKNOWN, REASON_SECRET_UNUSABLE, PHASE_AUTH,
				    "--%s: %s", files[i].option, why.text);
			return false;
		}
		progress_settle(probe->progress, NULL);
		progress_leave(probe->progress, "ok");
	}
	if (password_of(probe->token))
		mask_add(password_of(probe->token));
	if (password_of(probe->peer_token))
		mask_add(password_of(probe->peer_token));
	return true;
}

static int connect_client(struct probe *probe, const struct url *url,
			  const struct http_options *options, const char *token,
			  struct http_client **ret)
{
	const struct influxdb_config *config = probe->config;
	int r = http_client_new(url, options, probe->progress, ret, probe->error);

	if (r < 0)
		return r;
	if (token)
		r = http_client_authorize(*ret, "Token", token);
	else if (config->influxdb.username)
		r = http_client_login(*ret, config->influxdb.username, probe->password);
	return r < 0 ? error_set(probe->error, -r, "out of memory") : 0;
}

static int connect_clients(struct probe *probe)
{
	const struct influxdb_options *options = &probe->config->influxdb;
	int r = url_parse(options->url, &probe->url, probe->error);

	if (r == 0)
		r = connect_client(probe, &probe->url, &probe->config->http, probe->token,
				   &probe->client);
	if (r < 0 || !options->peer)
		return r;
	/* How to reach this server says nothing about how to reach the other one. */
	probe->peer_http = probe->config->http;
	probe->peer_http.unix_socket = NULL;
	probe->peer_http.connect_to = NULL;
	probe->peer_http.server_name = NULL;
	r = url_parse(options->peer, &probe->peer_url, probe->error);
	return r < 0 ? r
		     : connect_client(probe, &probe->peer_url, &probe->peer_http,
				      probe->peer_token ? probe->peer_token : probe->token,
				      &probe->peer);
}

int influxdb_probe(const void *config, struct deadline deadline, struct progress *progress,
		   struct verdict *ret, struct error *error)
{
	cleanup_(probe_done) struct probe probe = {
		.config = config,
		.deadline = deadline,
		.progress = progress,
		.error = error,
		.facts.now_ms = realtime_ms(),
	};
	int r;

	(void)influxdb_node(&probe.config->influxdb, probe.node, sizeof(probe.node));
	if (!read_secrets(&probe, ret))
		return 0;
	r = connect_clients(&probe);
	if (r == -EINVAL || r == -EACCES) {
		verdict_set(ret, STATE_UNKNOWN,
			    r == -EACCES ? REASON_SECRET_UNUSABLE : REASON_TLS_SETUP, PHASE_TLS,
			    "%s", error->text);
		return 0;
	}
	if (r < 0)
		return r;
	r = ask_all(&probe);
	if (r < 0)
		return r;
	probe.facts.has_cert_days = http_client_cert_days(probe.client, &probe.facts.cert_days);
	influxdb_judge(&probe.facts, probe.config, ret);
	return 0;
}
