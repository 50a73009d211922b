/*
 * influxdb_judge.c: see influxdb_judge.h. The behaviour of each product and version is that of
 * its sources and of live servers: InfluxDB 1.6.7 to 1.8.10, 2.7.5 and main-2.x, 3 Core 3.10,
 * influxdb-cluster 1.8.11-c1.2.0, influxdb-relay (influxdata, veepee-oss),
 * chengshiwen/influx-proxy.
 *
 * Overload never fails the node: the load would move with the virtual IP. What the peer or another
 * member does never fails it either, except where this node itself can serve nothing without them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "checks/influxdb_judge.h"

#include <math.h>
#include <strings.h>

#include "checks/influxdb_statement.h"

/* Sums of floats come in another order on the other node. */
#define SUM_TOLERANCE 1e-9

/* What a judge of one step gets to see. */
struct view {
	const struct influxdb_facts *facts;
	const struct influxdb_config *config;
	const struct influxdb_reply *reply;
	enum influxdb_step step;
	struct verdict *verdict;
};

static const char *request_of(const struct view *view)
{
	bool v2 = view->config->influxdb.bucket != NULL;

	switch (view->step) {
	case INFLUXDB_STEP_PING:
		return "GET /ping";
	case INFLUXDB_STEP_READY:
		return view->facts->flavor == INFLUXDB_FLAVOR_ENTERPRISE_META ? "GET /status"
									      : "GET /ready";
	case INFLUXDB_STEP_HEALTH:
		return "GET /health";
	case INFLUXDB_STEP_WRITE:
		return v2 ? "POST /api/v2/write" : "POST /write";
	default:
		return "GET /query";
	}
}

/* Adds a finding with the phase of the reply. Gives false, for `return finding(...)`. */
#define finding(view, state, reason, ...)                                                          \
	(verdict_add((view)->verdict, state, reason, (view)->reply->phase, __VA_ARGS__), false)

/* The same for what does not end the probe: gives true. */
#define note(view, state, reason, ...)                                                             \
	(verdict_add((view)->verdict, state, reason, (view)->reply->phase, __VA_ARGS__), true)

static enum influxdb_flavor detect_by_version(const char *version, const char *build)
{
	switch (version[0]) {
	case '3':
		return INFLUXDB_FLAVOR_3;
	case '2':
		return INFLUXDB_FLAVOR_2;
	case '1':
		/* influxdb-cluster's versions end in "-c1.2.0" */
		return strcasecmp(build, "Enterprise") == 0 || strstr(version, "-c")
			       ? INFLUXDB_FLAVOR_ENTERPRISE_DATA
			       : INFLUXDB_FLAVOR_1;
	default:
		return INFLUXDB_FLAVOR_AUTO;
	}
}

/* A meta node answers 200 with its leader's address or with nothing, and tells no build. */
static bool is_meta_node(const struct influxdb_reply *ping)
{
	const char *colon = strrchr(ping->message, ':');

	if (ping->status != 200 || ping->build[0] || ping->is_json)
		return false;
	return ping->is_empty ||
	       (colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
		!strpbrk(ping->message, " \t<>/"));
}

enum influxdb_flavor influxdb_detect(const struct influxdb_reply *ping)
{
	const char *version = ping->version[0] == 'v' ? ping->version + 1 : ping->version;
	enum influxdb_flavor flavor;

	if (strcasestr(ping->build, "proxy"))
		return INFLUXDB_FLAVOR_PROXY;
	if (strcasecmp(version, "relay") == 0)
		return INFLUXDB_FLAVOR_RELAY;
	if (is_meta_node(ping))
		return INFLUXDB_FLAVOR_ENTERPRISE_META;
	flavor = detect_by_version(version, ping->build);
	if (flavor == INFLUXDB_FLAVOR_AUTO && strcmp(ping->word, "starting") == 0)
		return INFLUXDB_FLAVOR_2;
	return flavor;
}

const char *influxdb_flavor_title(enum influxdb_flavor flavor)
{
	switch (flavor) {
	case INFLUXDB_FLAVOR_1:
		return "InfluxDB 1.x";
	case INFLUXDB_FLAVOR_2:
		return "InfluxDB 2.x";
	case INFLUXDB_FLAVOR_3:
		return "InfluxDB 3";
	case INFLUXDB_FLAVOR_ENTERPRISE_DATA:
		return "InfluxDB Enterprise/cluster data node";
	case INFLUXDB_FLAVOR_ENTERPRISE_META:
		return "InfluxDB Enterprise/cluster meta node";
	case INFLUXDB_FLAVOR_RELAY:
		return "influxdb-relay";
	case INFLUXDB_FLAVOR_PROXY:
		return "influx-proxy";
	case INFLUXDB_FLAVOR_AUTO:
		break;
	}
	return "unknown product";
}

bool influxdb_has_step(const struct influxdb_facts *facts, enum influxdb_step step)
{
	enum influxdb_flavor flavor = facts->flavor;

	if (flavor == INFLUXDB_FLAVOR_ENTERPRISE_META)
		return step <= INFLUXDB_STEP_READY;
	if (step == INFLUXDB_STEP_READY)
		return flavor == INFLUXDB_FLAVOR_2 || flavor == INFLUXDB_FLAVOR_3;
	if (flavor == INFLUXDB_FLAVOR_RELAY)
		return step <= INFLUXDB_STEP_HEALTH || step == INFLUXDB_STEP_WRITE;
	if (flavor == INFLUXDB_FLAVOR_PROXY) /* it flushes a write only after a second or so */
		return step != INFLUXDB_STEP_READY && step != INFLUXDB_STEP_READ_BACK;
	return true;
}

/*
 * A relay's /health asks every backend, and a proxy's /query one of them: after an answer to /ping
 * their silence is the backend's, and the other proxy node would meet it too.
 */
static bool is_backend_hanging(const struct view *view)
{
	enum influxdb_flavor flavor = view->facts->flavor;

	return view->reply->phase >= PHASE_REQUEST &&
	       ((flavor == INFLUXDB_FLAVOR_RELAY && view->step == INFLUXDB_STEP_HEALTH) ||
		(flavor == INFLUXDB_FLAVOR_PROXY && view->step == INFLUXDB_STEP_QUERY));
}

static bool judge_transport(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;
	const char *request = request_of(view);

	switch (reply->reason) {
	case REASON_TIMEOUT:
		if (is_backend_hanging(view))
			return note(view, STATE_WARNING, REASON_BACKEND_DOWN,
				    "it answers, but %s hangs: a backend behind it may hang",
				    request);
		if (reply->phase >= PHASE_REQUEST)
			return finding(view, STATE_CRITICAL, REASON_TIMEOUT,
				       "connected, but no whole answer to %s in time: the process "
				       "hangs, is stopped or has no descriptors left",
				       request);
		return finding(view, STATE_CRITICAL, REASON_TIMEOUT, "%s: %s", request,
			       reply->detail[0] ? reply->detail : "no time left");
	case REASON_CONNECT_REFUSED:
		return finding(view, STATE_CRITICAL, reply->reason,
			       "nothing listens on the port: the process is down or still loading");
	case REASON_INTERNAL_ERROR:
	case REASON_RESOLVE_FAILED:
	case REASON_TLS_VERIFY_FAILED:
	case REASON_TLS_SETUP:
	case REASON_AUTH_DENIED:
		return finding(view, STATE_UNKNOWN, reply->reason, "%s: %s", request,
			       reply->detail);
	case REASON_TLS_FAILED:
		return finding(view, STATE_CRITICAL, reply->reason,
			       "%s: %s: does this port speak TLS?", request, reply->detail);
	default:
		return finding(view, STATE_CRITICAL, reply->reason, "%s: %s", request,
			       reply->detail);
	}
}

/* ": the server's words", or nothing */
static const char *colon(const struct influxdb_reply *reply)
{
	return reply->message[0] && !reply->is_html ? ": " : "";
}

static const char *words(const struct influxdb_reply *reply)
{
	return reply->is_html ? "" : reply->message;
}

static bool says(const struct influxdb_reply *reply, const char *text)
{
	return strcasestr(reply->message, text) != NULL;
}

/* What does not exist is named; "shard not found" and the like are the engine's own troubles. */
static bool is_missing(const struct influxdb_reply *reply)
{
	return says(reply, "database not found") || says(reply, "database not exist") ||
	       says(reply, "retention policy not found") ||
	       says(reply, "retention policy not set") || says(reply, "dbrp mapping") ||
	       (says(reply, "bucket") && says(reply, "not found")) ||
	       (says(reply, "organization") && says(reply, "not found"));
}

/* 1.x answers 403 without a login, a meta node 400 without any user; others say 401. */
static bool is_login_missing(const struct influxdb_reply *reply)
{
	return says(reply, "user is required") || says(reply, "create admin user first");
}

/* The words of InfluxDB 1.x and 2.x for a full queue. */
static bool is_queue_full(const struct influxdb_reply *reply)
{
	return says(reply, "max-concurrent-queries limit exceeded") ||
	       says(reply, "queue length exceeded");
}

/* Only a server that says so is overloaded: "device or resource busy" is a fault. */
static bool is_overload(const struct influxdb_reply *reply)
{
	if (reply->status == 401 || reply->status == 403)
		return false;
	if (reply->status == 503)
		return is_queue_full(reply) || says(reply, "queue full") || says(reply, "busy") ||
		       says(reply, "throttled") || says(reply, "too many requests");
	return reply->status == 429 || (reply->has_error && is_queue_full(reply));
}

/* What to do about it, where that is not plain from the server's words. */
static const char *hint_for(const struct view *view, enum reason reason)
{
	const struct influxdb_options *options = &view->config->influxdb;

	if (reason == REASON_STARTING)
		return ": the server is still starting";
	if (reason == REASON_AUTH_DENIED && !options->token_file && !options->username)
		return " (no credentials were given: --token-file or --username)";
	return "";
}

static bool judge_status(const struct view *view, enum reason server_error)
{
	const struct influxdb_reply *reply = view->reply;
	const char *request = request_of(view);
	enum reason reason = server_error;
	enum state state = STATE_CRITICAL;

	if (reply->status == 401 || is_login_missing(reply)) {
		state = STATE_UNKNOWN;
		reason = REASON_AUTH_DENIED;
	} else if (reply->status == 403) {
		state = STATE_UNKNOWN;
		reason = REASON_GRANT_MISSING;
	} else if (is_overload(reply)) {
		state = STATE_WARNING;
		reason = REASON_OVERLOADED;
	} else if (reply->status == 503 && strcmp(reply->word, "starting") == 0) {
		reason = REASON_STARTING;
	} else if (reply->status >= 300 && reply->status < 400) {
		reason = REASON_REDIRECTED;
	} else if (reply->status < 300) {
		reason = REASON_UNEXPECTED_ANSWER;
	}
	return finding(view, state, reason, "%s answered %d%s%s%s", request, reply->status,
		       colon(reply), words(reply), hint_for(view, reason));
}

/* The user's word on the flavor stands where headers are stripped or a proxy imitates a server. */
static bool flavor_fits(enum influxdb_flavor told, enum influxdb_flavor found, const char *build)
{
	if (told == INFLUXDB_FLAVOR_AUTO)
		return found != INFLUXDB_FLAVOR_AUTO;
	if (told == found || found == INFLUXDB_FLAVOR_AUTO)
		return true;
	/* shell909090's proxy tells a version, but no build (InfluxDB 1.x tells both) */
	if (told == INFLUXDB_FLAVOR_PROXY)
		return found == INFLUXDB_FLAVOR_1 && !build[0];
	return (told == INFLUXDB_FLAVOR_1 && found == INFLUXDB_FLAVOR_ENTERPRISE_DATA) ||
	       (told == INFLUXDB_FLAVOR_ENTERPRISE_DATA && found == INFLUXDB_FLAVOR_1);
}

static bool no_leader(const struct view *view)
{
	return finding(
		view, STATE_CRITICAL, REASON_NO_LEADER,
		"the meta node knows no leader (%s names none): its raft group has no quorum, "
		"or it has not joined",
		request_of(view));
}

static bool judge_ping(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;
	enum influxdb_flavor told = view->config->influxdb.flavor;
	enum influxdb_flavor found = influxdb_detect(reply);

	if (reply->status != 200 && reply->status != 204)
		return judge_status(view, REASON_HTTP_STATUS);
	/* Built without a version: an InfluxDB, but which? */
	if (told == INFLUXDB_FLAVOR_AUTO && found == INFLUXDB_FLAVOR_AUTO && reply->build[0])
		return finding(view, STATE_UNKNOWN, REASON_UNEXPECTED_ANSWER,
			       "an InfluxDB (%s) that tells no version: name it by --flavor",
			       reply->build);
	if (reply->is_html || !flavor_fits(told, found, reply->build))
		return finding(view, STATE_CRITICAL, REASON_UNEXPECTED_ANSWER,
			       "GET /ping answered %d%s: this is %s%s", reply->status,
			       reply->is_html ? " with HTML" : "",
			       found == INFLUXDB_FLAVOR_AUTO || reply->is_html
				       ? "no InfluxDB that keepwell knows"
				       : influxdb_flavor_title(found),
			       told == INFLUXDB_FLAVOR_AUTO ? "" : ", not what --flavor says");
	if (view->facts->flavor == INFLUXDB_FLAVOR_ENTERPRISE_META && reply->is_empty)
		return no_leader(view);
	return true;
}

/* 2.x: {"status":"ready"}; a meta node's /status; 3 has it in Enterprise 3.10 and later only. */
static bool judge_ready(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (view->facts->flavor == INFLUXDB_FLAVOR_3 && reply->status == 404)
		return true;
	if (reply->status == 503 && strcmp(reply->word, "starting") != 0)
		return finding(view, STATE_CRITICAL, REASON_NOT_READY, "%s answered 503%s%s",
			       request_of(view), colon(reply), words(reply));
	if (reply->status != 200)
		return judge_status(view, REASON_HTTP_STATUS);
	if (view->facts->flavor == INFLUXDB_FLAVOR_ENTERPRISE_META && !reply->leader[0])
		return no_leader(view);
	if (view->facts->flavor == INFLUXDB_FLAVOR_2 && strcmp(reply->word, "ready") != 0)
		return finding(view, STATE_CRITICAL, REASON_UNEXPECTED_ANSWER,
			       "GET /ready answered 200 without \"status\":\"ready\"%s",
			       reply->is_html ? " but HTML" : "");
	return true;
}

/* A circle is active when all of its backends are (influx-proxy 2.5.12, backend/circle.go). */
static bool judge_circles(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (reply->backends_active == 0)
		return finding(view, STATE_CRITICAL, REASON_BACKENDS_DOWN,
			       "none of the proxy's %d backends is active", reply->backends);
	if (reply->circles_active == 0)
		return note(view, STATE_WARNING, REASON_BACKEND_DOWN,
			    "no circle of the proxy is whole: queries of some measurements fail "
			    "(%d of %d backends are active, %d have a backlog)",
			    reply->backends_active, reply->backends, reply->backends_behind);
	if (reply->backends_active < reply->backends || reply->backends_behind > 0)
		(void)note(view, STATE_WARNING, REASON_BACKEND_DOWN,
			   "%d of %d backends of the proxy are active, %d have a backlog",
			   reply->backends_active, reply->backends, reply->backends_behind);
	return true;
}

static bool judge_relay(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (strcmp(reply->word, "critical") == 0 ||
	    (reply->backends > 0 && reply->backends_active == 0))
		return finding(view, STATE_CRITICAL, REASON_BACKENDS_DOWN,
			       "the relay reaches none of its %d backends", reply->backends);
	if (strcmp(reply->word, "problem") != 0 && strcmp(reply->word, "healthy") != 0)
		return finding(view, STATE_CRITICAL, REASON_UNEXPECTED_ANSWER,
			       "GET /health answered 200 without a relay's status");
	if (strcmp(reply->word, "problem") == 0)
		(void)note(view, STATE_WARNING, REASON_BACKEND_DOWN,
			   "the relay reaches %d of its %d backends", reply->backends_active,
			   reply->backends);
	return true;
}

/* 1.6 and 1.7, influxdata's relay and shell909090's proxy have no /health; nothing can be said. */
static bool may_lack_health(enum influxdb_flavor flavor)
{
	return flavor == INFLUXDB_FLAVOR_1 || flavor == INFLUXDB_FLAVOR_ENTERPRISE_DATA ||
	       flavor == INFLUXDB_FLAVOR_RELAY || flavor == INFLUXDB_FLAVOR_PROXY;
}

static bool judge_health(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;
	enum influxdb_flavor flavor = view->facts->flavor;

	if (reply->status == 404 && may_lack_health(flavor))
		return true;
	if (reply->status == 503 && strcmp(reply->word, "fail") == 0)
		return finding(view, STATE_CRITICAL, REASON_NOT_READY,
			       "GET /health answered 503%s%s", colon(reply), words(reply));
	if (reply->status != 200)
		return judge_status(view, REASON_HTTP_STATUS);
	if (flavor == INFLUXDB_FLAVOR_3) /* the text "OK" */
		return true;
	if (flavor == INFLUXDB_FLAVOR_RELAY)
		return judge_relay(view);
	if (flavor == INFLUXDB_FLAVOR_PROXY && reply->circles > 0)
		return judge_circles(view);
	if (reply->name[0] && flavor != INFLUXDB_FLAVOR_PROXY &&
	    strcmp(reply->name, "influxdb") != 0)
		return finding(view, STATE_CRITICAL, REASON_UNEXPECTED_ANSWER,
			       "GET /health comes from \"%s\", not from InfluxDB", reply->name);
	if (strcmp(reply->word, "pass") != 0)
		return finding(view, STATE_CRITICAL,
			       reply->is_json ? REASON_NOT_READY : REASON_UNEXPECTED_ANSWER,
			       "GET /health answered 200 without \"status\":\"pass\"%s%s",
			       colon(reply), words(reply));
	return true;
}

static bool missing_database(const struct view *view)
{
	const struct influxdb_options *options = &view->config->influxdb;

	return finding(view, STATE_UNKNOWN, REASON_DATABASE_MISSING,
		       "%s for %s %s answered %d: %s: it does not exist, or these credentials "
		       "cannot see it%s",
		       request_of(view), options->bucket ? "bucket" : "database",
		       influxdb_database(options) ? influxdb_database(options) : "(none)",
		       view->reply->status, words(view->reply),
		       options->bucket && view->step != INFLUXDB_STEP_WRITE
			       ? " (before 2.4 InfluxQL needs: influx v1 dbrp create)"
			       : "");
}

/* Names the right in the words of the product. */
static bool missing_grant(const struct view *view)
{
	const struct influxdb_options *options = &view->config->influxdb;
	const char *right = view->step == INFLUXDB_STEP_WRITE ? "WRITE" : "READ";
	const char *database = influxdb_database(options);

	if (is_login_missing(view->reply))
		return finding(view, STATE_UNKNOWN, REASON_AUTH_DENIED, "%s answered 403: %s",
			       request_of(view), words(view->reply));
	if (options->bucket)
		return finding(
			view, STATE_UNKNOWN, REASON_GRANT_MISSING,
			"%s: the token has no %s permission on bucket %s: influx auth create "
			"--%s-bucket <bucket id>",
			request_of(view), right, options->bucket,
			view->step == INFLUXDB_STEP_WRITE ? "write" : "read");
	return finding(view, STATE_UNKNOWN, REASON_GRANT_MISSING,
		       "%s: the user has no %s privilege: GRANT %s ON \"%s\" TO \"%s\" (%s)",
		       request_of(view), right, right, database ? database : "<database>",
		       options->username ? options->username : "<user>", words(view->reply));
}

static bool overloaded(const struct view *view)
{
	return finding(view, STATE_WARNING, REASON_OVERLOADED, "%s answered %d%s%s",
		       request_of(view), view->reply->status, colon(view->reply),
		       words(view->reply));
}

/* An error of /query, under whichever status. */
static bool judge_query_error(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (reply->status == 403 || says(reply, "not authorized") ||
	    says(reply, "insufficient permissions"))
		return missing_grant(view);
	if (is_missing(reply))
		return missing_database(view);
	if (view->facts->flavor == INFLUXDB_FLAVOR_PROXY && says(reply, "backends unavailable"))
		return finding(view, STATE_CRITICAL, REASON_BACKENDS_DOWN, "%s answered %d: %s",
			       request_of(view), reply->status, words(reply));
	if (reply->status == 400)
		return finding(view, STATE_UNKNOWN, REASON_QUERY_FAILED, "%s answered 400: %s",
			       request_of(view), words(reply));
	return finding(view, STATE_CRITICAL, REASON_QUERY_FAILED, "%s answered %d: %s",
		       request_of(view), reply->status, words(reply));
}

static bool judge_query(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (is_overload(reply)) {
		(void)overloaded(view);
		return true; /* a write may still prove more */
	}
	if (reply->status == 401)
		return judge_status(view, REASON_QUERY_FAILED);
	if (reply->has_error || reply->status == 403 || reply->status == 404)
		return judge_query_error(view);
	if (reply->status != 200)
		return judge_status(view, REASON_QUERY_FAILED);
	if (!reply->is_json)
		return finding(view, STATE_CRITICAL, REASON_UNEXPECTED_ANSWER,
			       "GET /query answered 200, but no JSON%s",
			       reply->is_html ? ": HTML" : "");
	return true;
}

/* The point itself is refused; clusters and InfluxDB 3 say so with status 500. */
static bool is_rejected(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	return reply->status == 400 || reply->status == 413 || reply->status == 422 ||
	       says(reply, "type conflict") ||
	       (view->facts->flavor == INFLUXDB_FLAVOR_3 && says(reply, "partial write"));
}

static bool judge_write(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;

	if (reply->status == 204)
		return true;
	if (reply->status == 403)
		return missing_grant(view);
	if (reply->status == 404 && says(reply, "page not found"))
		return finding(view, STATE_UNKNOWN, REASON_UNSUPPORTED,
			       "%s answered 404: this version has no such API; use --database",
			       request_of(view));
	if (reply->status == 404 || is_missing(reply)) /* 1.8: 500 for an unknown policy */
		return missing_database(view);
	if (is_rejected(view))
		return finding(view, STATE_UNKNOWN, REASON_WRITE_REJECTED,
			       "%s answered %d to the canary point: %s", request_of(view),
			       reply->status, words(reply));
	if (is_overload(reply))
		return overloaded(view);
	return judge_status(view, REASON_WRITE_FAILED);
}

static bool judge_read_back(const struct view *view)
{
	const struct influxdb_reply *reply = view->reply;
	double written = (double)view->facts->canary_value;

	if (is_overload(reply))
		return overloaded(view);
	if (!judge_query(view))
		return false;
	for (int i = 0; i < reply->n_columns; i++)
		if (strcmp(reply->columns[i].name, "v") == 0 &&
		    fabs(reply->columns[i].value - written) < 0.5)
			return true;
	return finding(view, STATE_CRITICAL, REASON_READ_BACK_FAILED,
		       "the canary point was acknowledged, but reading it back gives %s",
		       reply->has_row ? "another value" : "nothing");
}

/* What the peer says counts only if it could be asked. */
static bool has_answer(const struct influxdb_facts *facts, enum influxdb_step step)
{
	const struct influxdb_reply *reply = &facts->replies[step];

	return reply->asked && reply->reason == REASON_OK && reply->status == 200 &&
	       reply->is_json && !reply->has_error;
}

static double age_s(const struct influxdb_facts *facts, const struct influxdb_reply *reply)
{
	return (double)(facts->now_ms - reply->time_ms) / 1e3;
}

/* "12.3 s old" or "older than the window that was asked for" */
static const char *age_text(const struct view *view, const struct influxdb_reply *reply,
			    char buffer[static 64])
{
	if (reply->has_row)
		(void)snprintf(buffer, 64, "%.1f s old", age_s(view->facts, reply));
	else
		(void)snprintf(buffer, 64, "older than %.0f s",
			       (double)(view->config->influxdb.max_age_ms +
					view->config->influxdb.peer_lead_ms) /
				       1e3);
	return buffer;
}

static bool is_stale(const struct view *view, const struct influxdb_reply *reply)
{
	return !reply->has_row ||
	       view->facts->now_ms - reply->time_ms > view->config->influxdb.max_age_ms;
}

/* By how much the peer's newest point leads ours; without a point of ours, at least by this. */
static int64_t lead_ms(const struct view *view, const struct influxdb_reply *ours,
		       const struct influxdb_reply *peers)
{
	const struct influxdb_options *options = &view->config->influxdb;
	int64_t window_start = view->facts->now_ms - options->max_age_ms - options->peer_lead_ms;

	if (!peers->has_row)
		return 0;
	return peers->time_ms - (ours->has_row ? ours->time_ms : window_start);
}

/* Stale here is judged when the peer was asked, or could not be. */
static bool judge_peer_fresh(const struct view *view)
{
	const struct influxdb_reply *ours = &view->facts->replies[INFLUXDB_STEP_FRESH];
	const char *measurement = view->config->influxdb.fresh;
	char our_age[64];
	char peer_age[64];

	if (!has_answer(view->facts, INFLUXDB_STEP_FRESH) || !is_stale(view, ours))
		return true;
	(void)age_text(view, ours, our_age);
	if (!has_answer(view->facts, INFLUXDB_STEP_PEER_FRESH))
		return note(view, STATE_WARNING, REASON_STALE,
			    "newest %s here is %s, and the peer %s cannot be compared (%s)",
			    measurement, our_age, view->config->influxdb.peer,
			    view->reply->reason == REASON_OK ? words(view->reply)
							     : view->reply->detail);
	(void)age_text(view, view->reply, peer_age);
	if (lead_ms(view, ours, view->reply) > view->config->influxdb.peer_lead_ms)
		return finding(view, STATE_CRITICAL, REASON_STALE,
			       "newest %s here is %s, the peer's %s: writes do not arrive here",
			       measurement, our_age, peer_age);
	return note(view, STATE_WARNING, REASON_STALE,
		    "newest %s here is %s, and the peer's %s: the writers may have stopped",
		    measurement, our_age, peer_age);
}

static const struct influxdb_column *find_column(const struct influxdb_reply *reply,
						 const char *name)
{
	for (int i = 0; i < reply->n_columns; i++)
		if (strcmp(reply->columns[i].name, name) == 0)
			return &reply->columns[i];
	return NULL;
}

/* A column of a that b lacks or gives otherwise; NULL if there is none. */
static const struct influxdb_column *difference(const struct influxdb_reply *a,
						const struct influxdb_reply *b)
{
	for (int i = 0; i < a->n_columns; i++) {
		const struct influxdb_column *mine = &a->columns[i];
		const struct influxdb_column *other = find_column(b, mine->name);
		double tolerance = SUM_TOLERANCE * fabs(mine->value);

		if (!other || fabs(mine->value - other->value) > tolerance)
			return mine;
	}
	return NULL;
}

static bool judge_peer_window(const struct view *view)
{
	const struct influxdb_reply *ours = &view->facts->replies[INFLUXDB_STEP_WINDOW];
	const struct influxdb_column *differs;
	const struct influxdb_column *here;
	const struct influxdb_column *there;

	if (!has_answer(view->facts, INFLUXDB_STEP_WINDOW))
		return true;
	if (!has_answer(view->facts, INFLUXDB_STEP_PEER_WINDOW))
		return note(view, STATE_OK, REASON_PEER_UNREACHABLE,
			    "the peer %s cannot be compared (%s)", view->config->influxdb.peer,
			    view->reply->reason == REASON_OK ? words(view->reply)
							     : view->reply->detail);
	differs = difference(ours, view->reply);
	if (!differs)
		differs = difference(view->reply, ours);
	if (!differs)
		return true;
	here = find_column(ours, differs->name);
	there = find_column(view->reply, differs->name);
	return note(view, STATE_WARNING, REASON_DIVERGED,
		    "%s differs from the peer in the last closed window: %s is %.12g here and "
		    "%.12g there",
		    view->config->influxdb.fresh, differs->name, here ? here->value : 0,
		    there ? there->value : 0);
}

static bool is_about_peer(enum influxdb_step step)
{
	return step == INFLUXDB_STEP_PEER_FRESH || step == INFLUXDB_STEP_PEER_WINDOW;
}

static bool judge_reply(const struct view *view)
{
	static bool (*const judges[INFLUXDB_STEP_MAX])(const struct view *) = {
		[INFLUXDB_STEP_PING] = judge_ping,
		[INFLUXDB_STEP_READY] = judge_ready,
		[INFLUXDB_STEP_HEALTH] = judge_health,
		[INFLUXDB_STEP_QUERY] = judge_query,
		[INFLUXDB_STEP_WRITE] = judge_write,
		[INFLUXDB_STEP_READ_BACK] = judge_read_back,
		[INFLUXDB_STEP_FRESH] = judge_query,
		[INFLUXDB_STEP_WINDOW] = judge_query,
		[INFLUXDB_STEP_PEER_FRESH] = judge_peer_fresh,
		[INFLUXDB_STEP_PEER_WINDOW] = judge_peer_window,
	};

	if (view->reply->reason != REASON_OK && !is_about_peer(view->step))
		return judge_transport(view);
	return judges[view->step](view);
}

/*
 * --level has decided by then: a comparison that fails is a WARNING at most. What --fresh could not
 * find out is UNKNOWN, as everywhere; --divergence never is.
 */
static bool judge_comparison(const struct view *view)
{
	struct verdict alone = {0};
	struct view capped = *view;
	bool unknown;

	capped.verdict = &alone;
	(void)judge_reply(&capped);
	if (alone.state == STATE_OK)
		return true;
	unknown = alone.state == STATE_UNKNOWN && view->step == INFLUXDB_STEP_FRESH;
	(void)note(view, unknown ? STATE_UNKNOWN : STATE_WARNING, alone.reason,
		   "the comparison is not possible: %s", alone.text);
	return !unknown;
}

bool influxdb_judge_step(const struct influxdb_facts *facts, const struct influxdb_config *config,
			 enum influxdb_step step, struct verdict *verdict)
{
	struct view view = {facts, config, &facts->replies[step], step, verdict};

	if (!view.reply->asked)
		return true;
	if (step == INFLUXDB_STEP_FRESH || step == INFLUXDB_STEP_WINDOW)
		return judge_comparison(&view);
	return judge_reply(&view);
}

static void judge_certificate(const struct influxdb_facts *facts,
			      const struct influxdb_config *config, struct verdict *verdict)
{
	if (!facts->has_cert_days)
		return;
	verdict_metric(verdict, "certificate_validity", facts->cert_days, UNIT_DAYS);
	if (config->http.min_cert_days >= 0 &&
	    facts->cert_days < (double)config->http.min_cert_days)
		verdict_add(verdict, STATE_WARNING, REASON_CERT_EXPIRING, PHASE_TLS,
			    "a certificate of the server ends in %.0f days: renew it",
			    floor(facts->cert_days));
}

/* What the last answered step of the level has proven. */
static const char *proof_of(const struct influxdb_facts *facts)
{
	const struct influxdb_reply *replies = facts->replies;

	if (replies[INFLUXDB_STEP_READ_BACK].asked)
		return "stored a point and gave it back";
	if (replies[INFLUXDB_STEP_WRITE].asked)
		return facts->flavor == INFLUXDB_FLAVOR_RELAY
			       ? "passed a point on to a backend"
			       : "answers queries and buffered a point";
	if (replies[INFLUXDB_STEP_QUERY].asked)
		return "answers queries";
	if (replies[INFLUXDB_STEP_HEALTH].asked || replies[INFLUXDB_STEP_READY].asked)
		return "is ready";
	return "answers";
}

/* A level or comparison that the product does not have must not pass for proven. */
static void judge_coverage(const struct influxdb_facts *facts, const struct influxdb_config *config,
			   struct verdict *verdict)
{
	enum influxdb_step wanted = INFLUXDB_STEP_PING;

	if (config->influxdb.level == INFLUXDB_LEVEL_QUERY)
		wanted = INFLUXDB_STEP_QUERY;
	else if (config->influxdb.level == INFLUXDB_LEVEL_WRITE)
		wanted = INFLUXDB_STEP_WRITE;
	if (!influxdb_has_step(facts, wanted))
		verdict_add(verdict, STATE_UNKNOWN, REASON_UNSUPPORTED, PHASE_JUDGE,
			    "--level: %s cannot be asked for %s",
			    influxdb_flavor_title(facts->flavor),
			    wanted == INFLUXDB_STEP_QUERY ? "query" : "write");
	if (config->influxdb.fresh && !influxdb_has_step(facts, INFLUXDB_STEP_FRESH))
		verdict_add(verdict, STATE_UNKNOWN, REASON_UNSUPPORTED, PHASE_JUDGE,
			    "--fresh: %s has no data", influxdb_flavor_title(facts->flavor));
}

static void tell_success(const struct influxdb_facts *facts, struct verdict *verdict)
{
	verdict_set(verdict, STATE_OK, REASON_OK, PHASE_JUDGE, "%s%s%s %s",
		    influxdb_flavor_title(facts->flavor), facts->version[0] ? " " : "",
		    facts->version, proof_of(facts));
}

static void add_measurements(const struct influxdb_facts *facts, struct verdict *verdict)
{
	static const char *const names[INFLUXDB_STEP_MAX] = {
		[INFLUXDB_STEP_PING] = "influxdb_ping",
		[INFLUXDB_STEP_READY] = "influxdb_ready",
		[INFLUXDB_STEP_HEALTH] = "influxdb_health",
		[INFLUXDB_STEP_QUERY] = "influxdb_query",
		[INFLUXDB_STEP_WRITE] = "influxdb_write",
		[INFLUXDB_STEP_READ_BACK] = "influxdb_read_back",
	};
	const struct influxdb_reply *fresh = &facts->replies[INFLUXDB_STEP_FRESH];
	const struct influxdb_reply *peer = &facts->replies[INFLUXDB_STEP_PEER_FRESH];

	for (int step = 0; step < INFLUXDB_STEP_MAX; step++)
		if (names[step] && facts->replies[step].asked)
			verdict_metric(verdict, names[step],
				       (double)facts->replies[step].duration_us / 1e6,
				       UNIT_SECONDS);
	if (fresh->has_row)
		verdict_metric(verdict, "influxdb_newest_age", age_s(facts, fresh), UNIT_SECONDS);
	if (peer->has_row)
		verdict_metric(verdict, "influxdb_peer_newest_age", age_s(facts, peer),
			       UNIT_SECONDS);
}

static void add_facts(const struct influxdb_facts *facts, struct verdict *verdict)
{
	const struct influxdb_reply *ping = &facts->replies[INFLUXDB_STEP_PING];
	const struct influxdb_reply *health = &facts->replies[INFLUXDB_STEP_HEALTH];

	if (ping->reason != REASON_OK)
		return;
	verdict_fact(verdict, "flavor", "%s", influxdb_flavor_title(facts->flavor));
	verdict_fact(verdict, "evidence", "status %d, X-Influxdb-Build \"%s\", version \"%s\"",
		     ping->status, ping->build, ping->version);
	if (facts->flavor == INFLUXDB_FLAVOR_ENTERPRISE_META)
		verdict_fact(verdict, "leader", "%s", ping->message);
	if (health->backends > 0)
		verdict_fact(verdict, "backends", "%d of %d active, %d behind",
			     health->backends_active, health->backends, health->backends_behind);
}

void influxdb_judge(const struct influxdb_facts *facts, const struct influxdb_config *config,
		    struct verdict *ret)
{
	struct verdict findings = {0};

	tell_success(facts, ret);
	for (enum influxdb_step step = 0; step < INFLUXDB_STEP_MAX; step++)
		if (!influxdb_judge_step(facts, config, step, &findings))
			break;
	if (findings.state == STATE_OK)
		judge_coverage(facts, config, &findings);
	judge_certificate(facts, config, &findings);
	if (findings.state != STATE_OK)
		verdict_set(ret, findings.state, findings.reason, findings.phase, "%s",
			    findings.text);
	else if (findings.text[0])
		verdict_add(ret, STATE_OK, findings.reason, findings.phase, "%s; %s", ret->text,
			    findings.text);
	if (findings.n_metrics > 0)
		ret->metrics[ret->n_metrics++] = findings.metrics[0];
	add_measurements(facts, ret);
	add_facts(facts, ret);
}
