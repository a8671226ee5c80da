"""The dashboard's page and its files, as a browser gets them."""

import gzip
import re

import pytest

PAGES = ["/", "/sign-in", "/overview", "/channels", "/channels/", "/channels/demo",
         "/channels/new/edit", "/connections", "/connections/ws.1", "/topics",
         "/topics/%2Forders%2Fnew/messages", "/subscriptions/zpsk.1/queue", "/services", "/users",
         "/tokens", "/reference", "/operations/op.1"]

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
          "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'")


@pytest.fixture(scope="module")
def script(server):
    """The path of a script that the page loads."""
    page = server.get("/", token="").body.decode()
    return re.search(r'src="(/assets/[^"]+\.js)"', page).group(1)


def test_every_page_is_the_same_for_everybody(server):
    front = server.get("/", token="").body
    assert b"<html" in front
    for path in PAGES + ["/connections?selector=idle%20%3E%2010m&sort=-age&x&x"]:
        answer = server.get(path, token="")
        assert answer.status == 200, path
        assert answer.body == front, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_other_paths_are_not_pages(server):
    for path in ("/nothing", "/channelsx", "/users/ann", "/assets", "/assets/", "/assets/none.js",
                 "/assets/../index.html", "/assets/%2e%2e/index.html", "/index.html",
                 "/assets/..%2Findex.html", "/api/v1/none"):
        answer = server.get(path)
        assert answer.status == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    answer = server.post("/overview", {})
    assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD"


def test_files_are_kept_for_ever(server, script):
    answer = server.get(script, token="")
    assert answer.status == 200 and answer.body
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("what", ["page", "script"])
def test_gzip_when_it_is_accepted(server, script, what):
    path = "/" if what == "page" else script
    plain = server.get(path, token="")
    for accepted in ("gzip", "br, gzip;q=0.1", "*"):
        packed = server.get(path, token="", headers={"Accept-Encoding": accepted})
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert packed.headers["etag"] != plain.headers["etag"]
    for accepted in ("identity", "gzip;q=0", "br"):
        assert server.get(path, headers={"Accept-Encoding": accepted}).body == plain.body


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_a_browser_has_is_not_sent_again(server, script, encoding):
    for path in ("/", script):
        headers = {"Accept-Encoding": encoding}
        first = server.get(path, token="", headers=headers)
        tag = first.headers["etag"]
        for sent in (tag, "W/" + tag, '"other", ' + tag, "*"):
            again = server.get(path, token="", headers={**headers, "If-None-Match": sent})
            assert again.status == 304 and again.body == b"", (path, sent)
            for name in ("etag", "cache-control", "content-security-policy", "vary"):
                assert again.headers[name] == first.headers[name]
        other = server.get(path, token="", headers={**headers, "If-None-Match": '"other"'})
        assert other.status == 200 and other.body == first.body


def test_head_has_the_headers_alone(server, script):
    for path in ("/", script):
        whole = server.get(path, token="")
        head = server.request("HEAD", path, token="")
        assert head.status == 200 and head.body == b""
        for name in ("content-length", "etag", "content-type", "cache-control"):
            assert head.headers[name] == whole.headers[name]


def test_everything_that_the_page_loads_is_there(server):
    page = server.get("/", token="").body.decode()
    for path in re.findall(r'(?:src|href)="(/[^"]*)"', page):
        assert server.get(path, token="").status == 200, path
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_pages_are_no_calls(server):
    paths = server.get("openapi.json").json()["paths"]
    assert "/" not in paths and "/overview" not in paths
    assert not [path for path in paths if path.startswith("/assets")]
    docs = server.get("/docs").body.decode()
    assert "/assets/" not in docs and "GET /api/v1/overview" in docs
