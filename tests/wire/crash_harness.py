"""Kills a server at random moments while clients publish and subscribe, and keeps the books.

Every publisher has at most one message on its way in each lane (topic and priority), so that the
order in which it published is known; half of them name their messages and publish again what was
not answered. Every subscriber has a lasting subscription to every topic and acknowledges itself."""

import random
import socket
import threading
import time

from crash_ledger import Ledger, Publication
from muster_server import MusterServer, wait_for
from pubsub_client import (CHANNELS, PubsubClient, is_settled, make_topic, messages_of,
                           subscription_row)
from wire_client import Closed, Handshake

TOPICS = ["/crash/a", "/crash/b", "/crash/c"]
PRIORITIES = [2, 5, 9]
GONE = (OSError, Closed, Handshake)


class Worker(threading.Thread):
    """A client that connects again whenever its connection is gone."""

    def __init__(self, run, name):
        super().__init__(daemon=True)
        self.run_of = run
        self.ledger = run.ledger
        self.client_id = name
        self.random = random.Random(f"{run.seed} {name}")

    def run(self):
        try:
            while not self.over():
                try:
                    self.session()
                except GONE:
                    time.sleep(0.02)
        except Exception as failure:
            self.ledger.wrong(f"{self.client_id}: {failure!r}")

    def session(self):
        with PubsubClient(self.run_of.port, timeout=10) as client:
            answer = client.create_session(self.client_id)
            if answer["meta"]["status"] == 200:
                self.talk(client)


class Publisher(Worker):
    def __init__(self, run, name, names_messages):
        super().__init__(run, name)
        self.names_messages = names_messages
        self.number = 0
        # By lane: what was not answered and is to be published again.
        self.unanswered = {}

    def over(self):
        return self.run_of.no_more.is_set() and not self.unanswered

    def talk(self, client):
        while not self.over():
            sent = {}
            for lane in self.lanes():
                publication = self.unanswered.get(lane) or self.new(lane)
                sent[self.send(client, publication)] = lane, publication
            for wanted, (lane, publication) in sent.items():
                self.take_answer(client.answer_to(wanted), lane, publication)
            time.sleep(self.random.uniform(0, 0.004))

    def lanes(self):
        if self.run_of.no_more.is_set():
            return list(self.unanswered)
        lanes = [(topic, priority) for topic in TOPICS for priority in PRIORITIES]
        return self.random.sample(lanes, self.random.randint(1, len(lanes)))

    def new(self, lane):
        self.number += 1
        own_id = f"{self.client_id}-{self.number}" if self.names_messages else None
        publication = Publication(self.client_id, self.number, *lane, own_id)
        self.ledger.say(publication)
        if own_id:
            self.unanswered[lane] = publication
        return publication

    def send(self, client, publication):
        request = {"topic_name": publication.topic, "data": publication.data(),
                   "priority": publication.priority}
        if publication.own_id:
            request["msg_id"] = publication.own_id
        return client.send_request({"service": "pubsub.publish", "request": request})

    def take_answer(self, answer, lane, publication):
        status = answer["meta"]["status"]
        if status == 200:
            self.ledger.acknowledge(publication, answer["data"]["msg_id"])
            self.unanswered.pop(lane, None)
        elif status not in (503, 504):
            self.ledger.wrong(f"{publication.key} was refused: {answer}")


class Subscriber(Worker):
    def __init__(self, run, name):
        super().__init__(run, name)
        self.sub_keys = {}

    def over(self):
        return self.run_of.heard_all.is_set()

    def subscribe_all(self):
        with PubsubClient(self.run_of.port) as client:
            client.create_session(self.client_id)
            for topic in TOPICS:
                self.sub_keys[topic] = client.subscribe(topic, durable=True, ack="client")

    def talk(self, client):
        # That of the server at the other end, whatever becomes of it before all is read.
        incarnation = self.ledger.incarnation
        for sub_key in self.sub_keys.values():
            answer = client.call("pubsub.resume", {"sub_key": sub_key})
            if answer["meta"]["status"] in (503, 504):
                return
            if answer["meta"]["status"] != 200:
                self.ledger.wrong(f"{self.client_id} lost a subscription: {answer}")
        while not self.over():
            try:
                delivery = client.delivery(0.5)
            except TimeoutError:
                continue
            for message in messages_of(delivery):
                self.ledger.hear(self.client_id, incarnation, message)
            self.acknowledge(client, delivery)

    def acknowledge(self, client, delivery):
        """Mostly as stock clients do; sometimes by name; sometimes not at all."""
        chance = self.random.random()
        if chance < 0.8 or self.run_of.no_more.is_set():
            client.confirm(delivery)
        elif chance < 0.97:
            for message in messages_of(delivery):
                client.send_request({"service": "pubsub.ack", "request": {
                    "sub_key": message["sub_key"], "msg_id": message["msg_id"]}})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class CrashRun:
    """`rounds` times: let them talk for a while, kill the server, start it again."""

    def __init__(self, seed, rounds, publishers=4, subscribers=3, longest=2.5, say=None):
        self.seed = seed
        self.rounds = rounds
        self.longest = longest
        self.say = say or (lambda text: None)
        self.random = random.Random(seed)
        self.port = free_port()
        self.ledger = Ledger()
        self.no_more = threading.Event()
        self.heard_all = threading.Event()
        self.publishers = [Publisher(self, f"publisher.{n}", n % 2 == 0) for n in range(publishers)]
        self.subscribers = [Subscriber(self, f"subscriber.{n}") for n in range(subscribers)]

    def go(self):
        """What was counted; violations are in the ledger."""
        with MusterServer(config=CHANNELS, listen=f"127.0.0.1:{self.port}") as server:
            for topic in TOPICS:
                make_topic(server, topic, ack_timeout=1)
            for subscriber in self.subscribers:
                subscriber.subscribe_all()
            for worker in self.publishers + self.subscribers:
                worker.start()
            for number in range(self.rounds):
                time.sleep(self.random.uniform(0.1, self.longest))
                self.crash(server, number)
            self.drain(server)
        return self.ledger.summary()

    def crash(self, server, number):
        server.kill()
        self.ledger.incarnation += 1
        server.start()
        self.say(f"round {number + 1} of {self.rounds}: {self.ledger.summary()}")

    def drain(self, server):
        """Nothing new is published; what is there must arrive, and then nothing may wait."""
        self.no_more.set()
        for publisher in self.publishers:
            publisher.join(60)
            if publisher.is_alive():
                self.ledger.wrong(f"{publisher.client_id} gets no answers")
        wanted = self.ledger.acknowledged()
        try:
            wait_for(lambda: not any(self.ledger.missing(s.client_id, wanted)
                                     for s in self.subscribers), 60, "all to arrive")
            wait_for(lambda: all(is_settled(server, key) for s in self.subscribers
                                 for key in s.sub_keys.values()), 30, "all to be settled")
        except AssertionError as failure:
            self.ledger.wrong(str(failure))
        self.heard_all.set()
        for subscriber in self.subscribers:
            subscriber.join(20)
            missing = self.ledger.missing(subscriber.client_id, wanted)
            if missing:
                self.ledger.wrong(f"{subscriber.client_id} has never got {len(missing)} "
                                  f"acknowledged messages: {sorted(missing)[:10]}; "
                                  f"{self.queues(server, subscriber)}")

    @staticmethod
    def queues(server, subscriber):
        """What the server says of a subscriber's queues."""
        rows = [subscription_row(server, key) or {} for key in subscriber.sub_keys.values()]
        return [{field: row.get(field) for field in ("depth", "unacked", "delivered_seq", "lag")}
                for row in rows]
