"""What tests of the admin endpoint have in common."""

import re

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
