"""Lasting subscriptions: they outlive connections and servers, and belong to one client."""

import pytest

from muster_server import wait_for
from pubsub_client import (connect, connection_id, leave_behind, make_topic, ok, quoted, refused,
                           subscription_row)


def leave(server, topic, client_id="lasting", **options):
    return leave_behind(server, topic, client_id, **options)


@pytest.mark.parametrize("options", [
    {"durable": True}, {"unsub_on_wsx_close": False}], ids=str)
def test_it_outlives_its_connection(hub, alice, topic, options):
    sub_key = leave(hub, topic, **options)
    alice.publish_many(topic, [1, 2, 3])
    with connect(hub, "lasting") as client:
        assert not client.resume(sub_key)
        got = client.take(3)
        alice.publish(topic, 4)
        got += client.take(1)
    assert [m["data"] for m in got] == [1, 2, 3, 4]
    assert {m["sub_key"] for m in got} == {sub_key}


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_it_outlives_the_server(own_hub, end):
    topic = make_topic(own_hub)
    with connect(own_hub, "lasting") as client, connect(own_hub, "publisher") as publisher:
        sub_key = client.subscribe(topic, durable=True, ack="client")
        publisher.publish(topic, "first")
        client.confirm(client.delivery())
        wait_for(lambda: subscription_row(own_hub, sub_key)["unacked"] == 0, what="the answer")
    with connect(own_hub, "publisher") as publisher:
        publisher.publish_many(topic, range(2, 102))
    getattr(own_hub, end)()
    own_hub.start()
    with connect(own_hub, "lasting") as client:
        client.resume(sub_key)
        got = client.take_data(1)
        while got[-1] != 101:
            got += client.take_data(1)
    assert [data for data in got if data != "first"] == list(range(2, 102))


def test_its_rules_outlive_the_server(own_hub):
    topic = make_topic(own_hub, ack_timeout=1)
    sub_key = leave(own_hub, topic, ack="client", delivery_batch_size=2,
                    wrap_one_msg_in_list=True)
    own_hub.kill()
    own_hub.start()
    with connect(own_hub, "publisher") as publisher:
        publisher.publish_many(topic, [1, 2, 3])
    with connect(own_hub, "lasting") as client:
        client.resume(sub_key)
        first, second = client.delivery()["data"], client.delivery()["data"]
        assert [len(first), len(second)] == [2, 1]
        assert client.message()["delivery_count"] == 2


def test_the_original_name_resumes_too(hub, alice, topic):
    sub_key = leave(hub, topic)
    alice.publish(topic, "x")
    with connect(hub, "lasting") as client:
        answer = client.call("zato.pubsub.resume-wsx-subscription", {"sub_key": sub_key})
        assert not ok(answer)
        assert client.message()["data"] == "x"


def test_another_client_cannot_resume_it(hub, topic):
    sub_key = leave(hub, topic)
    with connect(hub, "thief") as thief:
        refused(thief.call("pubsub.resume", {"sub_key": sub_key}), 403)


def test_the_same_client_of_another_channel_cannot_resume_it(hub, topic):
    sub_key = leave(hub, topic)
    with connect(hub, "lasting", "/other") as client:
        refused(client.call("pubsub.resume", {"sub_key": sub_key}), 403)


@pytest.mark.parametrize("request_data, status", [
    ({}, 400), ({"sub_key": 7}, 400), ({"sub_key": ""}, 400), ({"sub_key": "nonsense"}, 404),
    ({"sub_key": "zpsk.wsx.alice.00000000ffffffffffffffff"}, 404)], ids=str)
def test_resuming_what_is_not_there(alice, request_data, status):
    refused(alice.call("pubsub.resume", request_data), status)


def test_the_same_client_gets_its_old_subscription_back(hub, alice, topic):
    sub_key = leave(hub, topic)
    alice.publish_many(topic, [1, 2])
    with connect(hub, "lasting") as client:
        data = ok(client.call("pubsub.subscribe", {"topic_name": topic}))
        assert (data["sub_key"], data["current_depth"]) == (sub_key, 2)
        assert client.take_data(2) == [1, 2]


def test_the_same_client_of_another_channel_gets_one_of_its_own(hub, topic):
    sub_key = leave(hub, topic)
    with connect(hub, "lasting", "/other") as client:
        assert client.subscribe(topic, durable=True) != sub_key


def test_unsubscribing_ends_it_for_good(hub, alice, topic):
    sub_key = leave(hub, topic)
    with connect(hub, "lasting") as client:
        client.resume(sub_key)
        ok(client.call("pubsub.unsubscribe", {"sub_key": sub_key}))
        refused(client.call("pubsub.resume", {"sub_key": sub_key}), 404)
    assert subscription_row(hub, sub_key) is None


def test_it_can_be_ended_without_being_resumed(hub, topic):
    sub_key = leave(hub, topic)
    with connect(hub, "lasting") as client:
        ok(client.call("pubsub.unsubscribe", {"sub_key": sub_key}))
    assert subscription_row(hub, sub_key) is None


def test_its_time_is_before_that_of_the_connection(hub, topic):
    sub_key = leave(hub, topic, "timely")
    with connect(hub, "timely") as client:
        client.resume(sub_key)
        name = connection_id(hub, "timely")
        connection = hub.get(f"connections/{name}").json()
        row = hub.get(f"connections/{name}/subscriptions").json()["items"][0]
    assert row["sub_key"] == sub_key
    assert row["subscribed_at"] < connection["connected_at"] <= row["resumed_at"]


def test_what_nobody_resumes_is_deleted(hub):
    topic = make_topic(hub, limit_sub_inactivity=0.5)
    sub_key = leave(hub, topic)
    assert subscription_row(hub, sub_key)
    wait_for(lambda: subscription_row(hub, sub_key) is None, 60, "it to be deleted")
    with connect(hub, "lasting") as client:
        refused(client.call("pubsub.resume", {"sub_key": sub_key}), 404)


def test_what_is_in_use_is_not_deleted(hub, alice):
    topic = make_topic(hub, limit_sub_inactivity=0.5)
    unused = leave(hub, topic, "unused")
    with connect(hub, "user") as client:
        sub_key = client.subscribe(topic, durable=True)
        wait_for(lambda: subscription_row(hub, unused) is None, 60, "the other to be deleted")
        assert subscription_row(hub, sub_key)
        alice.publish(topic, "x")
        assert client.message()["data"] == "x"


def test_the_newer_of_two_connections_gets_it_and_nothing_is_lost(hub, alice, topic):
    with connect(hub, "twice") as first, connect(hub, "twice") as second:
        sub_key = first.subscribe(topic, durable=True, ack="client")
        sent = [alice.send_request({"service": "pubsub.publish", "request": {
            "topic_name": topic, "data": number}}) for number in range(1, 51)]
        second.resume(sub_key)
        for wanted in sent:
            ok(alice.answer_to(wanted))
        alice.publish(topic, "last")
        seen = second.take(1)
        while seen[-1]["data"] != "last":
            seen += second.take(1)
        # Whatever the first has had, it never acknowledged: all comes to the second.
        assert {m["data"] for m in seen} == {"last", *range(1, 51)}
        alice.publish(topic, "newest")
        assert second.message()["data"] == "newest"
        row = subscription_row(hub, sub_key)
        assert row["client_id"] == "twice" and row["channel"] == "ps"


def test_a_deleted_topic_takes_it_away(hub, topic):
    sub_key = leave(hub, topic)
    assert hub.delete("topics/" + quoted(topic)).status == 204
    with connect(hub, "lasting") as client:
        refused(client.call("pubsub.resume", {"sub_key": sub_key}), 404)
