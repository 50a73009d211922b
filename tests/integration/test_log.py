# SPDX-License-Identifier: GPL-2.0-or-later
"""What chk_influxdb writes to the journal or to syslog: a line per change, none per run."""
import itertools
from pathlib import Path

import pytest

from commands import SCRIPT_USER, must
from datagrams import Receiver
from faults import stopped

NUMBERS = itertools.count()


@pytest.fixture
def run_check(check, server):
    """Runs one command line, which no other test has: the last result is kept per command line."""
    own = f"--node=log{next(NUMBERS)}"
    return lambda *options: check(own, "--timeout=300ms", *options)


@pytest.fixture
def journal():
    """A journal that can be read."""
    with Receiver.on_journal() as receiver:
        yield receiver


@pytest.fixture
def full_directory(tmp_path, monkeypatch):
    """$RUNTIME_DIRECTORY on a full disk, and no other place to remember anything."""
    places = [tmp_path / "full", Path("/dev/shm")]
    places[0].mkdir()
    for place in places:
        must(["mount", "-t", "tmpfs", "-o", "size=4k,mode=1777", "lab", str(place)])
    must(["chmod", "755", str(tmp_path)])
    (places[0] / "file").write_bytes(b"x" * 4096)
    must(["chown", SCRIPT_USER, str(places[0])])
    must(["chmod", "755", str(places[0])])
    (places[1] / "file").write_bytes(b"x" * 4096)
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(places[0]))
    yield
    for place in places:
        must(["umount", str(place)])


@pytest.fixture
def syslog():
    """A syslog that can be read; there is no journal."""
    with Receiver.on_syslog() as receiver:
        yield receiver


def fields(entry):
    """The fields of a journal entry; see "Native Protocol" of systemd."""
    return dict(line.split("=", 1) for line in entry.splitlines())


def test_first_success_is_no_news(journal, run_check):
    run_check()
    assert journal.messages() == []


def test_one_entry_per_change(journal, server, run_check):
    run_check()
    with stopped(server):
        run_check()
        entries = journal.messages()
        run_check()
        run_check()
        assert journal.messages() == []
    assert len(entries) == 1
    entry = fields(entries[0])
    assert (entry["KEEPWELL_STATE"], entry["KEEPWELL_REASON"]) == ("CRITICAL", "timeout")
    assert entry["KEEPWELL_PHASE"] == "request"
    assert entry["SYSLOG_IDENTIFIER"] == "chk_influxdb"
    assert entry["PRIORITY"] == "3"
    run_check()
    assert [fields(entry)["KEEPWELL_STATE"] for entry in journal.messages()] == ["OK"]
    run_check()
    assert journal.messages() == []


def test_first_failure_is_news(journal, server, run_check):
    with stopped(server):
        run_check()
    assert len(journal.messages()) == 1


def test_always_logs_every_run(journal, run_check):
    run_check("--log=always")
    run_check("--log=always")
    assert len(journal.messages()) == 2


def test_never_logs_no_run(journal, server, run_check):
    with stopped(server):
        run_check("--log=never")
    assert journal.messages() == []


def test_syslog_without_a_journal(syslog, server, run_check):
    run_check()
    with stopped(server):
        run_check()
        entries = syslog.messages()
        run_check()
        assert syslog.messages() == []
    assert len(entries) == 1
    assert "chk_influxdb" in entries[0]
    assert "[timeout/request]" in entries[0]
    run_check()
    assert len(syslog.messages()) == 1


def test_no_memory_no_line(journal, server, check, full_directory):
    """Where nothing can be remembered, a line per run would fill the log."""
    with stopped(server):
        for _ in range(3):
            check("--node=full", "--timeout=300ms")
    assert journal.messages() == []
