"""What the admin endpoint tells of the server and of what can be given: history, incidents, fields, dry runs."""

import datetime
import json
import os
import signal
import socket
import subprocess

import pytest

from admin_client import STAMP, make_token, problem
from muster_server import BINARY, MusterServer, wait_for
from pubsub_client import make_topic, quoted
from wire_client import Handshake, WireClient, open_client

RATES = {"messages_in", "messages_out", "bytes_in", "bytes_out", "connects", "disconnects",
         "publications", "deliveries", "invocations", "errors", "slow_consumers", "commits"}


def cli(server, *words, code=0):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    env.update(MUSTER_URL=server.admin_url, MUSTER_TOKEN=server.token)
    run = subprocess.run([BINARY, *words], env=env, text=True, capture_output=True, timeout=30)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    return run.stdout


def fields(server, what):
    answer = server.get(what + ":fields")
    assert answer.status == 200, answer
    return {item["name"]: item for item in answer.json()["items"]}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


# History ----------------------------------------------------------------------------------------


def test_the_overview_tells_of_the_process(server):
    with WireClient(server.ws_port, "/demo"):
        pass
    overview = server.get("overview").json()
    assert overview["resident_bytes"] > 1_000_000
    assert 0 < overview["open_fds"] < overview["max_fds"]
    assert overview["loop_load"] and all(0 <= load <= 1 for load in overview["loop_load"])
    assert overview["commit_ms"] is None or overview["commit_ms"] > 0
    assert set(overview["rates"]) == RATES | {"window"}


def test_the_history_is_kept_by_itself(own_server):
    history = lambda: own_server.get("overview/history").json()
    assert history()["interval"] == 5
    with open_client(own_server) as client:
        for _ in range(20):
            client.call("ping")
        make_topic(own_server)
        assert own_server.delete("connections/" + own_server.connections()[0]["id"]).status == 200
    with open_client(own_server):
        items = wait_for(lambda: len(history()["items"]) >= 2 and history()["items"], 15)
    assert [set(item) for item in items] == [
        RATES | {"at", "connections", "sessions", "commit_ms", "resident_bytes", "cpu",
                 "loop_load"}] * len(items)
    moments = [datetime.datetime.fromisoformat(item["at"].replace("Z", "+00:00")) for item in items]
    assert all(STAMP.fullmatch(item["at"]) for item in items)
    assert abs((moments[1] - moments[0]).total_seconds() - 5) < 1
    assert items[-1]["connections"] == 1 and items[-1]["sessions"] == 1
    total = lambda name: round(sum(item[name] for item in items) * 5)
    assert total("connects") == 2
    assert total("disconnects") == 1
    assert 20 <= total("messages_in") <= 26
    assert total("errors") == 0
    assert total("commits") >= 1
    assert any(item["commit_ms"] for item in items)
    assert all(item["resident_bytes"] > 1_000_000 and 0 <= item["cpu"] < 64 for item in items)
    lines = cli(own_server, "history").splitlines()
    assert lines[0].split()[:3] == ["at", "connections", "messages_in"]
    assert len(lines) >= 3
    assert json.loads(cli(own_server, "--json", "history"))["interval"] == 5


def test_refusals_are_errors(own_server):
    for _ in range(3):
        with pytest.raises(Handshake):
            WireClient(own_server.ws_port, "/nowhere")
    wait_for(lambda: own_server.get("overview").json()["rates"]["errors"] > 0, 5)
    items = wait_for(lambda: own_server.get("overview/history").json()["items"], 10)
    assert round(items[0]["errors"] * 5) == 3


# Incidents --------------------------------------------------------------------------------------


def test_incidents_are_the_warnings_and_errors_of_the_log():
    # A log that says nothing is no reason not to tell operators.
    for level in ("info", "off"):
        with MusterServer(args=["--log-level", level]) as server:
            assert server.get("incidents").json()["items"] == []
            with open(os.path.join(server.data, "muster.toml"), "a", encoding="utf-8") as file:
                file.write("\n[colour]\nred = 1\n")
            for count in (1, 2):
                server.process.send_signal(signal.SIGHUP)
                page = wait_for(lambda: len(server.get("incidents").json()["items"]) == count
                                and server.get("incidents").json(), 5)
            newest, oldest = page["items"]
            assert set(newest) == {"id", "at", "level", "text"}
            assert isinstance(newest["id"], str) and int(newest["id"]) > int(oldest["id"])
            assert newest["level"] == "error" and STAMP.fullmatch(newest["at"])
            assert "configuration" in newest["text"]
            if level == "info":
                wait_for(lambda: server.log_text().count("configuration: ") == 2, 5)
            else:
                assert "configuration" not in server.log_text()
            first = server.get("incidents?sort=id&limit=1&fields=id").json()
            assert first["items"] == [{"id": oldest["id"]}] and first["total"] == 2
            rest = server.get("incidents?sort=id&limit=1&cursor=" + first["next_cursor"]).json()
            assert rest["items"] == [newest] and rest["next_cursor"] is None
            assert problem(server.get("incidents?sort=x"), 400)["field"] == "sort"
            shown = cli(server, "incidents", "--limit", "1").splitlines()
            assert len(shown) == 2 and "configuration" in shown[1]


# Fields -----------------------------------------------------------------------------------------


def test_the_fields_of_a_channel_are_those_of_a_fresh_one(server):
    known = fields(server, "channels")
    made = server.create_channel(name="fresh", path="/fresh")
    live = {"connections", "sessions", "from_file"}
    assert set(made) - live == set(known) - {"credentials", "keys"}
    for name, field in known.items():
        assert set(field) == {"name", "kind", "about", "default", "choices", "editable"}
        assert len(field["about"]) > 20
        if name not in ("name", "path"):
            assert made.get(name) == field["default"], name
        for choice in field["choices"]:
            answer = server.post("channels?dry_run=true",
                                 {"name": "x", "path": "/x", name: choice})
            assert answer.status == 200, answer
    assert [name for name in known if not known[name]["editable"]] == ["name"]
    for name in known:
        answer = server.patch("channels/fresh?dry_run=true", {name: "/other"})
        refused = answer.status == 400 and "cannot be changed" in answer.json()["detail"]
        assert refused == (not known[name]["editable"])


def test_the_fields_of_a_topic_are_those_of_a_fresh_one(hub):
    known = fields(hub, "topics")
    name = make_topic(hub)
    made = hub.get("topics/" + quoted(name)).json()
    for each, field in known.items():
        if each != "name":
            assert made[each] == field["default"], each
    assert [each for each in known if not known[each]["editable"]] == ["name"]
    assert known["on_no_subscribers"]["choices"] == ["keep", "drop"]


def test_attributes_can_be_sorted_by_selected_by_and_shown(server):
    answer = server.get("attributes").json()
    names = [item["name"] for item in answer["items"]]
    assert answer["total"] == len(names) and answer["next_cursor"] is None
    with open_client(server):
        row = server.connections(channel="open")[0]
        assert list(row) == [item["name"] for item in answer["items"] if not item["derived"]]
        for item in answer["items"]:
            assert set(item) == {"name", "kind", "sortable", "derived", "about"}
            assert item["kind"] in {"text", "number", "time", "labels", "duration", "address"}
            assert item["sortable"]
            assert server.get("connections?sort=" + item["name"]).status == 200
            if item["kind"] != "labels":
                found = server.connections(selector=item["name"] + " exists")
                assert isinstance(found, list)


def test_facts_are_for_viewers(server):
    token = make_token(server, "viewer")
    for path in ("attributes", "channels:fields", "topics:fields", "incidents", "overview",
                 "overview/history"):
        assert server.get(path, token=token).status == 200
        assert server.request("GET", path, token="wrong").status == 401
    assert server.post("channels?dry_run=true", {"name": "x", "path": "/x"},
                       token=token).status == 403
    assert cli(server, "channels", "fields").splitlines()[0].split() == [
        "name", "kind", "default", "choices", "about"]
    assert "ping_interval" in cli(server, "channels", "fields")
    assert "ack_timeout" in cli(server, "topics", "fields")
    assert "remote_fqdn" in cli(server, "connections", "attributes")


# Dry runs ---------------------------------------------------------------------------------------


def test_a_dry_run_of_a_channel_leaves_nothing(server):
    port = free_port()
    body = {"name": "trial", "path": "/trial", "listener": f"127.0.0.1:{port}",
            "security": "basic", "credentials": [{"username": "u", "secret": "hush"}]}
    answer = server.post("channels?dry_run=true", body)
    assert answer.status == 200 and "location" not in answer.headers
    shown = answer.json()
    assert shown["dry_run"] is True and shown["closes"] == []
    assert shown["credentials"] == [{"username": "u"}] and b"hush" not in answer.body
    assert shown["ping_interval"] == 45
    assert server.get("channels/trial").status == 404
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert server.post("channels", body).status == 201
    assert server.delete("channels/trial").status == 204


def test_a_dry_run_of_a_channel_says_what_is_wrong_and_where(server):
    def fault(status=400, **fields):
        answer = server.post("channels?dry_run=true", {"name": "trial", "path": "/trial", **fields})
        return problem(answer, status)["field"]

    assert fault(path="trial") == "path"
    assert fault(path="/demo", listener="default", status=409) == "path"
    assert fault(name="demo", status=409) == "name"
    assert fault(name="a b") == "name"
    assert fault(listener="nothing") == "listener"
    assert fault(listener=f"127.0.0.1:{server.admin_port}") == "listener"
    assert fault(service="http://") == "service"
    assert fault(ping_interval=0) == "ping_interval"
    assert fault(ping_interval="x") == "ping_interval"
    assert fault(colour="red") == "colour"
    assert fault(message_log={"messages": 1000000}) == "message_log.messages"
    assert fault(credentials=[{"username": "u", "secret": "s"}]) == "credentials"
    assert fault(security="basic", credentials=[{"username": "u"}]).startswith("credentials")
    assert problem(server.post("channels?dry_run=1", {}), 400)["field"] == "dry_run"
    # The same where it is not a dry run, and in an edit.
    assert problem(server.post("channels", {"name": "trial", "path": "x"}), 400)["field"] == "path"
    assert problem(server.patch("channels/demo", {"max_in_flight": 0}), 400)["field"] \
        == "max_in_flight"


def test_dry_runs_of_topics_leave_nothing(hub):
    answer = hub.post("topics?dry_run=true", {"name": "/trial", "max_depth": 5})
    assert answer.status == 200 and "location" not in answer.headers
    assert answer.json()["dry_run"] is True and answer.json()["max_depth"] == 5
    assert hub.get("topics/%2Ftrial").status == 404
    name = make_topic(hub)
    path = "topics/" + quoted(name)
    assert problem(hub.post("topics?dry_run=true", {"name": name}), 409)["field"] == "name"
    assert problem(hub.post("topics?dry_run=true", {"name": "*"}), 400)["field"] == "name"
    assert problem(hub.post("topics?dry_run=true", {"name": "/t", "ack_timeout": 0}), 400)[
        "field"] == "ack_timeout"
    before = hub.get(path).json()
    answer = hub.patch(path + "?dry_run=true", {"max_depth": 7, "is_active": False})
    assert answer.status == 200 and answer.json()["dry_run"] is True
    assert answer.json()["max_depth"] == 7 and answer.json()["is_active"] is False
    assert hub.get(path).json() == before
    assert problem(hub.patch(path + "?dry_run=true", {"max_depth": 0}), 400)["field"] \
        == "max_depth"
    assert problem(hub.patch(path + "?dry_run=true", {"name": "/b"}), 400)["field"] == "name"
    assert hub.patch("topics/%2Fnothing?dry_run=true", {}).status == 404
    assert hub.patch(path + "?dry_run=true", {}, headers={"If-Match": '"old"'}).status == 412


def test_the_command_line_checks_without_doing(server):
    assert "/trial" in cli(server, "channels", "create", "trial", "--path", "/trial", "--dry-run")
    cli(server, "channels", "create", "trial", "--path", "trial", "--dry-run", code=1)
    assert "trial" not in cli(server, "channels", "ls")
    assert "/trial" in cli(server, "topics", "create", "/trial", "--dry-run")
    assert "/trial" not in cli(server, "topics", "ls")
    cli(server, "topics", "create", "/trial")
    shown = cli(server, "topics", "edit", "/trial", "--set", "max_depth=5", "--dry-run")
    assert "max_depth" in shown
    assert server.get("topics/%2Ftrial").json()["max_depth"] != 5
