# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison with the peer: freshness and divergence, and that the peer never fails this node."""
import re

import pytest

from recorded import answer, now_ms, product, with_row
from running import expect
from scripted_server import by_path, hangs, reply, says_nothing, then_resets

V18 = "influxdb-1.8.10"
V2 = "influxdb-2.7.5"
DATABASE = ("--database=ha", "--fresh=cpu")
FRESH = (*DATABASE, "--max-age=60s", "--peer-lead=10s")


class Holder:
    """Answers to the queries of --fresh and --divergence from an age and from count and sum."""

    def __init__(self, age_s=None, window=None, name=V18):
        self.age_s = age_s
        self.window = window
        self.name = name

    def newest(self):
        """The newest point, if there is one."""
        if self.age_s is None:
            return answer(f"{self.name}/query_newest_desc_limit1_empty")
        return with_row(answer(f"{self.name}/query_newest_desc_limit1"),
                        now_ms() - int(self.age_s * 1000))

    def sums(self):
        """Count and sum of the window, if it holds anything."""
        if self.window is None:
            return answer(f"{self.name}/query_count_sum_empty")
        return with_row(answer(f"{self.name}/query_count_star_sum_star"), 0, *self.window)

    def query(self, connection, request):
        """Answers as far as the window reaches back."""
        statement = request.query["q"]
        if "count(" in statement:
            connection.send(self.sums())
            return
        assert statement.endswith(" ORDER BY time DESC LIMIT 1")
        since = int(re.search(r"time > (\d+)ms ", statement).group(1))
        if self.age_s is not None and now_ms() - self.age_s * 1000 <= since:
            self.age_s = None
        connection.send(self.newest())


def holder(**keywords):
    """A server's behaviours around a Holder."""
    name = keywords.get("name", V18)
    return by_path(product(name, query=Holder(**keywords).query))


AGES = {
    "fresh": (1, 1, "OK", "ok", None),
    "fresh-here-only": (1, 500, "OK", "ok", None),
    "fresh-here-nothing-there": (1, None, "OK", "ok", None),
    "within-max-age": (50, 1, "OK", "ok", None),
    "stale-here": (65, 1, "CRITICAL", "stale", "writes do not arrive here"),
    "nothing-here": (None, 1, "CRITICAL", "stale", "writes do not arrive here"),
    "long-ago-here": (5000, 1, "CRITICAL", "stale", "writes do not arrive here"),
    "stale-on-both": (65, 64, "WARNING", "stale", "the writers may have stopped"),
    "long-ago-on-both": (5000, 5000, "WARNING", "stale", "the writers may have stopped"),
    "nothing-on-both": (None, None, "WARNING", "stale", "the writers may have stopped"),
    "peer-leads-too-little": (66, 60, "WARNING", "stale", "the writers may have stopped"),
}


@pytest.mark.parametrize("here, there, state, reason, text", AGES.values(), ids=AGES)
def test_freshness_is_relative(check, serve, here, there, state, reason, text):
    """Only stale here and fresher there fails this node."""
    server, peer = serve(holder(age_s=here)), serve(holder(age_s=there))
    result = check("--format=json", f"--url={server.url}", f"--peer={peer.url}", *FRESH)
    expect(result, state, reason, text=text)


def test_freshness_of_2(check, serve):
    """The same by bucket, in one connection to each."""
    server, peer = serve(holder(age_s=90, name=V2)), serve(holder(age_s=1, name=V2))
    result = check("--format=json", f"--url={server.url}", f"--peer={peer.url}", "--org=o",
                   "--bucket=chime", "--fresh=cpu", "--max-age=60s")
    expect(result, "CRITICAL", "stale")
    assert server.connections == peer.connections == 1
    assert peer.requests[-1].query["db"] == "chime"


def test_any_text_may_be_stored(check, serve):
    """A field's text is the writers' business: a NUL in it is no reason to give up the service."""
    body = '{"results":[{"statement_id":0,"series":[{"name":"cpu","columns":["time","s"],' \
           f'"values":[[{now_ms()},"a\\u0000b"]]}}]}}]}}\n'
    server = serve(by_path(product(V18, query=reply("200 OK", body))))
    peer = serve(holder(age_s=1))
    expect(check("--format=json", f"--url={server.url}", f"--peer={peer.url}", *FRESH), "OK", "ok")


UNREACHABLE = {
    "silent": says_nothing,
    "hanging": by_path({}, hangs),
    "resetting": by_path({}, then_resets()),
    "failing": by_path({}, reply("500 Internal Server Error")),
    "refusing-credentials": by_path({}, reply("401 Unauthorized", '{"error":"no"}')),
    "html": by_path({}, answer(f"{V2}/ui_root")),
}


@pytest.mark.parametrize("script", UNREACHABLE.values(), ids=UNREACHABLE)
def test_unreachable_peer_never_fails_us(check, serve, script):
    """Stale here and no peer to compare with is a WARNING; fresh here stays OK."""
    options = ("--format=json", f"--peer={serve(script).url}", "--timeout=900ms", *FRESH)
    stale, fresh = serve(holder(age_s=90)), serve(holder(age_s=1))
    expect(check(f"--url={stale.url}", *options), "WARNING", "stale", text="cannot be compared")
    assert check(f"--url={fresh.url}", *options).code == 0


def test_refusing_peer_never_fails_us(check, serve, refusing_port):
    """Nothing listens at the peer's address."""
    server = serve(holder(age_s=90))
    result = check("--format=json", f"--url={server.url}",
                   f"--peer=http://127.0.0.1:{refusing_port}", *FRESH)
    expect(result, "WARNING", "stale", text="cannot be compared")


@pytest.mark.parametrize("more", [(), ("--divergence=5m",)], ids=["fresh", "fresh+divergence"])
def test_silent_peer_costs_a_third_of_the_timeout(check, serve, more):
    """The peer's whole share of the time is bounded, so the verdict about us still comes."""
    server, peer = serve(holder(age_s=90, window=(1, 1))), serve(says_nothing)
    verdict = check("--format=json", f"--url={server.url}", f"--peer={peer.url}",
                    "--timeout=1500ms", *FRESH, *more).verdict
    assert (verdict["state"], verdict["reason"]) == ("WARNING", "stale")
    assert verdict["duration_ms"] < 1500 * 0.6


DIVERGENCE = {
    "equal": ((300, 4500), (300, 4500), "OK", "ok"),
    "both-empty": (None, None, "OK", "ok"),
    "fewer-here": ((299, 4500), (300, 4500), "WARNING", "diverged"),
    "other-sum": ((300, 4500), (300, 4501), "WARNING", "diverged"),
    "nothing-here": (None, (300, 4500), "WARNING", "diverged"),
    "nothing-there": ((300, 4500), None, "WARNING", "diverged"),
}


@pytest.mark.parametrize("here, there, state, reason", DIVERGENCE.values(), ids=DIVERGENCE)
def test_divergence(check, serve, here, there, state, reason):
    """Different data in a closed window is a WARNING, never more."""
    server, peer = serve(holder(window=here)), serve(holder(window=there))
    result = check("--format=json", f"--url={server.url}", f"--peer={peer.url}", *DATABASE,
                   "--divergence=5m")
    expect(result, state, reason)


def test_divergence_asks_both_for_the_same_closed_window(check, serve):
    """Whole minutes, as long as asked for, and over at least a minute ago."""
    server, peer = serve(holder(window=(1, 1))), serve(holder(window=(1, 1)))
    check(f"--url={server.url}", f"--peer={peer.url}", *DATABASE, "--divergence=5m")
    asked = server.requests[-1].query["q"]
    begin, end = map(int, re.search(r"time >= (\d+)ms AND time < (\d+)ms$", asked).groups())
    assert peer.requests[-1].query["q"] == asked
    assert begin % 60000 == end % 60000 == 0
    assert end - begin == 300000
    assert 60000 <= now_ms() - end <= 121000


@pytest.mark.parametrize("script", UNREACHABLE.values(), ids=UNREACHABLE)
def test_divergence_without_peer(check, serve, script):
    """A peer that cannot be asked changes nothing."""
    server, peer = serve(holder(window=(1, 1))), serve(script)
    result = check("--format=json", f"--url={server.url}", f"--peer={peer.url}", *DATABASE,
                   "--divergence=5m", "--timeout=900ms")
    expect(result, "OK", "peer_unreachable")


def test_peer_is_not_asked_to_write(check, serve):
    """Only queries go to the peer."""
    server, peer = serve(holder(age_s=90)), serve(holder(age_s=1))
    check(f"--url={server.url}", f"--peer={peer.url}", *FRESH)
    assert set(peer.paths()) == {"/query"}
    assert {request.method for request in peer.requests} == {"GET"}


def test_tokens_go_to_their_own_server(check, serve, secret_file):
    """--peer-token-file is for the peer alone; without it --token-file is for both."""
    server, peer = serve(holder(age_s=1)), serve(holder(age_s=1))
    ours = f"--token-file={secret_file('our-token', name='ours')}"
    theirs = f"--peer-token-file={secret_file('their-token', name='theirs')}"
    check(f"--url={server.url}", f"--peer={peer.url}", *FRESH, ours, theirs)
    check(f"--url={server.url}", f"--peer={peer.url}", *FRESH, ours)
    assert {request.header("Authorization") for request in server.requests} == {"Token our-token"}
    assert [request.header("Authorization") for request in peer.requests] == [
        "Token their-token", "Token our-token"]
