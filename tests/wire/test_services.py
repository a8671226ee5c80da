"""Section 5 of the protocol: clients call services."""

import asyncio
import json
import re

import pytest
import websockets

from services import Service
from wire_client import open_client


@pytest.fixture
def client(server):
    with open_client(server) as opened:
        yield opened


def expect_error(answer, status, text=None):
    assert answer["meta"]["msg_type"] == "zwsx.rsperr"
    assert answer["meta"]["status"] == status
    assert answer["data"] == {"cid": answer["meta"]["id"]}
    assert answer["meta"]["error_message"]
    if text:
        assert answer["meta"]["error_message"] == text


def test_ping_as_in_the_original(client):
    for name in ("zato.ping", "ping"):
        answer = client.call(name, {})
        assert list(answer["meta"]) == ["id", "timestamp", "msg_type", "status", "in_reply_to"]
        assert answer["meta"]["msg_type"] == "zwsx.rspok"
        assert answer["meta"]["status"] == 200
        assert re.fullmatch("[0-9a-f]{24}", answer["meta"]["id"])
        assert answer["data"] == {"pong": "zato"}


@pytest.mark.parametrize("value", [
    {"a": [1, 2.5, "x", None, True]}, "text", 7, [1], "\u20ac \U0001f600 \\ \" \x01", 1e300])
def test_echo_gives_back_what_it_gets(client, value):
    assert client.call("echo", value)["data"] == value


@pytest.mark.parametrize("value", [None, "", 0, False, {}, []])
def test_empty_data_is_left_out(client, value):
    answer = client.call("echo", value)
    assert answer["meta"]["status"] == 200
    assert "data" not in answer


def test_payloads_come_back_byte_for_byte(client):
    text = '{"big":12345678901234567890123,"e":1.0E+2,"s":"\\u00e4\\/","d":{"b":1,"a":2}}'
    client.send_frame(1, ('{"meta":{"id":"b","action":"invoke-service","timestamp":"t","token":"'
                          + client.token + '"},"data":{"service":"echo","request":' + text
                          + "}}").encode())
    assert client.receive().endswith('"data":' + text + "}")


def test_a_service_that_is_not_allowed_is_403_whether_it_exists_or_not(client):
    expect_error(client.call("pubsub.nothing"), 403)
    expect_error(client.call("gateway"), 403)
    expect_error(client.call("no.such.service"), 403)


def test_a_service_that_does_not_exist_is_404(server):
    server.create_channel(name="wide", path="/wide", services_allowed=["*"])
    with open_client(server, "/wide") as client:
        expect_error(client.call("no.such.service"), 404)
        assert client.call("ping")["meta"]["status"] == 200


@pytest.mark.parametrize("data", [{}, None, {"service": ""}, {"service": None}, {"service": 7},
                                  {"request": {}}, "ping", [1]], ids=str)
def test_a_request_without_a_service_is_400(client, data):
    client.send_request(data)
    expect_error(client.receive_json(), 400)


def test_a_channel_may_have_a_service_of_its_own(server):
    server.create_channel(name="echoing", path="/echoing", service="echo")
    with open_client(server, "/echoing") as client:
        client.send_request({"service": "ping", "x": 1})
        assert client.receive_json()["data"] == {"service": "ping", "x": 1}


def test_an_unknown_action_is_an_invocation(client):
    client.send_request({"service": "ping"}, action="something-else")
    assert client.receive_json()["data"] == {"pong": "zato"}


def test_an_http_service_gets_the_request_and_answers_it(server):
    with Service() as http:
        server.create_channel(name="http", path="/http", service=http.url("/echo"))
        with open_client(server, "/http", "kl\u00e4nt\r\nX-Evil: 1") as client:
            client.send_request({"a": 1})
            assert client.receive_json()["data"] == {"a": 1}
        path, headers, body = http.seen[0]
        assert (path, json.loads(body)) == ("/echo", {"a": 1})
        assert headers["Content-Type"] == "application/json"
        assert headers["X-Muster-Channel"] == "http"
        assert headers["X-Muster-Connection"].startswith("ws.")
        assert "X-Evil" not in headers


@pytest.mark.parametrize("path, status", [
    ("/status/400", 400), ("/status/404", 404), ("/status/418", 418), ("/status/500", 502),
    ("/status/503", 502), ("/text", 502), ("/hang-up", 502), ("/garbage", 502)])
def test_failures_of_http_services(server, path, status):
    with Service() as http:
        name = path.strip("/").replace("/", "-")
        server.create_channel(name=name, path="/" + name, service=http.url(path))
        with open_client(server, "/" + name) as client:
            client.send_request({"a": 1})
            expect_error(client.receive_json(), status)
            assert client.create_session(token=client.token)["meta"]["status"] == 200


def test_an_http_service_that_cannot_be_reached_is_502(server):
    server.create_channel(name="nowhere", path="/nowhere", service="http://127.0.0.1:1/x")
    with open_client(server, "/nowhere") as client:
        client.send_request({})
        expect_error(client.receive_json(), 502)


def test_a_service_that_is_too_late_is_504_and_nobody_else_waits(server):
    with Service() as http:
        server.create_channel(name="late", path="/late", service_timeout=0.4,
                              services_allowed=["ping", http.url("/wait")])
        with open_client(server, "/late") as client:
            late = client.send_request({"service": http.url("/wait"), "request": {}})
            assert client.call("ping")["meta"]["status"] == 200
            answer = client.receive_json()
            assert answer["meta"]["in_reply_to"] == late
            expect_error(answer, 504)


def test_a_url_can_be_called_only_where_the_channel_allows_it(server):
    with Service() as http:
        server.create_channel(name="urls", path="/urls",
                              services_allowed=["ping", http.url("/echo")])
        with open_client(server, "/urls") as client:
            assert client.call(http.url("/echo"), [1])["data"] == [1]
            expect_error(client.call(http.url("/echo?x=1")), 403)
            expect_error(client.call(http.url("/empty")), 403)


def test_calls_run_side_by_side_and_at_most_so_many(server):
    with Service() as http:
        server.create_channel(name="side", path="/side", max_in_flight=4,
                              services_allowed=["ping", http.url("/wait")])
        with open_client(server, "/side") as client:
            waiting = [client.send_request({"service": http.url("/wait"), "request": i})
                       for i in range(4)]
            answer = client.call("ping")
            expect_error(answer, 429)
            http.release.set()
            answered = {client.receive_json()["meta"]["in_reply_to"] for _ in waiting}
            assert answered == set(waiting)
            assert client.call("ping")["meta"]["status"] == 200
    assert server.metric("muster_limit_hits_total", limit="in_flight") >= 1


def test_many_requests_at_once_are_all_answered(server):
    with open_client(server) as client:
        for _ in range(20):
            sent = [client.send_request({"service": "echo", "request": i}) for i in range(60)]
            got = {}
            for _ in sent:
                answer = client.receive_json()
                got[answer["meta"]["in_reply_to"]] = answer.get("data", 0)
            assert [got[i] for i in sent] == list(range(60))


def test_what_is_answered_at_once_is_never_too_much_and_comes_in_order(server):
    def echo():
        return next(each for each in server.get("services").json()["items"]
                    if each["name"] == "echo")

    before = echo()
    with open_client(server) as client:
        # The first one may have to look for the service.
        client.call("echo", 0)
        sent = [client.send_request({"service": "echo", "request": i}) for i in range(1, 301)]
        answers = [client.receive_json() for _ in sent]
        assert [answer["meta"]["in_reply_to"] for answer in answers] == sent
        assert [answer["data"] for answer in answers] == list(range(1, 301))
    assert echo()["calls"] == before["calls"] + 301
    assert echo()["in_flight"] == 0 and echo()["errors"] == before["errors"]


def test_a_polite_library_works(server):
    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{server.ws_port}/demo") as socket:
            await socket.send(json.dumps({"meta": {
                "id": "1", "action": "create-session", "timestamp": "t", "client_id": "polite",
                "username": "user1", "secret": "secret1"}}))
            token = json.loads(await socket.recv())["data"]["token"]
            await socket.send(json.dumps({
                "meta": {"id": "2", "action": "invoke-service", "timestamp": "t", "token": token},
                "data": {"service": "zato.ping", "request": {}}}))
            answer = json.loads(await socket.recv())
            await socket.close()
            return answer

    assert asyncio.run(talk())["data"] == {"pong": "zato"}
