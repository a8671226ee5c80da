"""Who may publish and subscribe: permissions of channels, topics made by their first use."""

import pytest

from muster_server import wait_for
from pubsub_client import connect, leave_behind, make_topic, ok, refused, topic_names, topic_row

HIDDEN = "/hidden/topic"


@pytest.fixture
def channel(hub):
    """Makes channels that are there for one test: `channel(permissions)` gives its path."""
    made = []

    def make(permissions, **fields):
        name = f"rights-{topic_names.next().rsplit('/', 1)[1]}"
        hub.create_channel(name=name, path="/" + name, permissions=permissions, **fields)
        made.append(name)
        return "/" + name

    yield make
    for name in made:
        hub.delete("channels/" + name)


def edit(hub, path, permissions):
    assert hub.patch("channels" + path, {"permissions": permissions}).status == 200


def publish_status(client, topic):
    return client.call("pubsub.publish", {"topic_name": topic, "data": 1})["meta"]["status"]


def subscribe_status(client, topic):
    return client.call("pubsub.subscribe", {"topic_name": topic})["meta"]["status"]


def test_without_permissions_nothing_is_allowed(hub, channel, topic):
    with connect(hub, path=channel("")) as client:
        refused(client.call("pubsub.publish", {"topic_name": topic, "data": 1}), 403)
        refused(client.call("pubsub.subscribe", {"topic_name": topic}), 403)


def test_publishing_and_subscribing_are_allowed_each_by_itself(hub, channel, topic):
    with connect(hub, path=channel(f"pub={topic}")) as client:
        assert publish_status(client, topic) == 200
        assert subscribe_status(client, topic) == 403
    with connect(hub, path=channel(f"sub={topic}")) as client:
        assert publish_status(client, topic) == 403
        assert subscribe_status(client, topic) == 200


def test_what_does_not_exist_is_404_only_for_those_who_may(hub, channel):
    with connect(hub, path=channel("pub=/seen/*\nsub=/seen/*")) as client:
        assert publish_status(client, "/seen/nothing") == 404
        assert subscribe_status(client, "/seen/nothing") == 404
        assert publish_status(client, HIDDEN) == 403
        assert subscribe_status(client, HIDDEN) == 403


@pytest.mark.parametrize("pattern, name, allowed", [
    ("/p/*", "/p/a", True), ("/p/*", "/p/a/b", False), ("/p/**", "/p/a/b", True),
    ("/p/*/c", "/p/a/c", True), ("/p/*/c", "/p/a/b/c", False), ("/p/**/c", "/p/a/b/c", True),
    ("/p/a", "/p/ab", False), ("/p/a", "/q/p/a", False), ("**", "/p/a/b", True),
    ("*", "p", True), ("*", "/p", False)])
def test_patterns_match_the_whole_name(hub, channel, pattern, name, allowed):
    with connect(hub, path=channel(f"pub={pattern}\nsub={pattern}")) as client:
        expected = 404 if allowed else 403
        assert publish_status(client, name) == expected
        assert subscribe_status(client, name) == expected


def test_a_list_needs_permission_for_every_topic(hub, channel, topic):
    other = make_topic(hub)
    with connect(hub, path=channel(f"sub={topic}")) as client:
        answer = client.call("pubsub.subscribe", {"topic_name_list": [topic, other]})
        refused(answer, 403)
    assert topic_row(hub, other)["subscriptions"] == 0


def test_a_right_to_publish_that_is_taken_away_is_gone_at_once(hub, channel, topic):
    path = channel("pub=**\nsub=**")
    with connect(hub, path=path) as client:
        assert publish_status(client, topic) == 200
        edit(hub, path, "sub=**")
        wait_for(lambda: publish_status(client, topic) == 403, 2, "the edit to arrive")
        edit(hub, path, "pub=**")
        wait_for(lambda: publish_status(client, topic) == 200, 2, "the edit to arrive")


def test_a_right_to_subscribe_that_is_taken_away_ends_the_subscription(hub, bob, channel, topic):
    path = channel("sub=**")
    kept = make_topic(hub)
    with connect(hub, "losing", path) as client:
        client.subscribe(topic, durable=True)
        client.subscribe(kept)
        edit(hub, path, f"sub={kept}")
        wait_for(lambda: topic_row(hub, topic)["attached"] == 0, 2, "the edit to arrive")
        bob.publish(topic, "unheard")
        bob.publish(kept, "heard")
        assert client.message()["data"] == "heard"
        client.expect_nothing()
        assert client.call("ping")["meta"]["status"] == 200


def test_a_lasting_subscription_is_not_resumed_without_the_right(hub, channel, topic):
    path = channel("sub=**")
    sub_key = leave_behind(hub, topic, "losing", path)
    edit(hub, path, "pub=**")
    with connect(hub, "losing", path) as client:
        refused(client.call("pubsub.resume", {"sub_key": sub_key}), 403)


def test_services_that_the_channel_does_not_allow_are_403(hub, channel, topic):
    path = channel("pub=**\nsub=**", services_allowed=["ping"])
    with connect(hub, path=path) as client:
        assert publish_status(client, topic) == 403
        assert subscribe_status(client, topic) == 403


# Topics made by their first use ---------------------------------------------------------------


def test_publishing_makes_a_topic_where_the_channel_says_so(hub, channel):
    path = channel("pub=/made/**\nsub=/made/**", create_topics=True)
    with connect(hub, "maker", path) as client:
        client.publish("/made/by/publishing", "x")
        wait_for(lambda: topic_row(hub, "/made/by/publishing")["messages"] == 1,
                 what="the message to be counted")
        refused(client.call("pubsub.publish", {"topic_name": HIDDEN, "data": 1}), 403)
    assert hub.get("topics/" + HIDDEN.replace("/", "%2F")).status == 404


def test_subscribing_makes_a_topic_where_the_channel_says_so(hub, bob, channel):
    path = channel("sub=/made/**", create_topics=True)
    with connect(hub, "maker", path) as client:
        client.subscribe("/made/by/subscribing")
        bob.publish("/made/by/subscribing", "x")
        assert client.message()["data"] == "x"
        assert client.call("pubsub.subscribe", {"topic_name": HIDDEN})["meta"]["status"] == 403


def test_many_who_make_a_topic_at_once_make_one(hub, channel):
    path = channel("pub=/made/**\nsub=/made/**", create_topics=True)
    clients = [connect(hub, f"maker.{i}", path) for i in range(10)]
    try:
        sent = [c.send_request({"service": "pubsub.subscribe",
                                "request": {"topic_name": "/made/at/once"}}) for c in clients]
        for client, wanted in zip(clients, sent):
            ok(client.answer_to(wanted))
        clients[0].publish("/made/at/once", "x")
        assert [c.message()["data"] for c in clients] == ["x"] * 10
    finally:
        for client in clients:
            client.socket.close()
