"""Publishing and subscribing over HTTP, on the listener of the WebSockets."""

import base64
import http.client
import json

import pytest

from muster_server import Answer, MusterServer
from pubsub_client import CHANNELS, connect, make_topic, quoted

SECURED = CHANNELS + """
[[channel]]
name = "one"
path = "/one"
security = "basic"
credentials = [{username = "user1", secret = "secret1"}, {username = "both", secret = "secret2"}]
permissions = "pub=/open/**\\nsub=/open/**"

[[channel]]
name = "two"
path = "/two"
security = "basic"
credentials = [{username = "both", secret = "secret2"}]
permissions = "sub=/open/**"

[[channel]]
name = "keys"
path = "/keys"
security = "api_key"
keys = [{name = "robot", key = "key-of-the-robot-of-the-test"}]
permissions = "pub=/open/**\\nsub=/open/**"
"""

ROBOT = {"X-API-Key": "key-of-the-robot-of-the-test"}


def basic(username, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()}


USER = basic("user1", "secret1")


@pytest.fixture(scope="module")
def web():
    with MusterServer(config=SECURED) as running:
        yield running


@pytest.fixture
def topic(web):
    web.topics_made = getattr(web, "topics_made", 0) + 1
    return make_topic(web, f"/open/{web.topics_made}")


def ask(web, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", web.ws_port, timeout=15)
    try:
        payload = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.request(method, path, payload, USER if headers is None else headers)
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()},
                      answer.read())
    finally:
        connection.close()


def to(topic, prefix="/pubsub"):
    return f"{prefix}/topic/{quoted(topic)}"


def subscription_to(topic, prefix="/pubsub"):
    return f"{prefix}/subscribe/topic/{quoted(topic)}"


def good(answer):
    assert answer.status == 200, answer
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["is_ok"] is True and answer.json()["cid"]
    return answer.json()


def bad(answer, status):
    assert answer.status == status, answer
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["is_ok"] is False and answer.json()["cid"]


@pytest.mark.parametrize("headers", [USER, ROBOT], ids=["basic", "key"])
@pytest.mark.parametrize("prefix", ["/pubsub", "/zato/pubsub"])
def test_publishing(web, topic, headers, prefix):
    with connect(web) as client:
        client.subscribe(topic)
        said = good(ask(web, "POST", to(topic, prefix),
                        {"data": {"a": 1}, "priority": 9, "correl_id": "c"}, headers))
        message = client.message()
    assert (message["msg_id"], message["data"], message["priority"], message["correl_id"]) == \
        (said["msg_id"], {"a": 1}, 9, "c")


def test_slashes_of_a_topic_may_stand_as_they_are(web, topic):
    assert good(ask(web, "POST", "/pubsub/topic" + topic, {"data": 1}))["msg_id"]


def test_what_is_published_arrives_byte_for_byte(web, topic):
    text = '{"big":12345678901234567890123,"e":1.0E+2,"s":"\\u00e4\\/"}'
    with connect(web) as client:
        client.subscribe(topic)
        good(ask(web, "POST", to(topic), ('{"data":' + text + "}").encode()))
        assert '"data":' + text + ',"' in client.delivery_text()


def test_subscribing_and_taking_messages(web, topic):
    good(ask(web, "POST", subscription_to(topic)))
    for number in (1, 2, 3):
        good(ask(web, "POST", to(topic), {"data": number}))
    taken = good(ask(web, "PATCH", to(topic)))
    assert [m["data"] for m in taken["messages"]] == [1, 2, 3]
    assert taken["meta"]["count"] == 3
    again = good(ask(web, "PATCH", to(topic)))
    assert (again["messages"], again["meta"]["count"]) == ([], 0)


def test_two_callers_have_a_queue_each(web, topic):
    for headers in (USER, ROBOT):
        good(ask(web, "POST", subscription_to(topic, "/zato/pubsub"), headers=headers))
    good(ask(web, "POST", to(topic), {"data": "x"}))
    for headers in (USER, ROBOT):
        taken = good(ask(web, "PATCH", to(topic, "/zato/pubsub"), headers=headers))
        assert [m["data"] for m in taken["messages"]] == ["x"]


def test_unsubscribing(web, topic):
    good(ask(web, "POST", subscription_to(topic)))
    good(ask(web, "DELETE", subscription_to(topic)))
    bad(ask(web, "PATCH", to(topic)), 404)


def test_taking_without_a_subscription_is_404(web, topic):
    bad(ask(web, "PATCH", to(topic)), 404)


@pytest.mark.parametrize("headers", [
    {}, basic("user1", "wrong"), basic("nobody", "secret1"), {"X-API-Key": "wrong"},
    {"Authorization": "Basic !!!"}, {"Authorization": "Bearer x"}], ids=str)
def test_bad_credentials_are_401(web, topic, headers):
    for method, path in (("POST", to(topic)), ("PATCH", to(topic)),
                         ("POST", subscription_to(topic)), ("DELETE", subscription_to(topic)),
                         ("POST", to("/open/none"))):
        answer = ask(web, method, path, {"data": 1}, headers)
        bad(answer, 401)
        assert "basic" in answer.headers["www-authenticate"].lower()


def test_without_permission_it_is_403(web):
    hidden = make_topic(web, "/hidden")
    try:
        for method, path in (("POST", to(hidden)), ("PATCH", to(hidden)),
                             ("POST", subscription_to(hidden)), ("POST", to("/closed/none"))):
            bad(ask(web, method, path, {"data": 1}), 403)
    finally:
        web.delete("topics/" + quoted(hidden))


def test_a_topic_that_does_not_exist_is_404(web):
    for method, path in (("POST", to("/open/none")), ("POST", subscription_to("/open/none"))):
        bad(ask(web, method, path, {"data": 1}), 404)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", {}, {"data": ""}, {"data": 1, "priority": 10}],
                         ids=str)
def test_a_wrong_body_is_400(web, topic, body):
    bad(ask(web, "POST", to(topic), body), 400)


def test_the_channel_is_named_where_credentials_are_not_unique(web, topic):
    both = basic("both", "secret2")
    good(ask(web, "POST", to(topic) + "?channel=one", {"data": 1}, both))
    bad(ask(web, "POST", to(topic) + "?channel=two", {"data": 1}, both), 403)
    bad(ask(web, "POST", to(topic), {"data": 1}, both), 400)
    bad(ask(web, "POST", to(topic) + "?channel=none", {"data": 1}, both), 404)
    bad(ask(web, "POST", to(topic) + "?channel=keys", {"data": 1}, both), 401)


def test_other_requests_are_as_before(web):
    assert ask(web, "GET", "/nothing").status == 404
    assert ask(web, "GET", "/one").status == 400
    assert ask(web, "GET", "/pubsub/nothing").status == 404
    assert ask(web, "PUT", "/pubsub/topic/x", {"data": 1}).status == 405
