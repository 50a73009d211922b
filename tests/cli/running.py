# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs chk_influxdb as keepalived would, and reads its verdict."""
import dataclasses
import json
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KEEPWELL_BUILDDIR", ROOT / "build"))
PROGRAM = str(pathlib.Path(os.environ.get("KEEPWELL_BINDIR", BUILD)) / "chk_influxdb")
# By how much a run may outlive --timeout. Only instrumented builds need more.
SLACK_S = float(os.environ.get("KEEPWELL_DEADLINE_SLACK_MS", "100")) / 1e3
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
# The exit codes of DESIGN section 2: policy -> state -> code.
CODES = {
    "keepalived": {"OK": 0, "WARNING": 0, "CRITICAL": 1, "UNKNOWN": 0, "usage": 1},
    "weight": {"OK": 0, "WARNING": 3, "CRITICAL": 1, "UNKNOWN": 0, "usage": 1},
    "nagios": {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3, "usage": 3},
}


@dataclasses.dataclass
class Result:
    """What a run left."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def verdict(self):
        """The report of --format=json."""
        return json.loads(self.out)

    @property
    def summary(self):
        """State and reason, of --format=json."""
        return self.verdict["state"], self.verdict["reason"]

    def __str__(self):
        return f"exit {self.code} after {self.seconds:.3f} s\n{self.out}{self.err}"


def environment(runtime_directory, extra=None):
    """Nothing of the caller's environment but the search path and what sanitizers read."""
    kept = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")
    environ = {name: os.environ[name] for name in kept if name in os.environ}
    environ["RUNTIME_DIRECTORY"] = str(runtime_directory)
    environ.update(extra or {})
    return environ


def command(arguments):
    """The command line: no logging and plenty of time, unless the arguments say otherwise."""
    return [PROGRAM, "--log=never", "--timeout=10s", *arguments]


def run(runtime_directory, arguments, env=None, wrapper=(), **keywords):
    """Runs the check to its end; a wrapper is the beginning of the command line."""
    keywords.setdefault("stdin", subprocess.DEVNULL)
    keywords.setdefault("stdout", subprocess.PIPE)
    keywords.setdefault("stderr", subprocess.PIPE)
    began = time.monotonic()
    done = subprocess.run([*wrapper, *command(arguments)], timeout=60, check=False,
                          env=environment(runtime_directory, env), **keywords)
    seconds = time.monotonic() - began
    # UTF-8 is part of the contract: a stray byte is an error here.
    return Result(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode(),
                  seconds)


def run_in_time(runtime_directory, timeout_ms, arguments, **keywords):
    """Runs the check with a --timeout that it must keep.

    A machine that is busy with other things may delay any process, so a late run, or one that says
    that it got no CPU, is tried again; a program that does not keep its deadline never does.
    """
    limit_s = timeout_ms / 1e3 + SLACK_S
    for _ in range(3):
        result = run(runtime_directory, [*arguments, f"--timeout={timeout_ms}ms"], **keywords)
        if result.seconds <= limit_s and "starved" not in result.out:
            return result
    raise AssertionError(f"ran past {limit_s} s, or got no CPU, three times: {result}")


def expect(result, state, reason, phase=None, text=None, policy="keepalived"):
    """Asserts a verdict of --format=json and its exit code."""
    verdict = result.verdict
    assert (verdict["state"], verdict["reason"]) == (state, reason), str(result)
    if phase:
        assert verdict["phase"] == phase, str(result)
    if text:
        assert text in verdict["text"], str(result)
    assert result.code == verdict["exit_code"] == CODES[policy][state], str(result)
