# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line: wrong usage, exit codes, secrets, maintenance, explain, and how to connect."""
import os
import pathlib
import signal
import subprocess

import pytest

import running
from recorded import answer, product
from running import CODES, expect
from scripted_server import by_path, hangs, reply, says_nothing

V1 = "influxdb-1.6.7"
V18 = "influxdb-1.8.10"
V2 = "influxdb-2.7.5"
TIMEOUT_MS = 300
POLICIES = tuple(CODES)
HEALTHY = by_path(product(V18))
SICK = by_path(product(V18, ping=reply("500 Internal Server Error")))

# Wrong usage: what standard error must name, and the arguments.
PEER = "--peer=http://127.0.0.1:1"
WRONG = {
    "no-such-option": ("--nosuch", ["--nosuch=1"]),
    "no-such-letter": ("-x", ["-x"]),
    "abbreviation": ("--lev", ["--lev=ping"]),
    "abbreviation-of-a-flag": ("--insec", ["--insec"]),
    "exact-prefix": ("--ver", ["--ver"]),
    "no-value": ("--node", ["--node"]),
    "value-of-a-flag": ("--insecure", ["--insecure=yes"]),
    "word": ("hello", ["hello"]),
    "word-after-options": ("hello", ["--", "hello"]),
    "empty-value": ("--node", ["--node="]),
    "control-character": ("--node", ["--node=a\nb"]),
    "url-scheme": ("--url", ["--url=ftp://127.0.0.1"]),
    "url-without-scheme": ("--url", ["--url=127.0.0.1:8086"]),
    "url-port": ("--url", ["--url=http://127.0.0.1:65536"]),
    "url-port-0": ("--url", ["--url=http://127.0.0.1:0"]),
    "url-query": ("--url", ["--url=http://127.0.0.1/?db=x"]),
    "url-space": ("--url", ["--url=http://127.0.0.1/a b"]),
    "url-ipv6-without-brackets": ("--url", ["--url=http://::1:8086"]),
    "url-empty-host": ("--url", ["--url=http://:8086"]),
    "url-empty": ("--url", ["--url="]),
    "flavor": ("--flavor", ["--flavor=4"]),
    "level": ("--level", ["--level=pong"]),
    "timeout-0": ("--timeout", ["--timeout=0"]),
    "timeout-negative": ("--timeout", ["--timeout=-1s"]),
    "timeout-unit": ("--timeout", ["--timeout=5x"]),
    "timeout-word": ("--timeout", ["--timeout=inf"]),
    "timeout-too-short": ("--timeout", ["--timeout=5ms"]),
    "timeout-too-long": ("--timeout", ["--timeout=11m"]),
    "unknown": ("--unknown", ["--unknown=maybe"]),
    "degraded-weight": ("--degraded-weight", ["--degraded-weight=254"]),
    "degraded-weight-negative": ("--degraded-weight", ["--degraded-weight=-1"]),
    "degraded-weight-word": ("--degraded-weight", ["--degraded-weight=1x"]),
    "format": ("--format", ["--format=xml"]),
    "log": ("--log", ["--log=often"]),
    "max-redirects": ("--max-redirects", ["--max-redirects=11"]),
    "min-cert-days": ("--min-cert-days", ["--min-cert-days=3651"]),
    "database-and-bucket": ("--database", ["--database=a", "--bucket=b"]),
    "org-alone": ("--org", ["--org=o"]),
    "bucket-alone": ("--bucket", ["--flavor=2", "--bucket=b"]),
    "policy-alone": ("--retention-policy", ["--retention-policy=p"]),
    "write-nowhere": ("--level", ["--level=write"]),
    "meta-query": ("--level", ["--flavor=enterprise-meta", "--level=query"]),
    "two-logins": ("--token-file", ["--token-file=/a", "--username=u"]),
    "password-alone": ("--password-file", ["--password-file=/a"]),
    "two-families": ("--ipv4", ["-4", "-6"]),
    "key-alone": ("--key", ["--key=/a"]),
    "name-and-connect-to": ("--server-name", ["--server-name=a", "--connect-to=::127.0.0.1:1"]),
    "connect-to": ("--connect-to", ["--connect-to=hello"]),
    "connect-to-port": ("--connect-to", ["--connect-to=a:1:b:65536"]),
    "connect-to-path": ("--connect-to", ["--connect-to=a:1:b/:2"]),
    "family-of-an-address": ("--ipv6", ["-6", "--url=http://127.0.0.1:8086"]),
    "long-socket": ("--unix-socket", ["--unix-socket=/" + "x" * 200]),
    "comment-as-measurement": ("--canary-measurement", ["--canary-measurement=#x"]),
    "backslash-in-node": ("--node", ["--node=a\\"]),
    "long-name": ("--database", ["--database=" + "x" * 1000]),
    "fresh-alone": ("--fresh", ["--fresh=m", "--database=d"]),
    "fresh-nowhere": ("--fresh", ["--fresh=m", "--max-age=1m", PEER]),
    "fresh-without-peer": ("--peer", ["--fresh=m", "--max-age=1m", "--database=d"]),
    "max-age-alone": ("--max-age", ["--max-age=1m"]),
    "max-age-too-short": ("--max-age", ["--max-age=1ms"]),
    "divergence-alone": ("--divergence", ["--divergence=5m"]),
    "divergence-too-short": ("--divergence", ["--divergence=5s"]),
    "peer-alone": ("--peer", [PEER]),
    "peer-token-alone": ("--peer-token-file", ["--peer-token-file=/a"]),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("named, wrong", WRONG.values(), ids=WRONG)
def test_wrong_usage(check, serve, policy, named, wrong):
    """The policy's code, the option's name on standard error, and no request."""
    server = serve(HEALTHY)
    result = check(f"--exit={policy}", f"--url={server.url}", *wrong)
    assert result.code == CODES[policy]["usage"], str(result)
    assert named in result.err.splitlines()[0], str(result)
    assert server.connections == 0


@pytest.mark.parametrize("policy", POLICIES)
def test_policy_holds_wherever_it_stands(check, policy):
    """A mistake before --exit does not change what the code means."""
    result = check("--nosuch", "hello", f"--exit={policy}")
    assert result.code == CODES[policy]["usage"] and "--nosuch" in result.err


def test_wrong_policy(check):
    """An unknown policy is wrong usage of the default one."""
    result = check("--exit=bogus")
    assert result.code == 1
    assert "--exit" in result.err


@pytest.mark.parametrize("policy", ["keepalived", "weight"])
@pytest.mark.parametrize("unknown", ["pass", "fail"])
def test_unknown_says_nothing_about_usage(check, policy, unknown):
    """--unknown=pass lets no mistake pass."""
    result = check(f"--exit={policy}", f"--unknown={unknown}", "--nosuch")
    assert result.code == 1 and "--nosuch" in result.err


def test_nagios_shows_usage_on_standard_output(check):
    """Nagios shows only standard output."""
    result = check("--exit=nagios", "--format=nagios", "--nosuch")
    assert result.out.startswith("influxdb UNKNOWN - ")
    assert "--nosuch" in result.out and "[usage/" in result.out


def test_password_in_url_is_not_repeated(check):
    """A password that was put into the URL by mistake is not printed on top."""
    result = check("--url=http://admin:hunter2hunter2@127.0.0.1:8086")
    assert result.code == 1
    assert "--url" in result.err
    assert "hunter2" not in result.out + result.err


def test_control_characters_of_the_command_line(check):
    """Nor do the caller's own control characters reach a terminal."""
    result = check("--exit=nagios", "--url=http://a\x1b[2J/", "--level=\x1b[31m\x07")
    assert result.code == 3 and "--url" in result.err
    assert "\x1b" not in result.out + result.err and "\x07" not in result.out + result.err


# Exit codes.


VERDICTS = {
    "OK": HEALTHY,
    "WARNING": by_path(product(V18, ping=reply("429 Too Many Requests"))),
    "CRITICAL": SICK,
    "UNKNOWN": by_path(product(V18, ping=reply("401 Unauthorized"))),
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("state", VERDICTS)
def test_exit_codes(check, serve, policy, state):
    """DESIGN section 2, and the report tells the same code."""
    result = check("--format=json", f"--url={serve(VERDICTS[state]).url}", f"--exit={policy}")
    assert result.verdict["state"] == state
    assert result.code == result.verdict["exit_code"] == CODES[policy][state]


@pytest.mark.parametrize("policy, code", [("keepalived", 1), ("weight", 1), ("nagios", 3)])
def test_unknown_fails_when_asked(check, serve, policy, code):
    """--unknown=fail."""
    server = serve(VERDICTS["UNKNOWN"])
    assert check(f"--url={server.url}", f"--exit={policy}", "--unknown=fail").code == code


@pytest.mark.parametrize("weight", [0, 1, 100, 253])
def test_degraded_weight(check, serve, weight):
    """--exit=weight: 2 + N when WARNING, and 0 or 1 otherwise."""
    options = ["--exit=weight", f"--degraded-weight={weight}"]
    codes = [check(f"--url={serve(VERDICTS[state]).url}", *options).code for state in VERDICTS]
    assert codes == [0, 2 + weight, 1, 0]


# Secrets.

SECRET = "s3cr3t-T0ken"


def make_unusable(kind, path):
    """Makes an unusable secret at path."""
    contents = {"empty": b"", "blank": b" \n", "two-lines": b"one\ntwo\n", "nul": b"a\0b",
                "escape": b"a\x1bb", "carriage-return": b"a\rb", "too-long": b"x" * 100_000,
                "world-readable": SECRET.encode(), "world-writable": SECRET.encode()}
    modes = {"world-readable": 0o604, "world-writable": 0o602}
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path, 0o600)
    elif kind == "dangling-link":
        path.symlink_to(path.parent / "nowhere")
    elif kind != "missing":
        path.write_bytes(contents[kind])
        path.chmod(modes.get(kind, 0o600))


UNUSABLE = ("missing", "dangling-link", "empty", "blank", "directory", "fifo", "two-lines", "nul",
            "escape", "carriage-return", "too-long", "world-readable", "world-writable")
SECRET_OPTIONS = {
    "token-file": [],
    "password-file": ["--username=u"],
    "peer-token-file": [PEER, "--fresh=m", "--max-age=1m", "--database=d"],
}


@pytest.mark.parametrize("option", SECRET_OPTIONS)
@pytest.mark.parametrize("kind", UNUSABLE)
def test_unusable_secret(check, serve, tmp_path, option, kind):
    """UNKNOWN names option and file, shows none of the content, and the server hears nothing."""
    path = tmp_path / "token"
    make_unusable(kind, path)
    server = serve(HEALTHY)
    result = check("--format=json", f"--url={server.url}", f"--{option}={path}",
                   *SECRET_OPTIONS[option])
    expect(result, "UNKNOWN", "secret_unusable", text=str(path))
    assert f"--{option}" in result.verdict["text"]
    assert SECRET not in result.out + result.err
    assert server.connections == 0


@pytest.mark.parametrize("content", [SECRET, SECRET + "\n", SECRET + "\r\n", SECRET + " \n\n"])
def test_end_of_line_is_no_part_of_the_secret(check, serve, secret_file, content):
    """Editors and echo end the line."""
    server = serve(HEALTHY)
    check(f"--url={server.url}", f"--token-file={secret_file(content)}")
    assert server.requests[0].header("Authorization") == f"Token {SECRET}"


def test_group_may_read_the_secret(check, serve, secret_file):
    """Mode 0640: keepalived's script user reads it by its group."""
    server = serve(HEALTHY)
    expect(check("--format=json", f"--url={server.url}",
                 f"--token-file={secret_file(SECRET, mode=0o640)}"), "OK", "ok")


def test_credential(check, serve, tmp_path):
    """credential:NAME is a file in $CREDENTIALS_DIRECTORY."""
    (tmp_path / "influx").write_text(SECRET + "\n", encoding="ascii")
    (tmp_path / "influx").chmod(0o400)
    server = serve(HEALTHY)
    check(f"--url={server.url}", "--token-file=credential:influx",
          env={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert server.requests[0].header("Authorization") == f"Token {SECRET}"


CREDENTIALS = {
    "no-directory": ("credential:influx", None, "influx"),
    "no-such-credential": ("credential:other", "{}", "other"),
    "no-name": ("credential:", "{}", "credential"),
    "path": ("credential:../influx", "{}/sub", "../influx"),
}


@pytest.mark.parametrize("value, directory, named", CREDENTIALS.values(), ids=CREDENTIALS)
def test_unusable_credential(check, serve, tmp_path, value, directory, named):
    """The credential is named, and a name cannot lead out of the directory."""
    (tmp_path / "influx").write_text(SECRET, encoding="ascii")
    (tmp_path / "influx").chmod(0o600)
    (tmp_path / "sub").mkdir()
    server = serve(HEALTHY)
    env = {"CREDENTIALS_DIRECTORY": directory.format(tmp_path)} if directory else {}
    result = check("--format=json", f"--url={server.url}", f"--token-file={value}", env=env)
    expect(result, "UNKNOWN", "secret_unusable", text=named)
    assert server.connections == 0


def start(runtime_directory, *arguments):
    """Starts the check and leaves it running."""
    return subprocess.Popen(running.command(arguments), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=running.environment(runtime_directory))


def test_secrets_are_not_in_proc(serve, secret_file, tmp_path):
    """While the request is out, neither command line nor environment holds the token."""
    server = serve(by_path({}, hangs))
    with start(tmp_path, f"--url={server.url}", "--timeout=1s",
               f"--token-file={secret_file(SECRET)}") as process:
        server.wait_for(lambda: server.requests)
        public = [pathlib.Path(f"/proc/{process.pid}/{name}").read_bytes()
                  for name in ("cmdline", "environ", "comm")]
        out, err = process.communicate(timeout=20)
    assert b"--token-file=" in public[0]
    assert server.requests[0].header("Authorization") == f"Token {SECRET}"
    assert SECRET.encode() not in b"".join((*public, out, err))


@pytest.mark.parametrize("form", ["text", "json", "nagios", "prometheus"])
@pytest.mark.parametrize("script", [HEALTHY, SICK], ids=["healthy", "sick"])
def test_secrets_are_not_in_the_output(check, serve, secret_file, script, form):
    """Whatever the verdict and the format, also with -v and --explain."""
    server = serve(script)
    options = ["-v", f"--format={form}", f"--url={server.url}",
               f"--token-file={secret_file(SECRET)}"]
    for result in (check(*options), check(*options, "--explain")):
        assert "influxdb" in result.out
        assert SECRET not in result.out + result.err
    assert server.requests[0].header("Authorization") == f"Token {SECRET}"


# Maintenance.


@pytest.mark.parametrize("policy", POLICIES)
def test_maintenance(check, serve, tmp_path, policy):
    """While the file exists the server is not asked, and the first line is the cause."""
    server = serve(HEALTHY)
    path = tmp_path / "maintenance"
    options = ["--format=json", f"--exit={policy}", f"--url={server.url}",
               f"--maintenance-file={path}"]
    expect(check(*options), "OK", "ok", policy=policy)
    before = server.connections
    path.write_text("disk swap until noon\nmore\n", encoding="ascii")
    result = check(*options)
    expect(result, "CRITICAL", "maintenance", text="disk swap until noon", policy=policy)
    assert "more" not in result.verdict["text"]
    assert server.connections == before
    path.unlink()
    expect(check(*options), "OK", "ok", policy=policy)


def make_maintenance(kind, path):
    """Makes something other than a short text at path."""
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "dangling-link":
        path.symlink_to(path.parent / "nowhere")
    else:
        path.write_bytes({"empty": b"", "escapes": b"\x1b[2J\xe2\x80\xae|x\xff\0y",
                          "one-long-line": b"x" * 100_000}[kind])


@pytest.mark.parametrize("kind", ["directory", "fifo", "dangling-link", "empty", "escapes",
                                  "one-long-line"])
def test_maintenance_file_of_any_kind(check_in_time, serve, tmp_path, kind):
    """Whatever it is, it exists; and it can neither hold the check nor spoil its output."""
    server = serve(HEALTHY)
    path = tmp_path / "maintenance"
    make_maintenance(kind, path)
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}",
                           f"--maintenance-file={path}")
    expect(result, "CRITICAL", "maintenance")
    assert server.connections == 0
    assert "\x1b" not in result.out and "\u202e" not in result.out
    assert len(result.verdict["text"]) < 1000


def test_maintenance_needs_no_secret(check, serve, tmp_path):
    """A broken secret does not keep the node in service."""
    server = serve(HEALTHY)
    result = check("--format=json", f"--url={server.url}", f"--maintenance-file={tmp_path}",
                   "--token-file=/nonexistent")
    expect(result, "CRITICAL", "maintenance")


# Standard input, output and error.


def without(descriptors):
    """A wrapper that closes descriptors before it becomes the check."""
    closed = " ".join(f"{descriptor}>&-" for descriptor in descriptors)
    return ("sh", "-c", f'exec "$@" {closed}', "sh")


@pytest.mark.parametrize("descriptors", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("script, code", [(HEALTHY, 0), (SICK, 1)], ids=["healthy", "sick"])
def test_closed_descriptors(check, serve, descriptors, script, code):
    """The verdict is the same, and nothing of the report goes to the server."""
    server = serve(script)
    result = check("-v", f"--url={server.url}", wrapper=without(descriptors))
    assert result.code == code, str(result)
    assert b"influxdb http" not in server.received
    assert server.received.startswith(b"GET /ping HTTP/1.1\r\n")


@pytest.mark.parametrize("descriptors", [(1,), (2,), (0, 1, 2)])
def test_wrong_usage_with_closed_descriptors(check, descriptors):
    """Wrong usage keeps its code."""
    result = check("--exit=nagios", "--nosuch", wrapper=without(descriptors))
    assert result.code == 3


@pytest.mark.parametrize("script, code", [(HEALTHY, 0), (SICK, 1)], ids=["healthy", "sick"])
def test_full_device(check, serve, script, code):
    """A report that cannot be written is no reason to give up the service."""
    with open("/dev/full", "wb") as full:
        result = check(f"--url={serve(script).url}", stdout=full)
    assert result.code == code
    assert "standard output" in result.err


def test_everything_is_full(check, serve):
    """Nor can it be complained about."""
    with open("/dev/full", "wb") as full:
        assert check(f"--url={serve(SICK).url}", stdout=full, stderr=full).code == 1


@pytest.fixture(name="full_pipe")
def fixture_full_pipe():
    """The writing end of a pipe that is full and that nobody reads."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    yield writer
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("script, code", [(HEALTHY, 0), (SICK, 1)], ids=["healthy", "sick"])
def test_pipe_that_nobody_reads(check_in_time, serve, full_pipe, script, code):
    """A hung reader cannot hold the check past its deadline."""
    result = check_in_time(TIMEOUT_MS, "-v", f"--url={serve(script).url}", stdout=full_pipe,
                           stderr=full_pipe)
    assert result.code == code


def test_wrong_usage_into_a_pipe_that_nobody_reads(check, full_pipe):
    """Nor can it hold a complaint."""
    assert check("--exit=nagios", "--nosuch", stdout=full_pipe, stderr=full_pipe).code == 3


@pytest.mark.parametrize("script, code", [(HEALTHY, 0), (SICK, 1)], ids=["healthy", "sick"])
def test_pipe_whose_reader_left(check, serve, script, code):
    """SIGPIPE does not end the check, whose code keepalived would not understand."""
    reader, writer = os.pipe()
    os.close(reader)
    result = check("-v", f"--url={serve(script).url}", stdout=writer)
    os.close(writer)
    assert result.code == code


# Signals.


def test_sigterm_is_no_success(serve, tmp_path):
    """keepalived takes exit code 0 after its SIGTERM as success: the signal must end the check."""
    server = serve(by_path({}, hangs))
    with start(tmp_path, f"--url={server.url}") as process:
        server.wait_for(lambda: server.requests)
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM


IGNORING = ("sh", "-c", 'trap "" ALRM PIPE; exec "$@"', "sh")


def test_inherited_signals_do_not_hold_it(check_in_time, serve, full_pipe):
    """The deadline holds also when the parent ignores SIGALRM and SIGPIPE."""
    result = check_in_time(TIMEOUT_MS, "-v", f"--url={serve(SICK).url}", stdout=full_pipe,
                           stderr=full_pipe, wrapper=IGNORING)
    assert result.code == 1


# What it remembers.


def test_memory_stays_in_the_runtime_directory(check, serve, tmp_path):
    """--log=change remembers the last verdict in $RUNTIME_DIRECTORY, one file per command line."""
    server = serve(HEALTHY)
    for options in ([], ["--level=ping"]):
        check("--log=change", f"--url={server.url}", *options)
        check("--log=change", f"--url={server.url}", *options)
    files = list((tmp_path / "run").iterdir())
    assert [file.read_bytes().split(b"\0")[0] for file in files] == [b"OK ok"] * 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_maintenance_file_that_cannot_be_looked_for(check, serve, tmp_path):
    """Only "no such file" means no maintenance; anything else needs a person."""
    (tmp_path / "file").write_text("")
    result = check("--format=json", f"--url={serve(HEALTHY).url}",
                   f"--maintenance-file={tmp_path}/file/typo")
    expect(result, "WARNING", "maintenance", text="Not a directory")
    assert result.code == 0


@pytest.mark.parametrize("option", ["--log=never", "--explain"])
def test_nothing_is_remembered(check, serve, tmp_path, option):
    """No log, no memory."""
    url = f"--url={serve(HEALTHY).url}"
    assert check("--log=change", url, option).code == 0
    assert not list((tmp_path / "run").iterdir())
    check("--log=change", url)
    assert len(list((tmp_path / "run").iterdir())) == 1


# --explain, --help, --version.

EXPLAIN = {
    "ping": (["--level=ping"], ["GET /ping"], ["/health", "/query"]),
    "ready": ([], ["GET /ping", "GET /health", "GET /ready"], ["/query"]),
    "query": (["--level=query", "--database=ha"], ["GET /query", 'GRANT READ ON "ha"'], ["POST"]),
    "write": (["--level=write", "--database=ha", "--node=n1"],
              ["POST /write", "ha_probe,node=n1", 'GRANT ALL ON "ha"'], ["/api/v2/write"]),
    "bucket": (["--level=write", "--org=o", "--bucket=b"],
               ["POST /api/v2/write", "influx auth create --org o", "--write-bucket"], ["GRANT"]),
    "fresh": (["--fresh=cpu", "--max-age=1m", "--database=ha", "--peer=http://192.0.2.1:8086"],
              ["http://192.0.2.1:8086", "cpu"], ["POST"]),
}


@pytest.mark.parametrize("options, told, untold", EXPLAIN.values(), ids=EXPLAIN)
def test_explain_sends_nothing(check, serve, options, told, untold):
    """It tells the requests and the rights, and does not even connect."""
    server = serve(HEALTHY)
    result = check("--explain", f"--url={server.url}", *options)
    assert result.code == 0
    assert server.connections == 0
    assert server.url in result.out
    for text in told:
        assert text in result.out
    for text in untold:
        assert text not in result.out


@pytest.mark.parametrize("policy, codes", [
    (["--exit=weight", "--degraded-weight=7", "--unknown=fail"],
     "OK 0, WARNING 9, UNKNOWN 1, CRITICAL 1, wrong usage 1."),
    (["--exit=nagios"], "OK 0, WARNING 1, UNKNOWN 3, CRITICAL 2, wrong usage 3."),
], ids=["weight", "nagios"])
def test_explain_tells_the_exit_codes(check, policy, codes):
    """As they will be."""
    assert codes in check("--explain", *policy).out


@pytest.mark.parametrize("option", ["--help", "-h", "--version", "-V"])
def test_help_and_version(check, serve, option):
    """On standard output, with code 0, and without a request."""
    server = serve(HEALTHY)
    result = check(f"--url={server.url}", option)
    assert result.code == 0
    assert "chk_influxdb" in result.out
    assert result.err == ""
    assert server.connections == 0


# How it connects.


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy",
                                  "ALL_PROXY"])
def test_proxy_of_the_environment_is_ignored(check, serve, name):
    """keepalived's environment cannot redirect the check."""
    server, proxy = serve(HEALTHY), serve(says_nothing)
    result = check("--format=json", f"--url={server.url}", env={name: proxy.url})
    expect(result, "OK", "ok")
    assert server.requests[0].target == "/ping"
    assert proxy.connections == 0


def test_home_directory_is_ignored(check, serve, tmp_path):
    """Neither ~/.netrc nor ~/.curlrc says anything here."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login u password p\n", encoding="ascii")
    (tmp_path / ".netrc").chmod(0o600)
    (tmp_path / ".curlrc").write_text("user = u:p\n", encoding="ascii")
    server = serve(HEALTHY)
    expect(check("--format=json", f"--url={server.url}", env={"HOME": str(tmp_path)}), "OK", "ok")
    assert server.requests[0].header("Authorization") is None


@pytest.fixture(name="both_families")
def fixture_both_families(serve):
    """Two servers on one port: InfluxDB 1.6.7 on 127.0.0.1 and 1.8.10 on ::1."""
    for _ in range(100):
        first = serve(by_path(product(V1)))
        try:
            return first, serve(by_path(product(V18)), address=("::1", first.port))
        except OSError:
            continue  # somebody else has this port of ::1
    raise AssertionError("no port is free on both 127.0.0.1 and ::1")


@pytest.mark.parametrize("option, version", [("-4", "1.6.7~rc0"), ("--ipv4", "1.6.7~rc0"),
                                             ("-6", "1.8.10"), ("--ipv6", "1.8.10")])
def test_address_family(check, both_families, option, version):
    """A name with addresses of both families. (libcurl knows localhost without asking anybody.)"""
    result = check("--format=json", f"--url=http://localhost:{both_families[0].port}", option)
    expect(result, "OK", "ok", text=version)


def test_ipv6_literal(check, serve):
    """An address in brackets."""
    server = serve(HEALTHY, address=("::1", 0))
    expect(check("--format=json", f"--url={server.url}"), "OK", "ok")
    assert server.requests[0].header("Host") == f"[::1]:{server.port}"


def test_unix_socket(check, serve, tmp_path):
    """--unix-socket says where, and the URL what."""
    server = serve(HEALTHY, address=str(tmp_path / "influxdb.sock"))
    result = check("--format=json", "--url=http://influx.example:8086",
                   f"--unix-socket={server.address}")
    expect(result, "OK", "ok")
    assert server.requests[0].header("Host") == "influx.example:8086"


def test_missing_unix_socket(check, tmp_path):
    """No such socket is no connection, and needs no name to be resolved."""
    expect(check("--format=json", "--url=http://influx.example:8086",
                 f"--unix-socket={tmp_path / 'none'}"), "CRITICAL", "connect_failed", "connect")


@pytest.mark.parametrize("rule", ["influx.example:8086:127.0.0.1:{}", "::127.0.0.1:{}",
                                  "influx.example::127.0.0.1:{}"])
def test_connect_to(check, serve, rule):
    """--connect-to changes the address, and nothing of the request."""
    server = serve(HEALTHY)
    result = check("--format=json", "--url=http://influx.example:8086",
                   f"--connect-to={rule.format(server.port)}")
    expect(result, "OK", "ok")
    assert server.requests[0].header("Host") == "influx.example:8086"


def test_connect_to_for_another_host(check, serve, refusing_port):
    """A rule for another host changes nothing."""
    server = serve(HEALTHY)
    result = check("--format=json", f"--url={server.url}",
                   f"--connect-to=influx.example:8086:127.0.0.1:{refusing_port}")
    expect(result, "OK", "ok")


def test_server_name_without_tls(check, serve):
    """--server-name is the Host, and the connection goes to the URL's."""
    server = serve(HEALTHY)
    expect(check("--format=json", f"--url={server.url}", "--server-name=influx.example"), "OK",
           "ok")
    assert server.requests[0].header("Host") == f"influx.example:{server.port}"


def test_duration_forms(check, serve):
    """800ms, 2s, 1m, and bare seconds."""
    told = [check("--explain", f"--timeout={text}").out.splitlines()[0].split()[-2]
            for text in ("800ms", "2s", "1m", "3", "0.5")]
    assert told == ["800", "2000", "60000", "3000", "500"]
    server = serve(by_path({"/ping": answer(f"{V18}/ping")}))
    assert check(f"--url={server.url}", "--level=ping", "--timeout=1").code == 0
