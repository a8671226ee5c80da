"""Windows of the list of connections, by offset, and rows that they go along with."""

import pytest

from wire_client import open_client

COUNT = 40


@pytest.fixture(scope="module")
def clients(server):
    """Clients `w.00` to `w.39`, by their names."""
    made = {f"w.{i:02}": open_client(server, client_id=f"w.{i:02}") for i in range(COUNT)}
    yield made
    for client in made.values():
        client.close()


def window(server, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    answer = server.get("connections?sort=client_id&fields=id,client_id&" + text)
    assert answer.status == 200, answer
    return answer.json()


def names(page):
    return [row["client_id"] for row in page["items"]]


def test_a_window_is_a_part_of_the_list(server, clients):
    for offset, limit in ((0, 10), (7, 5), (35, 10), (40, 10), (1000, 10)):
        page = window(server, offset=offset, limit=limit)
        first = min(offset, COUNT)
        assert names(page) == sorted(clients)[first:first + limit]
        assert page["offset"] == first
        assert page["total"] == COUNT
        assert page["next_cursor"] is None
    assert "offset" not in window(server, limit=5)


def test_a_window_goes_along_with_a_row(server, clients):
    before = window(server, offset=20, limit=5)
    extra = [open_client(server, client_id=f"a.{i}") for i in range(6)]
    third = before["items"][2]["id"]
    near = f"ws.none@20,{third}@22"
    moved = window(server, offset=20, limit=5, near=near)
    assert moved["offset"] == 26 and names(moved) == names(before)
    for client in extra:
        client.close()
    assert window(server, offset=20, limit=5, near=f"{third}@28")["offset"] == 14
    assert window(server, offset=2, limit=5, near=f"{third}@39")["offset"] == 0
    assert window(server, offset=39, limit=5, near=f"{third}@0")["offset"] == COUNT
    assert window(server, offset=20, limit=5, near="ws.none@1")["offset"] == 20


@pytest.mark.parametrize("query, field", [
    ("offset=x", "offset"), ("offset=-1", "offset"), ("offset=1&near=a", "near"),
    ("near=a@1", "near"), ("offset=1&cursor=abc", "cursor"),
    ("offset=1&near=" + ",".join(["a@1"] * 9), "near")])
def test_wrong_windows(server, query, field):
    answer = server.get("connections?" + query)
    assert answer.status == 400 and answer.json()["field"] == field
