# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates for the TLS tests, made when they are needed with the openssl command."""
import datetime
import pathlib
import subprocess
import typing

CONFIG = """\
[ca]
default_ca = test
[test]
database = {0}/index.txt
new_certs_dir = {0}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
[leaf]
subjectAltName = {1}
"""


class Certificate(typing.NamedTuple):
    """Paths of a certificate and its private key, both PEM."""

    cert: str
    key: str


def openssl(*arguments):
    """Runs openssl; a failure shows what it said."""
    done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, f"openssl {arguments[0]}: {done.stderr}"


def stamp(days):
    """Now plus days, as openssl writes it."""
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """A CA in a directory."""

    def __init__(self, directory, name):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        (self.directory / "index.txt").touch()
        key = self.make_key("ca")
        self.cert = str(self.directory / "ca.pem")
        openssl("req", "-x509", "-new", "-key", key, "-config", self.config("DNS:ca"), "-days",
                "30", "-extensions", "authority", "-subj", f"/CN={name}", "-out", self.cert)
        self.key = key

    def config(self, names):
        """Writes a configuration for the given subjectAltName."""
        path = self.directory / "openssl.cnf"
        path.write_text(CONFIG.format(self.directory, names), encoding="ascii")
        return str(path)

    def make_key(self, name):
        """A private key that only its owner can read."""
        path = self.directory / f"{name}.key"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(path))
        path.chmod(0o600)
        return str(path)

    def issue(self, name, names, begins_days=-1, ends_days=365):
        """A certificate for subjectAltName names, valid between two offsets from now."""
        key = self.make_key(name)
        request = str(self.directory / f"{name}.csr")
        cert = str(self.directory / f"{name}.pem")
        config = self.config(names)
        openssl("req", "-new", "-key", key, "-config", config, "-subj", f"/CN={name}", "-out",
                request)
        openssl("ca", "-batch", "-notext", "-config", config, "-extensions", "leaf", "-cert",
                self.cert, "-keyfile", self.key, "-startdate", stamp(begins_days), "-enddate",
                stamp(ends_days), "-in", request, "-out", cert)
        return Certificate(cert, key)
