# SPDX-License-Identifier: GPL-2.0-or-later
"""Freshness and divergence between two real servers."""
import contextlib
import itertools
import time

import pytest

from faults import stopped
from influxd import Influxd

OLD_SECONDS = 120
NEW_SECONDS = 1
# Well inside the window that --divergence=10m compares.
WINDOW_SECONDS = 300
CLOSED_URL = "http://127.0.0.1:1"
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def servers():
    """This node's server and the peer's."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(Influxd(port=port)))
               for port in (8086, 9086)]


class Both:
    """A database on both servers."""

    def __init__(self, servers):
        self.here, self.there = servers
        self.name = f"db{next(NUMBERS)}"
        for server in servers:
            server.query(f"CREATE DATABASE {self.name}")

    def write(self, server, age_seconds, value=1):
        """Stores a point of the measurement "load" that is so old."""
        time_ms = int((time.time() - age_seconds) * 1000)
        server.write(self.name, f"load value={value} {time_ms}")

    def options(self, peer=None):
        """What every comparison says."""
        return [f"--database={self.name}", "--fresh=load", "--timeout=2s",
                f"--peer={peer or self.there.url}"]

    def freshness(self, peer=None):
        """Options that judge freshness."""
        return [*self.options(peer), "--max-age=30s", "--peer-lead=10s"]

    def divergence(self, peer=None):
        """Options that judge divergence."""
        return [*self.options(peer), "--divergence=10m"]


@pytest.fixture
def both(servers):
    """An empty database on both servers."""
    return Both(servers)


def test_fresh_here_is_ok(both, check):
    both.write(both.here, NEW_SECONDS)
    assert check(*both.freshness()).verdict == (0, "OK", "ok")


def test_fresh_here_is_ok_without_the_peer(both, check):
    both.write(both.here, NEW_SECONDS)
    assert check(*both.freshness(CLOSED_URL)).verdict == (0, "OK", "ok")


def test_stale_here_and_fresher_there_is_critical(both, check):
    both.write(both.here, OLD_SECONDS)
    both.write(both.there, NEW_SECONDS)
    assert check(*both.freshness()).verdict == (1, "CRITICAL", "stale")


def test_nothing_here_and_fresh_there_is_critical(both, check):
    both.write(both.there, NEW_SECONDS)
    assert check(*both.freshness()).verdict == (1, "CRITICAL", "stale")


def test_stale_on_both_is_a_warning(both, check):
    both.write(both.here, OLD_SECONDS)
    both.write(both.there, OLD_SECONDS)
    assert check(*both.freshness()).verdict == (0, "WARNING", "stale")


def test_stale_here_is_a_warning_without_the_peer(both, check):
    both.write(both.here, OLD_SECONDS)
    assert check(*both.freshness(CLOSED_URL)).verdict == (0, "WARNING", "stale")


def test_stale_here_is_a_warning_while_the_peer_hangs(both, check, ends_in_time):
    both.write(both.here, OLD_SECONDS)
    both.write(both.there, NEW_SECONDS)
    with stopped(both.there):
        checked = check(*both.freshness())
    assert checked.verdict == (0, "WARNING", "stale")
    assert ends_in_time(checked, 2)


def write_same_points(both):
    """The same points inside the window on both servers."""
    for number in range(5):
        for server in (both.here, both.there):
            both.write(server, WINDOW_SECONDS + number, number)


def test_same_data_do_not_diverge(both, check):
    write_same_points(both)
    assert check(*both.divergence()).verdict == (0, "OK", "ok")


@pytest.mark.parametrize("side", ["here", "there"])
def test_missing_point_diverges(both, check, side):
    write_same_points(both)
    both.write(getattr(both, side), WINDOW_SECONDS + 30)
    assert check(*both.divergence()).verdict == (0, "WARNING", "diverged")


def test_other_value_diverges(both, check):
    write_same_points(both)
    both.write(both.here, WINDOW_SECONDS + 30, 7)
    both.write(both.there, WINDOW_SECONDS + 30, 8)
    assert check(*both.divergence()).verdict == (0, "WARNING", "diverged")


def test_difference_after_the_window_does_not_count(both, check):
    write_same_points(both)
    both.write(both.here, NEW_SECONDS)
    assert check(*both.divergence()).verdict == (0, "OK", "ok")


def test_divergence_does_not_fail_without_the_peer(both, check):
    write_same_points(both)
    assert check(*both.divergence(CLOSED_URL)).verdict == (0, "OK", "peer_unreachable")
