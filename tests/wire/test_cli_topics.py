"""Publishing and following topics from the command line, against a running server."""

import json
import signal
import subprocess

import pytest

from muster_server import BINARY, MusterServer, wait_for
from test_cli import FAILED, NOT_ALLOWED, NOT_FOUND, USAGE, environment, muster, muster_json
from wire_client import open_client

CONFIG = """
[[channel]]
name = "shop"
path = "/shop"
permissions = "pub=/orders/**\\nsub=/orders/**"

[[channel]]
name = "locked"
path = "/locked"
security = "basic"
credentials = [{username = "u", secret = "secret-of-u"}]
permissions = "sub=/orders/**"

[[topic]]
name = "/orders/new"
"""
TOPIC = "/orders/new"


@pytest.fixture(scope="module")
def server():
    with MusterServer(config=CONFIG) as running:
        yield running


@pytest.fixture(autouse=True)
def empty_topic(server):
    muster(server, "topics", "clear", TOPIC)


class Following:
    """`muster sub` in the background."""

    def __init__(self, server, *words, channel="shop", **env):
        self.process = subprocess.Popen(
            [BINARY, "sub", TOPIC, "--channel", channel, *words], text=True,
            env=environment(server, **env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self, how=signal.SIGINT):
        """Its exit code and the lines that it has printed."""
        if how:
            self.process.send_signal(how)
        out, said = self.process.communicate(timeout=20)
        return self.process.returncode, out.splitlines(), said


def attached(server):
    return muster_json(server, "topics", "show", TOPIC)["attached"]


def test_topics(server):
    muster(server, "topics", "create", "/news", "--set", "retention_age=5", "--set",
           "durable=false")
    assert muster_json(server, "topics", "show", "/news")["retention_age"] == 5
    assert "/news" in muster(server, "topics", "ls") and TOPIC in muster(server, "topics", "ls")
    muster(server, "topics", "edit", "/news", "--data", "-", stdin='{"is_active":false}')
    muster(server, "pub", "/news", "--data", "1", code=FAILED)
    muster(server, "topics", "edit", "/news", code=USAGE)
    assert "max_depth" in muster(server, "topics", "edit", "/news", "--set", "max_depth=0",
                                 code=FAILED)
    muster(server, "topics", "delete", "/news")
    muster(server, "topics", "show", "/news", code=NOT_FOUND)
    muster(server, "pub", "/news", "--data", "1", code=NOT_FOUND)


def test_messages_are_listed_searched_and_deleted(server):
    first = muster_json(server, "pub", TOPIC, "--data", '{"n": 1.50}', "--key", "k")
    second = muster_json(server, "pub", TOPIC, "--priority", "9", stdin='"needle"')
    assert second["seq"] == first["seq"] + 1
    seqs = lambda *words: [m["seq"] for m in
                           muster_json(server, "topics", "messages", TOPIC, *words)["items"]]
    assert seqs() == [second["seq"], first["seq"]]
    assert seqs("--oldest-first") == [first["seq"], second["seq"]]
    assert seqs("--text", "needle") == [second["seq"]]
    one = muster_json(server, "topics", "messages", TOPIC, "--msg-id", first["msg_id"])
    assert one["key"] == "k" and one["channel"] is None
    assert "needle" in muster(server, "topics", "messages", TOPIC)
    assert "environment" in muster(server, "topics", "publishers", TOPIC)
    muster(server, "topics", "clear", TOPIC, "--msg-id", first["msg_id"])
    muster(server, "topics", "clear", TOPIC, "--msg-id", first["msg_id"], code=NOT_FOUND)
    assert muster_json(server, "topics", "clear", TOPIC)["deleted"] == 1


def test_sub_prints_what_is_published_until_it_is_interrupted(server):
    following = Following(server)
    wait_for(lambda: attached(server) == 1)
    muster(server, "pub", TOPIC, "--data", '{"n": 1.50}')
    muster(server, "pub", TOPIC, "--data", '"two\\nlines"')
    wait_for(lambda: muster_json(server, "topics", "show", TOPIC)["deliveries"] >= 2)
    code, lines, said = following.end()
    assert code == 0, said
    assert [line.split(" ", 2)[2] for line in lines] == ['{"n": 1.50}', '"two\\nlines"']
    wait_for(lambda: attached(server) == 0)


def test_sub_ends_after_a_count(server):
    for n in range(3):
        muster(server, "pub", TOPIC, "--data", str(n + 1))
    code, lines, said = Following(server, "--from", "first", "--count", "2", "--json").end(None)
    assert code == 0, said
    assert [json.loads(line)["data"] for line in lines] == [1, 2]


def test_a_message_that_was_not_acknowledged_comes_again(server):
    for n in range(3):
        muster(server, "pub", TOPIC, "--data", str(n + 1))
    words = ("--ack", "--client-id", "reader", "--json")
    code, lines, said = Following(server, *words, "--from", "first", "--count", "1").end(None)
    assert code == 0 and [json.loads(line)["data"] for line in lines] == [1], said
    code, lines, said = Following(server, *words, "--count", "2").end(None)
    assert code == 0 and [json.loads(line)["data"] for line in lines] == [2, 3], said
    key = muster_json(server, "subscriptions", "ls", "--topic", TOPIC)["items"][0]["sub_key"]
    wait_for(lambda: muster_json(server, "subscriptions", "show", key)["depth"] == 0)
    # What cannot be printed stays.
    muster(server, "pub", TOPIC, "--data", "4")
    with open("/dev/full", "w") as full:
        failed = subprocess.run([BINARY, "sub", TOPIC, "--channel", "shop", *words, "--count", "1"],
                                env=environment(server), stdout=full, stderr=subprocess.PIPE,
                                timeout=20)
    assert failed.returncode == FAILED
    code, lines, said = Following(server, *words, "--count", "1").end(None)
    assert code == 0 and json.loads(lines[0])["data"] == 4, said
    muster(server, "subscriptions", "delete", key)
    muster(server, "subscriptions", "show", key, code=NOT_FOUND)


def test_sub_says_why_it_ends(server):
    muster(server, "sub", "/elsewhere", "--channel", "shop", code=NOT_ALLOWED)
    muster(server, "sub", "/orders/none", "--channel", "shop", code=NOT_FOUND)
    muster(server, "sub", TOPIC, "--channel", "none", code=NOT_FOUND)
    muster(server, "sub", TOPIC, "--channel", "locked", code=NOT_ALLOWED)
    muster(server, "sub", TOPIC, code=USAGE)
    muster(server, "sub", TOPIC, "--ws", server.ws_url + "/none", code=NOT_FOUND)
    following = Following(server, "--username", "u", channel="locked",
                          MUSTER_SECRET="secret-of-u")
    wait_for(lambda: attached(server) == 1)
    muster(server, "connections", "close", "--channel", "locked", "--reason", "enough")
    code, _, said = following.end(None)
    assert code == FAILED and "4005 enough" in said


def test_a_client_is_subscribed_on_its_behalf(server):
    with open_client(server, "/shop", "till 7") as client:
        some_id = server.connections(client_id="till 7")[0]["id"]
        key = muster(server, "subscriptions", "add", some_id, TOPIC, "--durable").strip()
        assert key in muster(server, "subscriptions", "ls", "--connection", some_id)
        muster(server, "pub", TOPIC, "--data", "1")
        assert client.receive_json()["data"]["data"] == 1
    wait_for(lambda: attached(server) == 0)
    muster(server, "pub", TOPIC, "--data", "2")
    assert "2" in muster(server, "subscriptions", "messages", key)
    assert muster_json(server, "subscriptions", "clear", key)["deleted"] == 1
    muster(server, "subscriptions", "delete", key)
