# SPDX-License-Identifier: GPL-2.0-or-later
"""A real influxd (InfluxDB 1.x) on a directory and ports of its own."""
import base64
import json
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

from commands import must
from events import wait_until
from processes import Process

READY_LIMIT = 30
DATABASE = "keepwell"
ADMIN = ("admin", "admin-password")

CONFIG = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc_port}"
[meta]
  dir = "{home}/meta"
[data]
  dir = "{home}/data/data"
  wal-dir = "{home}/data/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = ":{port}"
  auth-enabled = {auth}
  log-enabled = false
"""


class Influxd:
    """One server, on a node or in the lab itself. It is ready when the constructor returns.

    With `data_size` (for example "16m") the data are on a tmpfs of that size.
    """

    def __init__(self, node=None, port=8086, auth=False, data_size=None):
        self.node = node
        self.port = port
        self.auth = auth
        self.home = Path(tempfile.mkdtemp(prefix="influxd-"))
        self.data = self.home / "data"
        self.data.mkdir()
        self._mounted = data_size is not None
        if self._mounted:
            must(["mount", "-t", "tmpfs", "-o", f"size={data_size}", "lab", str(self.data)])
        self._process = None
        self.start()

    @property
    def url(self):
        """The server's URL as seen from the lab, outside the node."""
        return f"http://{self.node.address if self.node else '127.0.0.1'}:{self.port}"

    @property
    def process(self):
        """The server's process."""
        return self._process

    def start(self):
        """Starts the server and waits until it answers."""
        config = self.home / "influxdb.conf"
        config.write_text(CONFIG.format(home=self.home, port=self.port, rpc_port=self.port + 2,
                                        auth=str(self.auth).lower()))
        self._process = Process(["influxd", "run", "-config", str(config)], self.node)
        wait_until(self._is_ready, READY_LIMIT, f"influxd answers on port {self.port}")
        if self.auth:
            user, password = ADMIN
            self.query(f"CREATE USER {user} WITH PASSWORD '{password}' WITH ALL PRIVILEGES")

    def _is_ready(self):
        if not self._process.is_running():
            raise RuntimeError(f"influxd has ended:\n{self._process.lines}")
        return answers(self.url)

    def close(self):
        """Ends the server and gives its tmpfs back."""
        self._process.stop()
        if self._mounted:
            must(["umount", str(self.data)])
            self._mounted = False

    def _post(self, path, parameters, body=None):
        url = f"{self.url}{path}?{urllib.parse.urlencode(parameters)}"
        request = urllib.request.Request(url, data=(body or "").encode(), method="POST")
        if self.auth:
            login = base64.b64encode(":".join(ADMIN).encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        with urllib.request.urlopen(request, timeout=READY_LIMIT) as answer:
            return answer.read()

    def query(self, statement):
        """Executes an InfluxQL statement; gives its result."""
        result = json.loads(self._post("/query", {"q": statement}))["results"][0]
        if "error" in result:
            raise RuntimeError(f"{statement}: {result['error']}")
        return result

    def write(self, database, line):
        """Stores points in line protocol; times are in milliseconds."""
        self._post("/write", {"db": database, "precision": "ms"}, line)


def answers(url, limit=1.0):
    """Whether GET /ping at this server gets an answer, as a client sees it."""
    try:
        with urllib.request.urlopen(f"{url}/ping", timeout=limit):
            return True
    except OSError:
        return False
