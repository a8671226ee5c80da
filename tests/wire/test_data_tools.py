"""Doctor, backup and restore, beside the server and while it runs."""

import json
import os
import re
import resource
import sqlite3
import subprocess
import threading

import pytest

from muster_server import BINARY, MusterServer, wait_for
from pubsub_client import CHANNELS, connect, leave_behind, make_topic, ok, quoted, \
    subscription_row
from test_bad_disks import damage, fill
from wire_client import Closed

DONE, FAILED, USAGE, NO_SERVER, NOT_ALLOWED = range(5)


def tool(*words, data, server=None, code=DONE, token=None, **more):
    """What a command on a data directory prints; on failure what it says."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    if server:
        env["MUSTER_URL"] = server.admin_url
        env["MUSTER_TOKEN"] = server.token if token is None else token
    else:
        # Nobody is at port 1.
        env["MUSTER_URL"] = "http://127.0.0.1:1"
    run = subprocess.run([BINARY, *map(str, words), "--data", str(data)], env=env, text=True,
                         capture_output=True, timeout=60, **more)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run.stderr if code and not run.stdout else run.stdout


def examine(data, *words, server=None, code=DONE, **more):
    """The checks of the doctor: {check: (result, text)}."""
    answer = json.loads(tool("doctor", "--json", *words, data=data, server=server, code=code,
                             **more))
    assert answer["ok"] == (code == DONE)
    return {each["check"]: (each["result"], each["text"]) for each in answer["checks"]}


def snapshot(folder):
    """Names, sizes and contents of what is in a folder."""
    return {name: open(os.path.join(folder, name), "rb").read()
            for name in sorted(os.listdir(folder))}


def history(server, topic, client_id="historian"):
    """All that the topic keeps."""
    with connect(server, client_id) as client:
        client.subscribe(topic, **{"from": "first"})
        client.publish(topic, "the end")
        out = []
        while not out or out[-1] != "the end":
            out.append(client.message()["data"])
    return out[:-1]


def scribble(path, page):
    """Over some pages of a database."""
    with open(path, "r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096 * 10)


@pytest.fixture
def data(tmp_path):
    return str(tmp_path / "data")


# Backup ---------------------------------------------------------------------------------------


class Publisher(threading.Thread):
    """Publishes numbers until it is told to stop, and knows which were acknowledged."""

    def __init__(self, server, topic):
        super().__init__()
        self.client, self.topic = connect(server, "publisher"), topic
        self.acknowledged = 0
        self.stopping = False

    def run(self):
        while not self.stopping:
            self.client.publish(self.topic, self.acknowledged)
            self.acknowledged += 1

    def stop(self):
        self.stopping = True
        self.join()
        self.client.close()


def test_a_backup_under_load_has_all_that_was_acknowledged_before_it(data, tmp_path):
    copy = tmp_path / "copy.db"
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        publisher = Publisher(server, topic)
        publisher.start()
        wait_for(lambda: publisher.acknowledged > 200, what="some messages")
        before = publisher.acknowledged
        said = json.loads(tool("backup", copy, "--json", data=data))
        after = publisher.acknowledged
        wait_for(lambda: publisher.acknowledged > after + 50, what="it to go on")
        publisher.stop()
    assert os.stat(copy).st_mode & 0o777 == 0o600
    assert said["bytes"] == os.path.getsize(copy)
    assert said["topics"] == 1 and said["messages"] >= before
    assert sorted(os.listdir(tmp_path)) == ["copy.db", "data"]
    other = str(tmp_path / "other")
    tool("restore", copy, data=other)
    with MusterServer(config=CHANNELS, data=other) as server:
        kept = history(server, topic)
        assert len(kept) == said["messages"] and kept == list(range(len(kept)))
        # Sequences go on where they were.
        assert before <= len(kept)


def test_a_backup_replaces_nothing_unasked(data, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    with MusterServer(config=CHANNELS, data=data):
        assert "is there already" in tool("backup", copy, data=data, code=FAILED)
        assert copy.read_text() == "mine"
        tool("backup", copy, "--force", data=data)
    assert sqlite3.connect(copy).execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_backup_that_has_no_room_leaves_nothing(data, tmp_path, small_disk):
    fill(small_disk)
    os.truncate(os.path.join(small_disk, "filler"), 11 << 20)
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish_many(topic, ["x" * 100_000] * 20)
        assert "full" in tool("backup", small_disk / "copy.db", data=data, code=FAILED)
        assert os.listdir(small_disk) == ["filler"]
        assert len(history(server, topic)) == 20


def test_a_backup_of_nothing_is_refused(tmp_path):
    said = tool("backup", tmp_path / "copy.db", data=tmp_path / "none", code=FAILED)
    assert "there is no file" in said


# Restore, without a server --------------------------------------------------------------------


def test_a_restore_keeps_the_old_database(data, tmp_path):
    copy = tmp_path / "copy.db"
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish(topic, "of before")
            tool("backup", copy, data=data)
            client.publish(topic, "of after")
        server.stop()
        said = tool("restore", copy, data=data)
        old = [name for name in os.listdir(data) if ".before-restore-" in name]
        assert len(old) == 1 and old[0] in said
        assert re.fullmatch(r"muster\.db\.before-restore-\d{8}T\d{6}Z", old[0])
        server.start()
        assert history(server, topic) == ["of before"]
        server.stop()
        # And back again.
        tool("restore", os.path.join(data, old[0]), data=data)
        server.start()
        assert history(server, topic) == ["of before", "of after"]


def test_a_database_beyond_repair_can_be_replaced(data, tmp_path):
    copy = tmp_path / "copy.db"
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish(topic, "kept")
        tool("backup", copy, data=data)
        server.kill()
        with open(os.path.join(data, "muster.db"), "r+b") as file:
            file.write(b"\xa5" * 8192)
        found = examine(data, code=FAILED)
        assert found["database"][0] == "FAULT"
        tool("restore", copy, data=data)
        assert examine(data)["records"][0] == "ok"
        server.start()
        assert history(server, topic) == ["kept"]


@pytest.mark.parametrize("spoil, why", [
    (lambda path: open(path, "wb").write(b"no database at all" * 1000), "not a database"),
    (lambda path: open(path, "wb").close(), "nothing in it"),
    (lambda path: sqlite3.connect(path).executescript(
        "drop table messages; pragma user_version = 99"), "newer version"),
    (lambda path: sqlite3.connect(path).executescript("pragma application_id = 7"), "another"),
    (lambda path: scribble(path, 20), "is damaged"),
    (lambda path: sqlite3.connect(path).executescript(
        "update documents set body = cast('x' as blob) where kind = 'topic'"), "topic"),
    (lambda path: os.remove(path), "there is no file"),
], ids=["foreign file", "empty", "newer", "of another program", "damaged pages",
        "damaged record", "none"])
def test_what_is_no_good_backup_is_refused_and_changes_nothing(data, tmp_path, spoil, why):
    copy = str(tmp_path / "copy.db")
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish_many(topic, ["x" * 2000] * 100)
        tool("backup", copy, data=data)
        server.stop()
    spoil(copy)
    before = snapshot(data)
    assert why in tool("restore", copy, data=data, code=FAILED)
    assert snapshot(data) == before


# Restore, into a server that runs -------------------------------------------------------------


@pytest.fixture
def past(data, tmp_path):
    """A server that has moved on since its backup: (server, backup, topic, sub key)."""
    copy = tmp_path / "copy.db"
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server, "/kept")
        make_topic(server, "/volatile", durable=False)
        sub_key = leave_behind(server, topic, "away")
        with connect(server, "publisher") as publisher:
            publisher.publish_many(topic, [f"before {n}" for n in range(10)])
        tool("backup", copy, data=data)
        yield server, copy, topic, sub_key


def test_a_restore_into_a_running_server_keeps_its_connections(past):
    server, copy, topic, sub_key = past
    make_topic(server, "/new")
    with connect(server, "follower") as follower, connect(server, "publisher") as publisher, \
            connect(server, "away") as away:
        follower.subscribe(topic)
        follower.subscribe("/volatile")
        gone = follower.subscribe("/new")
        late = publisher.subscribe(topic, durable=True)
        away.resume(sub_key)
        assert away.take_data(10) == [f"before {n}" for n in range(10)]
        publisher.publish_many(topic, [f"after {n}" for n in range(20)])
        assert follower.take_data(20) == [f"after {n}" for n in range(20)]
        assert away.take_data(20) == [f"after {n}" for n in range(20)]
        assert publisher.take_data(20) == [f"after {n}" for n in range(20)]

        assert "works with it now" in tool("restore", copy, data=server.data, server=server)

        # At once: before those who follow are back.
        publisher.publish(topic, "of now")
        # The lasting one is as far as it was then, and gets what came later in its place.
        assert away.take_data(10) == [f"before {n}" for n in range(10)]
        assert server.get("topics/" + quoted("/new")).status == 404
        assert follower.message()["data"] == away.message()["data"] == "of now"
        # The one that is not in the backup has ended, and so has the one on the topic.
        publisher.expect_nothing()
        assert subscription_row(server, late) is None
        assert publisher.call("pubsub.unsubscribe", {"sub_key": late})["meta"]["status"] == 404
        assert follower.call("pubsub.unsubscribe", {"sub_key": gone})["meta"]["status"] == 404
        wait_for(lambda: follows(server, "/volatile") == 1, what="the follower to be back")
        publisher.publish("/volatile", "as ever")
        assert follower.message()["data"] == "as ever"
    # All of it is on the disk, without holes.
    server.kill()
    server.start()
    assert history(server, topic) == [f"before {n}" for n in range(10)] + ["of now"]


def test_what_was_not_acknowledged_then_comes_again(past):
    server, _, topic, _ = past
    copy = os.path.join(server.data, "second.db")
    with connect(server, "careful") as careful, connect(server, "publisher") as publisher:
        key = careful.subscribe(topic, durable=True, ack="client")
        publisher.publish_many(topic, ["a", "b", "c"])
        assert careful.take_data(3) == ["a", "b", "c"]
        wait_for(lambda: subscription_row(server, key)["unacked"] == 3, what="the topic to know")
        tool("backup", copy, data=server.data)
        for number in range(2000, 2010):
            publisher.publish(topic, number)
            message = careful.message()
            assert message["data"] == number
            ok(careful.call("pubsub.ack", {"sub_key": key, "msg_id": message["msg_id"]}))
        for _ in range(2):
            tool("restore", copy, data=server.data, server=server)
            again = careful.take(3)
            assert [message["data"] for message in again] == ["a", "b", "c"]
        for message in again:
            ok(careful.call("pubsub.ack", {"sub_key": key, "msg_id": message["msg_id"]}))
        publisher.publish(topic, "d")
        assert careful.message()["data"] == "d"


def follows(server, topic):
    return server.get("topics/" + quoted(topic)).json()["subscriptions"]


def test_a_restore_under_load_loses_nothing_that_is_acknowledged_later(past):
    server, copy, topic, _ = past
    stop, kept, refusals = threading.Event(), [], []

    def publish():
        with connect(server, "loader") as client:
            number = 0
            while not stop.is_set():
                answer = client.call("pubsub.publish", {"topic_name": topic, "data": number})
                (kept if answer["meta"]["status"] == 200 else refusals).append(
                    (number, answer["meta"]["status"]))
                number += 1

    load = threading.Thread(target=publish)
    load.start()
    wait_for(lambda: len(kept) > 100, what="some messages")
    for _ in range(3):
        at_least = len(kept)
        tool("restore", copy, data=server.data, server=server)
        wait_for(lambda: len(kept) > at_least + 100, what="it to go on")
    restored = len(kept)
    wait_for(lambda: len(kept) > restored + 100, what="it to go on")
    stop.set()
    load.join()
    assert {status for _, status in refusals} <= {503}
    # What was acknowledged since the last restore is there, in one piece.
    numbers = [number for number, _ in kept]
    found = [each for each in history(server, topic) if not str(each).startswith("before")]
    assert found == numbers[-len(found):] and len(found) >= len(kept) - restored


def test_channels_come_back_as_they_were(past):
    server, _, _, _ = past
    server.create_channel(name="kept", path="/kept")
    copy = os.path.join(server.data, "second.db")
    tool("backup", copy, data=server.data)
    server.create_channel(name="late", path="/late")
    assert server.patch("channels/kept", {"ping_interval": 7}).status == 200
    assert server.patch("channels/ps", {"ping_interval": 8}).status == 200
    with connect(server, "a", "/kept") as stays, connect(server, "b", "/late") as goes:
        tool("restore", copy, data=server.data, server=server)
        with pytest.raises(Closed) as closed:
            goes.call("ping")
        assert closed.value.code == 4404
        assert stays.call("ping")["meta"]["status"] == 200
    assert server.get("channels/late").status == 404
    assert server.get("channels/kept").json()["ping_interval"] == 45
    # Declared in the file, which wins again.
    assert server.get("channels/ps").json()["ping_interval"] == 45


def test_a_token_that_the_backup_does_not_know_is_told(past):
    server, copy, _, _ = past
    made = server.post("tokens", {"name": "late", "role": "admin"}).json()["token"]
    said = tool("restore", copy, data=server.data, server=server, token=made)
    assert "your token is none of them" in said
    assert server.get("tokens", token=made).status == 401
    # That of the environment is good whatever is stored.
    assert server.get("tokens").status == 200


def test_only_an_administrator_may_restore_into_a_server(past):
    server, copy, topic, _ = past
    with connect(server, "publisher") as publisher:
        publisher.publish(topic, "stays")
    operator = server.post("tokens", {"name": "op", "role": "operator"}).json()["token"]
    for token in ("wrong", operator):
        tool("restore", copy, data=server.data, server=server, token=token, code=NOT_ALLOWED)
    assert "--url" in tool("restore", copy, data=server.data, code=NO_SERVER)
    assert history(server, topic)[-1] == "stays"
    assert not [name for name in os.listdir(server.data) if "incoming" in name]
    answer = server.post("store:reload")
    assert answer.status == 409 and "No backup waits" in answer.json()["detail"]


# Doctor ---------------------------------------------------------------------------------------


def test_all_is_well_and_nothing_is_changed(data):
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish_many(topic, range(1000))
        found = examine(data, server=server)
        assert {result for result, _ in found.values()} <= {"ok", "warning"}, found
        assert "a server runs" in found["lock"][1]
        assert "ready" in found["server"][1]
        assert "none is damaged" in found["records"][1]
        server.stop()
    before = snapshot(data)
    found = examine(data, "--thorough")
    assert "no server runs" in found["lock"][1] and found["server"] == ("ok", "none runs")
    assert "all 1004 looked at" in found["records"][1], found
    assert snapshot(data) == before
    table = tool("doctor", data=data)
    assert table.splitlines()[0].split() == ["check", "result"]


def test_a_directory_that_is_not_there_is_not_made(tmp_path):
    found = examine(tmp_path / "none")
    assert found["directory"][0] == "warning" and found["database"][0] == "ok"
    assert os.listdir(tmp_path) == []


def test_damaged_records_are_named(data):
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish_many(topic, [f"message number {n}." for n in range(1, 6)])
        server.stop()
        damage(server, b"message number 3.")
    result, text = examine(data, code=FAILED)["records"]
    assert result == "FAULT" and f"message 3 of topic {topic}" in text


def test_damaged_pages_are_found(data):
    with MusterServer(config=CHANNELS, data=data) as server:
        topic = make_topic(server)
        with connect(server) as client:
            client.publish_many(topic, ["x" * 2000] * 500)
        server.stop()
    scribble(os.path.join(data, "muster.db"), 100)
    found = examine(data, code=FAILED)
    assert found["pages"][0] == "FAULT" and "restore" in found["pages"][1]


def test_a_read_only_database_is_told_by_doctor_and_server(data):
    with MusterServer(config=CHANNELS, data=data) as server:
        server.stop()
        os.chmod(os.path.join(data, "muster.db"), 0o400)
        found = examine(data, code=FAILED)
        assert "read-only" in found["database"][1]


def test_a_read_only_disk_is_told_by_doctor_and_server(small_disk):
    folder = small_disk / "data"
    with MusterServer(config=CHANNELS, data=str(folder)) as server:
        server.stop()
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        found = examine(folder, code=FAILED)
        assert "mounted to read only" in found["directory"][1]
        assert found["pages"][0] == found["records"][0] == "ok"
        run = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--admin",
                              "127.0.0.1:0", "--data", str(folder)], capture_output=True,
                             text=True, timeout=30)
        assert run.returncode == 1
        assert "Read-only file system" in run.stderr and str(folder) in run.stderr


def test_a_damaged_database_stops_the_start_with_a_sentence(data):
    os.makedirs(data)
    with open(os.path.join(data, "muster.db"), "wb") as file:
        file.write(b"no database at all" * 1000)
    assert "not a database" in examine(data, code=FAILED)["database"][1]
    run = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                          "--data", data], capture_output=True, text=True, timeout=30)
    assert run.returncode == 1
    # The log says it as well, before or after.
    assert f"muster: cannot use {data}/muster.db: file is not a database" in run.stderr.splitlines()


def test_a_full_disk_is_told(small_disk):
    with MusterServer(config=CHANNELS, data=str(small_disk / "data")) as server:
        make_topic(server)
        # A disk of 12 MiB never has much room.
        assert examine(server.data, server=server)["room"][0] == "warning"
        filler = fill(small_disk)
        result, text = examine(server.data, server=server, code=FAILED)["room"]
        assert result == "FAULT" and "disk is full" in text
        os.remove(filler)
        assert examine(server.data, server=server)["room"][0] == "warning"


def test_faults_of_the_configuration_are_told(data, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("[server]\nnonsense = 1\n")
    result, text = examine(data, "--config", bad, code=FAILED)["configuration"]
    assert result == "FAULT" and "bad.toml:2" in text


def test_few_open_files_are_told(data):
    limited = {"preexec_fn": limit_files}
    assert examine(data, **limited)["open files"][0] == "warning"


def test_completions_and_the_man_page_know_all_of_it():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for command in ("doctor", "backup", "restore"):
        said = subprocess.run([BINARY, command, "--help"], capture_output=True, text=True,
                              check=True, timeout=10).stdout
        flags = set(re.findall(r"--([a-z]+)", said)) - {"help"}
        assert {"config", "data", "admin"} <= flags
        for path in ("packaging/completions/muster.bash", "packaging/completions/_muster",
                     "packaging/completions/muster.fish", "docs/muster.1"):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                text = file.read()
            dashes = "-l " if path.endswith("fish") else "--"
            assert command in text
            assert [flag for flag in flags if dashes + flag not in text] == [], path


def limit_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
