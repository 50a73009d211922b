# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command in the lab, on a node and as a user if asked, and measures how long it takes."""
import json
import subprocess
import time
from dataclasses import dataclass

SCRIPT_USER = "keepwell"
LIMIT = 30


@dataclass
class Outcome:
    """What a command that has ended said, and how long it took."""

    code: int
    output: str
    seconds: float

    @property
    def report(self):
        """The report of a check that ran with --format=json."""
        return json.loads(self.output.splitlines()[-1])


def run(argv, node=None, user=None, limit=LIMIT):
    """Runs a command to its end. Standard output and error are one text."""
    if user:
        argv = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", *argv]
    if node:
        argv = node.command(argv)
    began = time.monotonic()
    ended = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit,
        check=False,
        text=True,
    )
    return Outcome(ended.returncode, ended.stdout.strip(), time.monotonic() - began)


def must(argv, node=None):
    """Runs a command that has to succeed; gives its output."""
    outcome = run(argv, node)
    if outcome.code != 0:
        raise RuntimeError(f"{' '.join(argv)}: exit status {outcome.code}: {outcome.output}")
    return outcome.output
