# SPDX-License-Identifier: GPL-2.0-or-later
"""Credentials, rights and databases of a real influxd with authentication.

None of these may move the virtual IP: they would be the same on both nodes.
"""
import contextlib

import pytest

from influxd import ADMIN, Influxd

PASSWORDS = {"writer": "writer-password", "reader": "reader-password", "nobody": "nobody-password"}


@pytest.fixture(scope="module")
def server():
    """influxd with authentication, and users that may write, read, and nothing."""
    with contextlib.closing(Influxd(auth=True)) as influxd:
        influxd.query("CREATE DATABASE keepwell")
        for user, password in PASSWORDS.items():
            influxd.query(f"CREATE USER {user} WITH PASSWORD '{password}'")
        influxd.query("GRANT ALL ON keepwell TO writer")
        influxd.query("GRANT READ ON keepwell TO reader")
        yield influxd


@pytest.fixture
def log_in(server, check, secret_file):
    """Checks the database at a level as a user."""

    def run_check(user, level, password=None, database="keepwell"):
        path = secret_file(password or PASSWORDS[user])
        return check(f"--level={level}", f"--database={database}", f"--username={user}",
                     f"--password-file={path}")

    return run_check


def test_writer_may_write(log_in):
    assert log_in("writer", "write").verdict == (0, "OK", "ok")


def test_reader_may_query(log_in):
    assert log_in("reader", "query").verdict == (0, "OK", "ok")


def test_reader_lacks_a_grant_to_write(log_in):
    checked = log_in("reader", "write")
    assert checked.verdict == (0, "UNKNOWN", "grant_missing")
    assert 'GRANT WRITE ON "keepwell" TO "reader"' in checked.text


def test_user_without_rights_lacks_a_grant_to_read(log_in):
    checked = log_in("nobody", "query")
    assert checked.verdict == (0, "UNKNOWN", "grant_missing")
    assert 'GRANT READ ON "keepwell" TO "nobody"' in checked.text


@pytest.mark.parametrize("level", ["query", "write"])
def test_wrong_password_is_denied(log_in, level):
    checked = log_in("writer", level, password="not-the-password")
    assert checked.verdict == (0, "UNKNOWN", "auth_denied")
    assert "not-the-password" not in str(checked.report)


def test_no_credentials_are_denied(server, check):
    assert check("--level=query").verdict == (0, "UNKNOWN", "auth_denied")


def test_unknown_fails_if_asked(server, check):
    checked = check("--level=query", "--unknown=fail")
    assert checked.verdict == (1, "UNKNOWN", "auth_denied")


@pytest.mark.parametrize("level", ["query", "write"])
def test_database_that_does_not_exist_is_missing(log_in, level):
    user, password = ADMIN
    checked = log_in(user, level, password, "nonesuch")
    assert checked.verdict == (0, "UNKNOWN", "database_missing")
    assert "nonesuch" in checked.text


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602], ids=oct)
def test_token_file_open_to_everybody_is_not_used(server, check, secret_file, mode):
    token = secret_file(f"writer:{PASSWORDS['writer']}", mode)
    checked = check("--level=query", f"--token-file={token}")
    assert checked.verdict == (0, "UNKNOWN", "secret_unusable")
    assert str(token) in checked.text
    assert PASSWORDS["writer"] not in str(checked.report)
