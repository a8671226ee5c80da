"""Acknowledgements: what counts as delivered, and what is delivered again."""

import json

import pytest

from muster_server import wait_for
from pubsub_client import connect, is_settled, make_topic, ok, refused, subscription_row


@pytest.fixture
def quick(hub):
    """A topic that waits a second for acknowledgements."""
    return make_topic(hub, ack_timeout=1)


def test_an_answer_to_the_delivery_settles_it(alice, bob, quick):
    alice.subscribe(quick, ack="client", delivery_batch_size=1)
    bob.publish_many(quick, ["settled", "left"])
    first, second = alice.delivery(), alice.delivery()
    assert (first["data"]["data"], second["data"]["data"]) == ("settled", "left")
    alice.confirm(first)
    again = alice.message()
    assert (again["data"], again["delivery_count"]) == ("left", 2)


def test_an_answer_to_a_list_settles_all_of_it(hub, alice, bob, quick):
    bob.publish_many(quick, range(1, 6))
    sub_key = alice.subscribe(quick, ack="client", **{"from": "first"})
    delivery = alice.delivery()
    assert len(delivery["data"]) == 5
    assert subscription_row(hub, sub_key)["unacked"] == 5
    alice.confirm(delivery)
    wait_for(lambda: is_settled(hub, sub_key), what="all to be settled")


def test_acknowledging_by_msg_id(hub, alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    msg_id = bob.publish(quick, "x")
    alice.message()
    assert not ok(alice.call("pubsub.ack", {"sub_key": sub_key, "msg_id": msg_id}))
    wait_for(lambda: is_settled(hub, sub_key), what="it to be settled")


def test_acknowledging_up_to_a_sequence(hub, alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    bob.publish_many(quick, range(1, 11))
    assert alice.take_data(10) == list(range(1, 11))
    ok(alice.call("pubsub.ack", {"sub_key": sub_key, "up_to": 8}))
    assert sorted(m["seq"] for m in alice.take(2)) == [9, 10]
    ok(alice.call("pubsub.ack", {"sub_key": sub_key, "up_to": 10}))
    wait_for(lambda: is_settled(hub, sub_key), what="all to be settled")


def test_acknowledging_out_of_order(hub, alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    ids = [bob.publish(quick, number) for number in range(1, 6)]
    alice.take(5)
    for index in (4, 0, 2):
        ok(alice.call("pubsub.ack", {"sub_key": sub_key, "msg_id": ids[index]}))
    again = sorted(alice.take(2), key=lambda m: m["seq"])
    assert [(m["msg_id"], m["delivery_count"]) for m in again] == [(ids[1], 2), (ids[3], 2)]


def test_what_is_not_acknowledged_comes_again_and_again(hub, alice, bob, quick):
    alice.subscribe(quick, ack="client")
    msg_id = bob.publish(quick, "x")
    got = [alice.message() for _ in range(3)]
    assert [m["delivery_count"] for m in got] == [1, 2, 3]
    assert {m["msg_id"] for m in got} == {msg_id}
    assert hub.metric("muster_redeliveries_total") >= 2


def test_the_answer_to_a_redelivery_settles_it(hub, alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    bob.publish(quick, "x")
    alice.delivery()
    alice.confirm(alice.delivery())
    wait_for(lambda: is_settled(hub, sub_key), what="it to be settled")


def test_what_was_out_when_the_connection_went_comes_to_the_next_one(hub, bob, topic):
    with connect(hub, "goer") as first:
        sub_key = first.subscribe(topic, ack="client", durable=True)
        msg_id = bob.publish(topic, "x")
        assert first.message()["delivery_count"] == 1
    with connect(hub, "goer") as second:
        second.resume(sub_key)
        message = second.message()
        assert (message["msg_id"], message["delivery_count"]) == (msg_id, 2)


def test_what_was_settled_does_not_come_to_the_next_one(hub, bob, topic):
    with connect(hub, "settler") as first:
        sub_key = first.subscribe(topic, ack="client", durable=True)
        bob.publish(topic, "settled")
        first.confirm(first.delivery())
        wait_for(lambda: is_settled(hub, sub_key), what="it to be settled")
    with connect(hub, "settler") as second:
        second.resume(sub_key)
        bob.publish(topic, "marker")
        assert second.message()["data"] == "marker"


def test_automatic_is_settled_by_the_socket(hub, bob, topic):
    with connect(hub, "auto") as first:
        sub_key = first.subscribe(topic, durable=True)
        bob.publish_many(topic, [1, 2, 3])
        assert first.take_data(3) == [1, 2, 3]
        wait_for(lambda: is_settled(hub, sub_key), what="all to be settled")
    with connect(hub, "auto") as second:
        second.resume(sub_key)
        bob.publish(topic, "marker")
        assert second.message()["data"] == "marker"


def test_what_expires_before_it_is_acknowledged_does_not_come_again(hub, alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    expired = bob.publish(quick, "expires", expiration=0.5)
    stays = bob.publish(quick, "stays")
    assert [m["msg_id"] for m in alice.take(2)] == [expired, stays]
    again = alice.message()
    assert (again["msg_id"], again["delivery_count"]) == (stays, 2)
    wait_for(lambda: subscription_row(hub, sub_key)["unacked"] == 1, what="one to be out")


def test_acknowledging_twice_is_no_error(alice, bob, quick):
    sub_key = alice.subscribe(quick, ack="client")
    msg_id = bob.publish(quick, "x")
    alice.message()
    for _ in range(2):
        ok(alice.call("pubsub.ack", {"sub_key": sub_key, "msg_id": msg_id}))


@pytest.mark.parametrize("request_data", [
    {}, {"msg_id": "x", "up_to": 1}, {"up_to": -1}, {"up_to": "x"}, {"msg_id": 1}],
    ids=json.dumps)
def test_an_acknowledgement_names_a_message_or_a_sequence(alice, quick, request_data):
    sub_key = alice.subscribe(quick, ack="client")
    refused(alice.call("pubsub.ack", {"sub_key": sub_key, **request_data}), 400)


def test_acknowledging_for_nobody_and_for_another(alice, bob, quick):
    refused(alice.call("pubsub.ack", {"up_to": 1}), 400)
    unknown = "zpsk.wsx.alice.00000000ffffffffffffffff"
    refused(alice.call("pubsub.ack", {"sub_key": unknown, "up_to": 1}), 404)
    theirs = bob.subscribe(quick, ack="client")
    refused(alice.call("pubsub.ack", {"sub_key": theirs, "up_to": 1}), 403)


def test_acknowledgements_are_counted(hub, alice, bob, quick):
    before = hub.metric("muster_acknowledgements_total")
    alice.subscribe(quick, ack="client", delivery_batch_size=1)
    bob.publish_many(quick, [1, 2, 3])
    for _ in range(3):
        alice.confirm(alice.delivery())
    wait_for(lambda: hub.metric("muster_acknowledgements_total") == before + 3, what="the count")
