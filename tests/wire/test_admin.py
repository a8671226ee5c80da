"""The admin endpoint: conventions, roles, what it says of itself."""

import json
import re
import shutil
import socket
import subprocess
import threading

import pytest

from admin_client import STAMP, problem, row_of
from muster_server import MusterServer, wait_for
from wire_client import open_client


# Conventions -----------------------------------------------------------------------------------


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


# Who may what ----------------------------------------------------------------------------------


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


# What it says of itself ------------------------------------------------------------------------


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
