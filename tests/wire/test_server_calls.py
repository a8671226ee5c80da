"""Section 6 of the protocol: the server calls its clients, through the admin endpoint."""

import re
import threading

import pytest

from muster_server import wait_for
from wire_client import WireClient, open_client


@pytest.fixture
def client(server):
    with open_client(server, client_id="called") as opened:
        opened.id = server.connections(client_id="called")[0]["id"]
        yield opened


class Invocation(threading.Thread):
    """A call that runs beside the test."""

    def __init__(self, server, connection_id, data, timeout=5):
        super().__init__()
        self.run = lambda: setattr(self, "answer", server.post(
            f"connections/{connection_id}/invoke", {"data": data, "timeout": timeout}))
        self.start()

    def result(self):
        self.join()
        assert self.answer.status == 200, self.answer
        return self.answer.json()


def test_ok(server, client):
    call = Invocation(server, client.id, {"any": ["JSON", 1]})
    request = client.receive_json()
    assert list(request["meta"]) == ["id", "timestamp", "msg_type"]
    assert re.fullmatch("[0-9a-f]{24}", request["meta"]["id"])
    assert request["meta"]["msg_type"] == "zwsx.rqc"
    assert request["data"] == {"any": ["JSON", 1]}
    client.answer(request, {"my": "answer"})
    result = call.result()
    assert result["outcome"] == "ok"
    assert result["data"] == {"my": "answer"}
    assert 0 < result["ms"] < 5000
    assert result["sent_at"].endswith("Z")


def test_an_answer_without_response_is_taken_whole(server, client):
    call = Invocation(server, client.id, 1)
    request = client.receive_json()
    client.send_json({"meta": {"id": "1", "timestamp": "t", "token": client.token,
                               "in_reply_to": request["meta"]["id"]}, "data": [1, 2]})
    assert call.result()["data"] == [1, 2]


def test_error(server, client):
    call = Invocation(server, client.id, 1)
    client.answer(client.receive_json(), {"partly": 1}, error="it failed")
    assert call.result()["outcome"] == "error"
    call = Invocation(server, client.id, 1)
    client.answer(client.receive_json(), None, status=500)
    assert call.result()["outcome"] == "error"


def test_timeout_then_late(server, client):
    call = Invocation(server, client.id, 1, timeout=0.2)
    request = client.receive_json()
    result = call.result()
    assert result["outcome"] == "timeout"
    client.answer(request, {"better": "late"})
    operation = wait_for(lambda: next(
        (o for o in [server.get("operations/" + result["operation"]).json()]
         if o["outcomes"][0]["outcome"] == "late"), None), what="the late answer")
    assert operation["outcomes"][0]["data"] == {"better": "late"}


def test_closed(server, client):
    call = Invocation(server, client.id, 1)
    client.receive_json()
    client.socket.close()
    assert call.result()["outcome"] == "closed"


def test_refused_without_a_session(server):
    with WireClient(server.ws_port):
        row = wait_for(lambda: [r for r in server.connections() if r["state"] == "new"])[0]
        assert row["session_at"] is None
        result = Invocation(server, row["id"], 1).result()
        assert result["outcome"] == "refused"


def test_cancelled(server, client):
    operation = server.post("connections:invoke", {
        "selector": 'client_id == "called"', "data": 1, "timeout": 30}).json()
    client.receive_json()
    assert server.delete("operations/" + operation["id"]).status in (200, 204)
    ended = wait_for(lambda: next(
        (o for o in [server.get("operations/" + operation["id"]).json()]
         if o["state"] == "cancelled" and o["outcomes"]), None), what="the end of the operation")
    assert ended["outcomes"][0]["outcome"] == "cancelled"


def test_a_stranger_is_404(server):
    answer = server.post("connections/ws.000000000000000000000000/invoke", {"data": 1})
    assert answer.status == 404


def test_answers_to_nothing_are_ignored(server, client):
    client.answer({"meta": {"id": "000000000000000000000000"}}, 1)
    assert client.call("ping")["meta"]["status"] == 200


def test_calls_and_answers_may_cross(server, client):
    calls = [Invocation(server, client.id, i) for i in range(10)]
    requests = [client.receive_json() for _ in calls]
    for request in reversed(requests):
        client.answer(request, request.get("data", 0))
    assert [call.result()["data"] for call in calls] == list(range(10))


def test_many_at_once_and_a_broadcast(server):
    clients = [open_client(server, client_id=f"many.{i}") for i in range(5)]
    silent = WireClient(server.ws_port)
    try:
        operation = server.post("connections:broadcast", {
            "selector": 'client_id ~ "many.*" or not client_id exists',
            "data": {"news": 1}}).json()
        for client in clients:
            message = client.receive_json()
            assert message["meta"]["msg_type"] == "zwsx.rqc"
            assert message["data"] == {"news": 1}
        done = wait_for(lambda: next(
            (o for o in [server.get("operations/" + operation["id"]).json()]
             if o["state"] == "done"), None), what="the end of the broadcast")
        outcomes = sorted(o["outcome"] for o in done["outcomes"])
        assert outcomes == ["refused"] + ["sent"] * 5
        # Only those with a session get it.
        silent.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            silent.read_frame()
    finally:
        for client in clients + [silent]:
            client.socket.close()


def test_dry_run_max_and_bad_selectors(server):
    with open_client(server, client_id="dry.1"), open_client(server, client_id="dry.2"):
        where = 'client_id ~ "dry.*"'
        plan = server.post("connections:close", {"selector": where, "dry_run": True}).json()
        assert plan["matched"] == 2
        assert len(server.connections(selector=where)) == 2
        too_many = server.post("connections:close", {"selector": where, "max": 1})
        assert too_many.status == 409
        assert len(server.connections(selector=where)) == 2
        wrong = server.post("connections:close", {"selector": "client_id = 1"})
        assert wrong.status == 400
        assert wrong.json()["column"] == 11


def test_ten_thousand_calls_that_nobody_answers_leak_nothing(server):
    with open_client(server, client_id="mute") as client:
        def drain():
            try:
                while True:
                    client.receive(30)
            except Exception:
                pass

        reader = threading.Thread(target=drain, daemon=True)
        reader.start()
        memory = []
        for _ in range(125):
            operations = [server.post("connections:invoke", {
                "selector": 'client_id == "mute"', "data": "x" * 100, "timeout": 0.01}).json()["id"]
                for _ in range(80)]
            for operation in operations:
                wait_for(lambda: server.get("operations/" + operation).json()["state"] == "done",
                         what="the calls to end")
            memory.append(server.memory())
        row = server.connections(client_id="mute")[0]
        assert row["invocations"] == 10000
        assert row["invocations_failed"] == 10000
        server.need_real_memory()
        # The record of operations is bounded; what it keeps of 10,000 is a few megabytes.
        assert memory[-1] - memory[0] < 32 * 1024 * 1024, memory


def test_the_server_answers_calls_while_it_calls(server, client):
    call = Invocation(server, client.id, "q")
    request = client.receive_json()
    assert client.call("ping")["data"] == {"pong": "zato"}
    client.answer(request, "a")
    assert call.result()["data"] == "a"
