"""The messages of a topic on the admin endpoint: published, read, searched, deleted."""

import json

import pytest

from admin_client import STAMP, problem
from muster_server import wait_for
from pubsub_client import connect, is_settled, leave_behind, make_topic, quoted, topic_row


def path_of(topic):
    return "topics/" + quoted(topic)


def messages(hub, topic, query=""):
    answer = hub.get(path_of(topic) + "/messages" + query)
    assert answer.status == 200, answer
    return answer.json()


def data_of(page):
    return [item["data"] for item in page["items"]]


def test_publishing_for_an_administrator(hub, alice, topic):
    alice.subscribe(topic)
    text = '{"big":12345678901234567890123,"e":1.0E+2,"s":"\\u00e4\\/"}'
    answer = hub.request("POST", path_of(topic) + "/publish", raw=(
        '{"data":' + text + ',"priority":9,"correl_id":"c","expiration":60}').encode(),
        headers={"Content-Type": "application/json"})
    assert answer.status == 200
    said = answer.json()
    assert set(said) == {"msg_id", "seq"} and said["seq"] == 1
    arrived = alice.delivery_text()
    assert '"data":' + text + ',"' in arrived
    message = json.loads(arrived)["data"]
    assert (message["msg_id"], message["priority"], message["correl_id"], message["expiration"]) \
        == (said["msg_id"], 9, "c", 60)


@pytest.mark.parametrize("body", [{}, {"data": ""}, {"data": 1, "priority": 10},
                                  {"data": 1, "nothing": 1}], ids=json.dumps)
def test_publishing_nonsense_for_an_administrator_is_400(hub, topic, body):
    problem(hub.post(path_of(topic) + "/publish", body), 400)


def test_publishing_for_an_administrator_where_it_cannot_be(hub):
    problem(hub.post("topics/none/publish", {"data": 1}), 404)
    inactive = make_topic(hub, is_active=False)
    problem(hub.post(path_of(inactive) + "/publish", {"data": 1}), 503, "unavailable")
    small = make_topic(hub, max_message_bytes=10)
    problem(hub.post(path_of(small) + "/publish", {"data": "x" * 20}), 413, "too_large")


# Reading --------------------------------------------------------------------------------------


def test_a_message_says_all_that_is_known_of_it(hub, alice, topic):
    msg_id = alice.publish(topic, {"a": 1}, priority=7, key="k", correl_id="c")
    page = messages(hub, topic)
    assert page["total"] == 1
    item = page["items"][0]
    wanted = {"data": {"a": 1}, "msg_id": msg_id, "seq": 1, "priority": 7, "key": "k",
              "correl_id": "c", "publisher": "alice", "channel": "ps", "size": len('{"a": 1}'),
              "mime_type": "application/json"}
    assert {key: item[key] for key in wanted} == wanted
    one = hub.get(path_of(topic) + "/messages/" + msg_id)
    assert one.status == 200 and one.json() == item


def test_messages_are_newest_first_or_oldest_first(hub, alice, topic):
    alice.publish_many(topic, [1, 2, 3])
    assert data_of(messages(hub, topic)) == [3, 2, 1]
    assert data_of(messages(hub, topic, "?order=desc")) == [3, 2, 1]
    assert data_of(messages(hub, topic, "?order=asc")) == [1, 2, 3]
    problem(hub.get(path_of(topic) + "/messages?order=sideways"), 400)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_messages_are_paged_without_gaps_while_others_are_published(hub, alice, topic, order):
    alice.publish_many(topic, range(1, 101))
    seen, cursor = [], ""
    while True:
        page = messages(hub, topic, f"?order={order}&limit=30" + (cursor and "&cursor="
                                                                   + quoted(cursor)))
        assert len(page["items"]) <= 30
        seen += data_of(page)
        cursor = page["next_cursor"]
        if not cursor:
            break
        if len(seen) < 60:
            alice.publish(topic, "later")
    seen = [data for data in seen if data != "later"]
    assert seen == sorted(range(1, 101), reverse=order == "desc")


def test_messages_are_searched_by_text(hub, alice, topic):
    alice.publish_many(topic, [f"number {n} of many" for n in range(1, 301)])
    assert data_of(messages(hub, topic, "?text=number%20277%20")) == ["number 277 of many"]
    assert not messages(hub, topic, "?text=nowhere")["items"]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?cursor=none", "?nothing=1"])
def test_a_wrong_question_is_400(hub, topic, query):
    problem(hub.get(path_of(topic) + "/messages" + query), 400)


def test_what_is_not_there_is_404(hub, topic):
    problem(hub.get("topics/none/messages"), 404, "not_found")
    problem(hub.get(path_of(topic) + "/messages/zpsm000000000000000000000000"), 404, "not_found")
    problem(hub.delete(path_of(topic) + "/messages/zpsm000000000000000000000000"), 404)
    problem(hub.post("topics/none:clear"), 404)
    problem(hub.get("topics/none/subscriptions"), 404)
    problem(hub.get("topics/none/publishers"), 404)


# Deleting -------------------------------------------------------------------------------------


def test_a_deleted_message_reaches_nobody(hub, alice, bob, topic):
    sub_key = leave_behind(hub, topic, "absent")
    ids = [alice.publish(topic, number) for number in (1, 2, 3)]
    gone = hub.delete(path_of(topic) + "/messages/" + ids[1])
    assert gone.status == 204 and gone.body == b""
    assert data_of(messages(hub, topic, "?order=asc")) == [1, 3]
    bob.subscribe(topic, **{"from": "first"})
    assert bob.take_data(2) == [1, 3]
    with connect(hub, "absent") as client:
        client.resume(sub_key)
        assert client.take_data(2) == [1, 3]


def test_clearing_a_topic_deletes_all_and_new_ones_go_on(hub, alice, topic):
    sub_key = leave_behind(hub, topic, "absent")
    alice.publish_many(topic, range(1, 51))
    answer = hub.post(path_of(topic) + ":clear")
    assert answer.status == 200 and answer.json() == {"deleted": 50}
    assert topic_row(hub, topic)["messages"] == 0
    wait_for(lambda: is_settled(hub, sub_key), what="nothing to wait")
    alice.publish(topic, "new")
    with connect(hub, "absent") as client:
        client.resume(sub_key)
        message = client.message()
    assert (message["data"], message["seq"]) == ("new", 51)
    assert hub.post(path_of(topic) + ":clear").json() == {"deleted": 1}


# Who is there ---------------------------------------------------------------------------------


def test_the_subscriptions_of_a_topic(hub, alice, topic):
    absent, present = leave_behind(hub, topic, "absent"), alice.subscribe(topic, ack="client")
    items = hub.get(path_of(topic) + "/subscriptions").json()["items"]
    rows = {row["sub_key"]: row for row in items}
    assert set(rows) == {absent, present}
    assert (rows[absent]["connection_id"], rows[absent]["durable"]) == (None, True)
    assert (rows[present]["ack"], rows[present]["durable"]) == ("client", False)
    assert rows[present]["connection_id"].startswith("ws.")


def test_the_publishers_of_a_topic(hub, alice, bob, topic):
    alice.publish_many(topic, [1, 2])
    bob.publish(topic, 3)
    items = hub.get(path_of(topic) + "/publishers").json()["items"]
    rows = {row["name"]: row for row in items}
    assert {name: (row["channel"], row["messages"]) for name, row in rows.items()} == {
        "alice": ("ps", 2), "bob": ("ps", 1)}
    assert all(STAMP.fullmatch(row["last_at"]) for row in items)
