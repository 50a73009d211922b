# SPDX-License-Identifier: GPL-2.0-or-later
"""The demonstration of tools/quickstart. To be run in the lab: tools/lab/enter --stage=... .

Two servers with a real influxd and keepalived each. The active influxd is stopped by SIGSTOP, once
with chk_influxdb as vrrp_script and once with nc; then one server goes through a table of faults.
The exit status is 0 only if everything was as expected.
"""
import contextlib
import sys
import time

import fault_table
from commands import SCRIPT_USER, run
from events import LimitPassed, holds_for
from faults import stopped
from influxd import Influxd, answers
from keepalived import Pair, example, message, with_script
from namespaces import VIRTUAL_ADDRESS, add_nodes
from report import Report

SCRIPT = "chk_influxdb"
NC = ["nc", "-zv", "127.0.0.1", "8086"]
VIRTUAL_URL = f"http://{VIRTUAL_ADDRESS}:8086"
MOVE_LIMIT = 10
RETURN_SECONDS = 4
WATCH_SECONDS = 8


def version(argv):
    """The first version number in what a program says of itself."""
    words = run(argv).output.replace("v", " ").split()
    return next(word for word in words if word[0].isdigit())


def introduce(report, nodes):
    """What the lab consists of."""
    report.title("keepwell: does the virtual IP follow what the service does?")
    servers = ", ".join(f"{node.name} {node.address}" for node in nodes)
    report.say(f"servers:     {servers} (network namespaces)")
    report.say(f"on each:     influxd {version(['influxd', 'version'])}, "
               f"keepalived {version(['keepalived', '--version'])}")
    report.say(f"virtual IP:  {VIRTUAL_ADDRESS}")


def show_client(report):
    """What a client of the virtual IP gets. Gives whether it is an answer."""
    answered = answers(VIRTUAL_URL)
    report.say(f"a client of {VIRTUAL_URL} "
               f"{'is answered' if answered else 'gets no answer within 1 s'}")
    return answered


def show_nc(report, node):
    """What nc says of the server on a node. Gives whether nc is content."""
    outcome = run(NC, node, SCRIPT_USER)
    report.say(f"{' '.join(NC)}, on {node.name}, exit status {outcome.code}:")
    report.quote(outcome.output)
    return outcome.code == 0


def show_check(report, node):
    """What chk_influxdb says of the server on a node."""
    outcome = run([SCRIPT], node, SCRIPT_USER)
    report.say(f"{SCRIPT}, on {node.name}, exit status {outcome.code}:")
    report.quote(outcome.output)


def show_takeover(report, pair, active, began):
    """Prints what happens until the other node has the virtual IP. Gives both times."""
    lines = pair.lines(active)
    failed = lines.wait_for(f"{SCRIPT}.* now returning 1", MOVE_LIMIT, began)
    report.event(failed.time - began, f"{active.name}: {message(failed)}")
    fault = lines.wait_for("Entering FAULT STATE", MOVE_LIMIT, began)
    report.event(fault.time - began, f"{active.name}: {message(fault)}  <- time to detection")
    holder = pair.wait_for_holder(MOVE_LIMIT, [pair.other(active)])
    moved = time.monotonic()
    report.event(moved - began, f"{holder.name}: has {VIRTUAL_ADDRESS}  <- time to takeover")
    return fault.time - began, moved - began


def show_return(report, pair, active, began):
    """After SIGCONT: healthy again, but nopreempt leaves the virtual IP where it is."""
    lines = pair.lines(active)
    healthy = lines.wait_for(f"{SCRIPT}.* now returning 0", MOVE_LIMIT, began)
    report.event(healthy.time - began, f"{active.name}: {message(healthy)}")
    backup = lines.wait_for("Entering BACKUP STATE", MOVE_LIMIT, began)
    report.event(backup.time - began, f"{active.name}: {message(backup)}")
    stays = holds_for(lambda: pair.holder() == pair.other(active), RETURN_SECONDS)
    report.expect(stays, f"after SIGCONT the virtual IP stays on {pair.other(active).name}: "
                         "the example says nopreempt")


def with_chk_influxdb(report, nodes, servers):
    """The examples as they are: the virtual IP leaves a server that hangs. Gives both times."""
    report.title("1. vrrp_script runs chk_influxdb (keepalived-examples/influxdb, unchanged)")
    with contextlib.closing(Pair(nodes, example)) as pair:
        active = pair.holder()
        report.say(f"{active.name} has the virtual IP; SIGSTOP to its influxd")
        with stopped(servers[active.name]):
            began = time.monotonic()
            times = show_takeover(report, pair, active, began)
            content = show_nc(report, active)
            show_check(report, active)
            report.expect(show_client(report) and content,
                          "the virtual IP has moved, and nc still says succeeded")
            report.say(f"SIGCONT to influxd on {active.name}")
            resumed = time.monotonic()
        show_return(report, pair, active, resumed)
    return times


def with_nc(report, nodes, servers):
    """The same with nc: nothing happens."""
    report.title("2. the same with nc -zv as vrrp_script")
    command = f"/usr/bin/{' '.join(NC)}"
    with contextlib.closing(
            Pair(nodes, lambda node: with_script(example(node), SCRIPT, command))) as pair:
        active = pair.holder()
        report.say(f"{active.name} has the virtual IP; SIGSTOP to its influxd")
        with stopped(servers[active.name]):
            began = time.monotonic()
            stayed = holds_for(lambda: pair.holder() == active, WATCH_SECONDS)
            report.event(time.monotonic() - began,
                         f"{active.name}: {'still has' if stayed else 'has lost'} "
                         f"{VIRTUAL_ADDRESS}")
            content = show_nc(report, active)
            report.expect(stayed and content and not show_client(report),
                          "the virtual IP stays on a server that answers nothing")


def demonstrate(report):
    """The whole demonstration."""
    nodes = add_nodes()
    introduce(report, nodes)
    with contextlib.ExitStack() as stack:
        servers = {node.name: stack.enter_context(contextlib.closing(Influxd(node)))
                   for node in nodes}
        detected, moved = with_chk_influxdb(report, nodes, servers)
        with_nc(report, nodes, servers)
    report.title("3. one influxd, five states")
    fault_table.show(report)
    report.title("Summary")
    report.say(f"chk_influxdb   time to detection {detected:.1f} s, to takeover {moved:.1f} s")
    report.say(f"nc -zv         nothing detected within {WATCH_SECONDS} s")


def main():
    """Exit status 0 if everything was as expected."""
    report = Report()
    try:
        demonstrate(report)
    except (LimitPassed, RuntimeError) as error:
        report.quote(str(error))
        report.expect(False, str(error).partition("\n")[0])
    if not report.failed:
        report.say("everything was as expected")
        return 0
    report.say(f"not as expected: {'; '.join(report.failed)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
