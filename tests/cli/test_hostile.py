# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that misbehave: the deadline holds, the verdict is right, and the output stays clean."""
import base64
import json
import re
import unicodedata

import pytest

from recorded import answer, product
from running import expect
from scripted_server import (always, at_once, by_path, hangs, redirect, reply, resets_at_once,
                             says_nothing, then_closes, then_drips, then_hangs, then_repeats,
                             then_resets)

V18 = "influxdb-1.8.10"
TIMEOUT_MS = 300
HUNDRED_MB = 100 * 1000 * 1000
HEAD = b"HTTP/1.1 200 OK\r\nX-Influxdb-Version: 1.8.10\r\n"
OLD_HEAD = b"HTTP/1.0 200 OK\r\nX-Influxdb-Version: 1.8.10\r\nX-Influxdb-Build: OSS\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
FORMATS = ("text", "json", "nagios", "prometheus")
DEEP = b"[" * 100_000 + b"]" * 100_000
DEEP_OBJECT = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
NASTY = "\x1b[2J\x1b]0;owned\x07|bar 'a' \"b\" \\ \r\n\t\x7f\x9b \u202e\u2066\u200b\ufeff end"


def version_headers(value):
    """An answer to /ping whose version is text of the server's choice."""
    return (b"HTTP/1.1 204 No Content\r\nX-Influxdb-Build: OSS\r\nX-Influxdb-Version: 1."
            + value + b"\r\n\r\n")


def health(body):
    """A server whose /health answers with a body."""
    return by_path(product(V18, health=reply("200 OK", body)))


def ping(behaviour):
    """A server whose /ping does something, and that is well otherwise."""
    return by_path(product(V18, ping=behaviour))


# Each misbehaviour: script, state, reason.
HOSTILE = {
    "says-nothing": (says_nothing, "CRITICAL", "timeout"),
    "hangs-after-the-request": (ping(hangs), "CRITICAL", "timeout"),
    "hangs-after-the-status-line": (ping(then_hangs(b"HTTP/1.1 204 No Content\r\n")), "CRITICAL",
                                    "timeout"),
    "hangs-after-the-headers": (ping(then_hangs(HEAD + b"Content-Length: 5\r\n\r\n")),
                                "CRITICAL", "timeout"),
    "drips-the-status-line": (ping(then_drips(b"HTTP/1.1 ", b"2")), "CRITICAL", "timeout"),
    "drips-a-header": (ping(then_drips(HEAD + b"X-More: ")), "CRITICAL", "timeout"),
    "drips-the-body": (ping(then_drips(HEAD + b"\r\n")), "CRITICAL", "timeout"),
    "drips-chunks": (ping(then_drips(CHUNKED + b"ffffff\r\n")), "CRITICAL", "timeout"),
    "continues-for-ever": (ping(then_repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n", HUNDRED_MB)),
                           "CRITICAL", None),
    "100-MB": (ping(then_repeats(HEAD + b"Content-Length: %d\r\n\r\n" % HUNDRED_MB, b"x",
                                 HUNDRED_MB)), "CRITICAL", "response_too_large"),
    "100-MB-without-length": (ping(then_repeats(HEAD + b"\r\n", b"x", HUNDRED_MB)), "CRITICAL",
                              "response_too_large"),
    "100-MB-in-chunks": (ping(then_repeats(CHUNKED, b"5\r\nhello\r\n", HUNDRED_MB)), "CRITICAL",
                         "response_too_large"),
    "endless-headers": (ping(then_repeats(HEAD, b"X-More: yes\r\n", HUNDRED_MB)), "CRITICAL",
                        "response_too_large"),
    "an-endless-header": (ping(then_repeats(HEAD + b"X-More: ", b"y", HUNDRED_MB)), "CRITICAL",
                          "response_too_large"),
    "an-endless-status-line": (ping(then_repeats(b"HTTP/1.1 200 ", b"O", HUNDRED_MB)),
                               "CRITICAL", "response_too_large"),
    "garbage": (at_once(bytes(range(256)) * 64), "CRITICAL", "unexpected_answer"),
    "an-ssh-server": (at_once(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "CRITICAL", "unexpected_answer"),
    "a-bad-status-line": (ping(b"HTTP/1.1 abc OK\r\n\r\n"), "CRITICAL", "unexpected_answer"),
    "http-0.9": (ping(then_closes(b"pong\n")), "CRITICAL", "unexpected_answer"),
    "http-7": (ping(then_closes(b"HTTP/7.3 200 OK\r\n\r\n")), "CRITICAL", "unexpected_answer"),
    "a-bad-length": (ping(then_closes(HEAD + b"Content-Length: -5\r\n\r\n")), "CRITICAL",
                     "unexpected_answer"),
    "a-short-body": (ping(then_closes(HEAD + b"Content-Length: 10\r\n\r\nabc")), "CRITICAL",
                     "connection_closed"),
    "a-bad-chunk": (ping(then_closes(CHUNKED + b"zz\r\n")), "CRITICAL", None),
    "a-reset-at-once": (resets_at_once, "CRITICAL", None),
    "a-reset-after-headers": (ping(then_resets(HEAD + b"Content-Length: 5\r\n\r\n")), "CRITICAL",
                              "connection_closed"),
    "an-unknown-encoding": (ping(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
                            "OK", "ok"),
    "invalid-json": (health(b'{"status":"pass"'), "CRITICAL", "unexpected_answer"),
    "json-of-another-kind": (health(b'["status","pass"]'), "CRITICAL", "unexpected_answer"),
    "json-of-other-types": (health(b'{"status":1,"message":[],"checks":{"a":"fail"},"code":{}}'),
                            "CRITICAL", "not_ready"),
    "deep-json": (health(DEEP), "CRITICAL", "unexpected_answer"),
    "deep-json-object": (health(DEEP_OBJECT), "CRITICAL", "unexpected_answer"),
    "a-huge-number": (health(b'{"status":' + b"9" * 10000 + b"}"), "CRITICAL", None),
    "a-twin-key": (health(b'{"status":"fail","status":"pass"}'), None, None),
    "nul-in-body": (health(b'{"status":"pass"}\x00'), "CRITICAL", "unexpected_answer"),
    "nul-in-text": (health(rb'{"status":"pa\u0000ss"}'), "CRITICAL", None),
    "nul-in-header": (ping(version_headers(b"8\x009")), None, None),
    "nasty-message": (health(json.dumps({"status": "fail", "message": NASTY}).encode()),
                      "CRITICAL", "not_ready"),
    "nul-in-message": (health(rb'{"status":"fail","message":"a\u0000b"}'), "CRITICAL", None),
    "nasty-body": (health(NASTY.encode()), "CRITICAL", "unexpected_answer"),
    "nasty-version": (ping(version_headers(b"8 \x1b[31m|\xe2\x80\xae\xff\"\\")), "OK", "ok"),
    "invalid-utf-8": (health(b"\xff\xfe\xc0\xaf\xed\xa0\x80 \xf4\x90\x80\x80"), "CRITICAL",
                      "unexpected_answer"),
    "a-cut-character": (health(b"x" * 150 + "é".encode() * 200), "CRITICAL",
                        "unexpected_answer"),
    "a-long-message": (health(json.dumps({"status": "fail", "message": "x" * 100000}).encode()),
                       "CRITICAL", "not_ready"),
    "redirect-without-location": (ping(reply("302 Found")), "CRITICAL", "redirected"),
    "redirect-to-nasty": (ping(redirect("http://a\x1b[31m|/")), "CRITICAL", "redirected"),
}


def is_clean(text):
    """No control, format or unassigned character but the ends of lines."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
               for c in text)


SAMPLE = re.compile(r'keepwell_[a-z_]+\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"'
                    r'(?:,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\} -?[0-9.e+-]+')
COMMENT = re.compile(r"# (?:HELP keepwell_[a-z_]+ \S.*|TYPE keepwell_[a-z_]+ gauge)")
NAGIOS_STATES = "|".join(("OK", "WARNING", "CRITICAL", "UNKNOWN"))
PERFDATA = r"[a-z_]+=-?[0-9.e+-]+s?(?:;;;0;[0-9.]+)?"


def looks_like_text(out):
    """STATE service target: text [reason/phase] (time)."""
    assert re.fullmatch(rf"(?:{NAGIOS_STATES}) influxdb http://\S+: .* \[[a-z_]+/[a-z]+\] "
                        r"\([0-9.]+ ms\)\n", out), out


def looks_like_json(out):
    """One object, on one line."""
    assert out.count("\n") == 1
    assert set(json.loads(out)) >= {"check", "service", "target", "state", "reason", "phase",
                                    "text", "exit_code", "duration_ms", "facts", "metrics",
                                    "steps"}


def looks_like_nagios(out):
    """One line, whose only bar begins the performance data."""
    assert out.count("|") == 1, out
    assert re.fullmatch(rf"influxdb (?:{NAGIOS_STATES}) - [^|\n]* \| {PERFDATA}(?: {PERFDATA})*\n",
                        out), out


def looks_like_prometheus(out):
    """HELP, TYPE and samples, as promtool wants them."""
    lines = out.splitlines()
    assert out.endswith("\n") and lines
    for line in lines:
        assert SAMPLE.fullmatch(line) or COMMENT.fullmatch(line), line
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)), "a metric is described twice"
    assert sorted(names) == sorted(line.split("{")[0] for line in lines if line[0] != "#")


LOOKS = {"text": looks_like_text, "json": looks_like_json, "nagios": looks_like_nagios,
         "prometheus": looks_like_prometheus}


@pytest.mark.parametrize("script, state, reason", HOSTILE.values(), ids=HOSTILE)
def test_hostile(check_in_time, serve, script, state, reason):
    """The verdict on a server that misbehaves, in time."""
    server = serve(script)
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}")
    verdict = result.verdict
    assert result.code == (1 if verdict["state"] == "CRITICAL" else 0), str(result)
    assert state in (None, verdict["state"]), str(result)
    assert reason in (None, verdict["reason"]), str(result)
    if verdict["reason"] == "timeout":
        assert verdict["phase"] == "request", str(result)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("script", [row[0] for row in HOSTILE.values()], ids=HOSTILE)
def test_hostile_output(check_in_time, serve, script, form):
    """Whatever the server says, each format keeps its grammar and is free of control characters."""
    server = serve(script)
    result = check_in_time(TIMEOUT_MS, f"--format={form}", f"--url={server.url}")
    assert is_clean(result.out + result.err), repr(result.out + result.err)
    LOOKS[form](result.out)


@pytest.mark.parametrize("form", FORMATS)
def test_verbose_output(check, serve, form):
    """-v adds lines, and not one of them with what must be escaped."""
    server = serve(health(json.dumps({"status": "fail", "message": NASTY}).encode()))
    result = check("-v", f"--format={form}", f"--url={server.url}")
    assert is_clean(result.out), repr(result.out)
    if form in ("text", "nagios"):
        first, rest = result.out.split("\n", 1)
        assert "GET /health" in rest
        assert form == "text" or "|" not in rest
    else:
        first = result.out[:-1]
    LOOKS[form](f"{first}\n")


def test_text_is_bounded(check, serve):
    """A long message is cut, and says so."""
    server = serve(health(json.dumps({"status": "fail", "message": "x" * 100000}).encode()))
    result = check(f"--url={server.url}")
    assert len(result.out) < 1000
    assert "xxx..." in result.out


def test_escaped_text_stays_readable(check, serve):
    """Text in any script passes; only what can harm is escaped."""
    server = serve(health('{"status":"fail","message":"déjà vu 影 \\u001b[31m"}'.encode()))
    text = check("--format=json", f"--url={server.url}").verdict["text"]
    assert "déjà vu 影 \\x1b[31m" in text


def test_http_1_0_without_length(check, serve):
    """HTTP/1.0, where the end of the connection ends the answer, is no fault."""
    body = answer(f"{V18}/health").partition(b"\r\n\r\n")[2]
    server = serve(by_path({
        "/ping": then_closes(b"HTTP/1.0 204 No Content\r\nX-Influxdb-Version: 1.8.10\r\n\r\n"),
        "/health": then_closes(OLD_HEAD + b"\r\n" + body)}))
    expect(check("--format=json", f"--url={server.url}"), "OK", "ok")
    assert server.connections == 2


def test_http_1_0_that_stays_open(check_in_time, serve):
    """HTTP/1.0 without a length and without an end is no whole answer."""
    server = serve(ping(then_hangs(OLD_HEAD + b"\r\nabc")))
    expect(check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}"), "CRITICAL",
           "timeout", "request")


def test_listens_but_never_accepts(check_in_time, serve):
    """A stopped process, or one without descriptors: the kernel accepts in its place."""
    server = serve(says_nothing, accepts=False)
    expect(check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}"), "CRITICAL",
           "timeout", "request")


@pytest.mark.parametrize("timeout_ms", [10, 50, 100, 1000])
def test_deadline(check_in_time, serve, timeout_ms):
    """Short and long deadlines alike."""
    server = serve(ping(then_drips(HEAD + b"\r\n")))
    expect(check_in_time(timeout_ms, "--format=json", f"--url={server.url}"), "CRITICAL",
           "timeout")


def test_deadline_is_for_the_whole_run(check_in_time, serve):
    """Every step answers in time, and all of them together do not."""
    server = serve(by_path(product("influxdb-2.7.5", read_back=then_drips(b"HTTP/1.1 ", b"2"))))
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}", "--level=write",
                           "--org=o", "--bucket=b")
    expect(result, "CRITICAL", "timeout", "read")


# Redirects.


def test_redirect_is_not_followed(check, serve):
    """By default a redirect is the verdict, and the other server hears nothing."""
    other = serve(by_path(product(V18)))
    server = serve(always(redirect(f"{other.url}/ping")))
    expect(check("--format=json", f"--url={server.url}"), "CRITICAL", "redirected", "request",
           "301")
    assert other.connections == 0


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other",
                                    "307 Temporary Redirect", "308 Permanent Redirect"])
def test_redirect_is_followed_when_asked(check, serve, status):
    """--max-redirects lets it go elsewhere."""
    other = serve(by_path(product(V18)))
    server = serve(always(redirect(f"{other.url}/ping", status)))
    expect(check("--format=json", f"--url={server.url}", "--level=ping", "--max-redirects=1"),
           "OK", "ok")
    assert other.paths() == ["/ping"]


@pytest.mark.parametrize("address", [("127.0.0.2", 0), ("127.0.0.1", 0)],
                         ids=["other-host", "other-port"])
@pytest.mark.parametrize("login", ["token", "password"])
def test_redirect_takes_no_credentials_along(check, serve, secret_file, address, login):
    """The token or password is for the server that the options name, and for no other."""
    other = serve(by_path(product(V18)), address=address)
    server = serve(always(redirect(f"{other.url}/ping")))
    options = {"token": [f"--token-file={secret_file('s3cr3t-T0ken')}"],
               "password": ["--username=u", f"--password-file={secret_file('s3cr3t')}"]}[login]
    check(f"--url={server.url}", "--level=ping", "--max-redirects=3", *options)
    assert server.requests[0].header("Authorization")
    assert other.paths() == ["/ping"]
    assert other.requests[0].header("Authorization") is None
    assert b"s3cr3t" not in other.received


def test_redirected_write_stays_a_write(check, serve):
    """A POST that is sent elsewhere is still a POST, with its point."""
    other = serve(by_path(product(V18)))
    pages = dict(product(V18))
    pages["/write"] = redirect(f"{other.url}/write")
    server = serve(by_path(pages))
    check(f"--url={server.url}", "--level=write", "--database=ha", "--max-redirects=1")
    assert [request.method for request in other.requests if request.path == "/write"] == ["POST"]


def test_endless_redirects(check_in_time, serve):
    """No more of them than asked for."""
    server = serve(always(redirect("/ping")))
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}",
                           "--max-redirects=5")
    expect(result, "CRITICAL", "redirected")
    assert len(server.requests) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x",
                                      "dict://127.0.0.1/", "gopher://127.0.0.1/",
                                      "javascript:alert(1)"])
def test_redirect_to_another_protocol(check, serve, location):
    """Only http and https are followed."""
    server = serve(always(redirect(location)))
    result = check("--format=json", f"--url={server.url}", "--max-redirects=5")
    assert result.code == 1
    assert result.summary in [("CRITICAL", "redirected"), ("CRITICAL", "unexpected_answer")]
    assert "root:" not in result.out
    assert len(server.requests) == 1


def test_redirected_answer_counts_without_the_first_ones_headers(check, serve):
    """A redirect cannot lend its headers to the answer of another server."""
    other = serve(always(reply("200 OK", "hello")))
    head = f"HTTP/1.1 301 Moved\r\nLocation: {other.url}/\r\nX-Influxdb-Version: 1.8.10\r\n"
    server = serve(always(head.encode() + b"Content-Length: 0\r\n\r\n"))
    expect(check("--format=json", f"--url={server.url}", "--level=ping", "--max-redirects=1"),
           "CRITICAL", "unexpected_answer")


# Servers that repeat what they were sent.

TOKEN = "Q3b9-s3cr3t_T0ken.value=="
LONG_TOKEN = "K7" + "aZ9_-" * 17 + "=="
ECHOES = {
    "message": lambda secret: reply("503 Service Unavailable", json.dumps(
        {"status": "fail", "message": f"bad credentials {secret}"})),
    "error": lambda secret: reply("500 Internal Server Error", json.dumps(
        {"error": f"cannot parse {secret}: {secret}"})),
    "text": lambda secret: reply("500 Internal Server Error", f"Authorization: Token {secret}"),
    "header": lambda secret: reply("500 Internal Server Error", "",
                                   [f"X-Influxdb-Error: {secret}"]),
    "version": lambda secret: reply("204 No Content", "", [f"X-Influxdb-Version: 1.{secret}"]),
    "build": lambda secret: reply("204 No Content", "", ["X-Influxdb-Version: 1.8.10",
                                                         f"X-Influxdb-Build: {secret}"]),
    "location": lambda secret: redirect(f"http://127.0.0.1:1/{secret}"),
    "json-escapes": lambda secret: reply("500 Internal Server Error", json.dumps(
        {"error": "".join(f"\\u{ord(c):04x}" for c in secret)}).replace("\\\\", "\\")),
    "check": lambda secret: reply("503 Service Unavailable", json.dumps(
        {"status": "fail", "checks": [{"name": secret, "status": "fail", "message": secret}]})),
}


def pieces(secret, length=8):
    """Every part of a secret that would give much of it away."""
    return [secret[i : i + length] for i in range(len(secret) - length + 1)]


def assert_hidden(secret, result):
    """There is a report, and no long part of the secret is in it."""
    assert "influxdb" in result.out
    shown = [piece for piece in pieces(secret) if piece in result.out + result.err]
    assert not shown, f"{shown} in {result}"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("secret", [TOKEN, LONG_TOKEN], ids=["token", "long-token"])
@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_echoed_token_is_masked(check, serve, secret_file, echo, secret, form):
    """A server that puts the token into its answer does not get it printed, whole or in part."""
    server = serve(always(echo(secret)))
    result = check("-v", f"--format={form}", f"--url={server.url}",
                   f"--token-file={secret_file(secret)}")
    assert server.requests[0].header("Authorization") == f"Token {secret}"
    assert_hidden(secret, result)


@pytest.mark.parametrize("secret", [TOKEN, LONG_TOKEN], ids=["token", "long-token"])
def test_no_part_of_the_token_survives_a_cut(check, serve, secret_file, secret):
    """A message may be cut in the middle of the token: what is left of it must not be shown."""
    path = secret_file(secret)
    for before in range(80, 520, 11):
        text = "x" * before + secret + "y" * 300
        server = serve(always(reply("500 Internal Server Error", json.dumps({"error": text}))))
        assert_hidden(secret, check(f"--url={server.url}", f"--token-file={path}"))
        assert server.requests[0].header("Authorization") == f"Token {secret}"


@pytest.mark.parametrize("encode", [lambda login: login.split(":")[1],
                                    lambda login: base64.b64encode(login.encode()).decode()],
                         ids=["plain", "base64"])
def test_echoed_password_is_masked(check, serve, secret_file, encode):
    """Nor is the password, also not as the Authorization header holds it."""
    shown = encode("prober:correct-horse-battery")
    server = serve(always(reply("500 Internal Server Error", f"Authorization: Basic {shown}")))
    result = check("-v", f"--url={server.url}", "--username=prober",
                   f"--password-file={secret_file('correct-horse-battery')}")
    assert "500: Authorization: Basic ****" in result.out
    assert_hidden(shown, result)


def test_token_of_1_x_is_masked_by_parts(check, serve, secret_file):
    """A token of the form user:password is two secrets in one: servers quote the password alone."""
    server = serve(always(reply("401 Unauthorized", '{"error":"no user for correct-horse"}')))
    result = check("--format=json", f"--url={server.url}",
                   f"--token-file={secret_file('prober:correct-horse')}")
    assert "no user for ****" in result.out
    assert_hidden("correct-horse", result)


def test_peers_token_is_masked(check, serve, secret_file):
    """What the peer repeats is masked too."""
    def echo(connection, request):
        connection.send(reply("500 Internal Server Error", request.header("Authorization")))

    server = serve(by_path(product(V18)))
    peer = serve(by_path({}, echo))
    result = check("-v", f"--url={server.url}", f"--peer={peer.url}", "--database=ha",
                   "--fresh=cpu", "--max-age=60s", f"--peer-token-file={secret_file(TOKEN)}")
    assert peer.requests[0].header("Authorization") == f"Token {TOKEN}"
    assert_hidden(TOKEN, result)
