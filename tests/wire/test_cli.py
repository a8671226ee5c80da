"""The command line against a running server."""

import json
import os
import pty
import re
import select
import subprocess
import threading
import time

import pytest

from muster_server import BINARY, MusterServer, wait_for
from wire_client import Closed, open_client

DONE, FAILED, USAGE, NO_SERVER, NOT_ALLOWED, NOT_FOUND = range(6)
HOSTILE = "\u202e\u001b]0;owned\u0007\u001b[31m\u009b2J\r\nsecond\tline\u0000"


def environment(server, **more):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    return {**clean, "MUSTER_URL": server.admin_url, "MUSTER_TOKEN": server.token, **more}


def muster(server, *words, code=DONE, stdin="", **env):
    """What it prints; on failure what it says."""
    run = subprocess.run([BINARY, *words], env=environment(server, **env), input=stdin, text=True,
                         capture_output=True, timeout=30)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    if code:
        assert run.stderr.strip() and not run.stdout.strip(), (run.stdout, run.stderr)
        return run.stderr
    return run.stdout


def muster_json(server, *words, **more):
    return json.loads(muster(server, "--json", *words, **more))


def on_terminal(server, *words, columns=80):
    """What it writes to a terminal."""
    main, other = pty.openpty()
    process = subprocess.Popen([BINARY, *words], stdout=other, stderr=other, stdin=other,
                               env=environment(server, TERM="xterm", COLUMNS=str(columns)))
    os.close(other)
    out = b""
    while True:
        ready, _, _ = select.select([main], [], [], 10)
        assert ready, out
        try:
            more = os.read(main, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
    os.close(main)
    assert process.wait(10) == 0, out
    return out.decode()


def row_of(server, client_id):
    return next(r for r in server.connections(limit=1000) if r["client_id"] == client_id)


class Answering(threading.Thread):
    """A client that answers whatever the server asks."""

    def __init__(self, server, client_id, response):
        super().__init__(daemon=True)
        self.client = open_client(server, client_id=client_id)
        self.response = response
        self.asked = []
        self.closed = None
        self.start()

    def run(self):
        try:
            while True:
                request = self.client.receive_json()
                self.asked.append(request["data"])
                if self.response is not None:
                    self.client.answer(request, self.response)
        except Closed as closed:
            self.closed = (closed.code, closed.reason)
        except OSError:
            pass


def test_whoami(server):
    assert muster_json(server, "whoami")["role"] == "admin"


def test_status(server):
    assert server.get("/version").json()["version"] in muster(server, "status")
    status = muster_json(server, "status")
    assert "connections" in json.dumps(status)
    assert re.search(r"\d+\.\d+\.\d+", muster(server, "version"))
    assert re.search(r"\d+\.\d+\.\d+", muster(server, "--version"))
    assert "gateway" in muster(server, "services", "ls")


def test_channels(server):
    assert "demo" in muster(server, "channels", "ls") and "/open" in muster(server, "channels", "ls")
    assert [c["name"] for c in muster_json(server, "channels", "ls")["items"]] == ["demo", "open"]
    assert muster_json(server, "channels", "show", "demo")["credentials"] == [{"username": "user1"}]
    muster(server, "channels", "create", "crm", "--path", "/crm", "--security", "basic",
           "--credential", "shop1:a-secret-of-shop1", "--set", 'services_allowed=["ping"]')
    with open_client(server, "/crm", "crm", username="shop1", secret="a-secret-of-shop1"):
        would = muster(server, "channels", "edit", "crm", "--set", "is_active=false", "--dry-run")
        assert row_of(server, "crm")["id"] in would
        muster(server, "channels", "edit", "crm", "--set", "ping_interval=20")
        assert server.get("channels/crm").json()["ping_interval"] == 20
        assert row_of(server, "crm")["state"] == "ready"
    muster(server, "channels", "edit", "crm", "--data", "-", stdin='{"token_ttl": 50}')
    assert server.get("channels/crm").json()["token_ttl"] == 50
    assert "path" in muster(server, "channels", "create", "crm2", code=FAILED)
    assert "token_ttl" in muster(server, "channels", "edit", "crm", "--set", "token_ttl=-1",
                                 code=FAILED)
    muster(server, "channels", "edit", "crm", "--data", "{", code=USAGE)
    muster(server, "channels", "show", "none", code=NOT_FOUND)
    muster(server, "channels", "delete", "crm")
    muster(server, "channels", "delete", "crm", code=NOT_FOUND)


def test_connections_ls_and_show(server):
    clients = [open_client(server, client_id=f"till-{n:02}", attrs=f"site={'AB'[n % 2]}")
               for n in range(12)]
    table = muster(server, "connections", "ls", "--client-id", "till-")
    assert all(f"till-{n:02}" in table for n in range(12))
    assert "client_id" in table.lower()
    some = muster_json(server, "connections", "ls", "--selector", 'label.site == "A"', "--sort",
                       "client_id", "--limit", "3")["items"]
    assert [row["client_id"] for row in some] == ["till-00", "till-02", "till-04"]
    all_of_them = muster_json(server, "connections", "ls", "--all", "--limit", "5")
    rows = all_of_them["items"] if isinstance(all_of_them, dict) else all_of_them
    assert len({row["id"] for row in rows}) == 12 == len(rows)
    narrow = muster(server, "connections", "ls", "--columns", "client_id,rtt_ms")
    assert "till-03" in narrow and "127.0.0.1" not in narrow
    some_id = row_of(server, "till-03")["id"]
    assert "till-03" in muster(server, "connections", "show", some_id)
    assert muster_json(server, "connections", "show", some_id)["client_id"] == "till-03"
    assert "column" in muster(server, "connections", "ls", "--selector", "idle > x", code=FAILED)
    muster(server, "connections", "ls", "--columns", "none", code=FAILED)
    muster(server, "connections", "ls", "--sort", "none", code=FAILED)
    muster(server, "connections", "ls", "--limit", "0", code=USAGE)
    muster(server, "connections", "show", "ws.0123", code=NOT_FOUND)
    assert "message log" in muster(server, "connections", "messages", some_id, code=NOT_FOUND)
    for client in clients:
        client.socket.close()
    wait_for(lambda: server.get("connections").json()["total"] == 0)


def test_connections_invoke(server):
    answering = Answering(server, "answers", {"done": True})
    mute = Answering(server, "mute", None)
    answering_id, mute_id = row_of(server, "answers")["id"], row_of(server, "mute")["id"]
    out = muster(server, "connections", "invoke", answering_id, "--data", '{"command":"refresh"}')
    assert "done" in out and answering.asked == [{"command": "refresh"}]
    answer = muster_json(server, "connections", "invoke", answering_id, "--data", "-", stdin="[1]")
    assert answer["outcome"] == "ok" and answer["data"] == {"done": True}
    run = subprocess.run([BINARY, "--json", "connections", "invoke", mute_id, "--data", "1",
                          "--timeout", "0.2"], env=environment(server), capture_output=True,
                         text=True, timeout=30)
    assert run.returncode == FAILED and json.loads(run.stdout)["outcome"] == "timeout"
    muster(server, "connections", "invoke", "ws.0123", "--data", "1", code=NOT_FOUND)
    muster(server, "connections", "invoke", answering_id, code=USAGE)
    muster(server, "connections", "invoke", answering_id, "--data", "{no json", code=USAGE)
    muster(server, "connections", "invoke", "--data", "1", code=USAGE)
    muster(server, "connections", "invoke", answering_id, "--everyone", "--data", "1", code=USAGE)
    many = muster(server, "connections", "invoke", "--selector", 'client_id == "answers"', "--data",
                  '"many"')
    assert "ok" in many and answering.asked[-1] == "many"
    assert answering_id in muster(server, "broadcast", "--everyone", "--data", "2", "--dry-run")
    muster(server, "broadcast", "--everyone", "--data", '"all"')
    wait_for(lambda: mute.asked and mute.asked[-1] == "all", 2)
    for each in (answering, mute):
        each.client.socket.close()


def test_connections_close(server):
    one = Answering(server, "one", None)
    one_id = row_of(server, "one")["id"]
    muster(server, "connections", "close", one_id, "--code", "1006", code=FAILED)
    out = muster(server, "connections", "close", one_id, "--code", "4005", "--reason", "update",
                 "--retry", "1,30")
    assert "echoed" in out
    wait_for(lambda: one.closed)
    assert one.closed[0] == 4005
    assert json.loads(one.closed[1]) == {"retry": [1, 30], "why": "update"}
    muster(server, "connections", "close", one_id, code=NOT_FOUND)
    many = [Answering(server, f"gone-{n}", None) for n in range(4)]
    where = ("connections", "close", "--selector", 'client_id ~ "gone-*"')
    assert row_of(server, "gone-0")["id"] in muster(server, *where, "--dry-run")
    muster(server, *where, "--max", "3", code=FAILED)
    out = muster(server, *where, "--retry", "never")
    wait_for(lambda: all(each.closed for each in many))
    assert all(json.loads(each.closed[1])["retry"] is None for each in many)
    muster(server, "connections", "close", code=USAGE)


def test_users_and_tokens(server):
    muster(server, "users", "add", "anna", "--role", "operator", "--password-stdin",
           stdin="the password of anna\n")
    assert "anna" in muster(server, "users", "ls")
    signed_in = server.request("POST", "session", {
        "username": "anna", "password": "the password of anna"}, token="")
    assert signed_in.status == 201 and signed_in.json()["role"] == "operator"
    muster(server, "users", "edit", "anna", "--role", "viewer")
    assert muster_json(server, "users", "ls")["items"][0]["role"] == "viewer"
    muster(server, "users", "add", "short", "--password-stdin", stdin="short\n", code=FAILED)
    muster(server, "users", "rm", "anna")
    muster(server, "users", "rm", "anna", code=NOT_FOUND)

    token = muster(server, "tokens", "add", "reports", "--role", "viewer").strip()
    assert "\n" not in token and len(token) >= 32
    assert token not in muster(server, "tokens", "ls")
    muster(server, "channels", "ls", MUSTER_TOKEN=token)
    assert "admin" in muster(server, "channels", "delete", "open", code=NOT_ALLOWED,
                             MUSTER_TOKEN=token)
    token_id = next(t["id"] for t in muster_json(server, "tokens", "ls")["items"]
                    if t["name"] == "reports")
    muster(server, "tokens", "rm", token_id)
    muster(server, "channels", "ls", code=NOT_ALLOWED, MUSTER_TOKEN=token)


def test_where_the_token_comes_from(server, tmp_path):
    file = tmp_path / "token"
    file.write_text(server.token + "\n")
    run = lambda *words, **env: muster(server, *words, "channels", "ls", **env)
    run("--token", server.token, MUSTER_TOKEN="")
    run("--token-file", str(file), MUSTER_TOKEN="")
    run("--token-file", str(tmp_path / "none"), MUSTER_TOKEN="", code=USAGE)
    run("--token", "wrong", code=NOT_ALLOWED)
    run(MUSTER_TOKEN="", code=NOT_ALLOWED)


@pytest.mark.parametrize("words", [
    [], ["none"], ["channels"], ["channels", "none"], ["channels", "show"], ["--none"],
    ["connections", "ls", "--none"], ["--url", "nonsense", "status"],
    ["users", "add"], ["tokens", "add", "x", "--role"]])
def test_wrong_usage(server, words):
    muster(server, *words, code=USAGE)


def test_no_server(server):
    said = muster(server, "--url", "http://127.0.0.1:1", "status", code=NO_SERVER)
    assert "127.0.0.1:1" in said
    muster(server, "--url", "https://127.0.0.1:" + str(server.admin_port), "status",
           code=NO_SERVER)


def test_hostile_names_do_nothing_to_a_terminal(server, request):
    server.create_channel(name="hostile", path="/hostile", services_allowed=["echo"],
                          message_log={"messages": 5, "payload_bytes": 500})
    request.addfinalizer(lambda: server.delete("channels/hostile"))
    with open_client(server, "/hostile", client_id="evil" + HOSTILE, client_name=HOSTILE,
                     attrs="k=" + HOSTILE.replace(";", "").split("\r")[0]) as client:
        client.call("echo", HOSTILE)
        some_id = server.connections(client_id="evil")[0]["id"]
        for words in (["connections", "ls"], ["connections", "show", some_id],
                      ["connections", "messages", some_id],
                      ["connections", "ls", "--columns", "client_name,labels"]):
            for out in (on_terminal(server, *words), muster(server, *words)):
                text = re.sub(r"\x1b\[[0-9;]*m", "", out.replace("\r\n", "\n"))
                bad = [c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0
                       or c in "\u202e\u202d\u2028\u2029\ufeff"]
                assert not bad, (words, bad)
                assert "owned" not in out or "]0;owned" in text or "\\u001b" in text
                assert "\x1b[31msecond" not in out
        row = muster_json(server, "connections", "show", some_id)
        assert row["client_name"] == HOSTILE
        lines = muster(server, "connections", "ls").strip().splitlines()
        assert len([line for line in lines if some_id in line]) == 1
        assert not any(line.startswith("second") for line in lines)


def test_json_is_the_servers_answer_also_on_a_terminal(server):
    assert json.loads(on_terminal(server, "--json", "channels", "ls"))["total"] == 2
    assert json.loads(on_terminal(server, "channels", "ls", "--json"))["total"] == 2


def test_config(tmp_path):
    def run(*words, code=0, **env):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
        done = subprocess.run([BINARY, "config", *words], env=dict(clean, **env), text=True,
                              capture_output=True, timeout=20)
        assert (done.returncode == 0) == (code == 0), done
        return done.stdout + done.stderr

    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('[server]\ndrain = 5\n[[channel]]\nname="a"\npath="/a"\nsecurity="basic"\n'
                    'credentials=[{username="u", secret="very-secret"}]\n')
    run("check", "--config", str(good))
    shown = run("show", "--config", str(good), "--listen", "127.0.0.1:7", MUSTER_LOG__LEVEL="debug")
    assert "very-secret" not in shown
    for word in ("good.toml", "127.0.0.1:7", "debug", "MUSTER_LOG__LEVEL", "flag"):
        assert word in shown, (word, shown)
    for text, word in [("[server]\ndrian = 5\n", "drian"), ("[server]\ndrain = 'x'\n", "drain"),
                       ("[none]\n", "none"), ("x = \n", "1"), ("[[channel]]\nname='a'\n", "path"),
                       ("[[listener]]\nname='l'\n", "address"),
                       ("[[channel]]\nname='a'\npath='/a'\nlistener='none'\n", "none"),
                       ("[[channel]]\nname='a'\npath='/a'\n[[channel]]\nname='b'\npath='/a'\n",
                        "/a"),
                       ("[proxy]\ntrusted=['10.0.0.0/99']\n", "10.0.0.0/99"),
                       ("[log]\nlevel='loud'\n", "log.level"),
                       ("[[channel]]\nname='a'\npath='/a'\ntoken_ttl=-1\n", "token_ttl")]:
        bad.write_text(text)
        said = run("check", "--config", str(bad), code=1)
        assert word in said and "bad.toml" in said, said
    assert "none.toml" in run("check", "--config", str(tmp_path / "none.toml"), code=1)
    run("check", code=1, MUSTER_SERVER__NONE="1")
