# SPDX-License-Identifier: GPL-2.0-or-later
"""Two nodes on one Ethernet segment: network namespaces n1 and n2, joined by a bridge.

The nodes have the interface and the addresses of keepalived-examples/, so the example files can be
used as they are. The bridge is in the lab's own network namespace and has an address too: what
runs there sees the nodes as a client does.
"""
from dataclasses import dataclass

from commands import must

INTERFACE = "ens160"
BRIDGE = "lab0"
CLIENT_ADDRESS = "192.168.231.1"
VIRTUAL_ADDRESS = "192.168.231.40"
PREFIX_LENGTH = 24


@dataclass(frozen=True)
class Node:
    """A network namespace that stands for a server."""

    name: str
    address: str

    def command(self, argv):
        """The command that runs argv in this namespace; exec only, so it keeps the process id."""
        return ["nsenter", f"--net=/run/netns/{self.name}", "--", *argv]

    def has_address(self, address):
        """Whether the address is on the node's interface."""
        shown = must(["ip", "-o", "-4", "address", "show", "dev", INTERFACE], self)
        return f" {address}/" in shown


NODES = (Node("n1", "192.168.231.11"), Node("n2", "192.168.231.12"))


def _ip(*words):
    return must(["ip", *words])


def _add_node(node):
    port = f"{BRIDGE}-{node.name}"
    _ip("netns", "add", node.name)
    _ip("link", "add", port, "type", "veth", "peer", "name", INTERFACE, "netns", node.name)
    _ip("link", "set", port, "master", BRIDGE, "up")
    _ip("-n", node.name, "link", "set", "lo", "up")
    _ip("-n", node.name, "link", "set", INTERFACE, "up")
    _ip("-n", node.name, "address", "add", f"{node.address}/{PREFIX_LENGTH}", "dev", INTERFACE)


def add_nodes():
    """Makes bridge and nodes; they last as long as the lab. Gives the nodes."""
    _ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
    _ip("link", "set", BRIDGE, "up")
    _ip("address", "add", f"{CLIENT_ADDRESS}/{PREFIX_LENGTH}", "dev", BRIDGE)
    for node in NODES:
        _add_node(node)
    return NODES
