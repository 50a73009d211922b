# SPDX-License-Identifier: GPL-2.0-or-later
"""Nothing outside the check holds it past --timeout: no name server, no journal."""
import time

import pytest

from datagrams import Receiver

REFUSED_URL = "--url=http://127.0.0.1:1"


@pytest.fixture
def silent_name_server():
    """A name server that takes every question and answers none; the lab's resolver asks it."""
    with Receiver.on_udp("127.0.0.1", 53) as receiver:
        yield receiver


@pytest.mark.parametrize("timeout", [0.3, 0.8])
def test_blocked_name_resolution(silent_name_server, check, ends_in_time, timeout):
    checked = check("--url=http://blocked.example:8086", f"--timeout={timeout}s")
    assert checked.verdict == (1, "CRITICAL", "timeout")
    assert checked.phase == "resolve"
    assert ends_in_time(checked, timeout)
    assert silent_name_server.messages(), "the name server was not asked: this proves nothing"


def test_blocked_name_of_connect_to(silent_name_server, check, ends_in_time):
    checked = check("--url=http://127.0.0.1:8086", "--connect-to=::blocked.example:8086",
                    "--timeout=400ms")
    assert checked.verdict == (1, "CRITICAL", "timeout")
    assert checked.phase == "resolve"
    assert "blocked.example" in checked.text
    assert ends_in_time(checked, 0.4)


def test_silent_name_server_of_the_peer_never_fails_us(silent_name_server, server, check,
                                                       ends_in_time):
    """This server's data are fresh, so nothing about the peer matters; stale data are a WARNING."""
    options = ["--database=keepwell", "--fresh=load", "--max-age=30s", "--timeout=800ms",
               "--peer=http://blocked.example:8086"]
    checked = check(*options)
    assert checked.verdict == (0, "WARNING", "stale")
    assert "blocked.example" in checked.text
    assert ends_in_time(checked, 0.8)
    server.write("keepwell", f"load value=1 {int(time.time() * 1000)}")
    assert check(*options).verdict == (0, "OK", "ok")
    assert silent_name_server.messages(), "the name server was not asked: this proves nothing"


@pytest.fixture
def full_journal():
    """A journal that does not read any more and whose queue is full."""
    with Receiver.on_journal() as receiver:
        receiver.fill()
        yield receiver


def test_hung_journal(full_journal, check, ends_in_time):
    checked = check(REFUSED_URL, "--log=always", "--timeout=500ms")
    assert checked.verdict == (1, "CRITICAL", "connect_refused")
    assert ends_in_time(checked, 0.5)


def test_healthy_journal_is_written_to(check):
    with Receiver.on_journal() as journal:
        check(REFUSED_URL, "--log=always")
        assert len(journal.messages()) == 1
