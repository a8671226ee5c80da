"""Listeners with certificates, and behind proxies."""

import http.client
import json
import os
import signal
import socket
import ssl
import struct
import subprocess

import pytest

from muster_server import MusterServer, wait_for
from wire_client import Closed, Handshake, WireClient


def make_certificate(folder, name="server"):
    """A self-signed certificate for 127.0.0.1; its serial number."""
    certificate, key = (os.path.join(folder, f"{name}.{end}") for end in ("pem", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


CONFIG = """
[server]
name = "edge"

[admin]
certificate = "{certificate}"
key = "{key}"

[proxy]
trusted = ["127.0.0.2", "10.0.0.0/8"]

[[listener]]
name = "plain"
address = "127.0.0.1:0"

[[listener]]
name = "public"
address = "127.0.0.1:0"
certificate = "{certificate}"
key = "{key}"

[[listener]]
name = "proxied"
address = "127.0.0.1:0"
proxy_protocol = true

[[listener]]
name = "proxied-tls"
address = "127.0.0.1:0"
certificate = "{certificate}"
key = "{key}"
proxy_protocol = true

[[channel]]
name = "plain"
path = "/same"
listener = "plain"
services_allowed = ["ping", "echo"]

[[channel]]
name = "secure"
path = "/same"
listener = "public"
services_allowed = ["ping", "echo"]

[[channel]]
name = "other"
path = "/other"
listener = "public"
services_allowed = ["ping", "echo"]

[[channel]]
name = "proxied"
path = "/proxied"
listener = "proxied"

[[channel]]
name = "proxied-tls"
path = "/proxied"
listener = "proxied-tls"
"""


class SecureServer(MusterServer):
    """Asks its admin endpoint over https."""

    authorities = None

    def request(self, method, path, body=None, token=None, headers=None, timeout=30, raw=None):
        context = ssl.create_default_context(cafile=self.authorities)
        connection = http.client.HTTPSConnection("127.0.0.1", self.admin_port, timeout=timeout,
                                                 context=context)
        original = http.client.HTTPConnection
        http.client.HTTPConnection = lambda *_, **__: connection
        try:
            return super().request(method, path, body, token, headers, timeout, raw)
        finally:
            http.client.HTTPConnection = original


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("certificates"))
    certificate, key = make_certificate(folder)
    server = SecureServer(config=CONFIG.format(certificate=certificate, key=key), listen=None)
    server.authorities = certificate
    with server:
        yield server


def secure_socket(server, listener="public", sock=None, **options):
    context = ssl.create_default_context(cafile=server.authorities)
    for name, value in options.items():
        setattr(context, name, value)
    sock = sock or socket.create_connection(("127.0.0.1", server.port_of(listener)), timeout=10)
    return context.wrap_socket(sock, server_hostname="127.0.0.1")


def secure_client(server, path, client_id, listener="public", headers=None, sock=None, **options):
    client = WireClient(0, path, headers, sock=secure_socket(server, listener, sock, **options))
    assert client.create_session(client_id)["meta"]["status"] == 200
    return client


def row_of(server, client_id):
    return next(r for r in server.connections() if r["client_id"] == client_id)


def test_wss_and_https(edge):
    assert edge.admin_url.startswith("https://")
    assert any("wss://" in line and "(public)" in line for line in edge.lines)
    assert any("ws://" in line and "(plain)" in line for line in edge.lines)
    with secure_client(edge, "/same", "tls") as client:
        assert client.call("echo", "x" * 100000)["data"] == "x" * 100000
        row = row_of(edge, "tls")
        assert row["channel"] == "secure" and row["tls"].startswith("TLSv1.3")
        assert row["server_name"] == "edge"
        assert row["local_address"] == f"127.0.0.1:{edge.port_of('public')}"
        rows = edge.connections(selector='tls exists and tls ~ "TLSv1.3*"')
        assert [r["client_id"] for r in rows] == ["tls"]


def test_a_path_belongs_to_its_listener(edge):
    with WireClient(edge.port_of("plain"), "/same") as client:
        client.create_session("plain")
        row = row_of(edge, "plain")
        assert row["channel"] == "plain" and row["tls"] is None
    for path in ("/other", "/proxied"):
        with pytest.raises(Handshake) as refused:
            WireClient(edge.port_of("plain"), path)
        assert refused.value.status == 404


def test_frames_of_many_tls_records_and_records_of_many_frames(edge):
    with secure_client(edge, "/other", "records") as client:
        ids = [client.send_request({"service": "echo", "request": n}) for n in range(50)]
        answers = [client.receive_json() for _ in ids]
        assert sorted(a["meta"]["in_reply_to"] for a in answers) == sorted(ids)
        head_and_tail = json.dumps({"meta": {"id": "slow", "timestamp": "t",
                                             "action": "invoke-service", "token": client.token},
                                    "data": {"service": "echo", "request": 5}}).encode()
        head = bytes([0x81, 0x80 | 126]) + struct.pack(">H", len(head_and_tail)) + b"\0\0\0\0"
        for byte in head + head_and_tail:
            client.send_raw(bytes([byte]))
        assert client.receive_json()["data"] == 5


@pytest.mark.parametrize("version, accepted", [
    (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
    (ssl.TLSVersion.TLSv1_3, True)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(edge, version, accepted):
    options = {"maximum_version": version, "minimum_version": version}
    if accepted:
        with secure_client(edge, "/same", "version", **options) as client:
            assert client.call("ping")["meta"]["status"] == 200
    else:
        with pytest.raises((ssl.SSLError, OSError)):
            secure_socket(edge, **options)


def test_what_is_no_tls_is_hung_up_on_and_hurts_nobody(edge):
    with WireClient(edge.port_of("public"), connect=False) as client:
        client.send_raw(b"GET /same HTTP/1.1\r\nHost: a\r\n\r\n")
        with pytest.raises((Closed, OSError)):
            while True:
                client._more()
    half = socket.create_connection(("127.0.0.1", edge.port_of("public")))
    half.sendall(b"\x16\x03\x01\x02\x00\x01")
    with secure_client(edge, "/same", "calm") as client:
        assert client.call("ping")["meta"]["status"] == 200
    half.close()


def test_a_cut_without_close_notify_ends_the_connection(edge):
    client = secure_client(edge, "/same", "cut")
    assert edge.connections(client_id="cut")
    os.close(client.socket.detach())
    wait_for(lambda: not edge.connections(client_id="cut"), 2, "the row to go")


def test_a_proper_close_over_tls(edge):
    with secure_client(edge, "/same", "proper") as client:
        assert client.close(1000) == 1000
        wait_for(lambda: not edge.connections(client_id="proper"), 2, "the row to go")


def test_https_cookies_are_secure(edge):
    body = {"username": "ida", "password": "the password of ida", "role": "viewer"}
    assert edge.post("users", body).status == 201
    answer = edge.request("POST", "session", {k: body[k] for k in ("username", "password")},
                          token="")
    assert "; Secure" in answer.headers["set-cookie"]


def test_sighup_reads_the_certificate_again_and_drops_nobody(tmp_path):
    certificate, key = make_certificate(str(tmp_path))
    server = SecureServer(config=CONFIG.format(certificate=certificate, key=key), listen=None)
    server.authorities = certificate

    def shown(port):
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
            with context.wrap_socket(sock) as secure:
                return secure.getpeercert(binary_form=True)

    with server:
        ports = (server.port_of("public"), server.admin_port)
        old = shown(ports[0])
        with secure_client(server, "/same", "stays") as client:
            with open(key, "w", encoding="ascii") as file:
                file.write("this is no key")
            server.process.send_signal(signal.SIGHUP)
            wait_for(lambda: "the old certificate" in server.log_text(), 5, "the complaint")
            assert os.path.basename(key) in server.log_text()
            assert [shown(port) for port in ports] == [old, old]
            make_certificate(str(tmp_path))
            server.process.send_signal(signal.SIGHUP)
            wait_for(lambda: all(shown(port) != old for port in ports), 5, "the new certificate")
            assert client.call("ping")["meta"]["status"] == 200
            assert row_of(server, "stays")["state"] == "ready"


@pytest.mark.parametrize("what", ["missing", "other key", "no certificate"])
def test_a_bad_certificate_is_said_at_the_start(tmp_path, what):
    certificate, key = make_certificate(str(tmp_path))
    if what == "missing":
        os.remove(certificate)
    elif what == "other key":
        key = make_certificate(str(tmp_path), "other")[1]
    else:
        with open(certificate, "w", encoding="ascii") as file:
            file.write("nonsense")
    server = MusterServer(config=CONFIG.format(certificate=certificate, key=key), listen=None)
    try:
        server.start(wait=False)
        assert server._end(15) not in (0, None)
        assert str(tmp_path) in server.log_text() + server.output()
    finally:
        server.kill()


# Proxies --------------------------------------------------------------------------------------


def from_address(ip, port):
    """A socket that comes from that address of this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(ip, 0))


@pytest.mark.parametrize("ip, headers, believed", [
    ("127.0.0.2", {"X-Forwarded-For": "203.0.113.7"}, "203.0.113.7"),
    ("127.0.0.2", {"X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.1.2.3"}, "203.0.113.7"),
    ("127.0.0.2", {"Forwarded": 'for="[2001:db8::1]:4711";proto=https'}, "2001:db8::1"),
    ("127.0.0.2", {"Forwarded": "for=203.0.113.9;by=1.2.3.4, for=10.0.0.1"}, "203.0.113.9"),
    ("127.0.0.2", {"X-Forwarded-For": "nonsense"}, None),
    ("127.0.0.2", {"X-Forwarded-For": "203.0.113.7, <script>"}, None),
    ("127.0.0.2", {"X-Forwarded-For": ""}, None),
    ("127.0.0.2", {"Forwarded": "for=unknown"}, None),
    ("127.0.0.2", {}, None),
    ("127.0.0.3", {"X-Forwarded-For": "203.0.113.7"}, None),
    ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7"}, None)])
def test_only_trusted_proxies_are_believed(edge, ip, headers, believed):
    sock = from_address(ip, edge.port_of("plain"))
    with WireClient(0, "/same", headers, sock=sock) as client:
        client.create_session("forwarded")
        row = row_of(edge, "forwarded")
        assert row["remote_address"] == f"{ip}:{sock.getsockname()[1]}"
        assert row["forwarded_for"] == believed
    wait_for(lambda: not edge.connections(client_id="forwarded"), 2, "the row to go")


V2 = b"\r\n\r\n\0\r\nQUIT\n"


def v2_tcp4(source, port, command=0x21, more=b""):
    addresses = socket.inet_aton(source) + socket.inet_aton("127.0.0.1") + struct.pack(
        ">HH", port, 443) + more
    return V2 + bytes([command, 0x11]) + struct.pack(">H", len(addresses)) + addresses


def v2_tcp6(source, port):
    addresses = (socket.inet_pton(socket.AF_INET6, source)
                 + socket.inet_pton(socket.AF_INET6, "::1") + struct.pack(">HH", port, 443))
    return V2 + bytes([0x21, 0x21]) + struct.pack(">H", len(addresses)) + addresses


@pytest.mark.parametrize("header, believed", [
    (b"PROXY TCP4 203.0.113.7 127.0.0.1 5555 443\r\n", "203.0.113.7"),
    (b"PROXY TCP6 2001:db8::7 ::1 5555 443\r\n", "2001:db8::7"),
    (b"PROXY UNKNOWN\r\n", None),
    (v2_tcp4("203.0.113.8", 5555), "203.0.113.8"),
    (v2_tcp4("203.0.113.8", 5555, more=b"\x04\x00\x02ab"), "203.0.113.8"),
    (v2_tcp6("2001:db8::9", 5555), "2001:db8::9"),
    (V2 + b"\x20\x00\x00\x00", None)])
@pytest.mark.parametrize("pieces", [False, True])
def test_the_proxy_protocol(edge, header, believed, pieces):
    sock = from_address("127.0.0.2", edge.port_of("proxied"))
    if pieces:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in header:
            sock.sendall(bytes([byte]))
    else:
        sock.sendall(header)
    with WireClient(0, "/proxied", sock=sock) as client:
        client.create_session("by-proxy")
        row = row_of(edge, "by-proxy")
        assert row["forwarded_for"] == believed
        # The socket's own peer is kept beside.
        assert row["remote_address"] == f"127.0.0.2:{sock.getsockname()[1]}"
    wait_for(lambda: not edge.connections(client_id="by-proxy"), 2, "the row to go")


def test_the_proxy_protocol_before_tls(edge):
    sock = from_address("127.0.0.2", edge.port_of("proxied-tls"))
    sock.sendall(v2_tcp4("203.0.113.10", 7777))
    with secure_client(edge, "/proxied", "both", sock=sock):
        row = row_of(edge, "both")
        assert row["forwarded_for"] == "203.0.113.10" and row["tls"]


@pytest.mark.parametrize("first", [
    b"", b"PROXY TCP4 999.1.1.1 127.0.0.1 5555 443\r\n", b"PROXY NONSENSE\r\n",
    b"PROXY TCP4 " + b"1" * 200 + b"\r\n", V2 + b"\x31\x11\x00\x00", b"\x16\x03\x01\x02\x00",
    V2 + b"\x21\x11\x00\x02ab"])
def test_a_listener_for_proxies_refuses_what_has_no_header(edge, first):
    sock = from_address("127.0.0.2", edge.port_of("proxied"))
    sock.sendall(first)
    with pytest.raises((Handshake, Closed, OSError)) as refused:
        WireClient(0, "/proxied", sock=sock)
    if isinstance(refused.value, Handshake):
        assert refused.value.status == 400
    sock.close()


def test_a_stranger_cannot_speak_as_a_proxy(edge):
    sock = from_address("127.0.0.3", edge.port_of("proxied"))
    sock.sendall(b"PROXY TCP4 203.0.113.7 127.0.0.1 5555 443\r\n")
    try:
        with WireClient(0, "/proxied", sock=sock) as client:
            client.create_session("stranger")
            row = row_of(edge, "stranger")
            assert row["forwarded_for"] is None
            assert row["remote_address"].startswith("127.0.0.3:")
    except (Handshake, Closed, OSError):
        pass
