"""Subscribers that do not read: what their channel makes of them, and that nobody else waits."""

import time

import pytest

from muster_server import wait_for
from pubsub_client import connect, make_topic, messages_of
from wire_client import Closed

LARGE = "x" * 10_000
# Far more than the send queue and the socket's buffers hold together.
FLOOD = 1500


@pytest.fixture
def slow(hub):
    """`slow(policy)`: a client that reads nothing by itself, with little room on both sides."""
    opened = []

    def make(policy):
        name = "slow-" + policy.replace("_", "-")
        if hub.get("channels/" + name).status == 404:
            hub.create_channel(name=name, path="/" + name, permissions="sub=**",
                               slow_consumer=policy, send_queue_bytes=100_000)
        opened.append(connect(hub, name, "/" + name, small_window=True))
        return opened[-1]

    yield make
    for client in opened:
        client.socket.close()


def dropped(hub):
    return hub.metric("muster_deliveries_dropped_total", cause="slow_consumer")


def read_until(client, last):
    """Numbers of the messages that come until that one; and all of them in order."""
    got = []
    while not got or got[-1] != last:
        got.append(client.message(20)["data"][0])
    assert got == sorted(got)
    return got


def test_close_closes_with_4008(hub, alice, topic, slow):
    client = slow("close")
    client.subscribe(topic)
    before = hub.metric("muster_closes_total", code="4008")
    alice.publish_many(topic, [[number, LARGE] for number in range(FLOOD)])
    with pytest.raises(Closed) as closed:
        while True:
            client.delivery_text(20)
    assert closed.value.code in (4008, None)
    wait_for(lambda: hub.metric("muster_closes_total", code="4008") == before + 1, 20, "the Close")


def test_a_lasting_subscription_loses_nothing_however_slow_it_is(hub, alice, topic, slow):
    client = slow("close")
    sub_key = client.subscribe(topic, durable=True, ack="client")
    alice.publish_many(topic, [[number, LARGE] for number in range(FLOOD)])
    seen = set()
    while len(seen) < FLOOD:
        try:
            delivery = client.delivery(20)
        except Closed:
            client = slow("close")
            client.resume(sub_key)
            continue
        client.confirm(delivery)
        seen |= {m["data"][0] for m in messages_of(delivery)}
    assert seen == set(range(FLOOD))


def test_drop_oldest_keeps_the_newest(hub, alice, topic, slow):
    client = slow("drop_oldest")
    client.subscribe(topic)
    before = dropped(hub)
    alice.publish_many(topic, [[number, LARGE] for number in range(FLOOD)])
    got = read_until(client, FLOOD - 1)
    assert got[0] == 0 and len(got) < FLOOD
    assert dropped(hub) - before == FLOOD - len(got)


def test_drop_newest_keeps_the_oldest(hub, alice, topic, slow):
    client = slow("drop_newest")
    client.subscribe(topic)
    before = dropped(hub)
    alice.publish_many(topic, [[number, LARGE] for number in range(FLOOD)])
    count = FLOOD - int(dropped(hub) - before)
    got = [client.message(20)["data"][0] for _ in range(count)]
    assert got == list(range(count)) and count < FLOOD
    alice.publish(topic, [FLOOD, ""])
    assert client.message()["data"][0] == FLOOD


def test_conflate_keeps_the_newest_of_every_key(hub, alice, slow):
    topic = make_topic(hub)
    client = slow("conflate")
    client.subscribe(topic)
    for number in range(FLOOD // 3):
        alice.publish(topic, [3 * number, LARGE], key="a")
        alice.publish(topic, [3 * number + 1, LARGE], key="b")
        alice.publish(topic, [3 * number + 2, LARGE], key="c")
    got, newest = [], {}
    while set(newest.values()) != {FLOOD - 3, FLOOD - 2, FLOOD - 1}:
        message = client.message(20)
        got.append(message["data"][0])
        newest[message["key"]] = message["data"][0]
    assert len(got) < FLOOD
    assert set(newest) == {"a", "b", "c"}


@pytest.mark.parametrize("policy", ["close", "drop_oldest", "drop_newest", "conflate"])
def test_nobody_else_is_delayed(hub, alice, bob, topic, slow, policy):
    client = slow(policy)
    client.subscribe(topic)
    bob.subscribe(topic)
    worst = 0
    for number in range(FLOOD // 3):
        began = time.monotonic()
        alice.publish(topic, [number, LARGE])
        assert bob.message()["data"][0] == number
        worst = max(worst, time.monotonic() - began)
    assert worst < 1
    assert alice.call("ping")["meta"]["status"] == 200


def test_memory_stays_bounded_by_the_queue_of_the_slow_one(own_hub):
    topic = make_topic(own_hub, durable=False, retention_count=10)
    own_hub.create_channel(name="slow", path="/slow", permissions="sub=**",
                           slow_consumer="drop_oldest", send_queue_bytes=100_000)
    own_hub.need_real_memory()
    with connect(own_hub, "slow", "/slow", small_window=True) as client:
        client.subscribe(topic)
        with connect(own_hub, "publisher") as publisher:
            publisher.publish_many(topic, [[n, LARGE] for n in range(500)])
            before = own_hub.memory()
            publisher.publish_many(topic, [[n, LARGE] for n in range(5000)])
            assert own_hub.memory() - before < 20_000_000
