"""A client that publishes and subscribes: answers and deliveries, each in their own place."""

import json
import socket
import time
import urllib.parse
from collections import deque

from muster_server import wait_for
from wire_client import TEXT, WireClient

CHANNELS = """
[[channel]]
name = "ps"
path = "/ps"
permissions = "pub=**\\nsub=**"

[[channel]]
name = "other"
path = "/other"
permissions = "pub=**\\nsub=**"
"""


class PubsubClient(WireClient):
    """Keeps deliveries that come while it waits for an answer, and the other way round."""

    def __init__(self, port, path="/ps", **more):
        self.waiting = deque()
        self.messages = deque()
        self.answers = {}
        super().__init__(port, path, **more)

    def call(self, service, request=None, timeout=10):
        return self.answer_to(self.send_request({"service": service, "request": request}), timeout)

    def answer_to(self, wanted, timeout=10):
        """The answer to a request that was sent before."""
        end = time.monotonic() + timeout
        while wanted not in self.answers:
            text = self.receive(max(0.001, end - time.monotonic()))
            if is_delivery(text):
                self.waiting.append(text)
            else:
                answer = json.loads(text)
                self.answers[answer["meta"].get("in_reply_to")] = answer
        return self.answers.pop(wanted)

    # Publishing and subscribing ---------------------------------------------------------------

    def subscribe(self, topic, **options):
        """Its sub key."""
        return ok(self.call("pubsub.subscribe", {"topic_name": topic, **options}))["sub_key"]

    def resume(self, sub_key):
        return ok(self.call("pubsub.resume", {"sub_key": sub_key}))

    def publish(self, topic, data, **more):
        """The answer's msg_id."""
        request = {"topic_name": topic, "data": data, **more}
        return ok(self.call("pubsub.publish", request))["msg_id"]

    def publish_text(self, topic, data):
        """Publishes JSON that is given as text; the answer."""
        wanted = self.new_id()
        self.send_frame(TEXT, (
            '{"meta":{"id":"' + wanted + '","action":"invoke-service","timestamp":"t","token":"'
            + self.token + '"},"data":{"service":"pubsub.publish","request":{"topic_name":'
            + json.dumps(topic) + ',"data":' + data + "}}}").encode())
        return self.answer_to(wanted)

    def publish_many(self, topic, values, **more):
        """With up to 32 in flight, in order."""
        sent = deque()
        for value in values:
            sent.append(self.send_request({"service": "pubsub.publish", "request": {
                "topic_name": topic, "data": value, **more}}))
            if len(sent) == 32:
                ok(self.answer_to(sent.popleft()))
        for wanted in sent:
            ok(self.answer_to(wanted))

    # Deliveries -------------------------------------------------------------------------------

    def delivery_text(self, timeout=10):
        """The next delivery as it came."""
        end = time.monotonic() + timeout
        while not self.waiting:
            text = self.receive(max(0.001, end - time.monotonic()))
            if is_delivery(text):
                self.waiting.append(text)
            else:
                answer = json.loads(text)
                self.answers[answer["meta"].get("in_reply_to")] = answer
        return self.waiting.popleft()

    def delivery(self, timeout=10):
        return json.loads(self.delivery_text(timeout))

    def message(self, timeout=10):
        """The next message, whether or not others came with it."""
        if not self.messages:
            self.messages.extend(messages_of(self.delivery(timeout)))
        return self.messages.popleft()

    def take(self, count, timeout=10):
        """The next so many messages."""
        return [self.message(timeout) for _ in range(count)]

    def take_data(self, count, timeout=10):
        return [message["data"] for message in self.take(count, timeout)]

    def expect_nothing(self, seconds=0.3):
        """For what cannot be waited for: a delivery that must not come."""
        try:
            message = self.message(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"came unexpectedly: {message}")

    def confirm(self, delivery):
        """Answers a delivery, as stock clients answer every message of the server."""
        self.answer(delivery, "ok")


def is_delivery(text):
    return '"msg_type":"zwsx.psrq"' in text[:200]


def messages_of(delivery):
    """A list, however many there are."""
    data = delivery["data"]
    return data if isinstance(data, list) else [data]


def connect(server, client_id="alice", path="/ps", small_window=False, **meta):
    """A client with a session; `small_window`: with a socket that holds little."""
    sock = None
    if small_window:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", server.ws_port))
    client = PubsubClient(server.ws_port, path, sock=sock)
    answer = client.create_session(client_id, **meta)
    assert answer["meta"]["status"] == 200, answer
    return client


def ok(answer):
    """The data of an answer that went well."""
    assert answer["meta"]["status"] == 200, answer
    assert answer["meta"]["msg_type"] == "zwsx.rspok", answer
    return answer.get("data")


def refused(answer, status):
    """The text of an error, after a look at what every error has."""
    assert answer["meta"]["status"] == status, answer
    assert answer["meta"]["msg_type"] == "zwsx.rsperr", answer
    assert answer["data"] == {"cid": answer["meta"]["id"]}
    assert answer["meta"]["error_message"]
    return answer["meta"]["error_message"]


# The admin endpoint ---------------------------------------------------------------------------


def quoted(name):
    """A topic or a sub key in a path."""
    return urllib.parse.quote(name, safe="")


class topic_names:
    """Names that no test of the run has used."""
    count = 0

    @classmethod
    def next(cls):
        cls.count += 1
        return f"/test/{cls.count}"


def make_topic(server, name=None, **fields):
    """Its name."""
    name = name or topic_names.next()
    answer = server.post("topics", {"name": name, **fields})
    assert answer.status == 201, answer
    return name


def topic_row(server, name):
    answer = server.get("topics/" + quoted(name))
    assert answer.status == 200, answer
    return answer.json()


def subscription_row(server, sub_key):
    """A subscription as the admin endpoint shows it; None: there is none."""
    answer = server.get("subscriptions/" + quoted(sub_key))
    assert answer.status in (200, 404), answer
    return answer.json() if answer.status == 200 else None


def connection_id(server, client_id):
    return next(row["id"] for row in server.connections(client_id=client_id)
                if row["client_id"] == client_id)


def leave_behind(server, topic, client_id="away", path="/ps", **options):
    """The sub key of a lasting subscription whose client is gone, which the server knows."""
    if "unsub_on_wsx_close" not in options:
        options["durable"] = True
    with connect(server, client_id, path) as client:
        sub_key = client.subscribe(topic, **options)
        client.close()

    def is_left():
        row = subscription_row(server, sub_key)
        return row is None or row["connection_id"] is None

    wait_for(is_left, what="the client to be gone")
    return sub_key


def is_settled(server, sub_key):
    """Nothing waits for it and nothing is out."""
    row = subscription_row(server, sub_key)
    return row is not None and row["depth"] == 0 and row["unacked"] == 0
