"""Section 1 of the protocol: the upgrade, and all that is none."""

import base64
import hashlib
import json
import socket
import time

import pytest

from wire_client import Handshake, WireClient, upgrade_request

BAD_REQUEST = {"error": "Bad request"}
NOT_FOUND = {"error": "Not found"}


def exchange(server, text):
    """Sends raw bytes and reads one answer."""
    with WireClient(server.ws_port, connect=False) as client:
        client.send_raw(text)
        status, headers, body = client.read_head()
        return status, headers, json.loads(body)


def test_accepts_as_the_rfc_says(server):
    key = base64.b64encode(b"0123456789abcdef").decode()
    with WireClient(server.ws_port, "/open", {"Sec-WebSocket-Key": key}) as client:
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert client.headers["sec-websocket-accept"] == base64.b64encode(digest).decode()
        assert client.headers["upgrade"] == "websocket"
        assert client.headers["connection"] == "Upgrade"
        assert "sec-websocket-protocol" not in client.headers
        assert "sec-websocket-extensions" not in client.headers


def test_the_query_is_ignored_and_the_path_is_exact(server):
    WireClient(server.ws_port, "/open?a=b&c").socket.close()
    for path in ("/open/", "/Open", "/ope", "/", "/open%2F"):
        with pytest.raises(Handshake) as refused:
            WireClient(server.ws_port, path)
        assert refused.value.status == 404
        assert json.loads(refused.value.body) == NOT_FOUND


def test_the_subprotocol_is_chosen_only_when_it_is_offered(server):
    with WireClient(server.ws_port, "/open",
                    {"Sec-WebSocket-Protocol": "other, muster.v1"}) as client:
        assert client.headers["sec-websocket-protocol"] == "muster.v1"
    with WireClient(server.ws_port, "/open", {"Sec-WebSocket-Protocol": "other"}) as client:
        assert "sec-websocket-protocol" not in client.headers


@pytest.mark.parametrize("headers", [
    {"Upgrade": None},
    {"Upgrade": "h2c"},
    {"Connection": None},
    {"Connection": "close"},
    {"Sec-WebSocket-Version": None},
    {"Sec-WebSocket-Version": "8"},
    {"Sec-WebSocket-Version": "13, 8"},
    {"Sec-WebSocket-Key": None},
    {"Sec-WebSocket-Key": ""},
    {"Sec-WebSocket-Key": "short"},
    {"Sec-WebSocket-Key": base64.b64encode(b"only fifteen by").decode()},
    {"Sec-WebSocket-Key": "!!!!!!!!!!!!!!!!!!!!!!=="},
], ids=str)
def test_what_is_no_upgrade_is_a_400(server, headers):
    status, answer, body = exchange(server, upgrade_request("/open", headers))
    assert status == 400
    assert body == BAD_REQUEST
    assert answer["sec-websocket-version"] == "13"


@pytest.mark.parametrize("change", [
    lambda text: text.replace(b"\r\nHost:", b"\r\nHost: other\r\nHost:"),
    lambda text: text.replace(b"\r\nHost: 127.0.0.1", b""),
    lambda text: text.replace(b"\r\nUpgrade:", b"\r\nX-Folded: a\r\n b\r\nUpgrade:"),
    lambda text: text.replace(b"Sec-WebSocket-Key", b"Sec-WebSocket-Key: "
                              + base64.b64encode(b"x" * 16) + b"\r\nSec-WebSocket-Key"),
    lambda text: text.replace(b"GET ", b"POST "),
    lambda text: text.replace(b"HTTP/1.1", b"HTTP/1.0"),
    lambda text: text.replace(b"\r\nUpgrade:", b"\r\nBad Name: x\r\nUpgrade:"),
    lambda text: text.replace(b"\r\nUpgrade:", b"\r\nX: a\x00b\r\nUpgrade:"),
    lambda text: text.replace(b"\r\n\r\n",
                              b"\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
], ids=["two hosts", "no host", "folding", "two keys", "post", "http 1.0", "bad name", "nul",
        "length and encoding"])
def test_malformed_heads_are_a_400(server, change):
    status, _, body = exchange(server, change(upgrade_request("/open")))
    assert status == 400
    assert body == BAD_REQUEST


def test_nonsense_is_a_400_or_the_end(server):
    for text in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"hello\r\n\r\n",
                 b"GET\r\n\r\n", b"\r\n\r\n\r\n"):
        with WireClient(server.ws_port, connect=False) as client:
            client.send_raw(text)
            client.socket.shutdown(socket.SHUT_WR)
            answer = b""
            while True:
                more = client.socket.recv(4096)
                if not more:
                    break
                answer += more
            assert answer == b"" or answer.startswith(b"HTTP/1.1 400"), answer


def test_a_plain_request_is_400_on_a_channel_and_404_elsewhere(server):
    for path, wanted in (("/open", 400), ("/elsewhere", 404)):
        status, _, _ = exchange(server, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert status == wanted


def test_a_head_may_have_16_kib(server):
    def head(size):
        text = upgrade_request("/open", {"X-Fill": ""})
        return text.replace(b"X-Fill: ", b"X-Fill: " + b"a" * (size - len(text)))

    with WireClient(server.ws_port, connect=False) as client:
        client.send_raw(head(16384))
        assert client.read_head()[0] == 101
    status, _, _ = exchange(server, head(16385))
    assert status == 431
    status, _, _ = exchange(server, b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert status == 431


def test_a_handshake_that_is_not_finished_is_closed(server):
    with WireClient(server.ws_port, connect=False, timeout=15) as client:
        began = time.monotonic()
        client.send_raw(b"GET /open HTTP/1.1\r\n")
        while client.socket.recv(4096):
            pass
        assert 8 < time.monotonic() - began < 13


def test_a_head_may_come_in_pieces(server):
    with WireClient(server.ws_port, connect=False) as client:
        for octet in upgrade_request("/open"):
            client.send_raw(bytes([octet]))
        assert client.read_head()[0] == 101


def test_frames_right_behind_the_head_are_not_lost(server):
    from wire_client import TEXT, frame
    create = {"meta": {"id": "1", "action": "create-session", "timestamp": "t", "client_id": "c"}}
    with WireClient(server.ws_port, connect=False) as client:
        client.send_raw(upgrade_request("/open") + frame(TEXT, json.dumps(create).encode()))
        assert client.read_head()[0] == 101
        assert client.receive_json()["meta"]["status"] == 200


def test_foreign_origins_are_refused_where_a_channel_lists_its_own(server):
    server.create_channel(name="origins", path="/origins",
                          allowed_origins=["https://app.example.com"])
    WireClient(server.ws_port, "/origins").socket.close()
    WireClient(server.ws_port, "/origins",
               {"Origin": "https://app.example.com"}).socket.close()
    for origin in ("https://evil.example.com", "http://app.example.com",
                   "https://app.example.com.evil.org", "null"):
        with pytest.raises(Handshake) as refused:
            WireClient(server.ws_port, "/origins", {"Origin": origin})
        assert refused.value.status == 403


def test_inactive_channels_are_not_found(server):
    server.create_channel(name="inactive", path="/inactive", is_active=False)
    with pytest.raises(Handshake) as refused:
        WireClient(server.ws_port, "/inactive")
    assert refused.value.status == 404
    assert server.patch("channels/inactive", {"is_active": True}).status == 200
    WireClient(server.ws_port, "/inactive").socket.close()


def test_a_full_channel_refuses_with_503(server):
    server.create_channel(name="full", path="/full", max_connections=1)
    with WireClient(server.ws_port, "/full"):
        with pytest.raises(Handshake) as refused:
            WireClient(server.ws_port, "/full")
        assert refused.value.status == 503
        assert int(refused.value.headers["retry-after"]) > 0


def test_a_channel_may_bring_its_own_listener(server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server.create_channel(name="own", path="/own", listener=f"127.0.0.1:{port}")
    WireClient(port, "/own").socket.close()
    with pytest.raises(Handshake):
        WireClient(port, "/open")
    with pytest.raises(Handshake):
        WireClient(server.ws_port, "/own")
    assert server.delete("channels/own").status == 204
    with pytest.raises(OSError):
        for _ in range(200):
            WireClient(port, "/own", connect=False).socket.close()
            time.sleep(0.01)


def test_compression_is_only_where_the_channel_wants_it(server):
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    with WireClient(server.ws_port, "/open", offer) as client:
        assert "sec-websocket-extensions" not in client.headers
    server.create_channel(name="deflate", path="/deflate", permessage_deflate=True)
    with WireClient(server.ws_port, "/deflate", offer) as client:
        assert "permessage-deflate" in client.headers["sec-websocket-extensions"]
