"""Sections 7 and 8 of the protocol: Pings, and every way in which a connection ends."""

import json
import os
import struct
import threading
import time

import pytest

from muster_server import wait_for
from wire_client import CLOSE, PONG, Closed, WireClient, open_client


def closing(server, connection_id, body=None):
    """DELETE in a thread of its own; `result()` is its answer."""
    class Deletion(threading.Thread):
        def run(self):
            self.answer = server.delete(f"connections/{connection_id}", body)

        def result(self):
            self.join()
            return self.answer

    deletion = Deletion()
    deletion.start()
    return deletion


def id_of(server, client_id):
    return server.connections(client_id=client_id)[0]["id"]


def test_pings_and_their_round_trip(server):
    server.create_channel(name="pinged", path="/pinged", ping_interval=0.2)
    with open_client(server, "/pinged", "pinged") as client:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            client.receive(0.9)
        assert 2 <= len(client.pings) <= (time.monotonic() - began) / 0.2
        payload = json.loads(client.pings[0])
        assert len(client.pings[0]) <= 125
        assert sorted(payload["meta"]) == ["id", "msg_type", "timestamp"]
        assert payload["meta"]["msg_type"] == "zwsx.rqc"
        row = server.connections(client_id="pinged")[0]
        assert 0 < row["rtt_ms"] < 1000


def test_pings_missed(server):
    server.create_channel(name="mute", path="/mute", ping_interval=0.2, pings_missed_threshold=1)
    with open_client(server, "/mute") as client:
        client.answer_pings = False
        began = time.monotonic()
        assert client.expect_close(10) == (4002, "Pings missed")
        assert 4.9 < time.monotonic() - began < 7


def test_any_pong_counts(server):
    server.create_channel(name="unasked", path="/unasked", ping_interval=1,
                          pings_missed_threshold=1, token_ttl=3)
    with open_client(server, "/unasked") as client:
        client.answer_pings = False
        end = time.monotonic() + 7
        while time.monotonic() < end:
            client.send_frame(PONG, b"not what you said")
            with pytest.raises(TimeoutError):
                client.receive(0.5)


def test_a_clients_close_is_echoed(server):
    for code in (1000, 1001, 3000, 4999):
        with open_client(server) as client:
            assert client.close(code, "bye") == code
    with open_client(server) as client:
        client.send_frame(CLOSE)
        assert client.expect_close()[0] in (None, 1000)


def test_an_administrator_closes_properly(server):
    with open_client(server, client_id="closed") as client:
        deletion = closing(server, id_of(server, "closed"), {"code": 4005, "reason": "go away"})
        assert client.expect_close() == (4005, "go away")
        answer = deletion.result()
        assert answer.status == 200
        receipt = answer.json()
        assert receipt["outcome"] == "echoed"
        assert receipt["code_sent"] == 4005
        assert receipt["peer_code"] == 4005
        assert receipt["ms"] < 1000
    assert server.connections(client_id="closed") == []


def test_advice_goes_into_the_reason(server):
    with open_client(server, client_id="advised") as client:
        closing(server, id_of(server, "advised"),
                {"code": 1001, "retry": [1, 30], "to": "wss://other.example.com/x",
                 "reason": "moving"}).result
        code, reason = client.expect_close()
        assert code == 1001
        assert json.loads(reason) == {"retry": [1, 30], "to": "wss://other.example.com/x",
                                      "why": "moving"}


@pytest.mark.parametrize("body", [
    {"code": 1002}, {"code": 1005}, {"code": 2000}, {"code": 5000}, {"code": "4005"}, {"code": 0},
    {"reason": "x" * 124}, {"reason": "\u20ac" * 42}, {"retry": [1, 30], "reason": "x" * 110},
    {"retry": [30, 1]}, {"retry": 5}, {"unknown": 1}], ids=str)
def test_bad_orders_close_nobody(server, body):
    with open_client(server, client_id="stays") as client:
        answer = server.delete("connections/" + id_of(server, "stays"), body)
        assert answer.status == 400, answer
        assert client.call("ping")["meta"]["status"] == 200


def test_a_reason_of_123_bytes_fits(server):
    with open_client(server, client_id="long") as client:
        closing(server, id_of(server, "long"), {"code": 4005, "reason": "x" * 123})
        assert client.expect_close() == (4005, "x" * 123)


def test_no_echo_is_given_up_after_five_seconds(server):
    client = open_client(server, client_id="silent")
    with client:
        began = time.monotonic()
        receipt = server.delete("connections/" + id_of(server, "silent")).json()
        assert receipt["outcome"] == "no_echo"
        assert 4.5 < time.monotonic() - began < 7


def test_reset_while_closing(server):
    client = open_client(server, client_id="reset")
    deletion = closing(server, id_of(server, "reset"))
    wait_for(lambda: client.read_frame()[0] == CLOSE, what="the Close")
    client.socket.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: RST
    client.socket.close()
    assert deletion.result().json()["outcome"] in ("reset", "gone")


def test_a_closed_connection_is_404(server):
    with open_client(server, client_id="twice") as client:
        connection_id = id_of(server, "twice")
        client.close()
    wait_for(lambda: server.get("connections/" + connection_id).status == 404, what="404")
    assert server.delete("connections/" + connection_id).status == 404


def test_calls_in_flight_end_as_closed(server):
    with open_client(server, client_id="busy") as client:
        connection_id = id_of(server, "busy")
        results = []
        call = threading.Thread(target=lambda: results.append(
            server.post(f"connections/{connection_id}/invoke", {"data": 1}).json()))
        call.start()
        client.receive_json()
        deletion = closing(server, connection_id)
        client.expect_close()
        call.join()
        assert results[0]["outcome"] == "closed"
        assert deletion.result().status == 200


def test_duplicate_client_ids(server):
    with open_client(server, client_id="same"), open_client(server, client_id="same"):
        assert len(server.connections(client_id="same")) == 2
    server.create_channel(name="replace", path="/replace", duplicate_client_id="replace")
    with open_client(server, "/replace", "same") as first:
        with open_client(server, "/replace", "same") as second:
            assert first.expect_close()[0] == 4409
            assert second.call("ping")["meta"]["status"] == 200
    server.create_channel(name="reject", path="/reject", duplicate_client_id="reject")
    with open_client(server, "/reject", "same") as first:
        with WireClient(server.ws_port, "/reject") as second:
            answer = second.create_session("same")
            assert answer["meta"]["msg_type"] == "zwsx.merr"
            assert answer["meta"]["status"] == 409
            assert second.expect_close()[0] == 4409
        assert first.call("ping")["meta"]["status"] == 200


def test_a_deactivated_and_a_deleted_channel_close_4404(server):
    for end in (lambda: server.patch("channels/gone", {"is_active": False}),
                lambda: server.delete("channels/gone")):
        if server.get("channels/gone").status == 404:
            server.create_channel(name="gone", path="/gone")
        server.patch("channels/gone", {"is_active": True})
        with open_client(server, "/gone") as client, WireClient(server.ws_port, "/gone") as new:
            assert end().status in (200, 204)
            assert client.expect_close()[0] == 4404
            assert new.expect_close()[0] == 4404


def descriptors(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def test_a_thousand_closes_leave_nothing(own_server):
    server = own_server
    before = None
    for batch in range(5):
        clients = [open_client(server, client_id=f"c.{i}") for i in range(200)]
        ids = [row["id"] for row in server.connections(limit=1000)]
        assert len(ids) == 200

        def echo(client):
            try:
                client.expect_close(20)
            except (Closed, OSError):
                pass

        echoes = [threading.Thread(target=echo, args=(c,)) for c in clients]
        for thread in echoes:
            thread.start()
        for connection_id in ids:
            receipt = server.delete("connections/" + connection_id).json()
            assert receipt["outcome"] == "echoed", receipt
            assert receipt["ms"] < 2000
        ended = time.monotonic()
        assert server.connections() == []
        for thread in echoes:
            thread.join()
        for client in clients:
            client.socket.close()
        wait_for(lambda: server.metric("muster_connections") == 0, 1, "the connections to go")
        if before is None:
            before = descriptors(server)
        wait_for(lambda: descriptors(server) <= before + 2, 1, "the descriptors to be closed")
        assert time.monotonic() - ended < 5
    # Actors: what lives now is what lived before.
    assert server.metric("muster_actors") < 100
