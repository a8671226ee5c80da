"""Tokens, users and their sessions over the admin endpoint."""

import pytest

from admin_client import STAMP, problem


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
