# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab leaves nothing behind, however it ends."""
import signal
import subprocess

import pytest

from commands import run
from conftest import TOP
from events import wait_until

ENTER = str(TOP / "tools" / "lab" / "enter")
LIMIT = 10
# A command line that nothing else has.
SLEEP = ["sleep", "98765"]


def sleepers():
    """The process ids of SLEEP, as seen from outside the inner lab."""
    return run(["pgrep", "-xf", " ".join(SLEEP)]).output.split()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_every_process(number):
    with subprocess.Popen([ENTER, "sh", "-c", f"setsid {' '.join(SLEEP)}; :"]) as entered:
        wait_until(sleepers, LIMIT, "the command runs")
        entered.send_signal(number)
        wait_until(lambda: not sleepers(), LIMIT, "the command has ended")
    assert entered.returncode != 0


def test_orphan_ends_with_the_command():
    assert run([ENTER, "sh", "-c", f"setsid {' '.join(SLEEP)} >/dev/null 2>&1 & exit 7"]).code == 7
    wait_until(lambda: not sleepers(), LIMIT, "the orphan has ended")


def test_files_networks_and_mounts_are_private():
    inside = ("touch /run/left /tmp/left /dev/left /dev/shm/left && "
              "ip netns add left && ip link add left type bridge && "
              "mount -t tmpfs left /mnt && echo left >/proc/sys/kernel/hostname")
    assert run([ENTER, "sh", "-c", inside]).code == 0
    outside = ("ls /run /tmp /dev /dev/shm; ip netns list; ip -o link show; "
               "cat /proc/mounts /proc/sys/kernel/hostname")
    assert "left" not in run(["sh", "-c", outside]).output
