"""What the stock Python client of Zato 3.2 does, done byte by byte: it must work unchanged."""

import json
import socket
import threading
import time

from muster_server import wait_for
from wire_client import PING, PONG, TEXT, WireClient


class ZatoClient:
    """Speaks as the original does: its handshake, its frames, its five seconds, what it insists on."""

    def __init__(self, server, path, on_request):
        self.on_request = on_request
        self.answers = {}
        self.arrived = threading.Condition()
        self.token = ""
        self.counter = 0
        self.wire = WireClient(server.ws_port, connect=False,
                               sock=socket.create_connection(("127.0.0.1", server.ws_port)))
        self.shake_hands(server, path)
        self.wire.socket.settimeout(None)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def shake_hands(self, server, path):
        self.wire.send_raw((
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.ws_port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
            f"Origin: http://127.0.0.1:{server.ws_port}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.wire.socket.recv(1)
        lines = head.split(b"\r\n")
        # It takes the status line apart into exactly three.
        version, code, reason = lines[0].split(b" ", 2)
        assert (version, code) == (b"HTTP/1.1", b"101") and reason
        headers = {}
        for line in lines[1:-2]:
            name, value = line.split(b":", 1)
            headers[name.strip().lower()] = value.strip().lower()
        assert headers[b"upgrade"] == b"websocket"
        assert headers[b"connection"] == b"upgrade"
        assert b"sec-websocket-accept" in headers
        assert b"sec-websocket-protocol" not in headers
        assert b"sec-websocket-extensions" not in headers

    def read(self):
        try:
            while True:
                opcode, payload = self.wire.read_frame()
                if opcode == PING:
                    self.wire.send_frame(PONG, payload)
                elif opcode == TEXT:
                    self.handle(json.loads(payload))
        except Exception:
            pass

    def handle(self, message):
        meta = message["meta"]
        # Without these it fails.
        assert isinstance(meta["id"], str) and isinstance(meta["timestamp"], str)
        if meta["msg_type"] in ("zwsx.rspa", "zwsx.rspok", "zwsx.rsperr"):
            assert isinstance(meta["status"], int)
            with self.arrived:
                self.answers[meta["in_reply_to"]] = message
                self.arrived.notify_all()
        elif meta["msg_type"] == "zwsx.rqc":
            self.send("client-response", {"response": self.on_request(message["data"])},
                      in_reply_to=meta["id"])

    def send(self, action, data, **more):
        self.counter += 1
        message_id = f"zwsx.{self.counter:024x}"
        meta = {"action": action, "id": message_id, "timestamp": "2026-11-23T18:52:25.978086",
                "token": self.token, "client_id": "zato.client.1", "client_name": "zato client",
                "in_reply_to": None}
        meta.update(more)
        self.wire.send_frame(TEXT, json.dumps({"meta": meta, "data": data}).encode())
        return message_id

    def wait(self, message_id):
        """It polls for its answer for five seconds."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: message_id in self.answers, 5)
        return self.answers[message_id]

    def create_session(self, username, secret):
        answer = self.wait(self.send("create-session", {}, username=username, secret=secret))
        assert answer["meta"]["status"] == 200
        self.token = answer["data"]["token"]

    def invoke(self, data):
        return self.wait(self.send("invoke-service", data))


def test_the_stock_client(server):
    asked = []

    def on_request(data):
        asked.append(data)
        return {"hello": "back"}

    client = ZatoClient(server, "/demo", on_request)
    client.create_session("user1", "secret1")
    answer = client.invoke({"service": "zato.ping", "request": {}})
    assert answer["data"] == {"pong": "zato"}
    assert client.invoke({"service": "no.such", "request": {}})["meta"]["status"] == 403
    row = wait_for(lambda: server.connections(client_id="zato.client.1"))[0]
    assert row["client_name"] == "zato client"
    result = server.post(f"connections/{row['id']}/invoke", {"data": {"hello": "there"}}).json()
    assert result["outcome"] == "ok" and result["data"] == {"hello": "back"}
    assert asked == [{"hello": "there"}]
    client.wire.socket.shutdown(socket.SHUT_RDWR)
    wait_for(lambda: not server.connections(client_id="zato.client.1"))
    client.reader.join(5)


def test_the_session_comes_at_the_last_moment(server):
    server.create_channel(name="last-moment", path="/last-moment", new_token_wait_time=1)
    client = ZatoClient(server, "/last-moment", lambda data: data)
    began = time.monotonic()
    wait_for(lambda: time.monotonic() - began > 0.8, 2)
    client.create_session("", "")
    assert client.invoke({"service": "ping"})["meta"]["status"] == 200
    client.wire.socket.close()
