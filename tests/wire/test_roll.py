"""The roll: who is connected, found, sorted, paged, while they come and go."""

import random
import urllib.parse

import pytest

from muster_server import wait_for
from wire_client import WireClient, open_client


@pytest.fixture(scope="module")
def crowd(server):
    clients = [open_client(server, client_id=f"pos-{i:02}", client_name=f"Till {i}",
                           attrs=f"site={'AB'[i % 2]};row={i}") for i in range(30)]
    clients += [open_client(server, "/demo", "web", username="user1", secret="secret1")]
    yield clients
    for client in clients:
        client.socket.close()


def ids(server, **query):
    query.setdefault("limit", 1000)
    return sorted(row["client_id"] or "" for row in server.connections(**query))


def test_a_row_has_every_attribute(server, crowd):
    row = server.connections(client_id="web")[0]
    assert row["id"].startswith("ws.") and len(row["id"]) == 27
    assert row["channel"] == "demo"
    assert row["username"] == "user1"
    assert row["remote_address"].startswith("127.0.0.1:")
    assert row["local_address"] == f"127.0.0.1:{server.ws_port}"
    assert row["server_pid"] == server.pid
    assert row["state"] == "ready"
    for key in ("client_name", "labels", "remote_fqdn", "forwarded_for", "server_name",
                "connected_at", "session_at", "last_seen_at", "user_agent", "tls", "rtt_ms",
                "messages_in", "messages_out", "bytes_in", "bytes_out", "queue_messages",
                "queue_bytes", "dropped", "invocations", "invocations_failed", "subscriptions"):
        assert key in row, key
    assert row["connected_at"] <= row["last_seen_at"] <= row["session_at"]
    assert row["messages_in"] == 1 and row["messages_out"] == 1
    one = server.get("connections/" + row["id"]).json()
    assert one["id"] == row["id"] and set(row) <= set(one)


def test_reverse_dns_comes_later_and_delays_nobody(server, crowd):
    row = wait_for(lambda: next((r for r in server.connections(client_id="web")
                                 if r["remote_fqdn_state"] != "pending"), None), 10, "a name")
    assert row["remote_fqdn_state"] in ("ok", "none", "timeout")
    assert (row["remote_fqdn"] is not None) == (row["remote_fqdn_state"] == "ok")


def test_shorthands(server, crowd):
    assert ids(server, channel="demo") == ["web"]
    assert ids(server, client_id="os-1") == [f"pos-1{i}" for i in range(10)]
    assert ids(server, client_id="POS") == []


@pytest.mark.parametrize("selector, count", [
    ('channel == "open" and client_id ~ "pos-*"', 30),
    ('client_id ~ "pos-0?"', 10),
    ('client_id =~ "pos-(01|02)$"', 2),
    ('label.site == "A"', 15),
    ('label.site == "A" and not label.row in ("0", "2")', 13),
    ('label.nothing exists', 0),
    ('not label.site exists', 1),
    ('remote_ip in 127.0.0.0/8', 31),
    ('remote_ip in 10.0.0.0/8 or username == "user1"', 1),
    ('idle < 10m and age >= 0s and queue_bytes < 1MiB', 31),
    ('connected_at > 2020-01-01T00:00:00Z', 31),
    ('tls exists', 0),
    ('username != "user1"', 0),
    ('not username == "user1"', 30),
    ('state == "ready"', 31),
])
def test_selectors(server, crowd, selector, count):
    assert len(ids(server, selector=selector)) == count


@pytest.mark.parametrize("selector, column", [
    ("client_id =", 11), ('client_id == "x', 16), ("nothing == 1", 1), ("idle > abc", 8),
    ('client_id =~ "("', 14), ("(idle > 1m", 11), ("remote_ip in 10.0.0.0/99", 14), ("and", 1),
    ('idle > 10m idle', 12)])
def test_bad_selectors_say_where(server, crowd, selector, column):
    answer = server.get("connections?selector=" + urllib.parse.quote(selector))
    assert answer.status == 400
    problem = answer.json()
    assert problem["column"] == column, problem
    assert problem["detail"]


def test_sorting_and_fields(server, crowd):
    rows = server.connections(sort="client_id", fields="client_id,labels", limit=5)
    assert [r["client_id"] for r in rows] == [f"pos-{i:02}" for i in range(5)]
    assert set(rows[0]) == {"client_id", "labels"}
    rows = server.connections(sort="-client_id", limit=2)
    assert [r["client_id"] for r in rows] == ["web", "pos-29"]
    by_time = [r["connected_at"] for r in server.connections(limit=1000)]
    assert by_time == sorted(by_time, reverse=True)


@pytest.mark.parametrize("query", [
    "limit=0", "limit=-1", "limit=x", "sort=nothing", "fields=id,nothing", "nothing=1",
    "cursor=nonsense", "cursor=", "selector=%22", "limit=1.5"])
def test_bad_queries_are_400(server, query):
    answer = server.get("connections?" + query)
    if query == "cursor=":
        assert answer.status in (200, 400)
    else:
        assert answer.status == 400, answer
        assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_large_limit_is_cut(server, crowd):
    assert server.get("connections?limit=5000").status == 200


def pages(server, sort, limit, between=lambda: None, **query):
    """All rows, page by page."""
    cursor, seen = None, []
    while True:
        asked = dict(query, sort=sort, limit=limit, **({"cursor": cursor} if cursor else {}))
        answer = server.get("connections?" + urllib.parse.urlencode(asked))
        assert answer.status == 200, answer
        page = answer.json()
        assert page["complete"] is True and page["missing"] == []
        assert len(page["items"]) <= limit
        seen += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return seen
        between()


@pytest.mark.parametrize("sort", ["connected_at", "-connected_at", "client_id", "-last_seen_at",
                                  "bytes_in", "idle", "-channel", "remote_address"])
def test_paging_is_stable_while_clients_come_and_go(server, crowd, sort):
    dice = random.Random(sort)
    guests = [open_client(server, client_id=f"guest-{i}") for i in range(20)]

    def churn():
        for _ in range(5):
            if guests and dice.random() < 0.5:
                guests.pop(dice.randrange(len(guests))).socket.close()
            else:
                guests.append(open_client(server, client_id=f"guest-n{dice.random()}"))
        dice.choice(crowd).call("ping")

    rows = pages(server, sort, 7, churn)
    for guest in guests:
        guest.socket.close()
    seen = [row["id"] for row in rows]
    assert len(seen) == len(set(seen)), "a row came twice"
    stayed = [row["client_id"] for row in rows if not row["client_id"].startswith("guest")]
    assert sorted(stayed) == sorted([f"pos-{i:02}" for i in range(30)] + ["web"])


def test_a_cursor_belongs_to_its_question(server, crowd):
    first = server.get("connections?limit=5&sort=connected_at").json()
    assert first["total"] >= 31
    other = server.get("connections?limit=5&sort=-connected_at&cursor=" + first["next_cursor"])
    assert other.status == 400


def test_hostile_names_are_harmless(server):
    name = "</script>\u202e\u0000\u001b[31m\"'\\" + "x" * 10000
    with WireClient(server.ws_port) as client:
        assert client.create_session("hostile", client_name=name)["meta"]["status"] == 200
        assert server.connections(client_id="hostile")[0]["client_name"] == name


def test_the_message_log(server):
    server.create_channel(name="logged", path="/logged", security="basic",
                          credentials=[{"username": "u", "secret": "hush-hush"}],
                          message_log={"messages": 3, "payload_bytes": 200, "redact": ["card"]},
                          services_allowed=["echo"])
    with open_client(server, "/logged", "logged", username="u", secret="hush-hush") as client:
        connection_id = server.connections(client_id="logged")[0]["id"]
        client.call("echo", {"card": "4111", "x": 1})
        answer = server.get(f"connections/{connection_id}/messages")
        assert answer.status == 200
        entries = answer.json()["items"]
        assert [e["direction"] for e in entries] == ["in", "out", "in", "out"]
        assert entries[3]["in_reply_to"] == entries[2]["id"]
        text = answer.body.decode()
        assert "hush-hush" not in text and "4111" not in text and client.token not in text
    with open_client(server, client_id="unlogged"):
        unlogged = server.connections(client_id="unlogged")[0]["id"]
        assert server.get(f"connections/{unlogged}/messages").status == 404
