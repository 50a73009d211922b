# SPDX-License-Identifier: GPL-2.0-or-later
"""The faults that a server can have without its port being closed, and the one that closes it."""
import contextlib
import os
import resource
import signal
import socket
import urllib.error
from pathlib import Path

from events import wait_until
from influxd import DATABASE

LIMIT = 10
SPARE_DESCRIPTORS = 4
CONNECTIONS = 64
BLOCK = b"\0" * 65536
POINTS = "\n".join(f"ballast v={n}" for n in range(2000))


@contextlib.contextmanager
def stopped(server):
    """SIGSTOP: the process exists, the kernel accepts its connections, nobody answers."""
    server.process.signal(signal.SIGSTOP)
    wait_until(lambda: _state(server.process.pid) == "T", LIMIT, "the process is stopped")
    try:
        yield
    finally:
        server.process.signal(signal.SIGCONT)


def _state(pid):
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return stat.rpartition(")")[2].split()[0]


@contextlib.contextmanager
def killed(server):
    """kill -9, and start again afterwards."""
    server.process.kill()
    try:
        yield
    finally:
        server.start()


def _count_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


@contextlib.contextmanager
def out_of_descriptors(server):
    """No descriptor is left for another connection, and more of them wait than could be freed."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    limit = _count_descriptors(pid) + SPARE_DESCRIPTORS
    address = ("127.0.0.1", server.port)
    with contextlib.ExitStack() as stack:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, before[1]))
        stack.callback(resource.prlimit, pid, resource.RLIMIT_NOFILE, before)
        for _ in range(CONNECTIONS):
            stack.enter_context(socket.create_connection(address, LIMIT))
        wait_until(lambda: _count_descriptors(pid) >= limit, LIMIT, "the descriptors are used up")
        yield


def _refuses(server, database):
    try:
        server.write(database, POINTS)
    except urllib.error.HTTPError as error:
        return error.code == 500
    return False


@contextlib.contextmanager
def disk_full(server, database=DATABASE):
    """The file system of data and write-ahead log is full, to the last page of the log."""
    ballast = server.data / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(BLOCK):
            pass
    wait_until(lambda: _refuses(server, database), LIMIT, "influxd has no room for points")
    try:
        yield
    finally:
        ballast.unlink()
