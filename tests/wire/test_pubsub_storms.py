"""Many clients that come, subscribe, publish and go at the same time."""

import threading

from muster_server import wait_for
from pubsub_client import (connect, leave_behind, make_topic, messages_of, ok, quoted,
                           topic_row)

CLIENTS, ROUNDS, THREADS = 200, 50, 8


def in_threads(work, count=THREADS):
    """Runs `work(number)` in so many threads; what one of them raises is raised here."""
    failures = []

    def guarded(number):
        try:
            work(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def ask_all(clients, service, request):
    """One request of each client, all at once; their answers' data."""
    sent = [(c, c.send_request({"service": service, "request": request})) for c in clients]
    return [ok(client.answer_to(wanted, 30)) for client, wanted in sent]


def test_subscribing_and_unsubscribing_in_a_storm(hub):
    topics = [make_topic(hub, durable=False) for _ in range(4)]

    def storm(number):
        clients = [connect(hub, f"storm.{number}.{i}") for i in range(CLIENTS // THREADS)]
        try:
            for turn in range(ROUNDS):
                topic = topics[(number + turn) % len(topics)]
                ask_all(clients, "pubsub.subscribe", {"topic_name": topic})
                clients[0].publish(topic, [number, turn])
                ask_all(clients, "pubsub.unsubscribe", {"topic_name": topic})
        finally:
            for client in clients:
                client.socket.close()

    in_threads(storm)
    for topic in topics:
        wait_for(lambda: topic_row(hub, topic)["subscriptions"] == 0, 30, "all to be gone")
        assert topic_row(hub, topic)["attached"] == 0
    with connect(hub, "after") as client:
        client.subscribe(topics[0])
        client.publish(topics[0], "calm")
        assert client.message()["data"] == "calm"


def test_connections_that_break_in_a_storm_leave_nothing_behind(hub):
    topic = make_topic(hub)

    def storm(number):
        for turn in range(10):
            clients = [connect(hub, f"broken.{number}.{turn}.{i}") for i in range(5)]
            ask_all(clients, "pubsub.subscribe", {"topic_name": topic})
            clients[0].publish(topic, turn + 1)
            for client in clients:
                client.socket.close()

    in_threads(storm)
    wait_for(lambda: topic_row(hub, topic)["subscriptions"] == 0, 30, "all to be gone")
    assert topic_row(hub, topic)["last_seq"] == 10 * THREADS


def test_lasting_subscriptions_are_resumed_in_a_storm_and_lose_nothing(hub):
    topic = make_topic(hub)
    keys = {}
    for number in range(THREADS):
        keys[number] = leave_behind(hub, topic, f"resumer.{number}", ack="client")
    publisher = threading.Thread(target=publish_all, args=(hub, topic, 1000))
    publisher.start()

    def resume(number):
        seen = set()
        while len(seen) < 1000:
            with connect(hub, f"resumer.{number}") as client:
                client.resume(keys[number])
                for _ in range(5):
                    if len(seen) < 1000:
                        delivery = client.delivery(30)
                        client.confirm(delivery)
                        seen |= {m["data"] for m in messages_of(delivery)}
                client.close()
        assert seen == set(range(1, 1001))

    try:
        in_threads(resume)
    finally:
        publisher.join()


def publish_all(hub, topic, count):
    with connect(hub, "publisher") as client:
        client.publish_many(topic, range(1, count + 1))


def test_nine_in_ten_lasting_subscribers_are_away(own_hub):
    topic = make_topic(own_hub)
    for number in range(9000):
        client = connect(own_hub, f"away{number}")
        client.subscribe(topic, durable=True)
        client.socket.close()
    present = [connect(own_hub, f"present{number}") for number in range(1000)]
    for client in present:
        client.subscribe(topic, durable=True)
    with connect(own_hub, "publisher") as publisher:
        publisher.publish_many(topic, range(100))
    for client in present:
        assert client.take_data(100) == list(range(100))
        client.socket.close()
    page = own_hub.get("topics/" + quoted(topic) + "/subscriptions?limit=1000").json()
    assert page["total"] == 10_000
    for number in (0, 4711, 8999):
        with connect(own_hub, f"away{number}") as back:
            back.subscribe(topic)
            assert back.take_data(100) == list(range(100))
