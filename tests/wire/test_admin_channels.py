"""Channels over the admin endpoint, and doing things once."""

import re
import threading

import pytest

from admin_client import SECRET, problem, row_of
from muster_server import wait_for
from wire_client import Closed, Handshake, WireClient, open_client


# Channels --------------------------------------------------------------------------------------


DEFAULTS = {
    "listener": "default", "is_active": True, "service": "gateway", "security": "none",
    "new_token_wait_time": 5, "token_ttl": 3600, "ping_interval": 45,
    "pings_missed_threshold": 2, "service_timeout": 30, "max_in_flight": 64,
    "max_message_bytes": 1048576, "max_connections": None, "max_connections_per_client": None,
    "rate_limit": None, "send_queue_bytes": 1048576, "slow_consumer": "close",
    "duplicate_client_id": "allow", "allowed_origins": [], "permessage_deflate": False,
    "permissions": "", "message_log": None}


def test_a_channel_is_made_shown_edited_and_deleted(server):
    answer = server.post("channels", {"name": "life", "path": "/life"})
    assert answer.status == 201
    assert answer.headers["location"] == "/api/v1/channels/life"
    made = answer.json()
    for field, value in DEFAULTS.items():
        assert made[field] == value, field
    assert {"zato.ping", "ping", "pubsub.*"} <= set(made["services_allowed"])
    shown = server.get(answer.headers["location"])
    assert shown.json() == made and shown.headers["etag"] == answer.headers["etag"]
    with open_client(server, "/life", "life"):
        assert server.get("channels/life").json()["connections"] == 1
        assert server.get("channels/life").headers["etag"] == shown.headers["etag"]
    edited = server.patch("channels/life", {"token_ttl": 60.5})
    assert edited.status == 200 and edited.json()["token_ttl"] == 60.5
    assert edited.headers["etag"] != shown.headers["etag"]
    gone = server.delete("channels/life")
    assert gone.status == 204 and gone.body == b""
    problem(server.get("channels/life"), 404)
    problem(server.delete("channels/life"), 404)
    with pytest.raises(Handshake) as refused:
        WireClient(server.ws_port, "/life")
    assert refused.value.status == 404


BAD_FIELDS = [
    ("name", ""), ("name", "a b"), ("name", "a/b"), ("name", "."), ("name", ".."), ("name", "x" * 129),
    ("name", 1), ("name", None), ("name", "\u202e"), ("path", "bad"), ("path", ""),
    ("path", "/a b"), ("path", "/a?b"), ("path", "/a#b"), ("path", "/" + "x" * 600), ("path", 1),
    ("path", "/\u00e9"), ("path", "/demo"), ("listener", ""), ("listener", "none-of-that-name"),
    ("listener", "1.2.3.4:99999"), ("listener", 1), ("is_active", "yes"), ("is_active", 1),
    ("service", ""), ("service", 1), ("service", []), ("services_allowed", "ping"),
    ("services_allowed", [1]), ("services_allowed", [""]), ("security", "magic"),
    ("security", 1), ("credentials", {}), ("credentials", [{}]), ("credentials", "a"),
    ("credentials", [{"username": "u", "secret": "s"}]), ("keys", [{"name": "n"}]),
    ("new_token_wait_time", 0), ("new_token_wait_time", -1), ("new_token_wait_time", "5"),
    ("token_ttl", 0), ("token_ttl", -5), ("token_ttl", 1e300), ("token_ttl", True),
    ("ping_interval", 0), ("ping_interval", "45s"), ("pings_missed_threshold", 0),
    ("pings_missed_threshold", 1.5), ("pings_missed_threshold", -1), ("service_timeout", 0),
    ("service_timeout", []), ("max_in_flight", 0), ("max_in_flight", -1),
    ("max_in_flight", 1.5), ("max_in_flight", 1e30), ("max_message_bytes", 0),
    ("max_message_bytes", -1), ("max_message_bytes", 1 << 62), ("max_connections", 0),
    ("max_connections", -1), ("max_connections", "many"), ("max_connections_per_client", 0),
    ("rate_limit", 5), ("rate_limit", {}),
    ("rate_limit", {"rate": 0, "burst": 1}), ("rate_limit", {"rate": 1, "burst": -1}),
    ("rate_limit", {"rate": 1, "burst": 1, "more": 1}), ("send_queue_bytes", 0),
    ("send_queue_bytes", "1MiB"), ("slow_consumer", "wait"), ("slow_consumer", 1),
    ("duplicate_client_id", "maybe"), ("allowed_origins", "https://a"),
    ("allowed_origins", [1]), ("permessage_deflate", 1), ("permissions", "all"),
    ("permissions", "pub="), ("permissions", ["pub=*"]), ("message_log", True),
    ("message_log", {"messages": -1}), ("message_log", {"none": 1}), ("nothing", 1),
    ("connections", 1), ("from_file", True)]


@pytest.mark.parametrize("field, value", BAD_FIELDS, ids=lambda v: repr(v)[:30])
def test_a_wrong_field_is_named_and_nothing_is_made(server, field, value):
    before = server.get("channels").json()["total"]
    body = {"name": "wrong", "path": "/wrong", field: value}
    answer = server.post("channels", body)
    found = problem(answer, 409 if value == "/demo" else 400)
    assert field in found["detail"], found
    assert server.get("channels").json()["total"] == before
    if field not in ("name", "path"):
        problem(server.patch("channels/open", {field: value}), 400)


def test_a_channel_needs_a_name_and_a_path_of_its_own(server, channel):
    assert "path" in problem(server.post("channels", {"name": "half"}), 400)["detail"]
    assert "name" in problem(server.post("channels", {"path": "/half"}), 400)["detail"]
    problem(server.post("channels", {"name": channel, "path": "/other"}), 409, "conflict")
    problem(server.post("channels", {"name": "other", "path": "/temp"}), 409, "conflict")
    problem(server.patch("channels/open", {"path": "/temp"}), 409, "conflict")
    problem(server.patch("channels/open", {"name": "new"}), 400)
    problem(server.post("channels", {"name": "no", "path": "/no", "security": "basic",
                                     "credentials": [{"username": "u", "secret": "s"},
                                                     {"username": "u", "secret": "t"}]}), 400)


def test_edits_are_merge_patches(server, channel):
    edit = lambda **fields: server.patch("channels/" + channel, fields).json()
    assert edit(max_connections=5)["max_connections"] == 5
    assert edit(max_connections=None)["max_connections"] is None
    assert edit(rate_limit={"rate": 10, "burst": 20})["rate_limit"] == {"rate": 10, "burst": 20}
    assert edit(rate_limit={"rate": 11})["rate_limit"] == {"rate": 11, "burst": 20}
    assert edit(rate_limit=None)["rate_limit"] is None
    assert edit(token_ttl=9)["token_ttl"] == 9
    assert edit(token_ttl=None)["token_ttl"] == 3600
    assert edit(services_allowed=["a"])["services_allowed"] == ["a"]
    answer = server.request("PATCH", "channels/" + channel, raw=b'{"token_ttl":8}', headers={
        "Content-Type": "application/merge-patch+json; charset=utf-8"})
    assert answer.status == 200 and answer.json()["token_ttl"] == 8


def test_if_match(server, channel):
    path = "channels/" + channel
    first = server.get(path).headers["etag"]
    assert re.fullmatch(r'"[^"]+"', first)
    changed = server.patch(path, {"token_ttl": 10}, headers={"If-Match": first})
    assert changed.status == 200
    problem(server.patch(path, {"token_ttl": 11}, headers={"If-Match": first}), 412,
            "precondition_failed")
    problem(server.delete(path, headers={"If-Match": first}), 412)
    assert server.get(path).json()["token_ttl"] == 10
    both = f'{first}, {changed.headers["etag"]}'
    assert server.patch(path, {"token_ttl": 12}, headers={"If-Match": both}).status == 200
    assert server.patch(path, {"token_ttl": 13}, headers={"If-Match": "*"}).status == 200
    assert server.patch(path, {"token_ttl": 13}).status == 200


def test_secrets_go_in_and_never_come_out(server):
    made = server.post("channels", {
        "name": "secret", "path": "/secret", "security": "basic",
        "credentials": [{"username": "u1", "secret": SECRET}, {"username": "u2", "secret": SECRET}]})
    assert made.status == 201
    assert made.json()["credentials"] == [{"username": "u1"}, {"username": "u2"}]
    edited = server.patch("channels/secret", {"token_ttl": 50})
    keys = server.post("channels", {"name": "keyed", "path": "/keyed", "security": "api_key",
                                    "keys": [{"name": "k1", "key": SECRET}]})
    assert keys.json()["keys"] == [{"name": "k1"}]
    for answer in (made, edited, keys, server.get("channels"), server.get("channels/secret")):
        text = answer.body.decode()
        assert SECRET not in text and "argon2" not in text and "hash" not in text
    with WireClient(server.ws_port, "/secret") as client:
        assert client.create_session("c", username="u2", secret=SECRET)["meta"]["status"] == 200
    refused = server.post("channels", {"name": "x", "path": "/x", "security": "basic",
                                       "credentials": [{"username": "u", "secret": SECRET,
                                                        "more": 1}]})
    assert SECRET not in problem(refused, 400)["detail"]
    assert SECRET not in server.log_text() + server.output()
    server.delete("channels/secret")
    server.delete("channels/keyed")


def test_edits_reach_live_connections_and_drop_nobody(server, channel):
    with open_client(server, "/temp", "edited") as client:
        assert client.call("ping")["meta"]["status"] == 200
        path = "channels/" + channel
        server.patch(path, {"services_allowed": ["echo"]})
        wait_for(lambda: client.call("ping")["meta"]["status"] == 403, 1)
        server.patch(path, {"service": "echo"})
        wait_for(lambda: "service" in (client.call("ping").get("data") or {}), 1)
        server.patch(path, {"service": "gateway", "ping_interval": 0.1})
        wait_for(lambda: client.call("echo", 1) and client.pings, 1)
        server.patch(path, {"ping_interval": 45, "path": "/elsewhere", "max_connections": 1,
                            "token_ttl": 100, "max_message_bytes": 70000})
        assert client.call("echo", 2)["data"] == 2
        with open_client_refused(server, "/elsewhere") as refused:
            assert refused.status == 503
        server.patch(path, {"rate_limit": {"rate": 0.001, "burst": 1}})
        wait_for(lambda: client.call("echo", 1)["meta"]["status"] == 429, 1)
        server.patch(path, {"rate_limit": None})
        wait_for(lambda: client.call("echo", 1)["meta"]["status"] == 200, 1)
        assert row_of(server, "edited")["state"] == "ready"


def test_edits_reach_those_without_a_session(server, channel):
    with WireClient(server.ws_port, "/temp") as client:
        wait_for(lambda: any(r["state"] == "new" for r in server.connections(channel="temp")), 2)
        server.patch("channels/temp", {"new_token_wait_time": 0.2})
        assert client.receive_json(2)["meta"]["status"] == 403
        assert client.expect_close()[0] == 4401


class open_client_refused:
    def __init__(self, server, path):
        with pytest.raises(Handshake) as refused:
            WireClient(server.ws_port, path)
        self.status = refused.value.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def test_a_dry_run_names_whom_it_would_close_and_closes_nobody(server):
    server.create_channel(name="dry", path="/dry", security="basic", services_allowed=["ping"],
                          credentials=[{"username": "a", "secret": "secret-a"},
                                       {"username": "b", "secret": "secret-b"}])
    a = open_client(server, "/dry", "dry.a", username="a", secret="secret-a")
    b = open_client(server, "/dry", "dry.b", username="b", secret="secret-b")
    ids = {name: row_of(server, "dry." + name)["id"] for name in "ab"}

    def closes(patch):
        answer = server.patch("channels/dry?dry_run=true", patch)
        assert answer.status == 200, answer
        return sorted(answer.json()["closes"])

    etag = server.get("channels/dry").headers["etag"]
    assert closes({"token_ttl": 30}) == []
    assert closes({"is_active": False}) == sorted(ids.values())
    only_b = {"credentials": [{"username": "b"}]}
    changed = {"credentials": [{"username": "a", "secret": "another"}, {"username": "b"}]}
    assert closes(only_b) == [ids["a"]]
    assert closes(changed) == [ids["a"]]
    dry = server.delete("channels/dry?dry_run=true")
    assert dry.status == 200 and sorted(dry.json()["closes"]) == sorted(ids.values())
    problem(server.patch("channels/dry?dry_run=maybe", {}), 400)
    assert server.get("channels/dry").headers["etag"] == etag
    assert a.call("ping")["meta"]["status"] == b.call("ping")["meta"]["status"] == 200

    assert server.patch("channels/dry", only_b).status == 200
    assert a.expect_close(2)[0] == 4403
    assert b.call("ping")["meta"]["status"] == 200
    with WireClient(server.ws_port, "/dry") as late:
        assert late.create_session("c", username="b", secret="secret-b")["meta"]["status"] == 200
    server.delete("channels/dry")
    assert b.expect_close(2)[0] == 4404


def test_a_channel_comes_back_when_it_is_activated(server, channel):
    with open_client(server, "/temp", "on") as client:
        assert server.patch("channels/temp", {"is_active": False}).json()["is_active"] is False
        assert client.expect_close(2)[0] == 4404
    with open_client_refused(server, "/temp") as refused:
        assert refused.status == 404
    server.patch("channels/temp", {"is_active": True})
    with open_client(server, "/temp", "off") as client:
        assert client.call("ping")["meta"]["status"] == 200


def test_edits_of_many_at_once_lose_nothing(server, channel):
    """Whoever sends If-Match and retries sees every edit counted."""
    path, edits = "channels/" + channel, 8
    server.patch(path, {"max_in_flight": 100})

    def add_one():
        for _ in range(5):
            while True:
                now = server.get(path)
                answer = server.patch(path, {"max_in_flight": now.json()["max_in_flight"] + 1},
                                      headers={"If-Match": now.headers["etag"]})
                assert answer.status in (200, 412), answer
                if answer.status == 200:
                    break

    threads = [threading.Thread(target=add_one) for _ in range(edits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.get(path).json()["max_in_flight"] == 100 + edits * 5


def test_channels_may_be_edited_under_load(server, channel):
    stop, counts, faults = threading.Event(), [], []

    def caller(number):
        try:
            with open_client(server, "/temp", f"load-{number}") as client:
                done = 0
                while not stop.is_set():
                    assert client.call("echo", done)["data" if done else "meta"]
                    done += 1
                counts.append(done)
        except (Closed, OSError, AssertionError, KeyError) as fault:
            faults.append(repr(fault))

    threads = [threading.Thread(target=caller, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for number in range(60):
        assert server.patch("channels/temp", {"token_ttl": 100 + number}).status == 200
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults and len(counts) == 4 and min(counts) > 0


# Idempotency -----------------------------------------------------------------------------------


def test_an_idempotency_key_does_things_once(server):
    key = {"Idempotency-Key": "key-1"}
    first = server.post("tokens", {"name": "once", "role": "viewer"}, headers=key)
    again = server.post("tokens", {"name": "once", "role": "viewer"}, headers=key)
    assert first.status == again.status == 201 and first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    named = [t for t in server.get("tokens?limit=1000").json()["items"] if t["name"] == "once"]
    assert len(named) == 1
    problem(server.post("tokens", {"name": "twice", "role": "viewer"}, headers=key), 409)
    problem(server.post("tokens", {"name": "x"}, headers={"Idempotency-Key": "k" * 300}), 400)
    deleted = "tokens/" + first.json()["id"]
    assert server.delete(deleted, headers={"Idempotency-Key": "key-2"}).status == 204
    assert server.delete(deleted, headers={"Idempotency-Key": "key-2"}).status == 204
    problem(server.delete(deleted, headers={"Idempotency-Key": "key-3"}), 404)


def test_the_same_key_many_times_at_once(server):
    answers = []

    def post():
        answers.append(server.post("tokens", {"name": "race", "role": "viewer"},
                                   headers={"Idempotency-Key": "race"}))

    threads = [threading.Thread(target=post) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = {a.json()["id"] for a in answers if a.status == 201}
    assert len(made) == 1
    assert all(a.status in (201, 409) for a in answers)
