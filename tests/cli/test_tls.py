# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS: verified by default, every option of it, and what is no TLS at all."""
import os
import pathlib
import shutil

import pytest

from certificates import openssl
from recorded import product
from running import expect
from scripted_server import at_once, by_path, cuts_off, says_nothing, tls_context

V18 = "influxdb-1.8.10"
TIMEOUT_MS = 300


@pytest.fixture(name="serve_tls")
def fixture_serve_tls(serve, pki):
    """Starts a healthy server with one of the certificates."""

    def start(name, client_ca=None, **keywords):
        context = tls_context(pki[name], client_ca)
        return serve(by_path(product(V18)), tls=context, **keywords)

    return start


def ask(check, server, *options, **keywords):
    """Runs the check on a TLS server."""
    return check("--format=json", f"--url={server.url}", *options, **keywords)


def test_good_certificate(check, serve_tls, pki):
    """A certificate of --cacert for the URL's host; its rest of life is a metric."""
    result = ask(check, serve_tls("good"), f"--cacert={pki['ca']}")
    expect(result, "OK", "ok")
    # The CA ends before the certificate, and it is sent by no server: the leaf counts.
    assert 360 < result.verdict["metrics"]["certificate_validity_days"] < 366


def test_phases(check, serve_tls, pki):
    """The handshake is a step of its own."""
    verdict = ask(check, serve_tls("good"), f"--cacert={pki['ca']}").verdict
    assert [step["phase"] for step in verdict["steps"]] == ["connect", "tls", "request", "request"]


BAD = ("expired", "wrong-host", "unknown-ca")


@pytest.mark.parametrize("name", BAD)
def test_bad_certificate(check, serve_tls, pki, name):
    """What cannot be verified is not asked."""
    server = serve_tls(name)
    expect(ask(check, server, f"--cacert={pki['ca']}"), "UNKNOWN", "tls_verify_failed", "tls")
    assert server.requests == []


def test_verifies_by_default(check, serve_tls):
    """Without any option an unknown CA is refused."""
    server = serve_tls("good")
    expect(ask(check, server), "UNKNOWN", "tls_verify_failed", "tls")
    assert server.requests == []


def test_environment_does_not_weaken_verification(check, serve_tls, pki):
    """Variables that the openssl and curl commands heed name no CA for us."""
    server = serve_tls("good")
    environment = {"CURL_CA_BUNDLE": pki["ca"], "SSLKEYLOGFILE": os.devnull}
    expect(ask(check, server, env=environment), "UNKNOWN", "tls_verify_failed", "tls")


@pytest.mark.parametrize("name", ("good", *BAD))
def test_insecure(check, serve_tls, name):
    """--insecure takes any certificate."""
    expect(ask(check, serve_tls(name), "--insecure"), "OK", "ok")


def test_insecure_still_tells_the_end(check, serve_tls):
    """--insecure and --min-cert-days go together."""
    expect(ask(check, serve_tls("ending"), "--insecure", "--min-cert-days=14"), "WARNING",
           "cert_expiring")


@pytest.mark.parametrize("name, state, reason", [("good", "OK", "ok"),
                                                 ("unknown-ca", "UNKNOWN", "tls_verify_failed")])
def test_capath(check, serve_tls, pki, tmp_path, name, state, reason):
    """--capath is a directory as openssl rehash makes it."""
    directory = tmp_path / "capath"
    directory.mkdir()
    shutil.copy(pki["ca"], directory / "ca.pem")
    openssl("rehash", str(directory))
    expect(ask(check, serve_tls(name), f"--capath={directory}"), state, reason)


def test_server_name(check, serve_tls, pki):
    """--server-name is verified and sent as SNI and Host; the connection goes to the URL's host."""
    server = serve_tls("wrong-host")
    result = ask(check, server, f"--cacert={pki['ca']}", "--server-name=influx.example")
    expect(result, "OK", "ok")
    assert server.server_names == ["influx.example"]
    assert server.requests[0].header("Host") == f"influx.example:{server.port}"


def test_server_name_that_the_certificate_lacks(check, serve_tls, pki):
    """Another name fails, even if the URL's host would do."""
    server = serve_tls("good")
    expect(ask(check, server, f"--cacert={pki['ca']}", "--server-name=influx.example"), "UNKNOWN",
           "tls_verify_failed", "tls")


@pytest.mark.parametrize("days, state, reason", [(14, "WARNING", "cert_expiring"),
                                                 (2, "OK", "ok")])
def test_min_cert_days(check, serve_tls, pki, days, state, reason):
    """A certificate that ends within so many days is a WARNING."""
    result = ask(check, serve_tls("ending"), f"--cacert={pki['ca']}", f"--min-cert-days={days}")
    expect(result, state, reason)
    assert 4 < result.verdict["metrics"]["certificate_validity_days"] <= 5


@pytest.mark.parametrize("name", BAD)
def test_min_cert_days_still_verifies(check, serve_tls, pki, name):
    """--min-cert-days is no way around verification."""
    expect(ask(check, serve_tls(name), f"--cacert={pki['ca']}", "--min-cert-days=14"), "UNKNOWN",
           "tls_verify_failed", "tls")


def test_min_cert_days_hides_no_failure(check, serve, pki):
    """What is worse than an ending certificate is the verdict."""
    server = serve(by_path(product(V18, health="influxdb-main2x-source/health_fail")),
                   tls=tls_context(pki["ending"]))
    expect(ask(check, server, f"--cacert={pki['ca']}", "--min-cert-days=14"), "CRITICAL",
           "not_ready")


# Client certificates.


def client_options(pki, name):
    """Options for one of the client certificates."""
    return [f"--cacert={pki['ca']}", f"--cert={pki[name].cert}", f"--key={pki[name].key}"]


def test_client_certificate(check, serve_tls, pki):
    """--cert and --key, where the server wants them."""
    server = serve_tls("good", client_ca=pki["ca"])
    expect(ask(check, server, *client_options(pki, "client")), "OK", "ok")


def test_client_certificate_with_its_key(check, serve_tls, pki, tmp_path):
    """--cert alone may hold both."""
    both = tmp_path / "both.pem"
    text = "".join(pathlib.Path(path).read_text(encoding="ascii") for path in pki["client"])
    both.write_text(text, encoding="ascii")
    both.chmod(0o600)
    server = serve_tls("good", client_ca=pki["ca"])
    expect(ask(check, server, f"--cacert={pki['ca']}", f"--cert={both}"), "OK", "ok")


def test_client_certificate_missing(check, serve_tls, pki):
    """Without one the server says so, and that is about credentials."""
    server = serve_tls("good", client_ca=pki["ca"])
    expect(ask(check, server, f"--cacert={pki['ca']}"), "UNKNOWN", "auth_denied")


def test_client_certificate_of_another_ca(check, serve_tls, pki):
    """As with a wrong password."""
    server = serve_tls("good", client_ca=pki["ca"])
    expect(ask(check, server, *client_options(pki, "other-client")), "UNKNOWN", "auth_denied")


def test_wrong_key(check, serve_tls, pki):
    """A key that belongs to another certificate."""
    server = serve_tls("good", client_ca=pki["ca"])
    result = ask(check, server, f"--cacert={pki['ca']}", f"--cert={pki['client'].cert}",
                 f"--key={pki['other-client'].key}")
    expect(result, "UNKNOWN", "tls_setup")
    assert server.requests == []


def test_world_readable_key(check, serve_tls, pki, tmp_path):
    """A key that everybody can read is not used."""
    key = tmp_path / "open.key"
    shutil.copy(pki["client"].key, key)
    key.chmod(0o644)
    server = serve_tls("good", client_ca=pki["ca"])
    result = ask(check, server, f"--cacert={pki['ca']}", f"--cert={pki['client'].cert}",
                 f"--key={key}")
    expect(result, "UNKNOWN", "secret_unusable", text=str(key))
    assert "--key" in result.verdict["text"]
    assert server.connections == 0


def test_world_readable_key_in_the_certificate(check, serve_tls, pki, tmp_path):
    """The same for a key within --cert."""
    both = tmp_path / "both.pem"
    text = "".join(pathlib.Path(path).read_text(encoding="ascii") for path in pki["client"])
    both.write_text(text, encoding="ascii")
    both.chmod(0o644)
    server = serve_tls("good", client_ca=pki["ca"])
    result = ask(check, server, f"--cacert={pki['ca']}", f"--cert={both}")
    expect(result, "UNKNOWN", "secret_unusable", text=str(both))
    assert server.connections == 0


def test_key_with_a_passphrase(check_in_time, serve_tls, pki, tmp_path):
    """Nobody is there to be asked."""
    key = tmp_path / "locked.key"
    openssl("ec", "-in", pki["client"].key, "-aes128", "-passout", "pass:secret", "-out", str(key))
    key.chmod(0o600)
    server = serve_tls("good", client_ca=pki["ca"])
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url={server.url}",
                           f"--cacert={pki['ca']}", f"--cert={pki['client'].cert}", f"--key={key}")
    expect(result, "UNKNOWN", "tls_setup")


# Files that cannot be used.


@pytest.mark.parametrize("option", ["cacert", "capath", "cert", "key"])
def test_missing_file(check, serve_tls, pki, option):
    """The option and the file are named, and nothing is sent."""
    options = {"cacert": f"--cacert={pki['ca']}", "cert": f"--cert={pki['client'].cert}",
               option: f"--{option}=/nonexistent/file"}
    server = serve_tls("good")
    result = ask(check, server, *options.values())
    expect(result, "UNKNOWN", "tls_setup", "tls", text="/nonexistent/file")
    assert f"--{option}" in result.verdict["text"]
    assert server.connections == 0


@pytest.mark.parametrize("option", ["cacert", "cert"])
def test_file_without_certificate(check, serve_tls, pki, secret_file, option):
    """A file that is no PEM."""
    path = secret_file("hello")
    options = {"cacert": f"--cacert={pki['ca']}", option: f"--{option}={path}"}
    server = serve_tls("good")
    expect(ask(check, server, *options.values()), "UNKNOWN", "tls_setup")
    assert server.requests == []


# No TLS.


def test_plain_http_on_the_tls_port(check, serve, pki):
    """The port answers, but in clear."""
    server = serve(at_once(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
    result = check("--format=json", f"--url=https://127.0.0.1:{server.port}",
                   f"--cacert={pki['ca']}")
    expect(result, "CRITICAL", "tls_failed", "tls")


def test_tls_on_the_plain_port(check, serve_tls):
    """http:// on a TLS port is no InfluxDB."""
    server = serve_tls("good")
    result = check("--format=json", f"--url=http://127.0.0.1:{server.port}")
    assert result.summary in [("CRITICAL", "unexpected_answer"), ("CRITICAL", "connection_closed")]


def test_handshake_that_hangs(check_in_time, serve, pki):
    """The deadline holds there too, and the phase says so."""
    server = serve(says_nothing)
    result = check_in_time(TIMEOUT_MS, "--format=json", f"--url=https://127.0.0.1:{server.port}",
                           f"--cacert={pki['ca']}")
    expect(result, "CRITICAL", "timeout", "tls")


def test_handshake_that_is_cut(check, serve, pki):
    """Half a handshake."""
    server = serve(cuts_off(b"\x16\x03\x03\x00\x7a\x02\x00"))
    result = check("--format=json", f"--url=https://127.0.0.1:{server.port}",
                   f"--cacert={pki['ca']}")
    expect(result, "CRITICAL", "tls_failed", "tls")


def test_redirect_to_an_unverified_server(check, serve, serve_tls, pki):
    """A followed redirect is verified like the first URL."""
    other = serve_tls("unknown-ca")
    head = f"HTTP/1.1 301 Moved\r\nLocation: {other.url}/ping\r\nContent-Length: 0\r\n\r\n"
    server = serve(by_path({}, head.encode()))
    expect(check("--format=json", f"--url={server.url}", f"--cacert={pki['ca']}",
                 "--max-redirects=1"), "UNKNOWN", "tls_verify_failed")
    assert other.requests == []


def test_redirect_out_of_tls(check, serve, pki):
    """Nothing leads from https to http, where the token would go in clear."""
    other = serve(by_path(product(V18)))
    head = f"HTTP/1.1 301 Moved\r\nLocation: {other.url}/ping\r\nContent-Length: 0\r\n\r\n"
    server = serve(by_path({}, head.encode()), tls=tls_context(pki["good"]))
    result = ask(check, server, f"--cacert={pki['ca']}", "--max-redirects=1")
    assert result.code == 1 and len(server.requests) == 1
    assert other.connections == 0
