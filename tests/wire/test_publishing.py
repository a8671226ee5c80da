"""What becomes of publications that the client's connection takes to the topic itself, and what the
service that was called counts of them."""

from muster_server import wait_for
from pubsub_client import connect, make_topic, quoted, refused, topic_row

SERVICE = "pubsub.publish"


def counts(hub, service=SERVICE):
    every = {each["name"]: each for each in hub.get("services").json()["items"]}
    return every[service]


def grown(hub, before, field, service=SERVICE):
    return counts(hub, service)[field] - before[field]


def publish_later(client, topic, data):
    return client.send_request({"service": SERVICE, "request": {"topic_name": topic, "data": data}})


def test_the_service_and_the_gateway_count_publications(hub, alice):
    topic = make_topic(hub)
    alice.publish(topic, "the topic is known from here on")
    before, gateway_before = counts(hub), counts(hub, "gateway")
    alice.publish_many(topic, range(50))
    hub.patch("topics/" + quoted(topic), {"is_active": False})
    refused(alice.call(SERVICE, {"topic_name": topic, "data": 1}), 503)
    refused(alice.call(SERVICE, {"topic_name": topic}), 400)
    assert grown(hub, before, "calls") == 52
    assert grown(hub, before, "errors") == 2
    assert grown(hub, gateway_before, "calls", "gateway") == 52
    assert grown(hub, gateway_before, "errors", "gateway") == 2
    assert counts(hub)["in_flight"] == counts(hub, "gateway")["in_flight"] == 0


def test_a_topic_that_is_deleted_and_made_again_gets_what_is_published_then(hub, alice):
    name = "/again"
    for _ in range(5):
        make_topic(hub, name)
        sent = [publish_later(alice, name, i) for i in range(10)]
        assert [alice.answer_to(each)["meta"]["status"] for each in sent] == [200] * 10
        assert topic_row(hub, name)["messages"] == 10
        assert hub.delete("topics/" + quoted(name)).status == 204
        refused(alice.call(SERVICE, {"topic_name": name, "data": 1}), 404)


def test_publications_under_way_while_their_topic_goes_are_answered(hub, alice):
    for _ in range(10):
        make_topic(hub, "/going")
        alice.publish("/going", 0)
        sent = [publish_later(alice, "/going", i) for i in range(30)]
        assert hub.delete("topics/" + quoted("/going")).status == 204
        sent += [publish_later(alice, "/going", i) for i in range(30)]
        told = [alice.answer_to(each)["meta"]["status"] for each in sent]
        # It may still be ending, and says so.
        assert set(told) <= {200, 404, 503}, told
        wait_for(lambda: alice.answer_to(publish_later(alice, "/going", 1))["meta"]["status"] == 404)
    assert counts(hub)["in_flight"] == 0


def test_what_is_published_before_leaving_is_kept(hub, alice):
    topic = make_topic(hub)
    alice.publish(topic, "first")
    for i in range(20):
        client = connect(hub, f"leaving {i}")
        publish_later(client, topic, i)
        client.close()
    wait_for(lambda: topic_row(hub, topic)["messages"] == 21)
    assert counts(hub)["in_flight"] == 0


def test_order_is_kept_across_messages_short_and_long(hub, alice):
    topic = make_topic(hub)
    with connect(hub, "reader") as reader:
        reader.subscribe(topic)
        sizes = (1, 4000, 5000, 30_000, 200_000)
        wanted = [(i, "x" * sizes[i % len(sizes)]) for i in range(60)]
        alice.publish_many(topic, wanted)
        assert [tuple(reader.message()["data"]) for _ in wanted] == wanted
