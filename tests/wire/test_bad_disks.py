"""Disks that are full, that refuse, and that have forgotten."""

import errno
import os
import sqlite3
import subprocess

import pytest

from muster_server import MusterServer, wait_for
from pubsub_client import CHANNELS, connect, leave_behind, make_topic, quoted, refused

HERE = os.path.dirname(os.path.abspath(__file__))
KIB = 1 << 10


@pytest.fixture
def refusing_disk(tmp_path):
    """A server whose disk can be told to refuse: (server, the file that tells it)."""
    library, switch = tmp_path / "failing_disk.so", tmp_path / "switch"
    made = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library,
                           os.path.join(HERE, "failing_disk.c"), "-ldl"],
                          capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip("no compiler for the library: " + made.stderr)
    data = str(tmp_path / "data")
    env = {"LD_PRELOAD": str(library), "FAILING_FOLDER": data, "FAILING_SWITCH": str(switch),
           "ASAN_OPTIONS": "verify_asan_link_order=0"}
    with MusterServer(config=CHANNELS, data=data, env=env) as server:
        yield server, switch


def fill(folder):
    """Leaves no room: the file that takes it."""
    path = os.path.join(folder, "filler")
    with open(path, "wb", buffering=0) as file:
        size = 256 * KIB
        while size >= 1:
            try:
                file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
                size //= 2
    return path


def publish_status(client, topic, data="x" * 10_000):
    return client.call("pubsub.publish", {"topic_name": topic, "data": data})["meta"]["status"]


def expect_refusal(client, topic):
    """A 503 comes, with a reason, at the latest when what SQLite holds in reserve is used up."""
    for _ in range(2000):
        answer = client.call("pubsub.publish", {"topic_name": topic, "data": "x" * 10_000})
        if answer["meta"]["status"] != 200:
            return refused(answer, 503)
    raise AssertionError("the full disk takes everything")


def check_life_without_a_disk(server, publisher, reader, durable, volatile):
    """Live clients stay, and what needs no disk goes on."""
    assert publish_status(publisher, durable) == 503
    publisher.publish(volatile, "no disk")
    assert reader.message()["data"] == "no disk"
    assert reader.call("ping")["meta"]["status"] == 200
    assert server.get("/healthz").status == 200
    assert server.get("topics").status == 200
    with connect(server, "newcomer") as newcomer:
        newcomer.subscribe(volatile)
        publisher.publish(volatile, "for both")
        assert newcomer.message()["data"] == reader.message()["data"] == "for both"


def expect_kept(server, topic, wanted):
    """A server that starts anew has all those messages, and no others, in their order."""
    server.kill()
    server.start()
    with connect(server, "historian") as client:
        client.subscribe(topic, **{"from": "first"})
        assert client.take_data(len(wanted)) == wanted
        client.publish(topic, "marker")
        assert client.message()["data"] == "marker"


# Full -----------------------------------------------------------------------------------------


def test_a_full_disk_refuses_publishers_and_heals_by_itself(small_disk):
    with MusterServer(config=CHANNELS, data=str(small_disk / "data")) as server:
        durable, volatile = make_topic(server), make_topic(server, durable=False)
        with connect(server, "publisher") as publisher, connect(server, "reader") as reader:
            reader.subscribe(volatile)
            publisher.publish(durable, "before")
            filler = fill(small_disk)
            reason = expect_refusal(publisher, durable)
            assert "unavailable" in reason.lower() or "disk" in reason.lower() \
                or "now" in reason.lower(), reason
            check_life_without_a_disk(server, publisher, reader, durable, volatile)
            os.remove(filler)
            wait_for(lambda: publish_status(publisher, durable, "after") == 200, 10, "it to heal")
            reader.subscribe(durable)
            publisher.publish(durable, "heard")
            assert reader.message()["data"] == "heard"


def test_what_a_full_disk_acknowledged_is_there_afterwards(small_disk):
    with MusterServer(config=CHANNELS, data=str(small_disk / "data")) as server:
        topic = make_topic(server)
        with connect(server, "publisher") as publisher:
            filler, kept = fill(small_disk), []
            for number in range(3000):
                if publish_status(publisher, topic, [number, "x" * 4000]) == 200:
                    kept.append([number, "x" * 4000])
                elif filler:
                    os.remove(filler)
                    filler = None
                elif len(kept) > 100:
                    break
        assert kept and filler is None
        expect_kept_on_a_full_disk(server, small_disk, topic, kept)


def expect_kept_on_a_full_disk(server, disk, topic, kept):
    """Where the messages themselves have filled it, there is room to start and to read."""
    server.kill()
    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
    server.start()
    expect_kept(server, topic, kept)


# Refusing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [errno.EROFS, errno.EIO, errno.ENOSPC], ids=os.strerror)
def test_a_disk_that_refuses_hits_only_those_who_need_it(refusing_disk, error):
    server, switch = refusing_disk
    durable, volatile = make_topic(server), make_topic(server, durable=False)
    with connect(server, "publisher") as publisher, connect(server, "reader") as reader:
        reader.subscribe(volatile)
        assert publish_status(publisher, durable, "before") == 200
        switch.write_text(str(error))
        expect_refusal(publisher, durable)
        check_life_without_a_disk(server, publisher, reader, durable, volatile)
        assert server.post("topics", {"name": "/not/now"}).status == 503
        switch.unlink()
        wait_for(lambda: publish_status(publisher, durable, "after") == 200, 10, "it to heal")
        assert server.post("topics", {"name": "/now"}).status == 201
    expect_kept(server, durable, ["before", "after"])


def test_subscribers_get_nothing_that_the_disk_has_refused(refusing_disk):
    server, switch = refusing_disk
    topic = make_topic(server)
    with connect(server, "publisher") as publisher, connect(server, "reader") as reader:
        reader.subscribe(topic)
        switch.write_text(str(errno.EIO))
        expect_refusal(publisher, topic)
        switch.unlink()
        wait_for(lambda: publish_status(publisher, topic, "kept") == 200, 10, "it to heal")
        assert reader.message()["data"] == "kept"


# Forgetful ------------------------------------------------------------------------------------


def damage(server, needle):
    """Flips a bit in the one stored record that holds those bytes."""
    database = sqlite3.connect(os.path.join(server.data, "muster.db"))
    with database:
        tables = [name for (name,) in database.execute(
            "select name from sqlite_master where type = 'table'")]
        hits = 0
        for table in tables:
            columns = [row[1] for row in database.execute(f'pragma table_info("{table}")')]
            keys = [row[1] for row in sorted(database.execute(f'pragma table_info("{table}")'),
                                             key=lambda row: row[5]) if row[5]]
            for column in columns:
                where = " and ".join(f'"{key}" is ?' for key in keys) or "rowid is ?"
                wanted = ", ".join(f'"{key}"' for key in keys) or "rowid"
                for *key, value in database.execute(
                        f'select {wanted}, "{column}" from "{table}"').fetchall():
                    # Records are blobs; what is text is only searched by.
                    if isinstance(value, bytes) and needle in value:
                        at = value.index(needle)
                        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1:]
                        database.execute(f'update "{table}" set "{column}" = ? where {where}',
                                         [changed, *key])
                        hits += 1
    database.close()
    assert hits == 1, f"{hits} records hold {needle}"


def test_a_damaged_message_is_not_served_and_the_others_are(tmp_path):
    with MusterServer(config=CHANNELS, data=str(tmp_path / "data")) as server:
        topic = make_topic(server)
        sub_key = leave_behind(server, topic, "reader")
        with connect(server, "publisher") as publisher:
            publisher.publish_many(topic, [f"message number {n}." for n in range(1, 6)])
        server.stop()
        damage(server, b"message number 3.")
        server.start()
        with connect(server, "reader") as reader, connect(server, "publisher") as publisher:
            reader.resume(sub_key)
            wanted = [f"message number {n}." for n in (1, 2, 4, 5)]
            assert reader.take_data(4) == wanted
            publisher.publish(topic, "new")
            assert reader.message()["data"] == "new"
            publisher.subscribe(topic, **{"from": "first"})
            assert publisher.take_data(5) == [*wanted, "new"]
        assert server.metric("muster_damaged_records_total") >= 1
        assert server.metric("muster_deliveries_dropped_total", cause="damaged") >= 1


def test_a_damaged_topic_harms_no_other(tmp_path):
    with MusterServer(config=CHANNELS, data=str(tmp_path / "data")) as server:
        make_topic(server, "/the/damaged/one")
        topic = make_topic(server, "/the/other/one")
        server.stop()
        damage(server, b"/the/damaged/one")
        server.start()
        with connect(server) as client:
            client.subscribe(topic)
            client.publish(topic, "x")
            assert client.message()["data"] == "x"
        assert server.get("topics/" + quoted("/the/damaged/one")).status == 404
        assert server.metric("muster_damaged_records_total") >= 1
