# SPDX-License-Identifier: GPL-2.0-or-later
"""Every file of keepalived-examples/ is accepted by keepalived as it is."""
import os
import stat

import pytest

from keepalived import EXAMPLES, check_configuration

FILES = sorted(EXAMPLES.rglob("*.conf"))


def node_of(path, nodes):
    """The node whose address the file is for: ...server1.conf, ...server2.conf."""
    return nodes[int(path.stem[-1]) - 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_example_is_accepted(nodes, path):
    outcome = check_configuration(path, node_of(path, nodes))
    assert (outcome.code, outcome.output) == (0, "")


def test_there_are_examples():
    assert len(FILES) >= 2


@pytest.mark.parametrize("right, wrong", [
    ("/usr/bin/chk_influxdb ", "/usr/bin/chk_nonesuch "),
    ("interface ens160", "interface ens161"),
    ("user keepwell", "user nonesuch"),
], ids=["script", "interface", "user"])
def test_wrong_example_is_not_accepted(nodes, tmp_path, right, wrong):
    text = FILES[0].read_text(encoding="utf-8")
    assert right in text
    changed = tmp_path / "keepalived.conf"
    changed.write_text(text.replace(right, wrong), encoding="utf-8")
    assert check_configuration(changed, node_of(FILES[0], nodes)).code != 0


def test_check_is_installed_as_a_real_file_of_root():
    status = os.lstat("/usr/bin/chk_influxdb")
    assert stat.S_ISREG(status.st_mode)
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o755)
