# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of keepalived with the example files: what moves the virtual IP, and what does not."""
import contextlib
import time
from dataclasses import dataclass

import pytest

from events import holds_for, wait_until
from faults import killed, stopped
from influxd import Influxd, answers
from keepalived import Pair, example, with_script
from namespaces import VIRTUAL_ADDRESS, Node

MOVE_LIMIT = 10
SCRIPT = "chk_influxdb"
# Longer than the three advertisements after which a master would take over.
QUIET_SECONDS = 5
VIRTUAL_URL = f"http://{VIRTUAL_ADDRESS}:8086"


@pytest.fixture(scope="module")
def servers(nodes):
    """A healthy influxd on each node."""
    with contextlib.ExitStack() as stack:
        yield {node.name: stack.enter_context(contextlib.closing(Influxd(node)))
               for node in nodes}


@contextlib.contextmanager
def pair_with(nodes, configure=example):
    """keepalived on both nodes."""
    with contextlib.closing(Pair(nodes, configure)) as pair:
        yield pair


@dataclass
class Takeover:
    """What happened when the active server was stopped, and when it went on."""

    seconds: float
    holder: Node
    other: Node
    served: bool
    stayed: bool


@pytest.fixture(scope="module")
def takeover(nodes, servers, measured):
    """The active server hangs, then goes on; the examples as they are."""
    with pair_with(nodes) as pair:
        active = pair.holder()
        with stopped(servers[active.name]):
            began = time.monotonic()
            holder = pair.wait_for_holder(MOVE_LIMIT, [pair.other(active)])
            seconds = time.monotonic() - began
            served = answers(VIRTUAL_URL)
            resumed = time.monotonic()
        pair.lines(active).wait_for("Entering BACKUP STATE", MOVE_LIMIT, resumed)
        stayed = holds_for(lambda: pair.holder() == holder, QUIET_SECONDS)
        measured.append(f"takeover {seconds:.2f} s after SIGSTOP")
        return Takeover(seconds, holder, pair.other(active), served, stayed)


def test_hung_server_loses_the_virtual_ip(takeover):
    assert takeover.holder == takeover.other
    assert takeover.seconds < MOVE_LIMIT


def test_clients_are_served_after_the_takeover(takeover):
    assert takeover.served


def test_virtual_ip_stays_when_the_server_goes_on(takeover):
    assert takeover.stayed


def test_killed_server_loses_the_virtual_ip(nodes, servers):
    with pair_with(nodes) as pair:
        active = pair.holder()
        with killed(servers[active.name]):
            pair.wait_for_holder(MOVE_LIMIT, [pair.other(active)])


def test_nc_never_moves_it(nodes, servers, takeover):
    command = "/usr/bin/nc -zv 127.0.0.1 8086"
    with pair_with(nodes, lambda node: with_script(example(node), SCRIPT, command)) as pair:
        active = pair.holder()
        with stopped(servers[active.name]):
            began = time.monotonic()
            assert holds_for(lambda: pair.holder() == active, 3 * takeover.seconds)
            assert not answers(VIRTUAL_URL), "the server has to hang, or this proves nothing"
        assert not pair.lines(pair.other(active)).find("Entering MASTER STATE", began)


def test_maintenance_file_hands_it_over(nodes, servers, secret_file):
    files = {node.name: secret_file("", 0o644) for node in nodes}
    for path in files.values():
        path.unlink()

    def configure(node):
        option = "--maintenance-file="
        return example(node).replace(f"{option}/etc/keepwell/influxdb.maintenance",
                                     f"{option}{files[node.name]}")

    with pair_with(nodes, configure) as pair:
        active = pair.holder()
        files[active.name].touch(0o644)
        pair.wait_for_holder(MOVE_LIMIT, [pair.other(active)])


def test_unusable_credentials_do_not_move_it(nodes, servers, check, secret_file):
    options = ["--level=query", f"--token-file={secret_file('open to everybody', 0o644)}"]
    assert check(*options).verdict == (0, "UNKNOWN", "secret_unusable")
    command = " ".join(["/usr/bin/chk_influxdb", *options])
    with pair_with(nodes, lambda node: with_script(example(node), SCRIPT, command)) as pair:
        active = pair.holder()
        assert holds_for(lambda: pair.holder() == active, QUIET_SECONDS)


def test_both_failing_leave_it_to_nobody_until_one_is_back(nodes, servers):
    with pair_with(nodes) as pair:
        active = pair.holder()
        with stopped(servers[active.name]):
            with stopped(servers[pair.other(active).name]):
                wait_until(lambda: pair.holder() is None, MOVE_LIMIT, "nobody has the virtual IP")
            pair.wait_for_holder(2 * MOVE_LIMIT, [pair.other(active)])
