"""Section 9 of the protocol: subscribing, where a subscription begins, how it ends."""

import datetime
import re

import pytest

from muster_server import wait_for
from pubsub_client import connect, make_topic, messages_of, ok, quoted, refused, topic_row

SUB_KEY = re.compile(r"zpsk\.wsx\.alice\.[0-9a-f]{24}")
NAMES = ["pubsub.subscribe", "zato.pubsub.subscription.create-wsx-subscription",
         "zato.pubsub.pubapi.subscribe-wsx"]


@pytest.mark.parametrize("service", NAMES)
def test_subscribing_answers_with_a_sub_key(alice, bob, topic, service):
    data = ok(alice.call(service, {"topic_name": topic}))
    assert SUB_KEY.fullmatch(data["sub_key"])
    assert data["current_depth"] == 0
    bob.publish(topic, "x")
    assert alice.message()["sub_key"] == data["sub_key"]


@pytest.mark.parametrize("service", NAMES)
def test_subscribing_to_a_list_answers_for_each(hub, alice, bob, service):
    topics = [make_topic(hub) for _ in range(3)]
    data = ok(alice.call(service, {"topic_name_list": topics}))
    assert [set(item) for item in data["sub_data"]] == \
        [{"topic_name", "sub_key", "current_depth"}] * 3
    assert [item["topic_name"] for item in data["sub_data"]] == topics
    keys = {item["topic_name"]: item["sub_key"] for item in data["sub_data"]}
    assert len(set(keys.values())) == 3
    for name in topics:
        bob.publish(name, "x")
        message = alice.message()
        assert (message["topic_name"], message["sub_key"]) == (name, keys[name])


def test_the_depth_of_a_new_subscription_is_what_it_will_get(alice, bob, topic):
    bob.publish_many(topic, [1, 2, 3, 4])
    data = ok(alice.call("pubsub.subscribe", {"topic_name": topic, "from": "first"}))
    assert data["current_depth"] == 4
    assert alice.take_data(4) == [1, 2, 3, 4]


@pytest.mark.parametrize("request_data", [
    {}, {"topic_name": "/a", "topic_name_list": ["/a"]}, {"topic_name": ""}, {"topic_name": 7},
    {"topic_name_list": "a"}, {"topic_name_list": []}, {"topic_name_list": [7]}], ids=str)
def test_one_topic_or_a_list_of_them_is_wanted(alice, request_data):
    refused(alice.call("pubsub.subscribe", request_data), 400)


@pytest.mark.parametrize("option, value", [
    ("ack", "maybe"), ("ack", True), ("durable", "yes"), ("from", "never"), ("from", -1),
    ("from", True), ("from", {}), ("delivery_batch_size", 0), ("delivery_batch_size", "all"),
    ("delivery_batch_size", -1), ("wrap_one_msg_in_list", 1), ("unsub_on_wsx_close", "no")])
def test_an_option_of_the_wrong_kind_is_400_and_named(hub, alice, topic, option,
                                                             value):
    answer = alice.call("pubsub.subscribe", {"topic_name": topic, option: value})
    assert option in refused(answer, 400)
    assert topic_row(hub, topic)["subscriptions"] == 0


def test_subscribing_to_a_topic_that_does_not_exist_is_404(alice):
    refused(alice.call("pubsub.subscribe", {"topic_name": "/no/such"}), 404)


def test_of_a_list_with_a_wrong_name_nothing_is_subscribed(hub, alice, topic):
    request = {"topic_name_list": [topic, "/no/such"]}
    refused(alice.call("pubsub.subscribe", request), 404)
    wait_for(lambda: topic_row(hub, topic)["subscriptions"] == 0, what="nobody to be left")


def test_subscribing_twice_gives_the_same_subscription(alice, bob, topic):
    assert alice.subscribe(topic) == alice.subscribe(topic)
    bob.publish_many(topic, [1, 2])
    assert alice.take_data(2) == [1, 2]


# Batches --------------------------------------------------------------------------------------


def test_two_and_more_messages_come_as_a_list_with_a_fresh_id(alice, bob, topic):
    ids = [bob.publish(topic, number) for number in range(1, 6)]
    alice.subscribe(topic, **{"from": "first"})
    delivery = alice.delivery()
    assert [m["msg_id"] for m in delivery["data"]] == ids
    assert delivery["meta"]["id"] not in ids
    assert re.fullmatch("(zpsm)?[0-9a-f]{24}", delivery["meta"]["id"])


def test_no_list_is_longer_than_the_batch_size(alice, bob, topic):
    bob.publish_many(topic, range(1, 11))
    alice.subscribe(topic, delivery_batch_size=3, **{"from": "first"})
    got = []
    while len(got) < 10:
        batch = messages_of(alice.delivery())
        assert len(batch) <= 3
        got += [m["data"] for m in batch]
    assert got == list(range(1, 11))


def test_with_a_batch_size_of_one_there_are_no_lists(alice, bob, topic):
    ids = [bob.publish(topic, number) for number in range(1, 4)]
    alice.subscribe(topic, delivery_batch_size=1, **{"from": "first"})
    deliveries = [alice.delivery() for _ in ids]
    assert [d["meta"]["id"] for d in deliveries] == ids
    assert [d["data"]["data"] for d in deliveries] == [1, 2, 3]


def test_a_single_message_is_wrapped_where_it_is_asked_for(alice, bob, topic):
    alice.subscribe(topic, wrap_one_msg_in_list=True)
    msg_id = bob.publish(topic, "x")
    data = alice.delivery()["data"]
    assert isinstance(data, list) and [m["msg_id"] for m in data] == [msg_id]


# Where it begins ------------------------------------------------------------------------------


def test_a_subscription_begins_with_what_is_published_after_it(alice, bob, topic):
    bob.publish(topic, "before")
    alice.subscribe(topic)
    bob.publish(topic, "after")
    assert alice.message()["data"] == "after"


def test_new_is_the_same_as_nothing(alice, bob, topic):
    bob.publish(topic, "before")
    alice.subscribe(topic, **{"from": "new"})
    bob.publish(topic, "after")
    assert alice.message()["data"] == "after"


def test_a_number_is_the_first_sequence_to_be_delivered(alice, bob, topic):
    bob.publish_many(topic, ["a", "b", "c", "d"])
    alice.subscribe(topic, **{"from": 3})
    assert [m["seq"] for m in alice.take(2)] == [3, 4]


def test_a_sequence_of_the_future_waits_for_it(alice, bob, topic):
    alice.subscribe(topic, **{"from": 3})
    bob.publish_many(topic, ["a", "b", "c"])
    assert alice.message()["seq"] == 3


def test_a_time_is_when_the_first_was_published(alice, bob, topic):
    bob.publish(topic, "before")
    moment = datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    bob.publish_many(topic, ["after", "later"])
    alice.subscribe(topic, **{"from": moment})
    assert alice.take_data(2) == ["after", "later"]


def test_what_arrives_while_one_subscribes_comes_once(hub, bob, topic):
    """The place where history ends and the present begins has neither a gap nor a seam."""
    for turn in range(20):
        with connect(hub, f"seam.{turn}") as client:
            sent = [bob.send_request({"service": "pubsub.publish", "request": {
                "topic_name": topic, "data": turn * 30 + i + 1}}) for i in range(30)]
            client.subscribe(topic, **{"from": "first"})
            for wanted in sent:
                ok(bob.answer_to(wanted))
            count = (turn + 1) * 30
            assert client.take_data(count) == list(range(1, count + 1))


# How it ends ----------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ["pubsub.unsubscribe", "zato.pubsub.pubapi.unsubscribe"])
@pytest.mark.parametrize("by", ["topic_name", "sub_key"])
def test_unsubscribing_by_either_name(hub, alice, bob, topic, service, by):
    sub_key = alice.subscribe(topic)
    value = topic if by == "topic_name" else sub_key
    assert not ok(alice.call(service, {by: value}))
    bob.publish(topic, "unheard")
    assert alice.subscribe(topic) != sub_key
    bob.publish(topic, "heard")
    assert alice.message()["data"] == "heard"


@pytest.mark.parametrize("request_data, status", [
    ({}, 400), ({"topic_name": 7}, 400), ({"topic_name": "/no/such"}, 404),
    ({"sub_key": "zpsk.wsx.alice.000000000000000000000000"}, 404), ({"sub_key": "nonsense"}, 404)],
    ids=str)
def test_unsubscribing_from_what_is_not_there(alice, request_data, status):
    refused(alice.call("pubsub.unsubscribe", request_data), status)


def test_another_clients_subscription_cannot_be_ended(alice, bob, topic):
    sub_key = bob.subscribe(topic)
    refused(alice.call("pubsub.unsubscribe", {"sub_key": sub_key}), 403)
    alice.publish(topic, "still here")
    assert bob.message()["data"] == "still here"


def test_a_subscription_ends_with_its_connection(hub, topic):
    with connect(hub, "leaver") as leaver:
        sub_key = leaver.subscribe(topic)
        leaver.close()
    wait_for(lambda: topic_row(hub, topic)["subscriptions"] == 0, what="it to be gone")
    with connect(hub, "leaver") as leaver:
        refused(leaver.call("pubsub.resume", {"sub_key": sub_key}), 404)


def test_a_topic_is_deleted_under_its_subscribers(hub, alice, bob, topic):
    sub_key = alice.subscribe(topic, durable=True)
    assert hub.delete("topics/" + quoted(topic)).status == 204
    refused(bob.call("pubsub.publish", {"topic_name": topic, "data": 1}), 404)
    make_topic(hub, topic)
    bob.publish(topic, "of another topic")
    refused(alice.call("pubsub.resume", {"sub_key": sub_key}), 404)
    assert alice.subscribe(topic) != sub_key
    bob.publish(topic, "mine")
    assert alice.message()["data"] == "mine"
