"""A blocking WebSocket client that can also say what a polite one never says."""

import base64
import json
import os
import socket
import struct
import time

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Closed(Exception):
    """The peer sent Close, or went away (`code` None)."""

    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Handshake(Exception):
    """The upgrade was refused."""

    def __init__(self, status, headers, body):
        super().__init__(f"{status} {body!r}")
        self.status = status
        self.headers = headers
        self.body = body


def frame(opcode, payload=b"", fin=True, mask=True, rsv=0):
    """One frame as a client sends it."""
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    if not mask:
        return head + payload
    key = b"\x01\x02\x03\x04"
    masked = bytes(b ^ key[i & 3] for i, b in enumerate(payload)) if len(payload) < 4096 \
        else _mask(payload, key)
    return head + key + masked


def _mask(payload, key):
    repeated = key * (len(payload) // 4 + 1)
    return (int.from_bytes(payload, "big")
            ^ int.from_bytes(repeated[:len(payload)], "big")).to_bytes(len(payload), "big")


def upgrade_request(path, headers=None, host="127.0.0.1"):
    """The text of an upgrade request; `headers` replace or (value None) remove."""
    fields = {"Host": host, "Upgrade": "websocket", "Connection": "Upgrade",
              "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
              "Sec-WebSocket-Version": "13"}
    fields.update(headers or {})
    lines = [f"GET {path} HTTP/1.1"] + [f"{k}: {v}" for k, v in fields.items() if v is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class WireClient:
    """Connects and shakes hands; then frames in both directions."""

    def __init__(self, port, path="/open", headers=None, timeout=10, connect=True, sock=None):
        self.socket = sock or socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.settimeout(timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.token = ""
        self.count = 0
        self.pings = []
        self.answer_pings = True
        if connect:
            self.send_raw(upgrade_request(path, headers))
            self.status, self.headers, body = self.read_head()
            if self.status != 101:
                raise Handshake(self.status, self.headers, body)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # Bytes ------------------------------------------------------------------------------------

    def send_raw(self, data):
        self.socket.sendall(data)

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            raise Closed(None, "the connection is gone")
        self.buffer += data

    def _take(self, size):
        while len(self.buffer) < size:
            self._more()
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def read_head(self):
        """An HTTP answer: status, headers (lower case), body by its Content-Length."""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        status = int(lines[0].split(" ")[1])
        body = b"" if status == 101 else self._take(int(headers.get("content-length", "0")))
        return status, headers, body

    # Frames -----------------------------------------------------------------------------------

    def send_frame(self, opcode, payload=b"", **more):
        self.send_raw(frame(opcode, payload, **more))

    def read_frame(self):
        """(opcode, payload) of the next frame."""
        first, second = self._take(2)
        size = second & 0x7F
        assert not second & 0x80, "a server must not mask"
        if size == 126:
            size = struct.unpack(">H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._take(8))[0]
        return first & 0x0F, self._take(size)

    def receive(self, timeout=None):
        """The next message as text, within the time; answers Pings, raises Closed on a Close."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            if end is not None:
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self.socket.settimeout(left)
            opcode, payload = self.read_frame()
            if opcode == PING:
                self.pings.append(payload)
                if self.answer_pings:
                    self.send_frame(PONG, payload)
            elif opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
                try:
                    self.send_frame(CLOSE, payload[:2])
                except OSError:
                    pass
                raise Closed(code, payload[2:].decode())
            elif opcode in (TEXT, BINARY):
                return payload.decode()

    def receive_json(self, timeout=None):
        return json.loads(self.receive(timeout))

    def expect_close(self, timeout=10):
        """Reads until the Close; (code, reason)."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                self.receive(max(0.05, end - time.monotonic()))
            except Closed as closed:
                return closed.code, closed.reason
        raise AssertionError("no Close came")

    def close(self, code=1000, reason=""):
        """A proper Close; the code that came back."""
        self.send_frame(CLOSE, struct.pack(">H", code) + reason.encode())
        return self.expect_close()[0]

    # The protocol -----------------------------------------------------------------------------

    def new_id(self):
        self.count += 1
        return f"m{self.count}"

    def send_json(self, value):
        self.send_frame(TEXT, json.dumps(value).encode())

    def create_session(self, client_id="ext.1", **meta):
        """Sends create-session and gives the whole answer; keeps the token."""
        fields = {"id": self.new_id(), "action": "create-session",
                  "timestamp": "2026-11-23T18:52:25.978086", "client_id": client_id,
                  "client_name": "Test Client"}
        fields.update(meta)
        self.send_json({"meta": fields, "data": {}})
        answer = self.receive_json()
        if isinstance(answer.get("data"), dict):
            self.token = answer["data"].get("token", self.token)
        return answer

    def send_request(self, data, **meta):
        """Sends invoke-service; its id."""
        fields = {"id": self.new_id(), "action": "invoke-service", "timestamp": "t",
                  "token": self.token}
        fields.update(meta)
        self.send_json({"meta": fields, "data": data})
        return fields["id"]

    def call(self, service, request=None, timeout=None):
        """Calls a service through the gateway and waits for the answer to it."""
        wanted = self.send_request({"service": service, "request": request})
        while True:
            answer = self.receive_json(timeout)
            if answer["meta"].get("in_reply_to") == wanted:
                return answer

    def answer(self, request, response, error=None, **meta):
        """Answers a request of the server."""
        data = {"response": response}
        if error is not None:
            data["error"] = error
        fields = {"id": self.new_id(), "action": "client-response", "timestamp": "t",
                  "token": self.token, "in_reply_to": request["meta"]["id"]}
        fields.update(meta)
        self.send_json({"meta": fields, "data": data})


def open_client(server, path="/open", client_id="ext.1", **meta):
    """A client with a session."""
    client = WireClient(server.ws_port, path)
    answer = client.create_session(client_id, **meta)
    assert answer["meta"]["status"] == 200, answer
    return client
