# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers and faults in the lab. Run by tools/run-tests, or by hand:

    tools/lab/enter --stage=STAGE /usr/bin/python3 -m pytest -q tests/integration

where STAGE is what `make install DESTDIR=STAGE` filled, configured with --prefix=/usr.
"""
import contextlib
import os
import sys
import tempfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools" / "lab"))

from commands import SCRIPT_USER, run
from influxd import Influxd
from namespaces import add_nodes

CHECK = "/usr/bin/chk_influxdb"
# How long after its own deadline a check may be seen to end.
GRACE_SECONDS = 0.1


MEASURED = []


def pytest_terminal_summary(terminalreporter):
    """Prints what tests measured."""
    for text in MEASURED:
        terminalreporter.write_line(f"measured: {text}")


@pytest.fixture(scope="session")
def measured():
    """The list of what tests measured."""
    return MEASURED


class Checked:
    """The verdict of one run of chk_influxdb, as the user that keepalived runs it as."""

    def __init__(self, options):
        outcome = run([CHECK, "--format=json", *options], user=SCRIPT_USER)
        self.exit_code = outcome.code
        self.seconds = outcome.seconds
        self.report = outcome.report
        self.text = self.report["text"]

    @property
    def verdict(self):
        """Exit code, state and reason: what most tests are about."""
        return self.exit_code, self.report["state"], self.report["reason"]

    @property
    def phase(self):
        """Where it happened."""
        return self.report["phase"]


@pytest.fixture
def check():
    """Runs chk_influxdb with options."""
    return lambda *options: Checked(options)


@pytest.fixture
def ends_in_time():
    """Whether a run with this --timeout ended as soon as it has to."""
    return lambda checked, timeout: checked.seconds <= timeout + GRACE_SECONDS


@pytest.fixture(scope="session")
def nodes():
    """The two nodes."""
    return add_nodes()


@pytest.fixture(scope="module")
def server():
    """A healthy influxd at the default URL, with the database "keepwell"."""
    with contextlib.closing(Influxd()) as influxd:
        influxd.query("CREATE DATABASE keepwell")
        yield influxd


@pytest.fixture
def secret_file():
    """Makes a file that belongs to the user of the scripts."""
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)

        def make(text, mode=0o600):
            path = Path(tempfile.mkstemp(dir=directory)[1])
            path.write_text(text, encoding="utf-8")
            run(["chown", f"{SCRIPT_USER}:{SCRIPT_USER}", str(path)])
            path.chmod(mode)
            return path

        yield make
