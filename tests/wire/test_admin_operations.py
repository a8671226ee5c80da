"""What is asked of many connections at once."""

import json
import socket
import threading
import time

from admin_client import STAMP, problem, row_of
from muster_server import wait_for
from wire_client import open_client


def test_one_selector_closes_many_and_the_operation_tells(server, channel):
    clients = [open_client(server, "/temp", f"many-{n}") for n in range(5)]
    reader = threading.Thread(target=lambda: [c.expect_close() for c in clients])
    reader.start()
    answer = server.post("connections:close", {
        "selector": 'channel == "temp" and client_id ~ "many-*"', "code": 4100, "reason": "bye"})
    assert answer.status in (200, 201, 202)
    operation = answer.json()
    assert answer.headers["location"] == "/api/v1/operations/" + operation["id"]
    assert operation["matched"] == 5
    path = "operations/" + operation["id"]
    done = wait_for(lambda: next((o for o in [server.get(path).json()] if o["state"] == "done"), 0))
    reader.join()
    assert done["finished"] == 5 == len(done["outcomes"])
    for outcome in done["outcomes"]:
        assert outcome["connection_id"].startswith("ws.") and outcome["outcome"] == "echoed"
    lines = server.get(path, headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    rows = [json.loads(line) for line in lines.body.decode().splitlines()]
    assert [r["connection_id"] for r in rows[:-1]] == [o["connection_id"] for o in done["outcomes"]]
    assert rows[-1]["state"] == "done"
    events = server.get(path, headers={"Accept": "text/event-stream"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.body.count(b"event: outcome\n") == 5 and events.body.count(b"event: done\n") == 1
    assert server.get(path, headers={"Accept": "application/json, */*"}).json() == done


def test_a_dry_run_of_many_and_a_maximum(server, channel):
    clients = [open_client(server, "/temp", f"dry-{n}") for n in range(3)]
    ids = sorted(row_of(server, f"dry-{n}")["id"] for n in range(3))
    where = {"selector": 'client_id ~ "dry-?"'}
    for verb in ("close", "invoke", "broadcast"):
        dry = server.post("connections:" + verb, {**where, "dry_run": True})
        assert dry.status == 200, dry
        assert dry.json()["matched"] == 3 and sorted(dry.json()["connection_ids"]) == ids
        problem(server.post("connections:" + verb, {**where, "max": 2}), 409, "too_many_matches")
        problem(server.post("connections:" + verb, {}), 400)
        found = problem(server.post("connections:" + verb, {"selector": "nonsense =="}), 400)
        assert found["column"] == 1
        for wrong in ({"pace": 0}, {"pace": -1}, {"pace": "x"}, {"max": -1}, {"max": 1.5},
                      {"dry_run": 1}, {"selector": 1}, {"more": 1}):
            problem(server.post("connections:" + verb, {**where, **wrong}), 400)
    for client in clients:
        assert client.call("ping")["meta"]["status"] == 200
        client.socket.close()


def test_a_paced_operation_is_streamed_and_can_be_cancelled(server, channel):
    clients = [open_client(server, "/temp", f"pace-{n}") for n in range(6)]
    began = time.monotonic()
    made = server.post("connections:broadcast", {"selector": 'client_id ~ "pace-*"', "pace": 2,
                                                 "data": {"hello": 1}}).json()
    path = "operations/" + made["id"]
    with socket.create_connection(("127.0.0.1", server.admin_port), timeout=10) as sock:
        sock.sendall(f"GET /api/v1/{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                     f"{server.token}\r\nAccept: text/event-stream\r\n\r\n".encode())
        seen = b""
        while seen.count(b"event: outcome") < 2:
            more = sock.recv(4096)
            assert more, seen
            seen += more
        assert time.monotonic() - began > 0.3
        assert server.get(path).json()["state"] == "running"
        assert server.delete(path).status == 204
        while b"event: cancelled" not in seen:
            more = sock.recv(4096)
            assert more, seen
            seen += more
    state = server.get(path).json()
    assert state["state"] == "cancelled" and state["matched"] == 6
    told = sum(1 for o in state["outcomes"] if o["outcome"] != "cancelled")
    assert 2 <= told < 6
    for client in clients:
        client.socket.close()


def test_nobody_matches(server):
    made = server.post("connections:close", {"selector": 'client_id == "nobody"'})
    operation = made.json()
    assert operation["matched"] == 0
    wait_for(lambda: server.get("operations/" + operation["id"]).json()["state"] == "done", 2)


def test_the_message_log_is_paged_as_other_lists(server):
    server.create_channel(name="noted", path="/noted", services_allowed=["echo"],
                          message_log={"messages": 10, "payload_bytes": 50})
    with open_client(server, "/noted", "noted") as client:
        for number in range(3):
            client.call("echo", "x" * 100 * number)
        path = f"connections/{row_of(server, 'noted')['id']}/messages"
        page = server.get(path + "?limit=3&sort=at").json()
        assert len(page["items"]) == 3 and page["total"] == 8 and page["next_cursor"]
        rest = server.get(f"{path}?limit=100&sort=at&cursor={page['next_cursor']}").json()["items"]
        entries = page["items"] + rest
        assert len(entries) == 8
        for entry in entries:
            assert set(entry) >= {"direction", "at", "id", "in_reply_to", "size", "payload"}
            assert STAMP.fullmatch(entry["at"]) and len(entry["payload"]) <= 60
        assert [e["direction"] for e in entries] == ["in", "out"] * 4
    server.delete("channels/noted")
