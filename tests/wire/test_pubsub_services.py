"""The services around publishing: what topics there are, and what was said in them."""

import pytest

from pubsub_client import connect, make_topic, ok, refused


def history(client, topic, **more):
    return ok(client.call("pubsub.history", {"topic_name": topic, **more}))["messages"]


def test_the_topics_that_a_client_may_use(own_hub):
    own_hub.create_channel(name="some", path="/some",
                           permissions="pub=/both\nsub=/both\nsub=/read/*")
    for name in ("/both", "/read/1", "/hidden"):
        make_topic(own_hub, name)
    with connect(own_hub, path="/some") as client:
        topics = ok(client.call("pubsub.topics", {}))["topics"]
    assert sorted(topics, key=lambda t: t["name"]) == [
        {"name": "/both", "can_publish": True, "can_subscribe": True},
        {"name": "/read/1", "can_publish": False, "can_subscribe": True}]


def test_history_is_oldest_first_and_says_what_a_delivery_says(alice, bob, topic):
    bob.subscribe(topic)
    alice.publish(topic, "one", priority=9)
    alice.publish(topic, "two")
    delivered = bob.take(2)
    told = history(alice, topic)
    assert [m["data"] for m in told] == ["one", "two"]
    for message, delivery in zip(told, delivered):
        assert "sub_key" not in message
        same = {key: value for key, value in delivery.items()
                if key not in ("sub_key", "delivery_count")}
        assert {key: message[key] for key in same} == same


def test_history_may_be_limited_and_begin_anywhere(alice, topic):
    alice.publish_many(topic, range(1, 101))
    assert [m["seq"] for m in history(alice, topic, from_seq=91)] == list(range(91, 101))
    assert [m["seq"] for m in history(alice, topic, from_seq=11, limit=3)] == [11, 12, 13]
    assert len(history(alice, topic)) == 50
    assert not history(alice, topic, from_seq=101)


def test_history_takes_nothing_from_subscribers(alice, bob, topic):
    alice.publish_many(topic, [1, 2])
    history(alice, topic)
    bob.subscribe(topic, **{"from": "first"})
    assert bob.take_data(2) == [1, 2]


@pytest.mark.parametrize("more", [{"limit": 0}, {"limit": "x"}, {"from_seq": -1},
                                  {"from_seq": "x"}], ids=str)
def test_history_wants_sensible_numbers(alice, topic, more):
    refused(alice.call("pubsub.history", {"topic_name": topic, **more}), 400)


def test_history_needs_a_topic_and_the_right_to_subscribe(hub, alice, topic):
    refused(alice.call("pubsub.history", {}), 400)
    refused(alice.call("pubsub.history", {"topic_name": "/no/such"}), 404)
    hub.create_channel(name="writer", path="/writer", permissions="pub=**")
    with connect(hub, path="/writer") as writer:
        refused(writer.call("pubsub.history", {"topic_name": topic}), 403)
