"""Topics on the admin endpoint: made, shown, edited, deleted."""

import re
import threading

import pytest

from admin_client import STAMP, make_token, problem
from muster_server import MusterServer, wait_for
from pubsub_client import connect, leave_behind, make_topic, quoted, refused, topic_names, topic_row

DEFAULTS = {
    "is_active": True, "durable": True, "retention_count": 100000, "retention_bytes": 67108864,
    "retention_age": 604800, "max_depth": 1000000, "max_message_bytes": 1048576,
    "on_no_subscribers": "keep", "limit_message_expiry": 86400, "limit_sub_inactivity": 86400,
    "ack_timeout": 30, "conflate": True}
LIVE = {"messages", "bytes", "last_seq", "subscriptions", "attached", "depth", "publish_rate",
        "last_published_at", "publications", "deliveries", "from_file"}


@pytest.fixture(scope="module")
def tokens(hub):
    return {role: make_token(hub, role) for role in ("viewer", "operator", "admin")}


def path_of(topic):
    return "topics/" + quoted(topic)


def test_a_topic_is_made_shown_edited_and_deleted(hub):
    answer = hub.post("topics", {"name": "/life/a"})
    assert answer.status == 201
    assert answer.headers["location"] == "/api/v1/topics/%2Flife%2Fa"
    made = answer.json()
    assert set(made) == {"name", "created_at"} | set(DEFAULTS) | LIVE
    assert {field: made[field] for field in DEFAULTS} == DEFAULTS
    assert made["name"] == "/life/a" and STAMP.fullmatch(made["created_at"])
    shown = hub.get(answer.headers["location"])
    assert shown.json() == made and shown.headers["etag"] == answer.headers["etag"]
    edited = hub.patch(path_of("/life/a"), {"ack_timeout": 5})
    assert edited.status == 200 and edited.json()["ack_timeout"] == 5
    assert edited.headers["etag"] != shown.headers["etag"]
    gone = hub.delete(path_of("/life/a"))
    assert gone.status == 204 and gone.body == b""
    for method in ("GET", "DELETE"):
        problem(hub.request(method, path_of("/life/a")), 404, "not_found")
    problem(hub.patch(path_of("/life/a"), {}), 404, "not_found")


def test_every_field_can_be_given(hub):
    fields = {"is_active": False, "durable": False, "retention_count": 5, "retention_bytes": 1000,
              "retention_age": 1.5, "max_depth": 7, "max_message_bytes": 99,
              "on_no_subscribers": "drop", "limit_message_expiry": 2, "limit_sub_inactivity": 3,
              "ack_timeout": 4, "conflate": False}
    assert set(fields) == set(DEFAULTS)
    name = make_topic(hub, **fields)
    row = topic_row(hub, name)
    assert {field: row[field] for field in fields} == fields


@pytest.mark.parametrize("field, value", [
    ("name", ""), ("name", 7), ("name", None), ("name", "a*"), ("name", " a"), ("name", "a "),
    ("name", "a\n"), ("name", "x" * 201), ("number", 7), ("created_at", "2026-01-01T00:00:00Z"),
    ("messages", 1), ("from_file", True), ("nothing", 1), ("is_active", 1), ("durable", "yes"),
    ("retention_count", -1), ("retention_count", 1.5), ("retention_bytes", "1MiB"),
    ("retention_age", -1), ("max_depth", -1), ("max_message_bytes", 0),
    ("on_no_subscribers", "wait"), ("limit_message_expiry", -1), ("limit_sub_inactivity", "long"),
    ("ack_timeout", 0), ("ack_timeout", -1), ("conflate", "no")], ids=lambda v: repr(v)[:30])
def test_a_wrong_field_is_named_and_nothing_is_made(hub, field, value):
    before = hub.get("topics").json()["total"]
    found = problem(hub.post("topics", {"name": "/wrong", field: value}), 400)
    assert field in found["detail"], found
    assert hub.get("topics").json()["total"] == before


@pytest.mark.parametrize("name", ["a", "/a/b/c", "a.b:c", "\u00e4/\u20ac", "a b", "%2F", "x" * 200,
                                  "..", "a?b#c", 'q"uote\\'], ids=str)
def test_names_may_be_nearly_anything(hub, name):
    make_topic(hub, name)
    assert topic_row(hub, name)["name"] == name
    with connect(hub) as client:
        client.subscribe(name)
        client.publish(name, "x")
        assert client.message()["topic_name"] == name
    assert hub.delete(path_of(name)).status == 204


def test_a_topic_needs_a_name_of_its_own(hub, topic):
    assert "name" in problem(hub.post("topics", {}), 400)["detail"]
    problem(hub.post("topics", {"name": topic}), 409, "conflict")
    problem(hub.patch(path_of(topic), {"name": "/other"}), 400)


def test_edits_are_merge_patches(hub, topic):
    assert hub.patch(path_of(topic), {"max_depth": 9}).json()["max_depth"] == 9
    assert hub.patch(path_of(topic), {"ack_timeout": 9}).json()["max_depth"] == 9
    assert hub.patch(path_of(topic), {"max_depth": None}).json()["max_depth"] == 1000000
    problem(hub.patch(path_of(topic), {"nothing": 1}), 400)
    problem(hub.patch(path_of(topic), {"max_depth": "x"}), 400)


def test_if_match(hub, topic):
    first = hub.get(path_of(topic)).headers["etag"]
    assert re.fullmatch(r'"[^"]+"', first)
    changed = hub.patch(path_of(topic), {"max_depth": 10}, headers={"If-Match": first})
    assert changed.status == 200
    stale = {"If-Match": first}
    problem(hub.patch(path_of(topic), {"max_depth": 11}, headers=stale), 412,
            "precondition_failed")
    problem(hub.delete(path_of(topic), headers=stale), 412, "precondition_failed")
    fresh = {"If-Match": changed.headers["etag"]}
    assert hub.delete(path_of(topic), headers=fresh).status == 204


def test_publishing_does_not_change_the_etag(hub, alice, topic):
    first = hub.get(path_of(topic)).headers["etag"]
    alice.publish(topic, "x")
    assert hub.get(path_of(topic)).headers["etag"] == first


def test_the_list_is_paged_sorted_and_searched_as_others(hub):
    names = sorted(make_topic(hub, f"/paged/{number}") for number in range(7))
    seen, cursor = [], ""
    while True:
        page = hub.get("topics?limit=2&sort=-name" + (cursor and "&cursor=" + quoted(cursor)))
        assert page.status == 200, page
        seen += [item["name"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if not cursor:
            break
    assert seen == sorted(seen, reverse=True)
    assert [name for name in reversed(seen) if name.startswith("/paged/")] == names
    only = hub.get("topics?fields=name,depth&limit=1").json()["items"][0]
    assert set(only) == {"name", "depth"}
    problem(hub.get("topics?nothing=1"), 400)


def test_the_live_numbers_of_a_topic(hub, alice, bob, topic):
    before = topic_row(hub, topic)
    assert {key: before[key] for key in LIVE} == {
        "messages": 0, "bytes": 0, "last_seq": 0, "subscriptions": 0, "attached": 0, "depth": 0,
        "publish_rate": 0, "last_published_at": None, "publications": 0, "deliveries": 0,
        "from_file": False}
    leave_behind(hub, topic)
    alice.subscribe(topic)
    bob.publish_many(topic, ["12345678"] * 3)
    alice.take(3)

    def numbers():
        row = topic_row(hub, topic)
        return row if row["depth"] == 3 and row["deliveries"] == 3 else None

    row = wait_for(numbers, what="the numbers")
    assert {key: row[key] for key in ("messages", "bytes", "last_seq", "subscriptions", "attached",
                                      "publications")} == {
        "messages": 3, "bytes": 30, "last_seq": 3, "subscriptions": 2, "attached": 1,
        "publications": 3}
    assert row["publish_rate"] > 0
    assert STAMP.fullmatch(row["last_published_at"])


def test_topics_outlive_the_server_with_what_was_edited(own_hub):
    name = make_topic(own_hub, max_depth=7)
    own_hub.patch(path_of(name), {"ack_timeout": 3})
    before = topic_row(own_hub, name)
    own_hub.kill()
    own_hub.start()
    assert topic_row(own_hub, name) == before


def test_a_topic_of_the_configuration_file(tmp_path):
    config = '[[topic]]\nname = "/from/file"\nmax_depth = 5\n'
    with MusterServer(config=config, data=str(tmp_path / "data")) as server:
        row = topic_row(server, "/from/file")
        assert row["from_file"] is True and row["max_depth"] == 5


def test_edits_apply_to_a_topic_in_use(hub, alice, bob, topic):
    alice.subscribe(topic)
    assert hub.patch(path_of(topic), {"max_message_bytes": 10}).status == 200
    refused(bob.call("pubsub.publish", {"topic_name": topic, "data": "x" * 20}), 413)
    assert hub.patch(path_of(topic), {"is_active": False}).status == 200
    refused(bob.call("pubsub.publish", {"topic_name": topic, "data": 1}), 503)
    assert hub.patch(path_of(topic), {"is_active": True}).status == 200
    bob.publish(topic, "fits")
    assert alice.message()["data"] == "fits"


def test_topics_are_the_admins_and_messages_the_operators(hub, topic, tokens):
    rank = {"viewer": 1, "operator": 2, "admin": 3}
    calls = [("GET", "topics", None, 1), ("GET", path_of(topic), None, 1),
             ("GET", path_of(topic) + "/messages", None, 1),
             ("GET", path_of(topic) + "/subscriptions", None, 1),
             ("GET", path_of(topic) + "/publishers", None, 1),
             ("POST", path_of(topic) + "/publish", {"data": 1}, 2),
             ("POST", path_of(topic) + ":clear", {}, 2),
             ("PATCH", path_of(topic), {"max_depth": 5}, 3)]
    for method, path, body, needs in calls:
        for role, token in tokens.items():
            status = hub.request(method, path, body, token=token).status
            assert status == (200 if rank[role] >= needs else 403), (method, path, role, status)
    for role in ("viewer", "operator"):
        problem(hub.post("topics", {"name": topic_names.next()}, token=tokens[role]), 403)
        problem(hub.delete(path_of(topic), token=tokens[role]), 403)


def test_topics_made_and_deleted_by_many_at_once(hub):
    statuses = []

    def work():
        for _ in range(20):
            statuses.append(hub.post("topics", {"name": "/contested"}).status)
            statuses.append(hub.delete(path_of("/contested")).status)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409, 204, 404}
    assert statuses.count(201) == statuses.count(204)
    problem(hub.get(path_of("/contested")), 404)
