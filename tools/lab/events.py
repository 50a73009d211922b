# SPDX-License-Identifier: GPL-2.0-or-later
"""Waits for events, always with a limit: for a condition, or for a line that a process prints."""
import re
import threading
import time
from dataclasses import dataclass

POLL_SECONDS = 0.02


class LimitPassed(AssertionError):
    """What was waited for did not happen in time."""


def wait_until(condition, limit, what):
    """Waits until condition() is true; gives its value."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise LimitPassed(f"not within {limit} s: {what}")
        time.sleep(POLL_SECONDS)


def holds_for(condition, seconds):
    """Watches a condition for some time; whether it was true at every look."""
    end = time.monotonic() + seconds
    while condition():
        if time.monotonic() > end:
            return True
        time.sleep(POLL_SECONDS)
    return False


@dataclass
class Line:
    """A line of text and when it came, on the monotonic clock."""

    time: float
    text: str


class Lines:
    """The lines of a pipe, each with the time at which it came."""

    def __init__(self, pipe, name):
        self.name = name
        self._lines = []
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe):
        for text in pipe:
            with self._changed:
                self._lines.append(Line(time.monotonic(), text.rstrip("\n")))
                self._changed.notify_all()

    def find(self, pattern, since=0.0):
        """The first line that came at `since` or later and matches; None if there is none."""
        with self._changed:
            return self._find(re.compile(pattern), since)

    def _find(self, regex, since):
        return next((line for line in self._lines
                     if line.time >= since and regex.search(line.text)), None)

    def wait_for(self, pattern, limit, since=0.0):
        """Like find, but waits for the line."""
        regex = re.compile(pattern)
        with self._changed:
            if not self._changed.wait_for(lambda: self._find(regex, since), limit):
                raise LimitPassed(f"{self.name} did not say within {limit} s: {pattern}\n{self}")
            return self._find(regex, since)

    def __str__(self):
        with self._changed:
            return "\n".join(line.text for line in self._lines)
