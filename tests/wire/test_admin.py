"""The admin endpoint: conventions, channels, accounts, operations, what it says of itself."""

import json
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest

from muster_server import MusterServer, wait_for
from wire_client import Closed, Handshake, WireClient, open_client

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SECRET = "a-secret-that-never-comes-out"


def problem(answer, status, code=None):
    """The body of an error, after a look at what every error has."""
    assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert set(body) >= {"type", "title", "status", "detail", "code", "request_id"}, body
    assert body["status"] == status
    assert body["title"] and body["detail"] and body["request_id"]
    if code:
        assert body["code"] == code, body
    return body


def row_of(server, client_id):
    return next((r for r in server.connections(limit=1000) if r["client_id"] == client_id), None)


def make_token(server, role):
    answer = server.post("tokens", {"name": "test " + role, "role": role})
    assert answer.status == 201, answer
    return answer.json()["token"]


@pytest.fixture(scope="module")
def tokens(server):
    return {role: make_token(server, role) for role in ("viewer", "operator", "admin")}


@pytest.fixture
def channel(server):
    """The name of a channel that is there for one test."""
    server.create_channel(name="temp", path="/temp", services_allowed=["echo", "ping"])
    yield "temp"
    server.delete("channels/temp")


# Conventions ----------------------------------------------------------------------------------


def test_what_is_not_there_is_a_problem(server):
    for path in ("/nothing", "/api", "/api/v1/", "/api/v2/channels", "channels/none",
                 "connections/ws.0123", "operations/none", "/api/v1/channels/a/b", "//healthz"):
        problem(server.get(path), 404, "not_found")
    problem(server.delete("channels/none"), 404, "not_found")
    problem(server.patch("channels/none", {}), 404, "not_found")
    problem(server.delete("connections/none"), 404, "not_found")
    problem(server.post("connections/none/invoke", {"data": 1}), 404, "not_found")
    problem(server.get("connections/none/messages"), 404, "not_found")
    problem(server.delete("tokens/none"), 404, "not_found")
    problem(server.patch("users/none", {"role": "viewer"}), 404, "not_found")
    problem(server.delete("users/none"), 404, "not_found")
    problem(server.delete("operations/none"), 404, "not_found")


def test_every_request_has_an_id_of_its_own(server):
    first, second = server.get("channels/none"), server.get("channels/none")
    assert first.json()["request_id"] != second.json()["request_id"]
    assert first.headers["x-request-id"] == first.json()["request_id"]


@pytest.mark.parametrize("method, path", [
    ("PUT", "channels"), ("DELETE", "channels"), ("POST", "channels/demo"), ("PUT", "session"),
    ("POST", "/healthz"), ("PATCH", "connections"), ("OPTIONS", "channels"),
    ("GET", "connections:close"), ("DELETE", "/metrics"), ("BREW", "channels")])
def test_a_wrong_method_is_405_and_says_the_right_ones(server, method, path):
    answer = server.request(method, path)
    problem(answer, 405, "method_not_allowed")
    assert method not in [m.strip() for m in answer.headers["allow"].split(",")]


def test_bodies_that_are_no_json_or_not_said_to_be(server):
    for raw in (b"{", b"[]", b"1", b"null", b"\xff\xfe", b"{\"name\":\"\xff\"}", b"{}{}",
                b"{'name':1}", b"[" * 100000):
        for path in ("channels", "tokens", "connections:close"):
            problem(server.request("POST", path, raw=raw,
                                   headers={"Content-Type": "application/json"}), 400)
    problem(server.request("POST", "channels", raw=b"<a/>",
                           headers={"Content-Type": "text/xml"}), 415, "unsupported_media_type")
    problem(server.request("POST", "tokens", raw=b"name=a", headers={
        "Content-Type": "application/x-www-form-urlencoded"}), 415, "unsupported_media_type")


def test_a_body_over_1_mib_is_413(server):
    large = json.dumps({"name": "x" * (1 << 20)}).encode()
    try:
        answer = server.request("POST", "tokens", raw=large,
                                headers={"Content-Type": "application/json"})
        problem(answer, 413, "too_large")
    except (BrokenPipeError, ConnectionResetError):
        pytest.fail("the answer was lost")
    fits = json.dumps({"name": "x" * ((1 << 20) - 100)}).encode()
    problem(server.request("POST", "tokens", raw=fits,
                           headers={"Content-Type": "application/json"}), 400)


def test_head_is_get_without_the_body(server):
    for path in ("channels", "channels/demo", "/healthz", "/version", "overview"):
        head, get = server.request("HEAD", path), server.get(path)
        assert head.status == 200 and head.body == b""
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers.get("etag") == get.headers.get("etag")
        assert int(head.headers["content-length"]) > 0
    assert server.request("HEAD", "channels/none").status == 404


@pytest.mark.parametrize("path", ["channels", "connections", "services", "nodes", "users",
                                  "tokens"])
def test_every_list_has_one_form(server, path):
    answer = server.get(path)
    assert answer.status == 200
    body = answer.json()
    assert set(body) == {"items", "total", "next_cursor", "revision", "complete", "missing"}
    assert body["complete"] is True and body["missing"] == []
    assert body["total"] == len(body["items"])
    for query in ("limit=0", "limit=-1", "limit=x", "limit=", "sort=none", "fields=none",
                  "none=1", "cursor=none", "limit=1&limit=2", "limit=1e3", "limit=%zz"):
        found = problem(server.get(f"{path}?{query}"), 400)
        if query == "none=1":
            assert "none" in found["detail"]
    assert server.get(path + "?limit=100000").status == 200


def test_small_lists_are_paged_and_sorted_too(server):
    for number in range(7):
        server.create_channel(name=f"page-{number}", path=f"/page-{number}")
    for sort in ("name", "-name", "path", "-token_ttl", "connections"):
        seen, cursor = [], ""
        while True:
            page = server.get(f"channels?limit=2&sort={sort}" + (cursor and "&cursor=" + cursor))
            assert page.status == 200, page
            assert len(page.json()["items"]) <= 2
            seen += [item["name"] for item in page.json()["items"]]
            cursor = page.json()["next_cursor"]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == server.get("channels").json()["total"]
        if sort.endswith("name"):
            assert seen == sorted(seen, reverse=sort[0] == "-")
    only = server.get("channels?fields=name,path&limit=1").json()["items"][0]
    assert set(only) == {"name", "path"}
    for number in range(7):
        assert server.delete(f"channels/page-{number}").status == 204


def test_times_are_rfc_3339_with_microseconds(server):
    with open_client(server, client_id="times"):
        row = row_of(server, "times")
        for key in ("connected_at", "session_at", "last_seen_at"):
            assert STAMP.fullmatch(row[key]), row
    assert STAMP.fullmatch(server.get("nodes").json()["items"][0]["started_at"])
    assert STAMP.fullmatch(server.get("tokens").json()["items"][0]["created_at"])


def raw_exchange(server, data, timeout=10):
    with socket.create_connection(("127.0.0.1", server.admin_port), timeout=timeout) as sock:
        sock.sendall(data)
        out = b""
        try:
            while True:
                more = sock.recv(65536)
                if not more:
                    break
                out += more
        except ConnectionResetError:
            pass
        return out


def test_http_as_it_should_not_be(server):
    for data, statuses in [
            (b"GET / HTTP/1.1\r\n\r\n", (400,)),
            (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", (400,)),
            (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (414, 431)),
            (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70000 + b"\r\n\r\n", (431,)),
            (b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
             b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
            (b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", (400,)),
            (b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
             b"Content-Length: 6\r\n\r\nabcde", (400,)),
            (b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999"
             b"\r\n\r\n", (400, 413)),
            (b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
             b"zz\r\n", (400,)),
            (b"nonsense\r\n\r\n", (400,)),
            (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", (400, 505)),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400,))]:
        answer = raw_exchange(server, data)
        assert answer, data[:80]
        assert int(answer.split(b" ")[1]) in statuses, (data[:80], answer[:300])
    assert server.get("/healthz").status == 200


def test_requests_may_be_pipelined_and_a_connection_kept(server):
    request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = raw_exchange(server, request * 20 + last)
    assert answer.count(b"HTTP/1.1 200") == 21
    assert answer.rstrip().endswith(b"}") and b'"version"' in answer


# Who may what ---------------------------------------------------------------------------------


def operations_of(spec):
    for path, methods in spec["paths"].items():
        for method, what in methods.items():
            if method in ("get", "post", "patch", "put", "delete"):
                yield method.upper(), path, what


def test_every_route_and_every_role(server, tokens):
    rank = {"anybody": 0, "viewer": 1, "operator": 2, "admin": 3}
    operations = list(operations_of(server.get("openapi.json").json()))
    assert len(operations) > 25
    for method, path, what in operations:
        needs = rank[what["x-role"]]
        target = re.sub(r"\{[^}]*\}", "none", path)
        body = {"none": 1} if method != "GET" else None
        for role, token in [("", ""), ("", "wrong"), *tokens.items()]:
            if path == "/api/v1/session":
                continue
            status = server.request(method, target, body, token=token).status
            where = (method, path, role, status)
            if needs and not role:
                assert status == 401, where
            elif rank.get(role, 0) < needs:
                assert status == 403, where
            else:
                assert status not in (401, 403, 405, 500), where


def test_the_roles_are_those_of_the_contract(server):
    roles = {(m, p.removeprefix("/api/v1/")): what["x-role"]
             for m, p, what in operations_of(server.get("openapi.json").json())}
    for (method, path), role in roles.items():
        if path.startswith(("users", "tokens")):
            assert role == "admin", path
        elif path in ("/healthz", "/readyz", "/version"):
            assert role == "anybody"
        elif path.startswith("channels") and method != "GET":
            assert role == "admin", path
        elif path.startswith(("connections", "operations")) and method != "GET":
            assert role == "operator", path
        elif method == "GET":
            assert role == "viewer", path


def test_strangers_learn_nothing(server):
    for path in ("channels", "channels/none", "none", "connections/none/tap"):
        for token in ("", "wrong", "muster_", "\u00e9" * 10):
            answer = server.get(path, headers={"Authorization": "Bearer x" + str(len(token))},
                                token="") if token else server.get(path, token="")
            problem(answer, 401, "unauthorized")
            assert "bearer" in answer.headers["www-authenticate"].lower()
    problem(server.get("channels", token="", headers={"Authorization": "Basic " + server.token}),
            401)


def test_healthz_readyz_and_version_need_no_token(server):
    for path in ("/healthz", "/readyz", "/version"):
        assert server.get(path, token="").status == 200
    for path in ("/metrics", "/docs", "openapi.json"):
        assert server.get(path, token="").status == 401
        assert server.get(path).status == 200


def test_metrics_and_docs_may_be_open():
    with MusterServer(config="[admin]\nopen_metrics = true\nopen_docs = true\n") as server:
        for path in ("/metrics", "/docs", "openapi.json"):
            assert server.get(path, token="").status == 200, path
        assert server.get("channels", token="").status == 401


# Channels -------------------------------------------------------------------------------------

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


# Idempotency ----------------------------------------------------------------------------------


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


# Accounts -------------------------------------------------------------------------------------


def test_tokens_are_shown_once_and_revoked(server):
    answer = server.post("tokens", {"name": "robot", "role": "operator"})
    assert answer.status == 201 and answer.headers["location"].endswith(answer.json()["id"])
    token, token_id = answer.json()["token"], answer.json()["id"]
    assert len(token) >= 32
    listed = server.get("tokens?limit=1000")
    assert token not in listed.body.decode()
    row = next(t for t in listed.json()["items"] if t["id"] == token_id)
    assert row["name"] == "robot" and row["role"] == "operator" and STAMP.fullmatch(row["created_at"])
    assert server.get("channels", token=token).status == 200
    assert server.delete("tokens/" + token_id).status == 204
    problem(server.get("channels", token=token), 401)
    for body in ({}, {"name": ""}, {"name": "x", "role": "king"}, {"name": 1, "role": "viewer"},
                 {"name": "x", "role": "viewer", "more": 1}, {"name": "x", "role": None}):
        problem(server.post("tokens", body), 400)
    assert token not in server.log_text()


def test_users_are_made_edited_and_deleted(server):
    body = {"username": "anna", "password": "a password of anna", "role": "viewer"}
    made = server.post("users", body)
    assert made.status == 201 and made.headers["location"] == "/api/v1/users/anna"
    problem(server.post("users", body), 409)
    for answer in (made, server.get("users")):
        assert b"a password" not in answer.body and b"argon2" not in answer.body
    for wrong in ({}, {"username": "x"}, {"password": "long enough it is"},
                  {"username": "", "password": "long enough it is"},
                  {"username": "x", "password": ""}, {"username": "x", "password": "short"},
                  {"username": 1, "password": "long enough it is"},
                  {**body, "username": "x", "role": "king"}, {**body, "username": "x", "more": 1}):
        problem(server.post("users", wrong), 400)
    etag = made.headers["etag"]
    edited = server.patch("users/anna", {"role": "operator"}, headers={"If-Match": etag})
    assert edited.status == 200 and edited.json()["role"] == "operator"
    problem(server.patch("users/anna", {"role": "admin"}, headers={"If-Match": etag}), 412)
    problem(server.patch("users/anna", {"nothing": 1}), 400)
    assert server.delete("users/anna").status == 204
    problem(server.delete("users/anna"), 404)


def sign_in(server, username, password):
    return server.request("POST", "session", {"username": username, "password": password}, token="")


@pytest.fixture
def user(server):
    password = "the password of otto"
    assert server.post("users", {"username": "otto", "password": password,
                                 "role": "operator"}).status == 201
    yield "otto", password
    server.delete("users/otto")


def test_a_person_signs_in_with_a_cookie_and_a_csrf_token(server, user):
    answer = sign_in(server, *user)
    assert answer.status in (200, 201)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    csrf = answer.json()["csrf_token"]
    pair = cookie.split(";")[0]
    assert csrf not in pair
    jar = {"Cookie": "other=1; " + pair + "; more=2"}
    assert server.get("channels", token="", headers=jar).status == 200
    close = {"selector": 'client_id == "nobody"'}
    problem(server.post("connections:close", close, token="", headers=jar), 403)
    problem(server.post("connections:close", close, token="",
                        headers={**jar, "X-CSRF-Token": "wrong"}), 403)
    right = {**jar, "X-CSRF-Token": csrf}
    assert server.post("connections:close", close, token="", headers=right).status == 201
    problem(server.post("channels", {"name": "x", "path": "/x"}, token="", headers=right), 403)
    problem(server.get("users", token="", headers=jar), 403)
    problem(server.delete("session", token="", headers=jar), 403)
    assert server.delete("session", token="", headers=right).status == 204
    problem(server.get("channels", token="", headers=jar), 401)


@pytest.mark.parametrize("change", [{"password": "another password"}, {"role": "viewer"}, None])
def test_a_session_ends_with_what_it_stands_on(server, user, change):
    answer = sign_in(server, *user)
    jar = {"Cookie": answer.headers["set-cookie"].split(";")[0],
           "X-CSRF-Token": answer.json()["csrf_token"]}
    close = {"selector": 'client_id == "nobody"'}
    assert server.post("connections:close", close, token="", headers=jar).status == 201
    if change:
        assert server.patch("users/otto", change).status == 200
    else:
        assert server.delete("users/otto").status == 204
    after = server.post("connections:close", close, token="", headers=jar)
    assert after.status in (401, 403)


def test_wrong_passwords_look_alike_and_slow_down(own_server):
    server = own_server
    server.post("users", {"username": "eva", "password": "the password of eva", "role": "viewer"})
    wrong, unknown = sign_in(server, "eva", "wrong"), sign_in(server, "nobody", "wrong")
    first, second = problem(wrong, 401), problem(unknown, 401)
    assert first["detail"] == second["detail"] and first["code"] == second["code"]
    answers = [sign_in(server, "eva", "wrong") for _ in range(12)]
    assert answers[-1].status == 429, [a.status for a in answers]
    assert int(answers[-1].headers["retry-after"]) >= 1
    problem(answers[-1], 429, "too_many_requests")
    # Those who have a token are not hindered.
    assert server.get("channels").status == 200


# Operations -----------------------------------------------------------------------------------


def test_one_selector_closes_many_and_the_operation_tells(server, channel):
    clients = [open_client(server, "/temp", f"many-{n}") for n in range(5)]
    reader = threading.Thread(target=lambda: [c.expect_close() for c in clients])
    reader.start()
    answer = server.post("connections:close", {
        "selector": 'channel == "temp" and client_id ~ "many-*"', "code": 4100, "reason": "bye"})
    assert answer.status in (200, 201, 202)
    operation = answer.json()
    assert answer.headers["location"] == "/api/v1/operations/" + operation["id"]
    assert operation["matched"] == 5
    path = "operations/" + operation["id"]
    done = wait_for(lambda: next((o for o in [server.get(path).json()] if o["state"] == "done"), 0))
    reader.join()
    assert done["finished"] == 5 == len(done["outcomes"])
    for outcome in done["outcomes"]:
        assert outcome["connection_id"].startswith("ws.") and outcome["outcome"] == "echoed"
    lines = server.get(path, headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    rows = [json.loads(line) for line in lines.body.decode().splitlines()]
    assert [r["connection_id"] for r in rows[:-1]] == [o["connection_id"] for o in done["outcomes"]]
    assert rows[-1]["state"] == "done"
    events = server.get(path, headers={"Accept": "text/event-stream"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.body.count(b"event: outcome\n") == 5 and events.body.count(b"event: done\n") == 1
    assert server.get(path, headers={"Accept": "application/json, */*"}).json() == done


def test_a_dry_run_of_many_and_a_maximum(server, channel):
    clients = [open_client(server, "/temp", f"dry-{n}") for n in range(3)]
    ids = sorted(row_of(server, f"dry-{n}")["id"] for n in range(3))
    where = {"selector": 'client_id ~ "dry-?"'}
    for verb in ("close", "invoke", "broadcast"):
        dry = server.post("connections:" + verb, {**where, "dry_run": True})
        assert dry.status == 200, dry
        assert dry.json()["matched"] == 3 and sorted(dry.json()["connection_ids"]) == ids
        problem(server.post("connections:" + verb, {**where, "max": 2}), 409, "too_many_matches")
        problem(server.post("connections:" + verb, {}), 400)
        found = problem(server.post("connections:" + verb, {"selector": "nonsense =="}), 400)
        assert found["column"] == 1
        for wrong in ({"pace": 0}, {"pace": -1}, {"pace": "x"}, {"max": -1}, {"max": 1.5},
                      {"dry_run": 1}, {"selector": 1}, {"more": 1}):
            problem(server.post("connections:" + verb, {**where, **wrong}), 400)
    for client in clients:
        assert client.call("ping")["meta"]["status"] == 200
        client.socket.close()


def test_a_paced_operation_is_streamed_and_can_be_cancelled(server, channel):
    clients = [open_client(server, "/temp", f"pace-{n}") for n in range(6)]
    began = time.monotonic()
    made = server.post("connections:broadcast", {"selector": 'client_id ~ "pace-*"', "pace": 2,
                                                 "data": {"hello": 1}}).json()
    path = "operations/" + made["id"]
    with socket.create_connection(("127.0.0.1", server.admin_port), timeout=10) as sock:
        sock.sendall(f"GET /api/v1/{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                     f"{server.token}\r\nAccept: text/event-stream\r\n\r\n".encode())
        seen = b""
        while seen.count(b"event: outcome") < 2:
            more = sock.recv(4096)
            assert more, seen
            seen += more
        assert time.monotonic() - began > 0.3
        assert server.get(path).json()["state"] == "running"
        assert server.delete(path).status == 204
        while b"event: cancelled" not in seen:
            more = sock.recv(4096)
            assert more, seen
            seen += more
    state = server.get(path).json()
    assert state["state"] == "cancelled" and state["matched"] == 6
    told = sum(1 for o in state["outcomes"] if o["outcome"] != "cancelled")
    assert 2 <= told < 6
    for client in clients:
        client.socket.close()


def test_nobody_matches(server):
    made = server.post("connections:close", {"selector": 'client_id == "nobody"'})
    operation = made.json()
    assert operation["matched"] == 0
    wait_for(lambda: server.get("operations/" + operation["id"]).json()["state"] == "done", 2)


def test_the_message_log_is_paged_as_other_lists(server):
    server.create_channel(name="noted", path="/noted", services_allowed=["echo"],
                          message_log={"messages": 10, "payload_bytes": 50})
    with open_client(server, "/noted", "noted") as client:
        for number in range(3):
            client.call("echo", "x" * 100 * number)
        path = f"connections/{row_of(server, 'noted')['id']}/messages"
        page = server.get(path + "?limit=3&sort=at").json()
        assert len(page["items"]) == 3 and page["total"] == 8 and page["next_cursor"]
        rest = server.get(f"{path}?limit=100&sort=at&cursor={page['next_cursor']}").json()["items"]
        entries = page["items"] + rest
        assert len(entries) == 8
        for entry in entries:
            assert set(entry) >= {"direction", "at", "id", "in_reply_to", "size", "payload"}
            assert STAMP.fullmatch(entry["at"]) and len(entry["payload"]) <= 60
        assert [e["direction"] for e in entries] == ["in", "out"] * 4
    server.delete("channels/noted")


# What it says of itself -----------------------------------------------------------------------


def test_overview_nodes_and_services(server):
    with open_client(server, client_id="counted") as client:
        client.call("ping")
        node = server.get("nodes").json()["items"][0]
        assert node["pid"] == server.pid and node["version"]
        assert node["connections"] >= 1 and node["open_fds"] > 3 and node["resident_bytes"] > 0
        assert f"127.0.0.1:{server.ws_port}" in str(node["listeners"])
        overview = server.get("overview").json()
        assert overview["connections"] >= 1 and overview["sessions"] >= 1
        assert overview["channels"] == server.get("channels").json()["total"]
        assert set(overview["rates"]) >= {"messages_in", "messages_out", "bytes_in", "bytes_out"}
        services = {s["name"]: s for s in server.get("services").json()["items"]}
        assert {"gateway", "ping", "zato.ping", "echo"} <= set(services)
        before = services["ping"]["calls"]
        client.call("ping")
        wait_for(lambda: {s["name"]: s for s in server.get("services").json()["items"]}
                 ["ping"]["calls"] == before + 1, 2)
    assert server.get("/version").json()["version"] == node["version"]


def test_metrics_are_well_formed_and_count(server):
    answer = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    if shutil.which("promtool"):
        check = subprocess.run(["promtool", "check", "metrics"], input=answer.body,
                               capture_output=True, timeout=30)
        assert check.returncode == 0 and not check.stderr, check.stderr.decode()
    names = re.findall(r"^# TYPE (\S+)", answer.body.decode(), re.M)
    assert len(names) == len(set(names))

    def total():
        lines = server.get("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines
                   if line.startswith("muster_messages") and "in" in line.split(" ")[0])

    before = total()
    with open_client(server, client_id="measured") as client:
        client.call("ping")
        wait_for(lambda: total() > before, 2)


def test_the_openapi_document_is_what_the_server_does(server):
    spec = server.get("openapi.json").json()
    assert spec["openapi"].startswith("3.1")
    declared = {(m, p) for m, p, _ in operations_of(spec)}
    for call in ["GET /channels", "POST /channels", "GET /channels/{name}",
                 "PATCH /channels/{name}", "DELETE /channels/{name}", "GET /connections",
                 "GET /connections/{id}", "DELETE /connections/{id}",
                 "POST /connections/{id}/invoke", "GET /connections/{id}/messages",
                 "POST /connections:close", "POST /connections:invoke",
                 "POST /connections:broadcast", "GET /operations/{id}", "DELETE /operations/{id}",
                 "GET /services", "GET /nodes", "GET /overview", "POST /session",
                 "DELETE /session", "GET /tokens", "POST /tokens", "DELETE /tokens/{id}",
                 "GET /users", "POST /users", "PATCH /users/{username}",
                 "DELETE /users/{username}", "GET /openapi.json"]:
        method, path = call.split(" ")
        assert (method, "/api/v1" + path) in declared, call
    ids = [what["operationId"] for _, _, what in operations_of(spec)]
    assert len(ids) == len(set(ids))

    def deref(schema):
        while "$ref" in schema:
            name = schema["$ref"].removeprefix("#/components/schemas/")
            schema = spec["components"]["schemas"][name]
        return schema

    with open_client(server, client_id="specified"):
        some_id = row_of(server, "specified")["id"]
        for method, path, what in operations_of(spec):
            named = re.findall(r"\{([^}]*)\}", path)
            assert sorted(named) == sorted(p["name"] for p in what["parameters"]
                                           if p["in"] == "path"), path
            # Topics, subscriptions and live streams have tests of their own.
            apart = ["{id}/messages", "operations", "{sub_key}", "/topics/{name}", "/live"]
            if method != "GET" or any(part in path for part in apart):
                continue
            answer = server.get(path.replace("{id}", some_id).replace("{name}", "demo"))
            assert str(answer.status) in what["responses"], (path, answer)
            content = what["responses"]["200"]["content"]
            assert answer.headers["content-type"].split(";")[0] in content, path
            media = content.get("application/json")
            if media and "properties" in deref(media["schema"]):
                properties = deref(media["schema"])["properties"]
                assert set(answer.json()) <= set(properties), path
                items = answer.json().get("items")
                if items:
                    row = deref(properties["items"]["items"])["properties"]
                    assert set(items[0]) <= set(row), path


def test_many_requests_at_once_are_answered(server):
    answers = []

    def ask():
        for _ in range(20):
            answers.append(server.get("connections?selector=age%20%3E%200s").status)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 400


def test_the_log_says_who_changed_what(own_server):
    server = own_server
    made = server.create_channel(name="noted", path="/noted")
    refused = server.delete("channels/noted", token="wrong")
    assert made and refused.status == 401
    wait_for(lambda: refused.json()["request_id"] in server.log_text(), 5, "the line")
    log = server.log_text()
    assert "POST /api/v1/channels by token:environment from 127.0.0.1: 201" in log
    assert "DELETE /api/v1/channels/noted by nobody from 127.0.0.1: 401" in log
    assert server.token not in log and "wrong" not in log.split(refused.json()["request_id"])[1]
