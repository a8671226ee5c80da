"""The live stream: what it sends must always add up to what the calls answer."""

import http.client
import json
import socket
import threading
import time
import urllib.parse

import pytest

from muster_server import MusterServer, wait_for
from wire_client import open_client


class LiveReader:
    """Reads a stream in a thread of its own and keeps what each watch stands at."""

    def __init__(self, server, *watches, interval=None, token=None, headers=None):
        query = [("watch", each) for each in watches]
        if interval is not None:
            query.append(("interval", interval))
        all_headers = dict(headers or {})
        token = server.token if token is None else token
        if token:
            all_headers["Authorization"] = "Bearer " + token
        self.connection = http.client.HTTPConnection("127.0.0.1", server.admin_port, timeout=30)
        self.connection.request("GET", "/api/v1/live?" + urllib.parse.urlencode(query),
                                headers=all_headers)
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.values = [None] * len(watches)
        self.problems = [None] * len(watches)
        self.events = []
        self.signed_out = False
        self.ended = False
        self.failure = None
        if self.answer.status == 200:
            self.thread = threading.Thread(target=self._run, daemon=True)
            self.thread.start()
        else:
            self.body = self.answer.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(5)
        self.connection.close()
        assert self.failure is None

    def _run(self):
        event, data = None, None
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    self.events.append((time.monotonic(), "comment", line))
                elif line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    data = json.loads(line[6:])
                elif not line and event:
                    self.events.append((time.monotonic(), event, data))
                    self._take(event, data)
                    event = None
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass
        except (KeyError, AssertionError) as failure:
            self.failure = failure
        self.ended = True

    def _take(self, event, data):
        if event == "signed_out":
            assert data == {}
            self.signed_out = True
        elif event == "problem":
            self.problems[data["watch"]] = data["problem"]
            self.values[data["watch"]] = None
        elif event == "state":
            self.problems[data["watch"]] = None
            self.values[data["watch"]] = data["value"]
        else:
            assert event == "delta", event
            assert set(data) <= {"watch", "set", "unset", "rows", "order"} and len(data) > 1
            self.values[data["watch"]] = patched(self.values[data["watch"]], data)

    def kinds(self, watch=0):
        return [event for _, event, data in list(self.events)
                if event != "comment" and data.get("watch") == watch]


def identity(row):
    return next(row[name] for name in ("id", "sub_key", "msg_id", "username", "name", "at")
                if row.get(name) is not None)


def patched(value, delta):
    """The value after a delta, by the rules of the contract alone."""
    out = {name: what for name, what in value.items() if name not in delta.get("unset", [])}
    out.update(delta.get("set", {}))
    if "rows" in delta or "order" in delta:
        rows = {identity(row): dict(row) for row in value["items"]}
        for key, members in delta.get("rows", {}).items():
            rows.setdefault(key, {}).update(members)
        order = delta.get("order", [identity(row) for row in value["items"]])
        out["items"] = [rows[key] for key in order]
    return out


def names_of(value):
    return [row["client_id"] for row in value["items"]] if value else None


# ---------------------------------------------------------------------------------------------


def test_connections_come_change_and_go(server):
    with LiveReader(server, "/connections?sort=client_id&limit=100", "/overview") as live:
        assert live.answer.headers["content-type"] == "text/event-stream"
        wait_for(lambda: live.values[0] is not None and live.values[1] is not None)
        assert live.kinds(0) == ["state"]
        first = open_client(server, client_id="live.b")
        wait_for(lambda: names_of(live.values[0]) == ["live.b"])
        second = open_client(server, client_id="live.a")
        wait_for(lambda: names_of(live.values[0]) == ["live.a", "live.b"])
        before = live.values[0]["items"][1]["messages_in"]
        first.call("echo", {"a": 1})
        wait_for(lambda: live.values[0]["items"][1]["messages_in"] == before + 1)
        first.close()
        wait_for(lambda: names_of(live.values[0]) == ["live.a"])
        assert set(live.kinds(0)[1:]) == {"delta"}
        second.close()
        wait_for(lambda: names_of(live.values[0]) == [] and live.values[1]["connections"] == 0)


def test_only_what_changed_is_sent(server):
    with open_client(server, client_id="quiet") as quiet, \
            LiveReader(server, "/connections?fields=id,client_id,messages_in") as live:
        wait_for(lambda: names_of(live.values[0]) == ["quiet"])
        time.sleep(2.2)
        assert live.kinds() == ["state"]
        quiet.call("echo", 1)
        wait_for(lambda: len(live.kinds()) > 1)
        _, kind, delta = live.events[-1]
        key = live.values[0]["items"][0]["id"]
        assert kind == "delta" and list(delta["rows"][key]) == ["messages_in"]
        assert "order" not in delta


def test_the_stream_adds_up_while_much_happens(server):
    watches = ["/connections?sort=-connected_at&limit=5&offset=2", "/connections?sort=client_id",
               "/channels", "/services", "/nodes", "/topics"]
    with LiveReader(server, *watches) as live:
        clients = []
        end = time.monotonic() + 5
        while time.monotonic() < end:
            clients.append(open_client(server, client_id=f"busy.{len(clients) % 7}.{len(clients)}"))
            clients[-1].call("ping")
            if len(clients) % 3 == 0:
                clients.pop(0).close()
            if len(clients) % 10 == 9:
                server.create_channel(name=f"busy{len(clients)}", path=f"/busy{len(clients)}")
            time.sleep(0.05)
        for client in clients[::2]:
            client.close()
        time.sleep(2.5)
        for watch in (0, 1, 2, 5):
            answer = server.get(watches[watch][1:]).json()
            for body in (answer, live.values[watch]):
                for row in body["items"]:
                    for name in ("last_seen", "rtt_ms", "bytes_in", "bytes_out"):
                        row.pop(name, None)
            assert live.values[watch] == answer, watches[watch]
        assert all(live.kinds(watch)[0] == "state" for watch in range(6))
        assert "delta" in live.kinds(1)
        for client in clients[1::2]:
            client.close()


def test_a_problem_comes_once_and_a_state_after_it(server):
    with LiveReader(server, "/channels/later") as live:
        wait_for(lambda: live.problems[0])
        assert live.problems[0]["status"] == 404 and live.problems[0]["code"] == "not_found"
        time.sleep(2.2)
        assert live.kinds() == ["problem"]
        server.create_channel(name="later", path="/later")
        wait_for(lambda: live.values[0] and live.values[0]["name"] == "later")
        server.delete("channels/later")
        wait_for(lambda: live.problems[0])
        assert live.kinds() == ["problem", "state", "problem"]


def test_each_watch_has_the_role_of_the_caller(server):
    token = server.post("tokens", {"name": "live viewer", "role": "viewer"}).json()["token"]
    with LiveReader(server, "/users", "/overview", token=token) as live:
        wait_for(lambda: live.problems[0] and live.values[1])
        assert live.problems[0]["status"] == 403


def test_a_revoked_token_ends_the_stream(server):
    made = server.post("tokens", {"name": "short", "role": "viewer"}).json()
    with LiveReader(server, "/overview", token=made["token"]) as live:
        wait_for(lambda: live.values[0])
        server.delete("tokens/" + made["id"])
        wait_for(lambda: live.signed_out and live.ended)


def sign_in(server, name="watcher"):
    server.post("users", {"username": name, "password": "a long password", "role": "viewer"})
    answer = server.post("session", {"username": name, "password": "a long password"}, token="")
    assert answer.status == 201, answer
    cookie = answer.headers["set-cookie"].split(";")[0]
    return {"Cookie": cookie}, {"Cookie": cookie, "X-CSRF-Token": answer.json()["csrf_token"]}


def test_signing_out_ends_the_streams_of_the_session(server):
    cookie, both = sign_in(server)
    with LiveReader(server, "/overview", token="", headers=cookie) as live, \
            LiveReader(server, "/overview", token="", headers=cookie, interval=60) as slow:
        wait_for(lambda: live.values[0] and slow.values[0])
        assert server.delete("session", token="", headers=both).status == 204
        wait_for(lambda: live.signed_out and live.ended)
        wait_for(lambda: slow.signed_out and slow.ended)
    assert LiveReader(server, "/overview", token="", headers=cookie).answer.status == 401


def test_who_one_is(server):
    cookie, _ = sign_in(server, "who")
    mine = server.get("session", token="", headers=cookie).json()
    assert mine["username"] == "who" and mine["role"] == "viewer" and mine["csrf_token"]
    assert mine["expires_at"].endswith("Z")
    with_token = server.get("session").json()
    assert with_token["role"] == "admin"
    assert with_token["csrf_token"] is None and with_token["expires_at"] is None
    assert server.get("session", token="").status == 401


@pytest.mark.parametrize("query", [
    "", "watch=/none", "watch=overview", "watch=/live", "watch=/connections:close", "watch=/healthz",
    "watch=/overview&interval=0", "watch=/overview&interval=61", "watch=/overview&interval=x",
    "watch=/overview&none=1", "&".join(["watch=/overview"] * 17)])
def test_what_cannot_be_watched(server, query):
    answer = server.get("live?" + query)
    assert answer.status == 400 and answer.json()["field"], answer


def test_signs_of_life_and_the_interval(server):
    with LiveReader(server, "/overview", interval=3) as live:
        time.sleep(10)
        comments = [at for at, event, _ in live.events if event == "comment"]
        assert len(comments) >= 3
        assert max(b - a for a, b in zip(comments, comments[1:])) < 5
        changes = [at for at, event, _ in live.events if event != "comment"]
        assert min(b - a for a, b in zip(changes, changes[1:])) > 2.5


def test_readers_that_go_leave_nothing(own_server):
    server = own_server
    readers = [LiveReader(server, "/overview", "/connections", "/services") for _ in range(50)]
    wait_for(lambda: all(reader.values[0] for reader in readers))
    open_files = server.get("nodes").json()["items"][0]["open_fds"]
    for reader in readers:
        reader.close()
    wait_for(lambda: server.get("nodes").json()["items"][0]["open_fds"] <= open_files - 45)


def test_there_is_a_limit_to_streams(own_server):
    server = own_server
    readers = [LiveReader(server, "/overview", interval=60) for _ in range(256)]
    assert all(reader.answer.status == 200 for reader in readers)
    refused = LiveReader(server, "/overview")
    assert refused.answer.status == 503 and b"256" in refused.body
    readers.pop().close()
    wait_for(lambda: LiveReader(server, "/overview", interval=60).answer.status == 200)
    for reader in readers:
        reader.close()


def test_a_reader_that_does_not_read_is_let_go(own_server):
    server = own_server
    server.post("topics", {"name": "/long"})
    for _ in range(5):
        answer = server.post("topics/%2Flong/publish", {"data": "x" * 200_000})
        assert answer.status == 200, answer
    # Sixteen megabytes: more than the kernel takes and the server keeps.
    watches = "&".join(["watch=/topics/%252Flong/messages"] * 16)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", server.admin_port))
    sock.sendall(f"GET /api/v1/live?{watches} HTTP/1.1\r\nHost: a\r\n"
                 f"Authorization: Bearer {server.token}\r\n\r\n".encode())
    here = f":{server.admin_port:04X} 0100007F:{sock.getsockname()[1]:04X} 01"

    def is_connected():
        with open(f"/proc/{server.pid}/net/tcp", encoding="ascii") as table:
            return any(here in line for line in table)

    assert is_connected()
    wait_for(lambda: not is_connected(), timeout=20)
    assert server.get("overview").status == 200
    sock.close()


def test_long_answers_come_whole(server):
    server.post("topics", {"name": "/longer"})
    for _ in range(5):
        assert server.post("topics/%2Flonger/publish", {"data": "x" * 200_000}).status == 200
    watch = "/topics/%2Flonger/messages"
    with LiveReader(server, watch, watch, watch, "/overview") as live:
        wait_for(lambda: all(live.values), timeout=20)
        assert live.values[0] == live.values[2] and len(live.values[0]["items"]) == 5


def test_a_slow_line_gets_long_answers_whole(own_server):
    own_server.post("topics", {"name": "/long"})
    for _ in range(45):
        assert own_server.post("topics/%2Flong/publish", {"data": "x" * 200_000}).status == 200
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        sock.settimeout(20)
        sock.connect(("127.0.0.1", own_server.admin_port))
        watch = urllib.parse.quote("/topics/%2Flong/messages?limit=100", safe="")
        sock.sendall(f"GET /api/v1/live?watch={watch} HTTP/1.1\r\nHost: a\r\n"
                     f"Authorization: Bearer {own_server.token}\r\n\r\n".encode())
        got = 0
        while got < 45 * 200_000:
            piece = sock.recv(8192)
            assert piece, f"ended after {got} bytes"
            got += len(piece)
            # Some 1.5 MB a second: less than it is sent at, where nobody looks.
            time.sleep(0.005)


def test_draining_ends_streams():
    with MusterServer(args=["--drain", "1"]) as server:
        live = LiveReader(server, "/overview")
        wait_for(lambda: live.values[0])
        assert server.stop() == 0
        wait_for(lambda: live.ended)
