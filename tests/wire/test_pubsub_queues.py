"""What waits for a subscriber: its order, what expires, what is conflated, what comes once."""

import time

import pytest

from muster_server import wait_for
from pubsub_client import connect, leave_behind, make_topic, ok, subscription_row


@pytest.fixture
def away(hub, topic):
    """The sub key of a lasting subscription whose client is not there."""
    return leave_behind(hub, topic)


def come_back(hub, sub_key):
    client = connect(hub, "away")
    client.resume(sub_key)
    return client


# Order ----------------------------------------------------------------------------------------


def test_what_waits_comes_by_priority_then_by_publication(hub, alice, topic, away):
    priorities = [5, 1, 9, 5, 9, 3, 1, 7, 5]
    for number, priority in enumerate(priorities):
        alice.publish(topic, number + 1, priority=priority)
    with come_back(hub, away) as client:
        got = client.take(len(priorities))
    assert [(m["priority"], m["seq"]) for m in got] == sorted(
        ((m["priority"], m["seq"]) for m in got), key=lambda pair: (-pair[0], pair[1]))
    assert sorted(m["seq"] for m in got) == list(range(1, 10))


def test_a_history_comes_by_priority_too(alice, bob, topic):
    for number in range(30):
        alice.publish(topic, number + 1, priority=1 + number % 9)
    bob.subscribe(topic, **{"from": "first"})
    got = [(m["priority"], m["seq"]) for m in bob.take(30)]
    assert got == sorted(got, key=lambda pair: (-pair[0], pair[1]))


def test_a_long_queue_comes_in_order(hub, alice, topic, away):
    alice.publish_many(topic, range(1, 5001))
    with come_back(hub, away) as client:
        assert client.take_data(5000, 30) == list(range(1, 5001))


# Expiration -----------------------------------------------------------------------------------


def test_what_has_expired_is_not_delivered(hub, alice, topic, away):
    alice.publish(topic, "short", expiration=0.2)
    alice.publish(topic, "long", expiration=60)
    began = time.monotonic()
    wait_for(lambda: time.monotonic() - began > 0.3, what="the time to be over")
    with come_back(hub, away) as client:
        assert client.message()["data"] == "long"
        alice.publish(topic, "marker")
        assert client.message()["data"] == "marker"


def test_what_has_expired_waits_no_more(hub, alice, topic, away):
    alice.publish(topic, "short", expiration=0.2)
    wait_for(lambda: subscription_row(hub, away)["depth"] == 0, 20, "it to be dropped")


def test_a_topic_bounds_how_long_a_message_lives(hub, alice, bob):
    topic = make_topic(hub, limit_message_expiry=60)
    bob.subscribe(topic)
    alice.publish(topic, "unsaid")
    alice.publish(topic, "too long", expiration=10**9)
    alice.publish(topic, "short", expiration=30)
    assert [m["expiration"] for m in bob.take(3)] == [60, 60, 30]


# Conflation -----------------------------------------------------------------------------------


def test_of_messages_with_the_same_key_only_the_newest_waits(hub, alice, topic, away):
    for number in range(1, 6):
        alice.publish(topic, f"x{number}", key="x")
        alice.publish(topic, f"y{number}", key="y")
    alice.publish(topic, "without")
    with come_back(hub, away) as client:
        assert client.take_data(3) == ["x5", "y5", "without"]
    assert hub.metric("muster_deliveries_dropped_total", cause="conflated") >= 8


def test_what_is_read_at_once_is_not_conflated(alice, bob, topic):
    bob.subscribe(topic)
    got = []
    for number in range(1, 6):
        alice.publish(topic, number, key="x")
        got.append(bob.message()["data"])
    assert got == [1, 2, 3, 4, 5]


def test_a_topic_may_leave_keys_alone(hub, alice):
    topic = make_topic(hub, conflate=False)
    sub_key = leave_behind(hub, topic)
    for number in range(1, 4):
        alice.publish(topic, number, key="x")
    with come_back(hub, sub_key) as client:
        assert client.take_data(3) == [1, 2, 3]


# Once -----------------------------------------------------------------------------------------


def test_the_same_msg_id_gets_the_same_answer_and_is_delivered_once(alice, bob, topic):
    bob.subscribe(topic)
    first = alice.publish(topic, "one", msg_id="order-17")
    again = alice.publish(topic, "one", msg_id="order-17")
    assert first == again == "order-17"
    alice.publish(topic, "marker")
    assert bob.take_data(2) == ["one", "marker"]


def test_the_same_msg_id_many_times_at_once_is_delivered_once(alice, bob, topic):
    bob.subscribe(topic)
    sent = [alice.send_request({"service": "pubsub.publish", "request": {
        "topic_name": topic, "data": "one", "msg_id": "order-18"}}) for _ in range(20)]
    assert {ok(alice.answer_to(wanted))["msg_id"] for wanted in sent} == {"order-18"}
    alice.publish(topic, "marker")
    assert bob.take_data(2) == ["one", "marker"]


def test_the_same_msg_id_on_another_topic_is_another_message(hub, alice, bob, topic):
    other = make_topic(hub)
    bob.subscribe(topic)
    bob.subscribe(other)
    alice.publish(topic, 1, msg_id="order-19")
    alice.publish(other, 2, msg_id="order-19")
    assert sorted(bob.take_data(2)) == [1, 2]


def test_a_msg_id_is_known_after_kill_9(own_hub):
    topic = make_topic(own_hub)
    with connect(own_hub) as client:
        sub_key = client.subscribe(topic, durable=True, ack="client")
        client.publish(topic, "one", msg_id="order-20")
    own_hub.kill()
    own_hub.start()
    with connect(own_hub) as client:
        assert client.publish(topic, "one", msg_id="order-20") == "order-20"
        client.publish(topic, "marker")
        client.resume(sub_key)
        assert client.take_data(2) == ["one", "marker"]


# Retention ------------------------------------------------------------------------------------


def test_a_topic_keeps_so_many_messages(hub, alice, bob):
    topic = make_topic(hub, retention_count=10)
    alice.publish_many(topic, range(1, 101))
    wait_for(lambda: hub.get("topics/" + topic.replace("/", "%2F")).json()["messages"] <= 10,
             what="the old ones to go")
    bob.subscribe(topic, **{"from": "first"})
    assert bob.take_data(10) == list(range(91, 101))


def test_a_topic_keeps_messages_so_long(hub, alice):
    topic = make_topic(hub, retention_age=0.3)
    alice.publish_many(topic, range(1, 11))
    wait_for(lambda: hub.get("topics/" + topic.replace("/", "%2F")).json()["messages"] == 0, 90,
             "them to go")
