"""Every limit of a channel: enforced, told, counted."""

import json
import socket
import time

import pytest

from muster_server import wait_for
from wire_client import TEXT, Closed, WireClient, frame, open_client


def test_the_rate_is_refused_with_429_and_closed_when_it_goes_on(server):
    server.create_channel(name="rate", path="/rate", rate_limit={"rate": 20, "burst": 5})
    with open_client(server, "/rate") as client:
        sent = [client.send_request({"service": "ping"}) for _ in range(30)]
        answers = {a["meta"]["in_reply_to"]: a["meta"]["status"]
                   for a in (client.receive_json() for _ in sent)}
        statuses = [answers[i] for i in sent]
        assert statuses[:4] == [200] * 4
        assert statuses.count(429) > 15
        began = time.monotonic()
        code = None
        while time.monotonic() - began < 15 and code is None:
            try:
                for _ in range(10):
                    client.send_request({"service": "ping"})
                for _ in range(10):
                    client.receive_json()
            except Closed as closed:
                code = closed.code
            except OSError:
                code = client.expect_close()[0]
        assert code == 4009
        assert 8 < time.monotonic() - began < 13
    assert server.metric("muster_limit_hits_total", limit="rate") > 100


def test_connections_per_client(server):
    server.create_channel(name="two", path="/two", max_connections_per_client=2)
    with open_client(server, "/two", "a"), open_client(server, "/two", "a"):
        with WireClient(server.ws_port, "/two") as third:
            assert third.create_session("a")["meta"]["status"] == 429
            assert third.expect_close()[0] == 4009
        with open_client(server, "/two", "b"):
            pass
    assert server.metric("muster_limit_hits_total", limit="connections_per_client") >= 1


def test_a_message_over_the_channels_size(server):
    server.create_channel(name="small", path="/small", max_message_bytes=1000)
    with open_client(server, "/small") as client:
        client.send_frame(TEXT, b" " * 1000)
        assert client.receive_json()["meta"]["status"] == 400
        client.send_frame(TEXT, b" " * 1001)
        assert client.expect_close()[0] == 1009
    with open_client(server, "/small") as client:
        client.send_raw(frame(TEXT, b" " * 600, fin=False) + frame(0, b" " * 600))
        assert client.expect_close()[0] == 1009
    assert server.metric("muster_limit_hits_total", limit="message_size") >= 2


def test_a_slow_consumer_is_closed_and_nobody_else_waits(server):
    server.create_channel(name="slow", path="/slow", send_queue_bytes=100000,
                          services_allowed=["echo"])
    with open_client(server, "/slow", "slow") as slow, open_client(server) as other:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = json.dumps({"meta": {"id": "1", "action": "invoke-service", "timestamp": "t",
                                       "token": slow.token},
                              "data": {"service": "echo", "request": "x" * 60000}}).encode()
        slow.socket.settimeout(0.5)
        try:
            for _ in range(400):
                slow.send_frame(TEXT, request)
                if not server.connections(client_id="slow"):
                    break
        except OSError:
            pass
        began = time.monotonic()
        assert other.call("ping")["meta"]["status"] == 200
        assert time.monotonic() - began < 1
        wait_for(lambda: not server.connections(client_id="slow"), 10, "the slow one to go")
    assert server.metric("muster_limit_hits_total", limit="send_queue") >= 1
    assert server.metric("muster_closes_total", code="4008") >= 1


def test_a_prompt_reader_of_large_answers_is_not_slow(server):
    with open_client(server) as client:
        for _ in range(5):
            sent = [client.send_request({"service": "echo", "request": "x" * 300000})
                    for _ in range(8)]
            answered = {client.receive_json(10)["meta"]["in_reply_to"] for _ in sent}
            assert answered == set(sent)


def test_a_flood_that_is_not_read_stays_bounded(server):
    """A client that sends and never reads costs the server no more than its queue."""
    server.create_channel(name="flood", path="/flood", services_allowed=["echo"])
    with open_client(server, "/flood", "flood") as client:
        client.socket.settimeout(0.2)
        request = frame(TEXT, json.dumps({
            "meta": {"id": "1", "action": "invoke-service", "timestamp": "t",
                     "token": client.token},
            "data": {"service": "echo", "request": "y" * 1000}}).encode())
        end = time.monotonic() + 3
        try:
            while time.monotonic() < end:
                client.send_raw(request * 50)
        except OSError:
            pass
        wait_for(lambda: server.get("/healthz").status == 200, 2, "the server to answer")
    server.need_real_memory()
    assert server.memory() < 400 * 1024 * 1024


def test_many_connections_on_one_channel(server):
    with_session = []
    try:
        for i in range(300):
            with_session.append(open_client(server, client_id=f"crowd.{i}"))
        assert server.get("channels/open").json()["connections"] >= 300
        assert all(c.call("ping")["meta"]["status"] == 200 for c in with_session[::50])
    finally:
        for client in with_session:
            client.socket.close()
    wait_for(lambda: server.get("channels/open").json()["connections"] == 0, what="all to go")


@pytest.mark.parametrize("size", [125, 126, 65535, 65536, 1000000])
def test_frames_of_every_length_come_back(server, size):
    with open_client(server) as client:
        text = "z" * size
        assert client.call("echo", text)["data"] == text
