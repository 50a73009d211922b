# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures: running the check, scripted servers, certificates and files with secrets."""
import socket

import pytest

import certificates as tls
import running
import scripted_server


@pytest.fixture(name="check")
def fixture_check(tmp_path):
    """Runs the check with arguments."""
    runtime = tmp_path / "run"
    runtime.mkdir()

    def check(*arguments, **keywords):
        return running.run(runtime, arguments, **keywords)

    return check


@pytest.fixture(name="check_in_time")
def fixture_check_in_time(tmp_path):
    """Runs the check with a timeout in milliseconds, which it must keep."""
    runtime = tmp_path / "run-in-time"
    runtime.mkdir()

    def check(timeout_ms, *arguments, **keywords):
        return running.run_in_time(runtime, timeout_ms, arguments, **keywords)

    return check


@pytest.fixture(name="serve")
def fixture_serve():
    """Starts scripted servers, which end with the test."""
    servers = []

    def serve(script, **keywords):
        servers.append(scripted_server.Server(script, **keywords))
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()
    errors = [error for server in servers for error in server.errors]
    assert not errors, f"scripted servers failed: {errors}"


@pytest.fixture(name="refusing_port")
def fixture_refusing_port():
    """A port that refuses connections and that nobody else can get meanwhile."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


@pytest.fixture(name="secret_file")
def fixture_secret_file(tmp_path):
    """Makes a file with a secret."""

    def make(content, mode=0o600, name="secret"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(mode)
        return str(path)

    return make


@pytest.fixture(name="pki", scope="session")
def fixture_pki(tmp_path_factory):
    """Two authorities and certificates of the first, by name."""
    directory = tmp_path_factory.mktemp("pki")
    ours = tls.Authority(directory / "ours", "keepwell test CA")
    other = tls.Authority(directory / "other", "another CA")
    loopback = "IP:127.0.0.1,DNS:localhost"
    return {
        "ca": ours.cert,
        "good": ours.issue("good", loopback),
        "ending": ours.issue("ending", loopback, ends_days=5),
        "expired": ours.issue("expired", loopback, begins_days=-9, ends_days=-2),
        "wrong-host": ours.issue("wrong-host", "DNS:influx.example"),
        "unknown-ca": other.issue("unknown-ca", loopback),
        "client": ours.issue("client", "DNS:prober"),
        "other-client": other.issue("other-client", "DNS:prober"),
    }
