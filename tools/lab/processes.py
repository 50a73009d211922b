# SPDX-License-Identifier: GPL-2.0-or-later
"""A process that the lab starts, follows by what it prints, and ends by its id."""
import signal
import subprocess

from events import Lines

STOP_LIMIT = 10


class Process:
    """A running program; standard output and error are its lines."""

    def __init__(self, argv, node=None):
        self._child = subprocess.Popen(
            node.command(argv) if node else argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        where = f" on {node.name}" if node else ""
        self.lines = Lines(self._child.stdout, f"{argv[0]}{where}")

    @property
    def pid(self):
        """The process id."""
        return self._child.pid

    def is_running(self):
        """Whether the process has not ended."""
        return self._child.poll() is None

    def signal(self, number):
        """Sends a signal."""
        self._child.send_signal(number)

    def kill(self):
        """Ends the process by SIGKILL and takes its status: no zombie stays for pgrep to find."""
        self._child.kill()
        self._child.wait()

    def stop(self):
        """Asks the process to end; kills it if it does not."""
        if not self.is_running():
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
