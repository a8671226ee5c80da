"""Subscriptions on the admin endpoint: shown, made for a client, emptied, ended."""

import re

import pytest

from admin_client import STAMP, make_token, problem
from muster_server import wait_for
from pubsub_client import (connect, connection_id, leave_behind, make_topic, quoted, refused,
                           subscription_row, topic_row)

ROW = {"topic_name", "sub_key", "subscribed_at", "resumed_at", "ack", "durable", "depth",
       "depth_bytes", "oldest_age", "delivered_seq", "acked_seq", "dropped", "delivered",
       "unacked", "lag", "client_id", "channel", "connection_id"}


def path_of(sub_key):
    return "subscriptions/" + quoted(sub_key)


@pytest.fixture
def absent(hub, topic):
    """The sub key of a client that is not there."""
    return leave_behind(hub, topic, "absent", ack="client")


# Shown ----------------------------------------------------------------------------------------


def test_the_subscriptions_of_a_connection(hub, alice, topic):
    sub_key = alice.subscribe(topic)
    name = connection_id(hub, "alice")
    answer = hub.get(f"connections/{name}/subscriptions")
    assert answer.status == 200
    rows = answer.json()["items"]
    assert [row["sub_key"] for row in rows] == [sub_key]
    assert set(rows[0]) >= ROW
    row = rows[0]
    assert STAMP.fullmatch(row["subscribed_at"])
    assert {key: row[key] for key in ROW - {"subscribed_at"}} == {
        "topic_name": topic, "sub_key": sub_key, "resumed_at": None, "ack": "auto",
        "durable": False, "depth": 0, "depth_bytes": 0, "oldest_age": None, "delivered_seq": 0,
        "acked_seq": 0, "dropped": 0, "delivered": 0, "unacked": 0, "lag": 0,
        "client_id": "alice", "channel": "ps", "connection_id": name}
    assert subscription_row(hub, sub_key) == row
    assert hub.get(f"connections/{name}").json()["subscriptions"] == 1


def test_the_numbers_of_a_subscription(hub, alice, bob, topic):
    sub_key = alice.subscribe(topic, ack="client", delivery_batch_size=1)
    bob.publish_many(topic, ["12345678"] * 3)
    deliveries = [alice.delivery() for _ in range(3)]
    row = subscription_row(hub, sub_key)
    assert (row["delivered"], row["delivered_seq"], row["unacked"]) == (3, 3, 3)
    alice.confirm(deliveries[0])
    row = wait_for(lambda: subscription_row(hub, sub_key)["unacked"] == 2
                   and subscription_row(hub, sub_key), what="the answer")
    assert row["acked_seq"] == 1


def test_what_waits_for_somebody_who_is_not_there(hub, bob, topic, absent):
    bob.publish_many(topic, ["12345678"] * 3)
    row = wait_for(lambda: subscription_row(hub, absent)["depth"] == 3
                   and subscription_row(hub, absent), what="the depth")
    assert (row["depth_bytes"], row["lag"], row["connection_id"]) == (30, 3, None)
    assert 0 <= row["oldest_age"] < 60


def test_what_is_not_there_is_404(hub):
    for path in ("subscriptions/none", "subscriptions/none/messages",
                 "connections/none/subscriptions",
                 path_of("zpsk.wsx.alice.00000000ffffffffffffffff")):
        problem(hub.get(path), 404, "not_found")
    problem(hub.delete("subscriptions/none"), 404)
    problem(hub.post("subscriptions/none:clear"), 404)
    problem(hub.post("connections/none/subscriptions", {"topic_name": "x"}), 404)


# Made and ended on a client's behalf ----------------------------------------------------------


def test_subscribing_a_client(hub, alice, bob, topic):
    bob.publish(topic, "before")
    name = connection_id(hub, "alice")
    answer = hub.post(f"connections/{name}/subscriptions", {
        "topic_name": topic, "ack": "client", "durable": True, "from": "first"})
    assert answer.status == 201
    sub_key = answer.json()["sub_key"]
    assert re.fullmatch(r"zpsk\.wsx\.alice\.[0-9a-f]{24}", sub_key)
    assert answer.headers["location"] == "/api/v1/" + path_of(sub_key)
    message = alice.message()
    assert (message["data"], message["sub_key"]) == ("before", sub_key)
    row = subscription_row(hub, sub_key)
    assert (row["ack"], row["durable"]) == ("client", True)


def test_subscribing_a_client_needs_no_permission_of_its_channel(hub, bob, topic):
    hub.create_channel(name="mute", path="/mute")
    with connect(hub, "muted", "/mute") as client:
        refused(client.call("pubsub.subscribe", {"topic_name": topic}), 403)
        name = connection_id(hub, "muted")
        answer = hub.post(f"connections/{name}/subscriptions", {"topic_name": topic})
        assert answer.status == 201
        bob.publish(topic, "x")
        assert client.message()["data"] == "x"


@pytest.mark.parametrize("body, status", [
    ({}, 400), ({"topic_name": 7}, 400), ({"topic_name": "/no/such"}, 404), ({"nothing": 1}, 400)],
    ids=str)
def test_subscribing_a_client_to_nonsense(hub, alice, body, status):
    name = connection_id(hub, "alice")
    problem(hub.post(f"connections/{name}/subscriptions", body), status)


def test_a_wrong_option_is_named(hub, alice, topic):
    name = connection_id(hub, "alice")
    found = problem(hub.post(f"connections/{name}/subscriptions",
                             {"topic_name": topic, "ack": "maybe"}), 400)
    assert "ack" in found["detail"]


def test_unsubscribing_a_client(hub, alice, bob, topic):
    sub_key = alice.subscribe(topic)
    gone = hub.delete(path_of(sub_key))
    assert gone.status == 204 and gone.body == b""
    assert subscription_row(hub, sub_key) is None
    bob.publish(topic, "unheard")
    alice.subscribe(topic)
    bob.publish(topic, "heard")
    assert alice.message()["data"] == "heard"


def test_ending_the_subscription_of_somebody_who_is_not_there(hub, topic, absent):
    assert hub.delete(path_of(absent)).status == 204
    assert subscription_row(hub, absent) is None
    assert topic_row(hub, topic)["subscriptions"] == 0
    with connect(hub, "absent") as client:
        refused(client.call("pubsub.resume", {"sub_key": absent}), 404)


# Its queue ------------------------------------------------------------------------------------


def test_the_messages_that_wait(hub, bob, topic, absent):
    bob.publish_many(topic, [1, 2, 3])
    page = hub.get(path_of(absent) + "/messages?order=asc").json()
    assert [item["data"] for item in page["items"]] == [1, 2, 3]
    with connect(hub, "absent") as client:
        client.resume(absent)
        first = client.message()
        answer = client.call("pubsub.ack", {"sub_key": absent, "msg_id": first["msg_id"]})
        assert answer["meta"]["status"] == 200
    wait_for(lambda: len(hub.get(path_of(absent) + "/messages").json()["items"]) == 2,
             what="one to be settled")


def test_a_message_is_taken_out_of_one_queue_only(hub, bob, topic, absent):
    ids = [bob.publish(topic, number) for number in (1, 2, 3)]
    assert hub.delete(path_of(absent) + "/messages/" + ids[1]).status == 204
    wait_for(lambda: topic_row(hub, topic)["messages"] == 3, what="the topic to keep them")
    with connect(hub, "absent") as client:
        client.resume(absent)
        assert client.take_data(2) == [1, 3]
    # How far a connection is, its topic knows for certain when the connection has gone.
    wait_for(lambda: subscription_row(hub, absent)["connection_id"] is None, what="it to be left")
    problem(hub.delete(path_of(absent) + "/messages/" + ids[1]), 404, "not_found")


def test_a_queue_is_cleared(hub, bob, topic, absent):
    bob.publish_many(topic, range(1, 31))
    answer = hub.post(path_of(absent) + ":clear")
    assert answer.status == 200 and answer.json() == {"deleted": 30}
    assert subscription_row(hub, absent)["depth"] == 0
    wait_for(lambda: topic_row(hub, topic)["messages"] == 30, what="the topic to keep them")
    bob.publish(topic, "new")
    with connect(hub, "absent") as client:
        client.resume(absent)
        assert client.message()["data"] == "new"


def test_what_a_live_client_has_not_acknowledged_can_be_cleared(hub, alice, bob):
    topic = make_topic(hub, ack_timeout=1)
    sub_key = alice.subscribe(topic, ack="client")
    bob.publish(topic, "given up")
    alice.message()
    assert hub.post(path_of(sub_key) + ":clear").json() == {"deleted": 1}
    wait_for(lambda: subscription_row(hub, sub_key)["unacked"] == 0, what="nothing to be out")
    alice.expect_nothing(1.5)


def test_viewers_read_and_operators_act(hub, alice, topic):
    viewer, operator = make_token(hub, "viewer"), make_token(hub, "operator")
    name = connection_id(hub, "alice")
    made = hub.post(f"connections/{name}/subscriptions", {"topic_name": topic}, token=operator)
    assert made.status == 201
    path = path_of(made.json()["sub_key"])
    for read in (path, path + "/messages", f"connections/{name}/subscriptions"):
        assert hub.get(read, token=viewer).status == 200
    for method, act, body in (("POST", path + ":clear", {}), ("DELETE", path, None),
                              ("POST", f"connections/{name}/subscriptions", {})):
        problem(hub.request(method, act, body, token=viewer), 403)
    assert hub.post(path + ":clear", token=operator).status == 200
    assert hub.delete(path, token=operator).status == 204


# Counted --------------------------------------------------------------------------------------


def test_the_metrics_of_topics_and_subscriptions(own_hub):
    topic = make_topic(own_hub, ack_timeout=0.5)
    with connect(own_hub) as client:
        client.subscribe(topic, ack="client", delivery_batch_size=1)
        client.publish_many(topic, [1, 2])
        client.confirm(client.delivery())
        client.delivery()
        client.delivery()
        wanted = {"muster_publications_total": 2, "muster_deliveries_total": 3,
                  "muster_redeliveries_total": 1, "muster_acknowledgements_total": 1,
                  "muster_topics": 1, "muster_subscriptions": 1}
        wait_for(lambda: all(own_hub.metric(name) >= value for name, value in wanted.items()),
                 what="the counts")
    assert own_hub.metric("muster_topics") == 1
    assert own_hub.metric("muster_publications_total") == 2
    assert own_hub.metric("muster_store_commits_total") >= 1
    assert own_hub.metric("muster_store_commit_seconds_total") > 0
    causes = re.findall(r'muster_deliveries_dropped_total\{cause="(\w+)"\}',
                        own_hub.get("/metrics").body.decode())
    assert sorted(causes) == sorted(["slow_consumer", "expired", "retention", "depth",
                                     "conflated", "deleted", "damaged"])
    wait_for(lambda: own_hub.metric("muster_subscriptions") == 0, what="nobody to be left")
