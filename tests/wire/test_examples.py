"""The examples do what their READMEs say."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from muster_server import BINARY, ROOT, MusterServer, wait_for
from wire_client import open_client

EXAMPLES = os.path.join(ROOT, "examples")
COUNTER = os.path.join(os.path.dirname(BINARY), "counter_service")
NODE = shutil.which("node")


def read(*path):
    with open(os.path.join(EXAMPLES, *path), encoding="utf-8") as file:
        return file.read()


def python_command(*args):
    return [sys.executable, os.path.join(EXAMPLES, "python_client", "client.py"), *args]


def javascript_command(*args):
    # Node before version 22 has a WebSocket, but hides it.
    return [NODE, "--experimental-websocket",
            os.path.join(EXAMPLES, "javascript_client", "demo.mjs"), *args]


def node_has_websocket():
    test = [NODE, "--experimental-websocket", "-e", "new WebSocket('ws://127.0.0.1:1')"]
    said = subprocess.run(test, capture_output=True, text=True, check=False).stderr
    return "bad option" not in said and "not defined" not in said


CLIENTS = [
    pytest.param(python_command, id="python"),
    pytest.param(javascript_command, id="javascript", marks=pytest.mark.skipif(
        NODE is None or not node_has_websocket(), reason="no node with a WebSocket")),
]


def run(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture(scope="module")
def counter():
    with MusterServer(config=read("counter_service", "counter.toml"), binary=COUNTER) as running:
        yield running


@pytest.fixture(scope="module")
def greeter():
    script = os.path.join(EXAMPLES, "http_service", "service.py")
    with subprocess.Popen([sys.executable, script, "0"], stdout=subprocess.PIPE,
                          text=True) as service:
        try:
            url = service.stdout.readline().strip()
            config = read("http_service", "greeter.toml").replace("http://127.0.0.1:9000/greet",
                                                                  url)
            with MusterServer(config=config) as running:
                running.greeter_url = url
                yield running
        finally:
            service.terminate()


def test_the_counter_counts_for_each_client(counter):
    with open_client(counter, "/counter", "a") as one, open_client(counter, "/counter", "b") as two:
        assert one.call("counter", 5)["data"] == {"count": 5}
        assert two.call("counter", 1)["data"] == {"count": 1}
        assert one.call("counter", 5)["data"] == {"count": 10}


def test_the_counter_refuses_what_is_no_number(counter):
    with open_client(counter, "/counter") as client:
        answer = client.call("counter", "five")
        assert answer["meta"]["status"] == 400
        assert answer["meta"]["error_message"] == "The request must be a whole number"


def test_the_counter_is_listed_with_the_services(counter):
    with open_client(counter, "/counter", "listed") as client:
        client.call("counter", 5)
    listed = {item["name"]: item for item in counter.get("services").json()["items"]}
    assert listed["counter"]["kind"] == "custom"
    assert listed["counter"]["calls"] >= 1
    assert listed["ping"]["kind"] == "builtin"


def test_the_greeter_greets(greeter):
    with open_client(greeter, "/greeter", "g1") as client:
        client.send_request({"name": "Ada"})
        assert client.receive_json()["data"] == {
            "greeting": "Hello, Ada", "client": "g1", "channel": "greeter"}
        client.send_request([1])
        meta = client.receive_json()["meta"]
        assert (meta["status"], meta["error_message"]) == (
            400, "The request must be an object with a name")
    with open_client(greeter, "/main") as client:
        assert client.call(greeter.greeter_url, {"name": "Ada"})["meta"]["status"] == 200


@pytest.mark.parametrize("command", CLIENTS)
def test_a_client_calls_a_service(server, command):
    said = run(command(server.ws_url + "/open", "echo", '{"a": [1]}'))
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == {"a": [1]}


@pytest.mark.parametrize("command", CLIENTS)
def test_a_client_says_what_went_wrong(server, command):
    said = run(command(server.ws_url + "/open", "forbidden"))
    assert said.returncode != 0
    assert "403 Service not allowed" in said.stderr


@pytest.mark.parametrize("command", CLIENTS)
def test_a_client_answers_the_server(server, command):
    with subprocess.Popen(command(server.ws_url + "/open"), stdout=subprocess.PIPE,
                          text=True) as client:
        try:
            assert json.loads(client.stdout.readline()) == {"pong": "zato"}
            row = wait_for(lambda: [c for c in server.connections()
                                    if c["client_id"].endswith(".example")])[0]
            answer = server.post(f"connections/{row['id']}/invoke", {"data": {"x": 1}}).json()
            assert answer["outcome"] == "ok"
            assert answer["data"] == {"you said": {"x": 1}}
            assert "the server asks" in client.stdout.readline()
        finally:
            client.terminate()
    # The next one must not find this one.
    wait_for(lambda: not [c for c in server.connections() if c["client_id"].endswith(".example")])
