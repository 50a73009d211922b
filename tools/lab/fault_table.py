# SPDX-License-Identifier: GPL-2.0-or-later
"""The fault table: each fault of a real influxd, as nc, pgrep and chk_influxdb see it."""
import contextlib
from dataclasses import dataclass
from typing import Callable

from commands import SCRIPT_USER, run
from events import wait_until
from faults import disk_full, killed, out_of_descriptors, stopped
from influxd import DATABASE, Influxd

DATA_SIZE = "16m"
RECOVERY_LIMIT = 20
NC = ["nc", "-zv", "127.0.0.1", "8086"]
PGREP = ["pgrep", "influxd"]
CHECK = ["chk_influxdb", "--level=write", f"--database={DATABASE}", "--format=json"]


@dataclass(frozen=True)
class Row:
    """A state of the server, how to bring it about, and what has to be seen."""

    title: str
    fault: Callable
    nc: int
    pgrep: int
    check: int
    reason: str


# The full disk comes last: influxd does not recover from it by itself.
ROWS = (
    Row("healthy", contextlib.nullcontext, 0, 0, 0, "ok"),
    Row("SIGSTOP", stopped, 0, 0, 1, "timeout"),
    Row("kill -9", killed, 1, 1, 1, "connect_refused"),
    Row("descriptors exhausted", out_of_descriptors, 0, 0, 1, "timeout"),
    Row("disk full", disk_full, 0, 0, 1, "write_failed"),
)


def _words(outcome):
    """The exit status and the word that matters: "succeeded!" or "refused" of nc, or a number."""
    words = outcome.output.split()
    return f"{outcome.code}  {words[-1] if words else '-'}"


def _measure(row):
    """The cells of a row, and whether they are as expected."""
    nc, pgrep, check = (run(argv, user=SCRIPT_USER) for argv in (NC, PGREP, CHECK))
    verdict = check.report
    as_expected = ((nc.code, pgrep.code, check.code, verdict["reason"])
                   == (row.nc, row.pgrep, row.check, row.reason))
    ours = (f"{check.code}  {verdict['state']} {verdict['reason']}/{verdict['phase']}, "
            f"{verdict['duration_ms']:.0f} ms")
    return [row.title, _words(nc), _words(pgrep), ours], as_expected


def _is_healthy():
    return run(CHECK, user=SCRIPT_USER).report["reason"] == "ok"


def show(report):
    """Makes the faults one after the other, and prints the table."""
    rows = [["influxd is", "nc -zv", "pgrep", "chk_influxdb --level=write"]]
    wrong = []
    with contextlib.closing(Influxd(data_size=DATA_SIZE)) as server:
        server.query(f"CREATE DATABASE {DATABASE}")
        for row in ROWS:
            wait_until(_is_healthy, RECOVERY_LIMIT, f"influxd is healthy before: {row.title}")
            with row.fault(server):
                cells, as_expected = _measure(row)
            rows.append(cells)
            if not as_expected:
                wrong.append(row.title)
    report.table(rows)
    report.say("The number is the exit status: 0 keeps the virtual IP, anything else gives it up.")
    report.expect(not wrong, f"the table{': ' + ', '.join(wrong) if wrong else ''}")
