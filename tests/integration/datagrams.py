# SPDX-License-Identifier: GPL-2.0-or-later
"""Stand-ins for what receives datagrams in a system: journald, syslogd, a name server."""
import os
import socket

JOURNAL = "/run/systemd/journal/socket"
SYSLOG = "/dev/log"
MAX_LENGTH = 65536


class Receiver:
    """A bound datagram socket. It reads only when asked for its messages."""

    def __init__(self, family, address):
        self._address = address
        self._is_unix = family == socket.AF_UNIX
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        if self._is_unix:
            os.makedirs(os.path.dirname(address), exist_ok=True)
        self._socket.bind(address)
        if self._is_unix:
            os.chmod(address, 0o666)

    @classmethod
    def on_udp(cls, host, port):
        """At a UDP port."""
        return cls(socket.AF_INET, (host, port))

    @classmethod
    def on_journal(cls):
        """In journald's place."""
        return cls(socket.AF_UNIX, JOURNAL)

    @classmethod
    def on_syslog(cls):
        """In syslogd's place."""
        return cls(socket.AF_UNIX, SYSLOG)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        if self._is_unix:
            os.unlink(self._address)

    def messages(self):
        """Takes what has come."""
        taken = []
        while True:
            try:
                taken.append(self._socket.recv(MAX_LENGTH).decode(errors="replace"))
            except BlockingIOError:
                return taken

    def fill(self):
        """Sends until a socket that has sent nothing yet cannot send either: the queue is full."""
        while self._send_until_blocked() > 0:
            pass

    def _send_until_blocked(self):
        sent = 0
        with socket.socket(self._socket.family, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            try:
                while True:
                    sender.sendto(b"MESSAGE=x", self._address)
                    sent += 1
            except BlockingIOError:
                return sent
