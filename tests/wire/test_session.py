"""Sections 2 to 4 of the protocol: frames, the envelope, the session."""

import json
import re
import struct
import time

import pytest

from muster_server import wait_for
from wire_client import BINARY, TEXT, WireClient, frame, open_client

NOT_AUTHORIZED = "You are not authorized to access this resource"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$")


@pytest.fixture
def client(server):
    with WireClient(server.ws_port, "/open") as fresh:
        yield fresh


@pytest.fixture
def session(server):
    with open_client(server) as opened:
        yield opened


def meta(**fields):
    known = {"id": "x1", "action": "create-session", "timestamp": "t", "client_id": "c"}
    known.update(fields)
    return {"meta": {k: v for k, v in known.items() if v is not ...}}


def refused(client, in_reply_to):
    answer = client.receive_json()
    assert answer["meta"]["msg_type"] == "zwsx.merr"
    assert answer["meta"]["status"] == 403
    assert answer["data"] == NOT_AUTHORIZED
    assert answer["meta"].get("in_reply_to") == in_reply_to
    assert client.expect_close()[0] == 4401


def bad_request(client, in_reply_to=None):
    answer = client.receive_json()
    assert answer["meta"]["status"] == 400, answer
    assert answer["meta"].get("in_reply_to") == in_reply_to, answer
    assert answer["meta"]["error_message"]
    assert re.fullmatch("[0-9a-f]{24}", answer["meta"]["id"])
    return answer


def test_the_answer_to_create_session_is_the_original_one(client):
    client.send_json({"meta": {
        "id": "a1", "action": "create-session", "timestamp": "2026-11-23T18:52:25.978086",
        "client_id": "ext.1", "client_name": "My Client", "attrs": "site=A;level=3",
        "username": "user1", "secret": "secret1", "token": "", "in_reply_to": None}, "data": {}})
    answer = client.receive_json()
    assert list(answer) == ["meta", "data"]
    assert list(answer["meta"]) == ["id", "timestamp", "msg_type", "status", "in_reply_to"]
    assert re.fullmatch("[0-9a-f]{24}", answer["meta"]["id"])
    assert TIME.match(answer["meta"]["timestamp"])
    assert answer["meta"]["msg_type"] == "zwsx.rspa"
    assert answer["meta"]["status"] == 200
    assert answer["meta"]["in_reply_to"] == "a1"
    assert re.fullmatch(r"zwsxt\.[0-9a-f]{24}", answer["data"]["token"])


def test_basic_credentials(server):
    with WireClient(server.ws_port, "/demo") as right:
        assert right.create_session(username="user1", secret="secret1")["meta"]["status"] == 200
    for credentials in ({"username": "user1", "secret": "secret2"},
                        {"username": "user2", "secret": "secret1"}, {"username": "user1"}, {}):
        with WireClient(server.ws_port, "/demo") as wrong:
            wrong.send_json(meta(**credentials))
            refused(wrong, "x1")


def test_api_keys(server):
    server.create_channel(name="keys", path="/keys", security="api_key",
                          keys=[{"name": "till 7", "key": "key-of-till-7"}])
    with WireClient(server.ws_port, "/keys") as right:
        assert right.create_session("till", secret="key-of-till-7")["meta"]["status"] == 200
        row = server.connections(channel="keys")[0]
        assert row["username"] == "till 7"
    with WireClient(server.ws_port, "/keys") as wrong:
        wrong.send_json(meta(secret="key-of-till-8"))
        refused(wrong, "x1")


@pytest.mark.parametrize("message, in_reply_to", [
    (meta(id=...), None),
    (meta(id=""), None),
    (meta(id=None), None),
    (meta(id=7), None),
    (meta(timestamp=...), "x1"),
    (meta(timestamp=""), "x1"),
    (meta(client_id=...), "x1"),
    (meta(client_id=""), "x1"),
    (meta(client_id=["c"]), "x1"),
    (meta(attrs="no equals sign"), "x1"),
    (meta(attrs=7), "x1"),
    (meta(action=...), "x1"),
    (meta(ctx=[]), "x1"),
    ({"data": {}}, None),
    ({"meta": []}, None),
    ([], None),
    ("text", None),
], ids=str)
def test_a_broken_first_message_may_be_mended(client, message, in_reply_to):
    client.send_json(message)
    bad_request(client, in_reply_to)
    assert client.create_session()["meta"]["status"] == 200


@pytest.mark.parametrize("text", [
    "", "nonsense", "{", '{"meta":{"id":"x1"', '{"a":1}}', "[" * 100000, '{"meta":' * 40 + "1",
    '{"meta":{"id":"x1"},"data":1e400}', '{"meta":{"id":"x1"},"data":NaN}',
    '{"meta":{"id":"x1"},"data":"\t"}', "\ufeff{}"])
def test_bad_json_is_an_error_and_the_connection_stays(session, text):
    session.send_frame(TEXT, text.encode())
    # The id is known where it was whole before the fault.
    bad_request(session, "x1" if '"x1"},' in text else None)
    assert session.call("ping")["data"] == {"pong": "zato"}


def test_nesting_of_32_levels_is_fine_and_33_are_not(session):
    def nested(levels):
        # The message and its data are two levels.
        return json.loads("[" * (levels - 2) + "]" * (levels - 2))

    session.send_request({"service": "echo", "request": nested(32)})
    assert session.receive_json()["data"] == nested(32)
    session.send_request({"service": "echo", "request": nested(33)})
    assert session.receive_json()["meta"]["status"] == 400
    assert session.call("ping")["meta"]["status"] == 200


@pytest.mark.parametrize("message", [
    meta(action="invoke-service"), meta(action="client-response", in_reply_to="r"),
    meta(action=..., in_reply_to="r"), meta(action="whatever")], ids=str)
def test_another_message_first_is_refused(client, message):
    client.send_json(message)
    refused(client, "x1")


def test_no_session_in_time_is_refused(server):
    server.create_channel(name="hasty", path="/hasty", new_token_wait_time=0.3)
    with WireClient(server.ws_port, "/hasty") as client:
        began = time.monotonic()
        refused(client, None)
        assert 0.25 < time.monotonic() - began < 2


def test_a_wrong_or_missing_token_is_refused(server):
    for token in ("zwsxt.000000000000000000000000", "", None):
        with open_client(server) as client:
            client.send_json(meta(action="invoke-service", token=token, client_id=...))
            refused(client, "x1")


def test_what_is_broken_is_said_before_who_may_say_it(session):
    session.send_json(meta(action="invoke-service", token="wrong", timestamp=...))
    bad_request(session, "x1")


def test_renewal_gives_a_new_token_and_the_old_one_dies(session):
    old = session.token
    answer = session.create_session(token=old)
    assert answer["meta"]["status"] == 200
    assert session.token != old
    assert session.call("ping")["meta"]["status"] == 200
    session.token = old
    session.send_request({"service": "ping"})
    assert session.receive_json()["meta"]["status"] == 403


def test_a_session_expires_by_itself_and_any_message_extends_it(server):
    server.create_channel(name="short", path="/short", token_ttl=0.6)
    with open_client(server, "/short") as client:
        began = time.monotonic()
        for _ in range(4):
            time.sleep(0.3)
            assert client.call("ping")["meta"]["status"] == 200
        code, _ = client.expect_close()
        assert code == 4403
        assert 1.6 < time.monotonic() - began < 4


def test_the_client_is_listed_before_it_has_its_token(server):
    for i in range(20):
        with open_client(server, client_id=f"listed.{i}"):
            assert len(server.connections(client_id=f"listed.{i}")) == 1


def test_an_object_as_client_name_is_flattened(server):
    with open_client(server, client_id="named", client_name={"b": 2, "a": "x"}):
        assert server.connections(client_id="named")[0]["client_name"] == "a: x; b: 2"


def test_labels_are_parsed(server):
    attrs = "site = A ;level=3\n# a comment\nempty=;"
    with open_client(server, client_id="labelled", attrs=attrs):
        assert server.connections(client_id="labelled")[0]["labels"] == \
            {"site": "A", "level": "3", "empty": ""}


def test_unknown_and_null_fields_are_ignored(client):
    client.send_json({"meta": {"id": "x1", "action": "create-session", "timestamp": "t",
                               "client_id": "c", "attrs": None, "whatever": {"a": [1]}},
                      "other": 1, "data": None})
    assert client.receive_json()["meta"]["status"] == 200


def test_messages_may_be_binary_and_fragmented(session):
    text = json.dumps({"meta": {"id": "f1", "action": "invoke-service", "timestamp": "t",
                                "token": session.token},
                       "data": {"service": "echo", "request": "h\u00e4"}}, ensure_ascii=False)
    data = text.encode()
    session.send_frame(BINARY, data)
    assert session.receive_json()["data"] == "h\u00e4"
    session.send_frame(TEXT, data[:5], fin=False)
    session.send_frame(9, b"in between")
    for octet in data[5:-1]:
        session.send_frame(0, bytes([octet]), fin=False)
    session.send_frame(0, data[-1:])
    opcode, payload = session.read_frame()
    assert (opcode, payload) == (10, b"in between")
    assert session.receive_json()["data"] == "h\u00e4"


def test_pings_are_answered_at_any_time(client):
    client.send_frame(9, b"early")
    assert client.read_frame() == (10, b"early")


def test_invalid_utf8(server):
    with WireClient(server.ws_port) as client:
        client.send_frame(TEXT, b'{"a":"\xff"}')
        assert client.expect_close()[0] == 1007
    with WireClient(server.ws_port) as client:
        client.send_frame(BINARY, b'{"a":"\xff"}')
        assert client.expect_close()[0] == 4001
    with open_client(server) as client:
        client.send_frame(BINARY, b'{"a":"\xed\xa0\x80"}')
        answer = client.receive_json()
        assert answer["meta"]["msg_type"] == "zwsx.rsperr"
        assert answer["meta"]["status"] == 422
        assert client.call("ping")["meta"]["status"] == 200


def test_sizes_before_and_after_the_session(server):
    with WireClient(server.ws_port) as client:
        client.send_frame(TEXT, b" " * 65536)
        bad_request(client)
        client.send_frame(TEXT, b" " * 65537)
        assert client.expect_close()[0] == 1009
    with open_client(server) as client:
        client.send_frame(TEXT, b" " * 1048576)
        bad_request(client)
        client.send_frame(TEXT, b" " * 1048577)
        assert client.expect_close()[0] == 1009


def test_a_frame_that_announces_everything_is_closed_at_once(server):
    with open_client(server) as client:
        client.send_raw(bytes([0x81, 0xFF]) + struct.pack(">Q", 1 << 62) + b"\0\0\0\0")
        assert client.expect_close()[0] == 1009
    assert server.get("/healthz").status == 200


def test_fragments_are_counted(server):
    with open_client(server) as client:
        client.send_raw(frame(TEXT, b" ", fin=False) + frame(0, b" ", fin=False) * 16382
                        + frame(0, b" "))
        bad_request(client)
        client.send_raw(frame(TEXT, b" ", fin=False) + frame(0, b" ", fin=False) * 16384)
        assert client.expect_close()[0] == 1009


@pytest.mark.parametrize("octets", [
    b"\x81\x00", b"\xc1\x80\0\0\0\0", b"\x83\x80\0\0\0\0", b"\x80\x80\0\0\0\0",
    b"\x09\x80\0\0\0\0", b"\x89\xfe\x00\x7e\0\0\0\0" + b"a" * 126, b"\x88\x81\0\0\0\0x",
    b"\x88\x82\0\0\0\0\x03\xed"],
    ids=["unmasked", "rsv", "opcode", "continuation", "fragmented ping", "long ping",
         "short close", "close 1005"])
def test_breaches_of_the_framing_are_1002(server, octets):
    with open_client(server) as client:
        client.send_raw(octets)
        assert client.expect_close()[0] == 1002


def test_nonsense_never_hurts_others(server):
    import random
    noise = random.Random(7)
    with open_client(server, client_id="bystander") as bystander:
        for _ in range(100):
            with open_client(server) as client:
                client.send_raw(noise.randbytes(200))
        assert bystander.call("ping")["meta"]["status"] == 200
    wait_for(lambda: not server.connections(), what="the roll to be empty")


def test_the_time_of_the_last_message_is_seen(server):
    with open_client(server, client_id="seen") as client:
        first = server.connections(client_id="seen")[0]["last_seen_at"]
        client.call("ping")
        assert server.connections(client_id="seen")[0]["last_seen_at"] > first


def test_a_peer_that_vanishes_leaves_the_roll(server):
    client = open_client(server, client_id="vanishes")
    client.socket.close()
    wait_for(lambda: not server.connections(client_id="vanishes"), what="the row to go")
