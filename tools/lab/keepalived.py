# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of keepalived processes, one on each node, VRRP only."""
import contextlib
import re
import tempfile
from pathlib import Path

from commands import run
from events import LimitPassed, wait_until
from namespaces import VIRTUAL_ADDRESS
from processes import Process

START_LIMIT = 20
TOP = Path(__file__).resolve().parents[2]
EXAMPLES = TOP / "keepalived-examples"


def example(node):
    """The text of the InfluxDB example for this node."""
    number = node.name[1:]
    path = EXAMPLES / "influxdb" / f"keepalived-server{number}.conf"
    return path.read_text(encoding="utf-8")


def with_script(config, name, command):
    """The configuration with another command in one of its vrrp_script blocks."""
    pattern = rf'(vrrp_script {name} \{{.*?^\s*script )"[^"]*"'
    changed, n = re.subn(pattern, lambda match: f'{match[1]}"{command}"', config,
                         flags=re.DOTALL | re.MULTILINE)
    if n != 1:
        raise RuntimeError(f"no vrrp_script {name} in the configuration")
    return changed


class Keepalived:
    """keepalived on one node."""

    def __init__(self, node, config):
        self.node = node
        home = Path(tempfile.mkdtemp(prefix="keepalived-"))
        path = home / "keepalived.conf"
        path.write_text(config, encoding="utf-8")
        self.process = Process(
            ["keepalived", "--dont-fork", "--log-console", "--no-syslog", "--log-detail", "--vrrp",
             f"--use-file={path}", f"--pid={home}/main.pid", f"--vrrp_pid={home}/vrrp.pid"],
            node)
        self.lines = self.process.lines


def message(line):
    """What keepalived says in a line, without the date before it."""
    return line.text.partition(": ")[2]


class Pair:
    """keepalived on both nodes; `configure` gives a node's configuration."""

    def __init__(self, nodes, configure):
        self.members = {}
        with contextlib.ExitStack() as stack:
            stack.callback(self.close)
            for node in nodes:
                self.members[node.name] = Keepalived(node, configure(node))
            self.wait_for_holder(START_LIMIT)
            stack.pop_all()

    def close(self):
        """Ends both."""
        for member in self.members.values():
            member.process.stop()

    def holder(self):
        """The node that has the virtual IP; None while none or both have it."""
        holders = [member.node for member in self.members.values()
                   if member.node.has_address(VIRTUAL_ADDRESS)]
        return holders[0] if len(holders) == 1 else None

    def other(self, node):
        """The other node."""
        return next(member.node for name, member in self.members.items() if name != node.name)

    def lines(self, node):
        """What keepalived on this node printed."""
        return self.members[node.name].lines

    def wait_for_holder(self, limit, among=None):
        """Waits until one node has the virtual IP, one of `among` if given; gives the node."""
        try:
            return wait_until(lambda: self._holder_among(among), limit, "the virtual IP is there")
        except LimitPassed as passed:
            logs = "\n".join(f"{name}:\n{member.lines}" for name, member in self.members.items())
            raise LimitPassed(f"{passed}\n{logs}") from None

    def _holder_among(self, among):
        holder = self.holder()
        return holder if not among or holder in among else None


def check_configuration(path, node):
    """The outcome of `keepalived -t`.

    It runs as process 1 of a process namespace: there it has no parent, which keeps 2.2.5 to
    2.2.7 from mistaking the missing daemon for a dead one and ending by SIGTERM (acassen/keepalived
    pull request 2180).
    """
    return run(["unshare", "--pid", "--fork", "keepalived", "--config-test", f"--use-file={path}"],
               node)
