# SPDX-License-Identifier: GPL-2.0-or-later
"""chk_influxdb against a real influxd that is healthy, or has one of the faults."""
import contextlib

import pytest

from commands import run
from faults import disk_full, killed, out_of_descriptors, stopped
from influxd import Influxd

NC = ["nc", "-zv", "127.0.0.1", "8086"]


@pytest.mark.parametrize("options", [
    ["--level=ping"],
    ["--level=ready"],
    ["--level=query"],
    ["--level=query", "--database=keepwell"],
    ["--level=write", "--database=keepwell"],
], ids=" ".join)
def test_healthy_server_is_ok(server, check, options):
    assert check(*options).verdict == (0, "OK", "ok")


@pytest.mark.parametrize("level", ["query", "write"])
def test_unknown_database_is_named(server, check, level):
    checked = check(f"--level={level}", "--database=nonesuch")
    assert checked.verdict == (0, "UNKNOWN", "database_missing")
    assert "nonesuch" in checked.text


def test_written_point_is_in_the_database(server, check):
    options = ["--level=write", "--database=keepwell", "--node=proof", "--canary-measurement=mine"]
    assert check(*options).verdict == (0, "OK", "ok")
    shown = server.query('SELECT count("v") FROM keepwell..mine WHERE "node" = \'proof\'')
    assert shown["series"][0]["values"][0][1] == 1


def test_wrong_flavor_is_seen(server, check):
    assert check("--flavor=2").verdict == (1, "CRITICAL", "unexpected_answer")


def test_killed_server_refuses(server, check):
    with killed(server):
        checked = check()
    assert checked.verdict == (1, "CRITICAL", "connect_refused")
    assert checked.phase == "connect"


@pytest.mark.parametrize("timeout", [0.3, 0.8, 2.0])
def test_stopped_server_times_out_in_time(server, check, ends_in_time, timeout):
    with stopped(server):
        checked = check(f"--timeout={timeout}s")
        assert run(NC).code == 0, "the port has to be open, or this proves nothing"
    assert checked.verdict == (1, "CRITICAL", "timeout")
    assert checked.phase == "request"
    assert ends_in_time(checked, timeout)
    assert check().verdict == (0, "OK", "ok")


def test_server_without_descriptors_times_out(server, check, ends_in_time):
    with out_of_descriptors(server):
        checked = check("--timeout=800ms")
        assert run(NC).code == 0, "the port has to be open, or this proves nothing"
    assert checked.verdict == (1, "CRITICAL", "timeout")
    assert ends_in_time(checked, 0.8)


@pytest.fixture
def server_on_small_disk(server):
    """A second server, whose data are on a small file system."""
    with contextlib.closing(Influxd(port=9086, data_size="16m")) as influxd:
        influxd.query("CREATE DATABASE keepwell")
        yield influxd


def test_full_disk_is_seen_by_writing_only(server_on_small_disk, check):
    url = f"--url={server_on_small_disk.url}"
    write = [url, "--level=write", "--database=keepwell"]
    assert check(*write).verdict == (0, "OK", "ok")
    with disk_full(server_on_small_disk):
        ping, written = check(url, "--level=ping"), check(*write)
    assert ping.verdict == (0, "OK", "ok")
    assert written.verdict == (1, "CRITICAL", "write_failed")
    assert written.phase == "write"


def test_maintenance_file_gives_the_cause(server, check, secret_file):
    path = secret_file("new kernel\n", 0o644)
    checked = check(f"--maintenance-file={path}")
    assert checked.verdict == (1, "CRITICAL", "maintenance")
    assert "new kernel" in checked.text
    path.unlink()
    assert check(f"--maintenance-file={path}").verdict == (0, "OK", "ok")
