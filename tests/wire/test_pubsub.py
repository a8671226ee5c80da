"""Section 9 of the protocol: what is published and how it arrives."""

import json
import re
import threading

import pytest

from muster_server import wait_for
from pubsub_client import connect, leave_behind, make_topic, ok, refused

MSG_ID = re.compile("zpsm[0-9a-f]{24}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?")

DELIVERY = {"data", "delivery_count", "expiration", "expiration_time_iso", "ext_client_id",
            "mime_type", "priority", "pub_time_iso", "recv_time_iso", "size", "sub_key",
            "topic_name", "msg_id", "correl_id", "seq"}


def test_publishing_answers_with_the_id_of_the_message(alice, topic):
    answer = alice.call("pubsub.publish", {"topic_name": topic, "data": "hello"})
    data = ok(answer)
    assert set(data) == {"msg_id"}
    assert MSG_ID.fullmatch(data["msg_id"])


def test_the_original_name_publishes_too(alice, bob, topic):
    bob.subscribe(topic)
    answer = alice.call("zato.pubsub.pubapi.publish-message", {"topic_name": topic, "data": "long"})
    assert MSG_ID.fullmatch(ok(answer)["msg_id"])
    assert bob.message()["data"] == "long"


def test_a_delivery_has_exactly_these_fields(alice, bob, topic):
    sub_key = bob.subscribe(topic)
    msg_id = alice.publish(topic, "hello", correl_id="c1")
    delivery = bob.delivery()
    assert list(delivery) == ["meta", "data"]
    assert set(delivery["meta"]) == {"id", "timestamp", "msg_type"}
    assert delivery["meta"]["id"] == msg_id
    assert delivery["meta"]["msg_type"] == "zwsx.psrq"
    message = delivery["data"]
    assert set(message) == DELIVERY
    for field in ("expiration_time_iso", "pub_time_iso", "recv_time_iso"):
        assert STAMP.fullmatch(message[field]), message
    assert {key: message[key] for key in DELIVERY if not key.endswith("_iso")} == {
        "data": "hello", "delivery_count": 1, "expiration": 86400, "ext_client_id": "",
        "mime_type": "application/json", "priority": 5, "size": 5,
        "sub_key": sub_key, "topic_name": topic, "msg_id": msg_id, "correl_id": "c1", "seq": 1}


def test_what_the_publisher_says_arrives(alice, bob, topic):
    bob.subscribe(topic)
    said = {"priority": 8, "expiration": 60, "mime_type": "text/csv", "correl_id": "c",
            "in_reply_to": "r", "ext_client_id": "e", "ext_pub_time": "2026-01-01T00:00:00",
            "key": "k"}
    alice.publish(topic, [1], has_gd=True, **said)
    message = bob.message()
    assert {key: message[key] for key in said} == said


def test_sequences_grow_by_one(alice, bob, topic):
    bob.subscribe(topic)
    for number in range(5):
        alice.publish(topic, number + 1)
    assert [m["seq"] for m in bob.take(5)] == [1, 2, 3, 4, 5]


def test_a_publisher_who_subscribes_gets_its_own_messages(alice, topic):
    alice.subscribe(topic)
    alice.publish(topic, "mine")
    assert alice.message()["data"] == "mine"


def test_every_subscriber_gets_every_message(hub, alice, topic):
    readers = [connect(hub, f"reader.{i}") for i in range(20)]
    try:
        for reader in readers:
            reader.subscribe(topic)
        alice.publish_many(topic, range(1, 101))
        for reader in readers:
            assert reader.take_data(100) == list(range(1, 101))
    finally:
        for reader in readers:
            reader.socket.close()


@pytest.mark.parametrize("text", [
    '"text"', "7", "0", "-0.0", "false", "-0.5", "true", "1e5", "12345678901234567890123", "1.0E+2", '"\\u00e4\\/\\n"',
    '"\u20ac \U0001f600"', '{ "b" : 1,\t"a":[ ] }', "[[],{}]", '{"a":1,"a":2}', '"~"',
    "[" * 29 + "]" * 29, '{"x":' * 29 + "1" + "}" * 29,
    '"' + "x" * 100_000 + '"'], ids=lambda text: text[:20])
def test_any_json_arrives_byte_for_byte(alice, bob, topic, text):
    bob.subscribe(topic)
    ok(alice.publish_text(topic, text))
    arrived = bob.delivery_text()
    assert '"data":' + text + ',"' in arrived
    content = json.loads(text) if text.startswith('"') else text
    assert json.loads(arrived)["data"]["size"] == len(content.encode())


def test_a_message_that_is_nested_too_deep_is_400(alice, topic):
    assert alice.publish_text(topic, "[" * 30 + "]" * 30)["meta"]["status"] == 400


@pytest.mark.parametrize("request_data", [
    {}, {"data": None}, {"data": ""}, {"data": {}}, {"data": []}], ids=json.dumps)
def test_empty_data_is_400(alice, topic, request_data):
    refused(alice.call("pubsub.publish", {"topic_name": topic, **request_data}), 400)


@pytest.mark.parametrize("field, value", [
    ("priority", 0), ("priority", 10), ("priority", -1), ("priority", 1.5), ("priority", "5"),
    ("expiration", -1), ("expiration", "soon"), ("msg_id", 7), ("mime_type", 1),
    ("correl_id", []), ("key", 1), ("ext_client_id", {})])
def test_a_wrong_field_is_400_and_named(alice, topic, field, value):
    request = {"topic_name": topic, "data": 1, field: value}
    assert field in refused(alice.call("pubsub.publish", request), 400)


@pytest.mark.parametrize("name", [None, "", 7, []])
def test_publishing_without_a_topic_is_400(alice, name):
    refused(alice.call("pubsub.publish", {"topic_name": name, "data": 1}), 400)


@pytest.mark.parametrize("priority", range(1, 10))
def test_every_priority_is_taken(alice, bob, topic, priority):
    bob.subscribe(topic)
    alice.publish(topic, "x", priority=priority)
    assert bob.message()["priority"] == priority


def test_publishing_to_a_topic_that_does_not_exist_is_404(alice):
    refused(alice.call("pubsub.publish", {"topic_name": "/no/such", "data": 1}), 404)


def test_publishing_to_an_inactive_topic_is_503(hub, alice):
    topic = make_topic(hub, is_active=False)
    refused(alice.call("pubsub.publish", {"topic_name": topic, "data": 1}), 503)
    assert hub.patch("topics/" + topic.replace("/", "%2F"), {"is_active": True}).status == 200
    alice.publish(topic, 1)


def test_a_message_over_the_topics_size_is_413(hub, alice, bob):
    topic = make_topic(hub, max_message_bytes=100)
    bob.subscribe(topic)
    refused(alice.call("pubsub.publish", {"topic_name": topic, "data": "x" * 99}), 413)
    alice.publish(topic, "x" * 98)
    assert bob.message()["size"] == 98


def test_a_full_topic_is_503_until_its_subscriber_has_caught_up(hub, alice):
    topic = make_topic(hub, max_depth=3)
    sub_key = leave_behind(hub, topic)
    for number in range(1, 4):
        alice.publish(topic, number)
    one_more = {"topic_name": topic, "data": 4}
    refused(alice.call("pubsub.publish", one_more), 503)
    with connect(hub, "away") as away:
        away.resume(sub_key)
        assert away.take_data(3) == [1, 2, 3]
        wait_for(lambda: alice.call("pubsub.publish", one_more)["meta"]["status"] == 200,
                 what="the topic to know")
        assert away.message()["data"] == 4


def test_a_topic_without_subscribers_keeps_what_is_published(alice, bob, topic):
    alice.publish_many(topic, [1, 2, 3])
    bob.subscribe(topic, **{"from": "first"})
    assert bob.take_data(3) == [1, 2, 3]


def test_a_topic_may_drop_what_nobody_is_subscribed_to(hub, alice, bob):
    topic = make_topic(hub, on_no_subscribers="drop")
    alice.publish(topic, 1)
    bob.subscribe(topic, **{"from": "first"})
    alice.publish(topic, 2)
    assert bob.message()["data"] == 2


def test_publishers_at_once_lose_nothing(hub, bob, topic):
    bob.subscribe(topic)

    def publish(number):
        with connect(hub, f"publisher.{number}") as client:
            client.publish_many(topic, [[number, i] for i in range(200)])

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    got = bob.take(1000, 30)
    for thread in threads:
        thread.join()
    assert [m["seq"] for m in got] == list(range(1, 1001))
    assert sorted(m["data"] for m in got) == [[n, i] for n in range(5) for i in range(200)]
