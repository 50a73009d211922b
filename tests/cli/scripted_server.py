# SPDX-License-Identifier: GPL-2.0-or-later
"""A server on the loopback that does what a script says and records the bytes it receives.

A script is called with each new Connection and owns it until it returns; then the connection is
closed. by_path() makes a script of HTTP behaviours, one per request path. A behaviour is bytes to
send, or a callable (connection, request) that returns False to close the connection.

Nothing here sleeps to wait for something: hanging behaviours end when the client goes away or the
server stops, and tests wait for requests with wait_for().
"""
import re
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse

LIMIT_S = 20
CHUNK = 65536


class Request:
    """One request as received."""

    def __init__(self, raw, connection):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.connection = connection.number
        self.method, self.target, self.protocol = lines[0].split(" ", 2)
        self.path, _, query = self.target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query))
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]

    def header(self, name):
        """The value of a header, or None."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} was sent {len(values)} times"
        return values[0] if values else None


class Connection:
    """One accepted connection."""

    def __init__(self, sock, server, number):
        self.sock = sock
        self.server = server
        self.number = number
        self.unread = b""

    def send(self, data):
        """Sends everything; raises OSError when the client is gone."""
        self.sock.sendall(data)

    def receive(self):
        """The next bytes, b"" at the end of the connection."""
        data = self.sock.recv(CHUNK)
        self.server.note_bytes(data)
        return data

    def read_request(self):
        """The next whole request, or None when the client closed."""
        while b"\r\n\r\n" not in self.unread or self.missing_body() > 0:
            data = self.receive()
            if not data:
                return None
            self.unread += data
        end = self.unread.index(b"\r\n\r\n") + 4 + self.body_length()
        raw, self.unread = self.unread[:end], self.unread[end:]
        request = Request(raw, self)
        self.server.note_request(request)
        return request

    def body_length(self):
        """What Content-Length says."""
        head = self.unread.partition(b"\r\n\r\n")[0]
        found = re.search(rb"\r\nContent-Length: (\d+)", head, re.IGNORECASE)
        return int(found.group(1)) if found else 0

    def missing_body(self):
        """How many bytes of the body have not come yet."""
        return self.body_length() - len(self.unread.partition(b"\r\n\r\n")[2])

    def wait_for_client_to_leave(self):
        """Reads and drops until the client closes or the server stops."""
        while self.receive():
            pass

    def drip(self, byte=b"x", every_s=0.1):
        """Sends a byte at a time until the client closes or the server stops."""
        while True:
            readable, _, _ = select.select([self.sock], [], [], every_s)
            if readable and not self.receive():
                return
            self.send(byte)

    def reset(self):
        """Closes with a TCP reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Server:
    """Listens at once; stop() ends every connection and thread."""

    def __init__(self, script, address=("127.0.0.1", 0), tls=None, accepts=True):
        self.script = script
        self.tls = tls
        self.changed = threading.Condition()
        self.requests = []
        self.received = b""
        self.connections = 0
        self.server_names = []
        self.errors = []
        self.stopping = False
        self.open = set()
        self.threads = []
        self.listener = listen(address)
        self.address = self.listener.getsockname()
        if tls:
            tls.sni_callback = lambda _socket, name, _context: self.server_names.append(name)
        if accepts:
            self.start(self.accept_all)

    @property
    def port(self):
        """The TCP port."""
        return self.address[1]

    @property
    def url(self):
        """The base URL of a TCP server."""
        host = self.address[0]
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def start(self, function, *arguments):
        """Runs a function in a thread of this server."""
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept_all(self):
        """Serves each connection in a thread of its own."""
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with self.changed:
                if self.stopping:
                    sock.close()
                    return
                self.connections += 1
                self.open.add(sock)
                self.changed.notify_all()
            self.start(self.serve, sock, self.connections)

    def serve(self, sock, number):
        """Runs the script on one connection."""
        if self.tls:
            sock = self.wrap(sock)
        try:
            if self.tls:
                shake_hands(sock)
            self.script(Connection(sock, self, number))
        except OSError:
            pass  # the client left, or the handshake failed: both are what some tests want
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)
        finally:
            with self.changed:
                self.open.discard(sock)
            sock.close()

    def wrap(self, sock):
        """Puts TLS around a socket, which then stands for it."""
        wrapped = self.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self.changed:
            self.open.discard(sock)
            self.open.add(wrapped)
        return wrapped

    def note_bytes(self, data):
        """Records bytes as received."""
        with self.changed:
            self.received += data
            self.changed.notify_all()

    def note_request(self, request):
        """Records a whole request."""
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()

    def wait_for(self, condition):
        """Waits, with a limit, until condition() holds."""
        with self.changed:
            assert self.changed.wait_for(condition, LIMIT_S), "the awaited event did not come"

    def paths(self):
        """The paths asked for, in their order."""
        return [request.path for request in self.requests]

    def stop(self):
        """Closes everything and waits for the threads."""
        with self.changed:
            self.stopping = True
            sockets = list(self.open)
        shut(self.listener)
        for sock in sockets:
            shut(sock)
        self.listener.close()
        ends = time.monotonic() + LIMIT_S
        for thread in self.threads:
            thread.join(max(0, ends - time.monotonic()))
            assert not thread.is_alive(), "a thread of the scripted server hangs"


def listen(address):
    """A listening socket: a str is the path of a unix socket, a tuple is host and port."""
    if isinstance(address, str):
        listener = socket.socket(socket.AF_UNIX)
    else:
        listener = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
    listener.bind(address)
    listener.listen(16)
    return listener


def shake_hands(sock):
    """The server's side of TLS. After a failure the client gets to read the alert."""
    try:
        sock.do_handshake()
    except ssl.SSLError:
        # Below TLS: closing with unread bytes would reset the connection and lose the alert.
        socket.socket.shutdown(sock, socket.SHUT_WR)
        while socket.socket.recv(sock, CHUNK):
            pass
        raise


def shut(sock):
    """Wakes whoever waits on a socket."""
    try:
        # Not SSLSocket.shutdown(): it would drop the TLS state under a thread that still writes.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass


def tls_context(certificate, client_ca=None):
    """A server's TLS context for a Certificate of certificates.py."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_ca)
    return context


def by_path(behaviours, default=None):
    """A script that answers each request by its path, on a kept-alive connection.

    A list of behaviours is used up one per request, and its last one repeats.
    """
    used = {}

    def choose(path):
        behaviour = behaviours.get(path, default)
        if not isinstance(behaviour, list):
            return behaviour
        used[path] = used.get(path, -1) + 1
        return behaviour[min(used[path], len(behaviour) - 1)]

    def script(connection):
        while True:
            request = connection.read_request()
            if request is None:
                return
            behaviour = choose(request.path)
            assert behaviour is not None, f"no behaviour for {request.target}"
            if not do(behaviour, connection, request):
                return

    return script


def do(behaviour, connection, request):
    """Runs one behaviour; False closes the connection."""
    if isinstance(behaviour, bytes):
        connection.send(behaviour)
        return True
    return behaviour(connection, request) is not False


def always(behaviour):
    """A script with one behaviour for every path."""
    return by_path({}, behaviour)


# Scripts for a whole connection.


def says_nothing(connection):
    """Accepts, reads and never answers."""
    connection.wait_for_client_to_leave()


def at_once(data):
    """Sends bytes before any request, and closes."""

    def script(connection):
        connection.send(data)
        connection.read_request()

    return script


def cuts_off(data):
    """Sends bytes as soon as the client has sent some, and closes."""

    def script(connection):
        connection.receive()
        connection.send(data)

    return script


def resets_at_once(connection):
    """Accepts and resets."""
    connection.reset()


def closes_at_once(_connection):
    """Accepts and closes."""


# Behaviours for one request.


def hangs(connection, _request):
    """Never answers."""
    connection.wait_for_client_to_leave()
    return False


def then_closes(data):
    """Sends bytes and closes, as HTTP/1.0 without a length does."""

    def behaviour(connection, _request):
        connection.send(data)
        return False

    return behaviour


def then_hangs(data):
    """Sends bytes, and then nothing more."""

    def behaviour(connection, request):
        connection.send(data)
        return hangs(connection, request)

    return behaviour


def then_drips(data, byte=b"x"):
    """Sends bytes, and then one byte per 100 ms for ever."""

    def behaviour(connection, _request):
        connection.send(data)
        connection.drip(byte)
        return False

    return behaviour


def then_resets(data=b""):
    """Sends bytes and resets the connection."""

    def behaviour(connection, _request):
        if data:
            connection.send(data)
        connection.reset()
        return False

    return behaviour


def then_repeats(data, piece, size):
    """Sends bytes, and then a piece again and again until size bytes are out."""

    def behaviour(connection, _request):
        block = piece * max(1, CHUNK // len(piece))
        connection.send(data)
        for _ in range(size // len(block) + 1):
            connection.send(block)
        return False

    return behaviour


def redirect(location, status="301 Moved Permanently"):
    """The bytes of a redirect."""
    return f"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def reply(status, body=b"", headers=()):
    """The bytes of a plain answer with a length."""
    if isinstance(body, str):
        body = body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
