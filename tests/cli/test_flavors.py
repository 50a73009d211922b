# SPDX-License-Identifier: GPL-2.0-or-later
"""Every product, version and state: what it answers, and the verdict and requests that follow."""
import base64

import pytest

from recorded import Influx, answer, influx, product
from running import expect
from scripted_server import always, by_path, closes_at_once, hangs, redirect, reply, then_resets

V1 = "influxdb-1.6.7"
V18 = "influxdb-1.8.10"
V2 = "influxdb-2.7.5"
V3 = "influxdb-3.10.1-source"
MAIN = "influxdb-main2x-85b84f4413"
CLUSTER = "influxdb-cluster-1.8.11-c1.2.0"
ENTERPRISE = "influxdb-enterprise-1.11.3-source"
RELAY = "influxdb-relay-classic"
VEEPEE = "veepee-influxdb-relay-3.1.0"
PROXY = "influx-proxy-2.5.12"
SHELL = "shell909090-influx-proxy-1.1-source"
HTML = answer(f"{V2}/ui_root")
DATABASE = ("--database=ha", "--node=n1")
BUCKET = ("--org=chime", "--bucket=chime", "--node=n1")


def paths(**behaviours):
    """Behaviours by the path's word; a str names a recorded answer."""
    return {f"/{word}": answer(what) if isinstance(what, str) else what
            for word, what in behaviours.items()}


def cluster_store():
    """What a data node of influxdb-cluster stores."""
    return Influx(f"{CLUSTER}/data_query_present", f"{V18}/query_probe_absent_time",
                  f"{CLUSTER}/data_write_any_both", f"{CLUSTER}/data_show_databases")


def cluster_data(**overrides):
    """A data node of influxdb-cluster."""
    store = cluster_store()
    behaviours = paths(ping=f"{CLUSTER}/data_ping", health=f"{CLUSTER}/data_health",
                       ready=f"{CLUSTER}/data_ready", query=store.query, write=store.write)
    return {**behaviours, **paths(**overrides)}


def meta(ping, status):
    """A meta node of influxdb-cluster."""
    return paths(ping=f"{CLUSTER}/{ping}", status=f"{CLUSTER}/{status}",
                 health=f"{CLUSTER}/meta_single_health")


def relay(directory, health, write="plain_both_write_ok", ping="plain_both_ping"):
    """A relay of either make."""
    return paths(ping=f"{directory}/{ping}", health=f"{directory}/{health}",
                 write=f"{directory}/{write}", query=f"{directory}/query")


# What is up and well, at the highest level that it has: behaviours, options, what the text says.
WELL = {
    "1.6.7": (product(V1), ("--level=write", *DATABASE), "InfluxDB 1.x 1.6.7~rc0 stored a point"),
    "1.7": (paths(ping="influxdb-1.7.11-source/ping", health="influxdb-1.7.11-source/health"),
            ("--level=ready",), "InfluxDB 1.x 1.7.11 is ready"),
    "1.8.10": (product(V18), ("--level=write", *DATABASE), "InfluxDB 1.x 1.8.10 stored a point"),
    "2.0.8": (paths(ping="influxdb-2.0.8-source/ping", ready="influxdb-2.0.8-source/ready",
                    health="influxdb-2.0.8-source/health"), (), "InfluxDB 2.x 2.0.8 is ready"),
    "2.7.5": (product(V2), ("--level=write", *BUCKET), "InfluxDB 2.x 2.7.5 stored a point"),
    "2.7.5-by-database": (product(V2), ("--level=write", *DATABASE), "stored a point"),
    "main-2.x": (paths(ping=f"{MAIN}/up_ping", ready=f"{MAIN}/up_ready",
                       health=f"{MAIN}/up_health"), (), "InfluxDB 2.x 2.9.1-dev is ready"),
    "3": (product(V3), ("--level=write", *DATABASE), "InfluxDB 3 3.10.1 stored a point"),
    "3-enterprise": (product(V3, ready=f"{V3}/ready"), (), "InfluxDB 3 3.10.1 is ready"),
    "enterprise-data": (paths(ping=f"{ENTERPRISE}/ping", health=f"{ENTERPRISE}/health"), (),
                        "data node 1.11.3-c1.11.3 is ready"),
    "cluster-data": (cluster_data(), ("--level=write", *DATABASE), "data node 1.8.11-c1.2.0"),
    "cluster-meta": (meta("meta_single_leader_ping", "meta_single_leader_status"), (),
                     "meta node 1.8.11-c1.2.0 is ready"),
    "relay": (relay(RELAY, "plain_both_health"), ("--level=write", *DATABASE),
              "influxdb-relay passed a point on"),
    "veepee": (relay(VEEPEE, "plain_both_health"), ("--level=write", *DATABASE),
               "influxdb-relay passed a point on"),
    "veepee-ping-200": (relay(VEEPEE, "plain_both_health", ping="ping200_both_ping"), (),
                        "influxdb-relay is ready"),
    "influx-proxy": (product(PROXY), ("--level=query", *DATABASE),
                     "influx-proxy 2.5.12 answers queries"),
    "shell909090": (paths(ping=f"{SHELL}/ping", health=f"{SHELL}/not_found"),
                    ("--flavor=proxy",), "influx-proxy 1.1 is ready"),
}


@pytest.mark.parametrize("behaviours, options, text", WELL.values(), ids=WELL)
def test_is_well(check, serve, behaviours, options, text):
    """Each product that does its job is OK, and the text says what was found."""
    server = serve(by_path(behaviours))
    expect(check("--format=json", f"--url={server.url}", *options), "OK", "ok", text=text)


FLAVORS = {
    V1: ("1", "InfluxDB 1.x"),
    V18: ("1", "InfluxDB 1.x"),
    V2: ("2", "InfluxDB 2.x"),
    V3: ("3", "InfluxDB 3"),
    PROXY: ("proxy", "influx-proxy"),
}


@pytest.mark.parametrize("name", FLAVORS)
def test_told_flavor_fits(check, serve, name):
    """--flavor with the right word changes nothing."""
    flavor, title = FLAVORS[name]
    server = serve(by_path(product(name)))
    result = check("--format=json", f"--url={server.url}", f"--flavor={flavor}")
    expect(result, "OK", "ok")
    assert result.verdict["facts"]["flavor"] == title


@pytest.mark.parametrize("flavor", ["1", "3", "enterprise-meta"])
def test_told_flavor_differs(check, serve, flavor):
    """--flavor with another word is CRITICAL at the first answer, and says what was found."""
    server = serve(by_path(product(V2)))
    result = check("--format=json", f"--url={server.url}", f"--flavor={flavor}")
    expect(result, "CRITICAL", "unexpected_answer", text="InfluxDB 2.x")
    assert server.paths() == ["/ping"]


@pytest.mark.parametrize("behaviours", [
    meta("meta_single_leader_ping", "meta_single_leader_status"),
    relay(RELAY, "plain_both_health"), product(PROXY), product(V18),
], ids=["meta", "relay", "proxy", "1.8"])
def test_told_flavor_differs_from(check, serve, behaviours):
    """Nothing else passes as InfluxDB 2.x."""
    server = serve(by_path(behaviours))
    expect(check("--format=json", f"--url={server.url}", "--flavor=2"), "CRITICAL",
           "unexpected_answer")


# Each state that is not well: behaviours, options, state, reason, phase, what the text says.
READY = {
    "refused-ping": (paths(ping=f"{V18}/pingauth_ping_nocred"), "UNKNOWN", "auth_denied",
                     "request", "unable to parse authentication credentials"),
    "2-html-on-every-path": (paths(ping=HTML, ready=HTML, health=HTML), "CRITICAL",
                             "unexpected_answer", "request", "HTML"),
    "2-html-as-ready": (product(V2, ready=HTML), "CRITICAL", "unexpected_answer", "request",
                        "HTML"),
    "2-html-as-health": (product(V2, health=HTML), "CRITICAL", "unexpected_answer", "request",
                         "/health"),
    "1-html-as-health": (product(V18, health=HTML), "CRITICAL", "unexpected_answer", "request",
                         "/health"),
    "2-starting": (paths(ping=f"{MAIN}/reboot_ping_1", ready=f"{MAIN}/reboot_ready_3",
                         health=f"{MAIN}/reboot_health_1"), "CRITICAL", "starting", "request",
                   "503"),
    "2-starting-between": (paths(ping=f"{MAIN}/up_ping", ready=f"{MAIN}/reboot_ready_3",
                                 health=f"{MAIN}/reboot_health_1"), "CRITICAL", "starting",
                           "request", "engine: not ready"),
    "2-not-ready": (product(V2, ready="influxdb-main2x-source/ready_not"), "CRITICAL",
                    "not_ready", "request", "engine: closed"),
    "2-health-fails": (product(V2, health="influxdb-main2x-source/health_fail"), "CRITICAL",
                       "not_ready", "request", "shard 7 failed to open: invalid tsm file"),
    "2-ready-without-status": (product(V2, ready=reply("200 OK", "{}")), "CRITICAL",
                               "unexpected_answer", "request", "/ready"),
    "2-ready-lost": (product(V2, ready=f"{V2}/nonexistent"), "CRITICAL", "http_status", "request",
                     "404"),
    "1.8-health-without-pass": (product(V18, health=reply("200 OK", '{"status":"fail"}')),
                                "CRITICAL", "not_ready", "request", "/health"),
    "3-needs-token": (paths(ping=f"{V3}/unauthenticated"), "UNKNOWN", "auth_denied", "request",
                      "the request was not authenticated"),
    "3-object-store-lost": (product(V3, ready=f"{V3}/ready_not"), "CRITICAL", "not_ready",
                            "request", "object store"),
    "meta-lost-quorum": (meta("meta_two_of_three_down_ping", "meta_two_of_three_down_status"),
                         "CRITICAL", "no_leader", "request", "/ping"),
    "meta-not-joined": (meta("meta_unjoined_ping", "meta_unjoined_status"), "CRITICAL",
                        "no_leader", "request", "/ping"),
    "meta-loses-leader": (meta("meta_single_leader_ping", "meta_two_of_three_down_status"),
                          "CRITICAL", "no_leader", "request", "/status"),
    "meta-without-users": (paths(ping=f"{CLUSTER}/meta_auth_noadmin_ping"), "UNKNOWN",
                           "auth_denied", "request", "must create admin user first"),
    "veepee-problem": (relay(VEEPEE, "plain_one_health"), "WARNING", "backend_down", "request",
                       "1 of its 2 backends"),
    "veepee-critical": (relay(VEEPEE, "plain_none_health"), "CRITICAL", "backends_down",
                        "request", "none of its 2 backends"),
    "veepee-rate-limit": (relay(VEEPEE, "ratelimit_both_health"), "WARNING", "overloaded",
                          "request", "429"),
    "veepee-rate-limit-at-once": (relay(VEEPEE, "plain_both_health", ping="ratelimit_one_ping"),
                                  "WARNING", "overloaded", "request", "429"),
    "proxy-one-circle-down": (product(PROXY, health=f"{PROXY}/2circles_onedown_health"),
                              "WARNING", "backend_down", "request", "1 of 2 backends"),
    "proxy-all-down": (product(PROXY, health=f"{PROXY}/2circles_alldown_health"), "CRITICAL",
                       "backends_down", "request", "none"),
    "proxy-no-whole-circle": (product(PROXY, health=f"{PROXY}/1circle2be_onedown_health"),
                              "WARNING", "backend_down", "request", "1 of 2 backends"),
    "proxy-rewriting": (product(PROXY, health=f"{PROXY}/1circle2be_recovering_health_1500ms"),
                        "WARNING", "backend_down", "request", "backlog"),
    "proxy-backlog": (product(PROXY, health=f"{PROXY}/backend_wrongpw_health_after_write"),
                      "WARNING", "backend_down", "request", "backlog"),
    "proxy-needs-login": (product(PROXY, health=f"{PROXY}/auth_health_nocred"), "UNKNOWN",
                          "auth_denied", "request", "authentication failed"),
    "proxy-ping-needs-login": (paths(ping=f"{PROXY}/pingauth_ping_nocred"), "UNKNOWN",
                               "auth_denied", "request", "authentication failed"),
    "other-product": (paths(ping=reply("200 OK", "pong")), "CRITICAL", "unexpected_answer",
                      "request", "no InfluxDB"),
    "other-json": (paths(ping=reply("200 OK", '{"status":"UP"}')), "CRITICAL",
                   "unexpected_answer", "request", "no InfluxDB"),
    "ping-404": (paths(ping=reply("404 Not Found")), "CRITICAL", "http_status", "request", "404"),
    "ping-500": (paths(ping=reply("500 Internal Server Error")), "CRITICAL", "http_status",
                 "request", "500"),
    "ping-400": (paths(ping=reply("400 Bad Request")), "CRITICAL", "http_status", "request",
                 "400"),
    "ping-403": (paths(ping=reply("403 Forbidden")), "UNKNOWN", "grant_missing", "request",
                 "403"),
    "ping-429": (paths(ping=reply("429 Too Many Requests")), "WARNING", "overloaded", "request",
                 "429"),
    "ping-503": (paths(ping=reply("503 Service Unavailable")), "CRITICAL", "http_status",
                 "request", "503"),
    "ping-301": (paths(ping=redirect("http://127.0.0.1:1/ping")), "CRITICAL", "redirected",
                 "request", "301"),
}


@pytest.mark.parametrize("behaviours, state, reason, phase, text", READY.values(), ids=READY)
def test_is_not_ready(check, serve, behaviours, state, reason, phase, text):
    """Each state that /ping, /ready, /health or /status can show."""
    server = serve(by_path(behaviours))
    expect(check("--format=json", f"--url={server.url}"), state, reason, phase, text)


# States that only a query shows: product, the answer, options, state, reason, what the text says.
QUERY = {
    "1-unknown-database": (V1, f"{V1}/query_unknown_db", DATABASE, "UNKNOWN",
                           "database_missing", "database not found: nope"),
    "1-unknown-policy": (V1, f"{V1}/query_unknown_rp", (*DATABASE, "--retention-policy=norp"),
                         "UNKNOWN", "database_missing", "retention policy not found: norp"),
    "1-syntax": (V1, f"{V1}/query_syntax_error", DATABASE, "UNKNOWN", "query_failed",
                 "error parsing query"),
    "1-no-login": (V1, f"{V1}/auth_query_nocred", DATABASE, "UNKNOWN", "auth_denied",
                   "unable to parse authentication credentials"),
    "1-wrong-password": (V1, f"{V1}/auth_query_wrongpw", DATABASE, "UNKNOWN", "auth_denied",
                         "authorization failed"),
    "1-no-right-to-read": (V1, f"{V1}/auth_query_wo", (*DATABASE, "--username=wo"), "UNKNOWN",
                           "grant_missing", 'GRANT READ ON "ha" TO "wo"'),
    "1-no-user-yet": (V1, f"{V1}/auth_noadmin_query", DATABASE, "UNKNOWN", "auth_denied",
                      "create admin user first"),
    "1-too-many-queries": (V18, "influxdb-1.8.10-source/query_too_many", DATABASE, "WARNING",
                           "overloaded", "max-concurrent-queries"),
    "1-query-timeout": (V18, "influxdb-1.8.10-source/query_timeout", DATABASE, "CRITICAL",
                        "query_failed", "query-timeout limit exceeded"),
    "1-engine-closed": (V18, "influxdb-1.8.10-source/query_internal_error", DATABASE, "CRITICAL",
                        "query_failed", "engine is closed"),
    "2-unknown-bucket": (V2, f"{V2}/query_unknown_bucket_rw", BUCKET, "UNKNOWN",
                         "database_missing", "bucket chime"),
    "2-no-right-to-read": (V2, f"{V2}/query_denied_wo", BUCKET, "UNKNOWN", "database_missing",
                           "these credentials cannot see it"),
    "2-no-token": (V2, f"{V2}/query_no_token", BUCKET, "UNKNOWN", "auth_denied",
                   "unauthorized access"),
    "2-wrong-token": (V2, f"{V2}/query_wrong_token", BUCKET, "UNKNOWN", "auth_denied",
                      "Unauthorized"),
    "2-queue-full": (V2, "influxdb-2.7.5-source/query_queue_full", BUCKET, "WARNING",
                     "overloaded", "queue length exceeded"),
    "2-unavailable": (V2, "influxdb-2.7.5-source/unavailable", BUCKET, "CRITICAL",
                      "query_failed", "503"),
    "2-html": (V2, HTML, BUCKET, "CRITICAL", "unexpected_answer", "HTML"),
    "2-starting": (V2, f"{MAIN}/reboot_query_1", BUCKET, "CRITICAL", "starting", "503"),
    "3-unknown-database": (V3, f"{V3}/query_unknown_db", DATABASE, "UNKNOWN",
                           "database_missing", "database not found: ha"),
    "3-denied": (V3, f"{V3}/query_denied", DATABASE, "UNKNOWN", "auth_denied",
                 "unauthorized access"),
    "proxy-no-backend": (PROXY, f"{PROXY}/2circles_alldown_query_present", DATABASE, "CRITICAL",
                         "backends_down", "backends unavailable"),
    "proxy-wrong-password": (PROXY, f"{PROXY}/auth_query_wrong", DATABASE, "UNKNOWN",
                             "auth_denied", "authentication failed"),
    "proxy-forbids-database": (PROXY, f"{PROXY}/dblist_query_forbidden", DATABASE, "UNKNOWN",
                               "query_failed", "database forbidden: nope"),
    "429": (V18, reply("429 Too Many Requests"), DATABASE, "WARNING", "overloaded", "429"),
    "404": (V18, reply("404 Not Found", '{"error":"database not found: \\"ha\\""}'), DATABASE,
            "UNKNOWN", "database_missing", "database ha"),
    "302": (V18, redirect("http://127.0.0.1:1/", "302 Found"), DATABASE, "CRITICAL",
            "redirected", "302"),
    "reset": (V18, then_resets(), DATABASE, "CRITICAL", "connection_closed", None),
}


@pytest.mark.parametrize("name, query, options, state, reason, text", QUERY.values(), ids=QUERY)
def test_query_fails(check, serve, name, query, options, state, reason, text):
    """Each way a query can fail, also under status 200."""
    behaviours = product(name, query=query)
    server = serve(by_path(behaviours))
    result = check("--format=json", f"--url={server.url}", "--level=query", *options)
    expect(result, state, reason, "query", text)


SHELL_QUERY = {
    "other-database": ("query_wrong_database", "UNKNOWN", "database_missing",
                       "database not exist."),
    "no-backend": ("query_error", "CRITICAL", "query_failed", "query error"),
}


@pytest.mark.parametrize("query, state, reason, text", SHELL_QUERY.values(), ids=SHELL_QUERY)
def test_shell909090_query_fails(check, serve, query, state, reason, text):
    """shell909090's proxy has errors of its own, in plain text."""
    server = serve(by_path(paths(ping=f"{SHELL}/ping", health=f"{SHELL}/not_found",
                                 query=f"{SHELL}/{query}")))
    result = check("--format=json", f"--url={server.url}", "--flavor=proxy", "--level=query",
                   *DATABASE)
    expect(result, state, reason, "query", text)


def test_shell909090_writes(check, serve):
    """It buffers too, so its acknowledgement is all that a write proves."""
    server = serve(by_path(paths(ping=f"{SHELL}/ping", health=f"{SHELL}/not_found",
                                 query=f"{V1}/query_probe_absent_time",
                                 write=f"{SHELL}/write_ok")))
    result = check("--format=json", f"--url={server.url}", "--flavor=proxy", "--level=write",
                   *DATABASE)
    expect(result, "OK", "ok", text="buffered")


# States that only a write shows, as for QUERY.
WRITE = {
    "1-disk-full": (V18, "influxdb-1.8.10-source/write_disk_full", DATABASE, "CRITICAL",
                    "write_failed", "no space left on device"),
    "1-timeout": (V18, "influxdb-1.8.10-source/write_timeout", DATABASE, "CRITICAL",
                  "write_failed", "timeout"),
    "1-cache-full": (V18, "influxdb-1.8.10-source/write_cache_full", DATABASE, "CRITICAL",
                     "write_failed", "cache-max-memory-size exceeded"),
    "1-throttled": (V18, "influxdb-1.8.10-source/write_throttled", DATABASE, "WARNING",
                    "overloaded", "request throttled"),
    "1-too-large": (V18, "influxdb-1.8.10-source/write_too_large", DATABASE, "UNKNOWN",
                    "write_rejected", "413"),
    "1-unknown-database": (V1, f"{V1}/write_unknown_db", DATABASE, "UNKNOWN",
                           "database_missing", 'database not found: "nope"'),
    "1-unknown-policy": (V1, f"{V1}/write_unknown_rp", (*DATABASE, "--retention-policy=norp"),
                         "UNKNOWN", "database_missing", "retention policy not found: norp"),
    "1-type-conflict": (V1, f"{V1}/write_type_conflict", DATABASE, "UNKNOWN", "write_rejected",
                        "field type conflict"),
    "1-outside-retention": (V1, f"{V1}/write_outside_retention", DATABASE, "UNKNOWN",
                            "write_rejected", "points beyond retention policy"),
    "1-no-login": (V1, f"{V1}/auth_write_nocred", DATABASE, "UNKNOWN", "auth_denied", "401"),
    "1-no-right-to-write": (V1, f"{V1}/auth_write_ro", (*DATABASE, "--username=ro"), "UNKNOWN",
                            "grant_missing", 'GRANT WRITE ON "ha" TO "ro"'),
    "2-disk-full": (V2, "influxdb-2.7.5-source/write_disk_full", BUCKET, "CRITICAL",
                    "write_failed", "no space left on device"),
    "2-unknown-bucket": (V2, f"{V2}/v2write_wrong_bucket_rw", BUCKET, "UNKNOWN",
                         "database_missing", 'bucket "nope" not found'),
    "2-unknown-organization": (V2, f"{V2}/v2write_wrong_org_rw", BUCKET, "UNKNOWN",
                               "database_missing", 'organization name "nope" not found'),
    "2-no-right-to-write": (V2, f"{V2}/v2write_denied_ro", BUCKET, "UNKNOWN", "grant_missing",
                            "WRITE permission on bucket chime"),
    "2-wrong-token": (V2, f"{V2}/v2write_wrong_token", BUCKET, "UNKNOWN", "auth_denied", "401"),
    "2-type-conflict": (V2, f"{V2}/v2write_type_conflict", BUCKET, "UNKNOWN", "write_rejected",
                        "field type conflict"),
    "2-outside-retention": (V2, f"{V2}/v2write_outside_retention", BUCKET, "UNKNOWN",
                            "write_rejected", "422"),
    "2-syntax": (V2, f"{V2}/v2write_parse_error", BUCKET, "UNKNOWN", "write_rejected", "400"),
    "2-no-mapping": (V2, f"{V2}/v1write_unknown_db_rw", DATABASE, "UNKNOWN", "database_missing",
                     "no dbrp mapping found"),
    "2-html": (V2, HTML, BUCKET, "CRITICAL", "unexpected_answer", "200"),
    "2-starting": (V2, f"{MAIN}/reboot_query_1", BUCKET, "CRITICAL", "starting", "503"),
    "3-limited": (V3, f"{V3}/write_limited", DATABASE, "WARNING", "overloaded", "429"),
    "500": (V18, reply("500 Internal Server Error"), DATABASE, "CRITICAL", "write_failed", "500"),
    "302": (V18, redirect("http://127.0.0.1:1/", "302 Found"), DATABASE, "CRITICAL",
            "redirected", "302"),
    "reset": (V18, then_resets(), DATABASE, "CRITICAL", "connection_closed", None),
}


@pytest.mark.parametrize("name, write, options, state, reason, text", WRITE.values(), ids=WRITE)
def test_write_fails(check, serve, name, write, options, state, reason, text):
    """Each way a write can fail. A failed write is judged at once: nothing is read back."""
    step = "v2write" if options is BUCKET else "write"
    server = serve(by_path(product(name, **{step: write})))
    result = check("--format=json", f"--url={server.url}", "--level=write", *options)
    expect(result, state, reason, "write", text)
    assert server.paths()[-1] in ("/write", "/api/v2/write")


CLUSTER_WRITE = {
    "peer-down": ("data_write_any_peerdown", "OK", "ok"),
    "consistency": ("data_write_all_peerdown", "CRITICAL", "write_failed"),
    "type-conflict": ("data_write_type_conflict", "UNKNOWN", "write_rejected"),
}


@pytest.mark.parametrize("write, state, reason", CLUSTER_WRITE.values(), ids=CLUSTER_WRITE)
def test_cluster_write(check, serve, write, state, reason):
    """A data node's answers to writes; it is asked for the weakest consistency."""
    store = cluster_store()
    acknowledged = state == "OK"
    store.wrote = answer(f"{CLUSTER}/{write}")
    server = serve(by_path(cluster_data(query=store.query, write=store.write)))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, state, reason)
    request = next(r for r in server.requests if r.path == "/write")
    assert request.query["consistency"] == "any"
    assert (server.paths()[-1] == "/query") == acknowledged


@pytest.mark.parametrize("name", ["plain_both_health", "plain_one_health"])
def test_relay_has_no_query(check, serve, name):
    """A level that a product lacks is never OK, and nothing that it lacks is asked."""
    server = serve(by_path(relay(VEEPEE, name)))
    result = check("--format=json", f"--url={server.url}", "--level=query", *DATABASE)
    assert result.summary in [("UNKNOWN", "unsupported"), ("WARNING", "backend_down")]
    assert server.paths() == ["/ping", "/health"]


def test_1_6_has_no_write_by_bucket(check, serve):
    """/api/v2/write came with 1.8: before it is a 404 that is not about the bucket."""
    server = serve(by_path(product(V1, v2write=f"{V1}/health")))
    result = check("--format=json", f"--url={server.url}", "--level=write", *BUCKET)
    expect(result, "UNKNOWN", "unsupported", "write")


RELAY_WRITE = {
    "classic-one-backend": (RELAY, "plain_both_health", "plain_one_write_ok", "OK", "ok"),
    "classic-no-backend": (RELAY, "plain_both_health", "plain_none_write_ok", "CRITICAL",
                           "write_failed"),
    "classic-unknown-database": (RELAY, "plain_both_health", "plain_both_write_unknown_db",
                                 "UNKNOWN", "database_missing"),
    "veepee-no-backend": (VEEPEE, "plain_both_health", "plain_none_write_ok", "CRITICAL",
                          "write_failed"),
    "veepee-wrong-password": (VEEPEE, "plain_both_health", "beauth_write_wrong", "UNKNOWN",
                              "auth_denied"),
}


@pytest.mark.parametrize("directory, health, write, state, reason", RELAY_WRITE.values(),
                         ids=RELAY_WRITE)
def test_relay_write(check, serve, directory, health, write, state, reason):
    """A relay's answers to writes; it is never asked to read."""
    server = serve(by_path(relay(directory, health, write)))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, state, reason)
    assert server.paths() == ["/ping", "/health", "/write"]


def test_buffering_relay_holds_the_write(check_in_time, serve):
    """A buffering relay without any backend keeps the write open: the deadline ends that."""
    behaviours = {**relay(RELAY, "plain_both_health"), "/write": hangs}
    server = serve(by_path(behaviours))
    result = check_in_time(300, "--format=json", f"--url={server.url}", "--level=write",
                           *DATABASE)
    expect(result, "CRITICAL", "timeout", "write")


def test_proxy_write_is_not_read_back(check, serve):
    """influx-proxy flushes later than any probe may wait: an empty read-back proves nothing."""
    server = serve(by_path(product(PROXY, read_back=f"{PROXY}/2circles_allup_query_absent")))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, "OK", "ok", text="buffered")
    assert server.paths() == ["/ping", "/health", "/query", "/write"]


READ_BACK = {
    "nothing": (f"{V18}/query_probe_absent_time", "CRITICAL", "read_back_failed", "nothing"),
    "another-value": (f"{V18}/query_probe_present", "CRITICAL", "read_back_failed",
                      "another value"),
    "error": (f"{V18}/query_unknown_db", "UNKNOWN", "database_missing", "database not found"),
    "busy": ("influxdb-1.8.10-source/query_too_many", "WARNING", "overloaded",
             "max-concurrent-queries"),
    "html": (HTML, "CRITICAL", "unexpected_answer", "HTML"),
    "closed": (then_resets(), "CRITICAL", "connection_closed", None),
}


@pytest.mark.parametrize("read_back, state, reason, text", READ_BACK.values(), ids=READ_BACK)
def test_read_back_fails(check, serve, read_back, state, reason, text):
    """An acknowledged point that does not come back."""
    server = serve(by_path(product(V18, read_back=read_back)))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, state, reason, "read", text)


def test_failed_write_that_could_be_read_back(check, serve):
    """InfluxDB caches a point before its write fails: the write's status alone decides."""
    store = influx(V18)
    store.wrote = answer("influxdb-1.8.10-source/write_disk_full")
    server = serve(by_path(product(V18, query=store.query, write=store.write)))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, "CRITICAL", "write_failed", "write", "no space left on device")
    assert store.stored, "the server did take the point"


def test_busy_server_is_still_asked_to_write(check, serve):
    """Overload at the query is a WARNING, and does not hide that writes fail."""
    server = serve(by_path(product(V18, select="influxdb-1.8.10-source/query_too_many",
                                   write="influxdb-1.8.10-source/write_disk_full")))
    result = check("--format=json", f"--url={server.url}", "--level=write", *DATABASE)
    expect(result, "CRITICAL", "write_failed", "write")


def test_backlog_does_not_hide_dead_queries(check, serve):
    """A WARNING of one step does not end the run."""
    server = serve(by_path(product(PROXY, health=f"{PROXY}/2circles_onedown_health",
                                   select=f"{PROXY}/2circles_alldown_query_present")))
    result = check("--format=json", f"--url={server.url}", "--level=query", *DATABASE)
    expect(result, "CRITICAL", "backends_down", "query")


LEVELS = {
    "ping": ["/ping"],
    "ready": ["/ping", "/ready", "/health"],
    "query": ["/ping", "/ready", "/health", "/query"],
    "write": ["/ping", "/ready", "/health", "/query", "/api/v2/write", "/query"],
}


@pytest.mark.parametrize("level", LEVELS)
def test_levels_include_the_ones_before(check, serve, level):
    """Each level asks what the ones before ask, in one connection."""
    server = serve(by_path(product(V2)))
    expect(check("--format=json", f"--url={server.url}", f"--level={level}", *BUCKET), "OK", "ok")
    assert server.paths() == LEVELS[level]
    assert server.connections == 1


STEPS = {
    "1.8": (product(V18), ["/ping", "/health"]),
    "2": (product(V2), ["/ping", "/ready", "/health"]),
    "3": (product(V3), ["/ping", "/ready", "/health"]),
    "meta": (meta("meta_single_leader_ping", "meta_single_leader_status"), ["/ping", "/status"]),
    "relay": (relay(RELAY, "plain_both_health"), ["/ping", "/health"]),
    "proxy": (product(PROXY), ["/ping", "/health"]),
}


@pytest.mark.parametrize("behaviours, paths_asked", STEPS.values(), ids=STEPS)
def test_only_paths_that_the_product_has(check, serve, behaviours, paths_asked):
    """/ready goes only where it exists, and /status only to meta nodes: it is logged elsewhere."""
    server = serve(by_path(behaviours))
    expect(check("--format=json", f"--url={server.url}"), "OK", "ok")
    assert server.paths() == paths_asked


def test_dead_server_is_asked_once(check, serve):
    """After a failure nothing more is asked."""
    server = serve(by_path(product(V2, ready=reply("500 Internal Server Error"))))
    expect(check("--format=json", f"--url={server.url}", "--level=write", *BUCKET), "CRITICAL",
           "http_status")
    assert server.paths() == ["/ping", "/ready"]


@pytest.mark.parametrize("script", [closes_at_once, always(then_resets())],
                         ids=["closes", "resets"])
def test_closed_connection(check, serve, script):
    """A connection that ends without an answer."""
    server = serve(script)
    expect(check("--format=json", f"--url={server.url}"), "CRITICAL", "connection_closed",
           "request")


def test_refused(check, refusing_port):
    """Nothing listens."""
    expect(check("--format=json", f"--url=http://127.0.0.1:{refusing_port}"), "CRITICAL",
           "connect_refused", "connect")


def test_unknown_name(check):
    """A name whose first label is too long for any resolver to ask for."""
    expect(check("--format=json", f"--url=http://{'a' * 64}.invalid:8086"), "UNKNOWN",
           "resolve_failed", "resolve")


# The exact bytes.


def version(check):
    """The program's own version."""
    return check("--version").out.split()[-1]


def sent(check, server, first, *headers, body=""):
    """The bytes of a request."""
    agent = f"User-Agent: keepwell/{version(check)}"
    host = f"Host: 127.0.0.1:{server.port}"
    lines = [first, host, agent, "Accept: */*", *headers, "", body]
    return "\r\n".join(lines).encode()


def test_bytes_of_an_anonymous_ping(check, serve):
    """No credentials, no proxy headers, no Expect."""
    server = serve(by_path(product(V18)))
    check(f"--url={server.url}", "--level=ping")
    assert server.received == sent(check, server, "GET /ping HTTP/1.1")


def test_bytes_with_a_token(check, serve, secret_file):
    """The token goes with every request, as "Token" and not "Bearer"."""
    server = serve(by_path(product(V2)))
    check(f"--url={server.url}", f"--token-file={secret_file('s3cr3t-T0ken==')}")
    line = "Authorization: Token s3cr3t-T0ken=="
    assert server.received == b"".join(sent(check, server, f"GET {path} HTTP/1.1", line)
                                       for path in ("/ping", "/ready", "/health"))


def test_bytes_with_a_password(check, serve, secret_file):
    """--username and --password-file are HTTP Basic."""
    server = serve(by_path(product(V18)))
    check(f"--url={server.url}", "--level=ping", "--username=prober",
          f"--password-file={secret_file('pass word')}")
    basic = base64.b64encode(b"prober:pass word").decode()
    assert server.received == sent(check, server, "GET /ping HTTP/1.1",
                                   f"Authorization: Basic {basic}")


def test_bytes_under_a_prefix(check, serve):
    """The URL's path comes before each path."""
    server = serve(by_path({"/influx/a/ping": answer(f"{V18}/ping")}))
    check(f"--url={server.url}/influx/a/", "--level=ping")
    assert server.received == sent(check, server, "GET /influx/a/ping HTTP/1.1")


def request_to(server, *wanted):
    """The only request to one of the paths."""
    found = [request for request in server.requests if request.path in wanted]
    assert len(found) == 1
    return found[0]


def test_bytes_of_the_canary_by_database(check, serve):
    """POST /write: the line, its length and type, precision and names, and nothing else."""
    server = serve(by_path(product(V18)))
    check(f"--url={server.url}", "--level=write", "--database=d b&x", "--node=n 1,a=b",
          "--canary-measurement=ha probe", "--retention-policy=one week")
    request = request_to(server, "/write")
    value, time = request.body.decode().split("v=")[1].split("i ")
    line = f"ha\\ probe,node=n\\ 1\\,a\\=b v={value}i {time}"
    assert int(time) > 1_700_000_000_000
    assert request.raw == sent(
        check, server, "POST /write?precision=ms&db=d%20b%26x&rp=one%20week HTTP/1.1",
        "Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(line)}", body=line)


def test_bytes_of_the_canary_by_bucket(check, serve, secret_file):
    """POST /api/v2/write with organization and bucket."""
    server = serve(by_path(product(V2)))
    check(f"--url={server.url}", "--level=write", "--org=my org", "--bucket=chime", "--node=n1",
          f"--token-file={secret_file('T0ken')}")
    request = request_to(server, "/api/v2/write")
    assert request.target == "/api/v2/write?precision=ms&bucket=chime&org=my%20org"
    assert request.header("Authorization") == "Token T0ken"
    assert request.header("Content-Type") == "text/plain; charset=utf-8"
    assert request.header("Expect") is None
    assert request.body.startswith(b"ha_probe,node=n1 v=")


def test_bytes_of_the_queries(check, serve):
    """The canary's last hour, and the read-back of just the point that was written."""
    server = serve(by_path(product(V18)))
    check(f"--url={server.url}", "--level=write", "--database=ha", "--node=it's",
          "--retention-policy=week")
    first, second = [request for request in server.requests if request.path == "/query"]
    time = request_to(server, "/write").body.split()[-1].decode()
    assert first.method == second.method == "GET"
    assert second.header("Content-Type") is None
    assert first.query == {
        "epoch": "ms", "db": "ha", "rp": "week",
        "q": "SELECT last(\"v\") FROM \"week\".\"ha_probe\" WHERE \"node\" = 'it\\'s' "
             "AND time > now() - 1h"}
    assert second.query == {
        "epoch": "ms", "db": "ha", "rp": "week",
        "q": "SELECT \"v\" FROM \"week\".\"ha_probe\" WHERE \"node\" = 'it\\'s' "
             f"AND time = {time}ms"}


def test_bytes_of_a_query_without_database(check, serve):
    """Without a database any right will do."""
    server = serve(by_path(product(V18)))
    check(f"--url={server.url}", "--level=query")
    assert request_to(server, "/query").target == "/query?epoch=ms&q=SHOW%20DATABASES"
