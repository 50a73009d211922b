# SPDX-License-Identifier: GPL-2.0-or-later
"""The recorded answers of answers/, and servers that give them as the real product would."""
import pathlib
import re
import time

import scripted_server

ANSWERS = pathlib.Path(__file__).resolve().parent / "answers"
NOT_FOUND = "404 page not found\n"
KEY = rb"(?:\\[, =]|[^\\, =\n])+"
LINE = re.compile(KEY + rb",node=" + KEY + rb" v=(?P<value>\d+)i (?P<time>\d+)\n")


def answer(name):
    """The bytes of answers/NAME.http."""
    return (ANSWERS / f"{name}.http").read_bytes()


def join_chunks(body):
    """The content of a chunked body."""
    content = b""
    while True:
        size, _, rest = body.partition(b"\r\n")
        if int(size, 16) == 0:
            return content
        content += rest[: int(size, 16)]
        body = rest[int(size, 16) + 2 :]


def with_content(raw, change):
    """An answer with change(content) in place of its content, framed as before."""
    head, _, body = raw.partition(b"\r\n\r\n")
    if b"\r\nTransfer-Encoding: chunked" in head:
        content = change(join_chunks(body))
        return b"%s\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (head, len(content), content)
    content = change(body)
    head = re.sub(rb"(?i)(\r\nContent-Length: )\d+", rb"\g<1>%d" % len(content), head)
    return head + b"\r\n\r\n" + content


def with_row(raw, time_ms, *values):
    """An answer of /query whose only row holds another time and other numbers."""
    numbers = b",".join(b"%d" % value for value in (time_ms, *values))
    if values:
        return with_content(raw, lambda text: re.sub(rb"\[\[[^]]*\]\]", b"[[%s]]" % numbers, text))
    return with_content(raw, lambda text: re.sub(rb"\[\[\d+", b"[[%s" % numbers, text))


def now_ms():
    """The time as InfluxDB stores it."""
    return int(time.time() * 1000)


class Influx:
    """Keeps the canary point that was written, and gives it back.

    present and absent are recorded answers to a SELECT; an override is a behaviour of
    scripted_server for the whole step.
    """

    def __init__(self, present, absent, wrote, databases=None):
        self.present = answer(present)
        self.absent = answer(absent)
        self.wrote = answer(wrote)
        self.databases = answer(databases) if databases else self.absent
        self.stored = {}

    def write(self, connection, request):
        """Stores the point and acknowledges it."""
        point = LINE.fullmatch(request.body)
        assert point, f"not a canary line: {request.body!r}"
        self.stored[int(point["time"])] = int(point["value"])
        connection.send(self.wrote)

    def select(self, statement):
        """The answer to a statement."""
        if statement == "SHOW DATABASES":
            return self.databases
        found = re.search(r"AND time = (\d+)ms$", statement)
        if found and int(found.group(1)) in self.stored:
            time_ms = int(found.group(1))
            return with_row(self.present, time_ms, self.stored[time_ms])
        return self.absent

    def query(self, connection, request):
        """Answers a statement from what was stored."""
        connection.send(self.select(request.query["q"]))

    def query_with(self, kind, behaviour):
        """Like query(), but with another behaviour for "read_back" or for any "other" statement."""

        def query(connection, request):
            is_read_back = " AND time = " in request.query["q"]
            if (kind == "read_back") == is_read_back:
                return scripted_server.do(behaviour, connection, request)
            return self.query(connection, request)

        return query


STORES = {
    "influxdb-1.6.7": ("query_probe_present", "query_probe_absent_time", "write_ok",
                       "query_show_databases"),
    "influxdb-1.8.10": ("query_probe_present", "query_probe_absent_time", "write_ok",
                        "query_show_databases"),
    "influxdb-2.7.5": ("query_probe_present", "query_probe_absent_time", "v2write_ok",
                       "query_show_databases_rw"),
    "influxdb-3.10.1-source": ("query_present", "query_absent", "write_ok",
                               "query_show_databases"),
    "influx-proxy-2.5.12": ("2circles_allup_query_present", "2circles_allup_query_absent",
                            "2circles_allup_write_ok", "2circles_allup_show_databases"),
}


def influx(directory):
    """An Influx with a product's answers."""
    return Influx(*(f"{directory}/{name}" for name in STORES[directory]))


def product(name, **overrides):
    """The behaviours by path of a server that is up and well; overrides are by the path's words.

    product("influxdb-1.8.10", health=b"...", write=hangs) replaces /health and both write paths.
    read_back= and select= replace /query for the read-back or for all other statements.
    """
    store = influx(name)
    health = {"influxdb-2.7.5": "health", "influx-proxy-2.5.12": "2circles_allup_health"}
    ping = {"influx-proxy-2.5.12": "2circles_allup_ping"}
    ready = {"influxdb-3.10.1-source": "not_found"}
    behaviours = {
        "/ping": answer(f"{name}/{ping.get(name, 'ping')}"),
        "/ready": answer(f"{name}/{ready.get(name, 'ready')}"),
        "/health": answer(f"{name}/{health.get(name, 'health')}"),
        "/query": store.query,
        "/write": store.write,
        "/api/v2/write": store.write,
    }
    paths = {"v2write": "/api/v2/write"}
    for step, behaviour in overrides.items():
        if isinstance(behaviour, str):
            behaviour = answer(behaviour)
        if step in ("read_back", "select"):
            kind = "read_back" if step == "read_back" else "other"
            behaviours["/query"] = store.query_with(kind, behaviour)
        else:
            behaviours[paths.get(step, f"/{step}")] = behaviour
    return behaviours
