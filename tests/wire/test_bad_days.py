"""Stops, kills, restarts, and what must be there afterwards."""

import os
import signal
import subprocess
import time

import pytest

from muster_server import BINARY, MusterServer, wait_for
from services import Service
from wire_client import Closed, Handshake, WireClient, open_client


def ended(client):
    """(code, seconds until the Close)."""
    began = time.monotonic()
    return client.expect_close(30)[0], time.monotonic() - began


def test_sigterm_closes_everyone_with_1001_over_the_window():
    with MusterServer(args=["--drain", "2"]) as server:
        clients = [open_client(server, client_id=f"d.{i}") for i in range(40)]
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: server.get("/readyz").status == 503, 1, "/readyz to say no")
        assert server.get("/healthz").status == 200
        with pytest.raises((OSError, Handshake, Closed)):
            WireClient(server.ws_port)
        times = []
        for client in clients:
            code, _ = ended(client)
            assert code == 1001
            times.append(time.monotonic() - began)
        assert server._end(10) == 0
        assert times[-1] < 4
        # Spread out: not all of them at once.
        assert times[-1] - times[0] > 0.8


def test_a_stop_without_clients_is_quick(own_server):
    began = time.monotonic()
    assert own_server.stop() == 0
    assert time.monotonic() - began < 3
    log = own_server.log_text()
    assert f"listening on {own_server.ws_url} (default)" in log
    assert str(own_server.pid) in log and "stopped" in log


def test_calls_in_flight_are_answered_before_the_end():
    with Service() as http, MusterServer(args=["--drain", "1"]) as server:
        server.create_channel(name="slow", path="/slow", service=http.url("/slow"))
        with open_client(server, "/slow") as client:
            client.send_request({"a": 1})
            wait_for(lambda: http.seen, what="the service to be called")
            server.process.send_signal(signal.SIGTERM)
            assert client.receive_json()["data"] == 2
            assert ended(client)[0] == 1001
        assert server._end(10) == 0


def test_a_second_signal_ends_at_once():
    with MusterServer(args=["--drain", "60"]) as server:
        clients = [open_client(server, client_id=f"s.{i}") for i in range(20)]
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: server.get("/readyz").status == 503, 2, "the drain to begin")
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        server._end(5)
        assert time.monotonic() - began < 3
        assert clients


def test_a_mute_client_does_not_hold_up_the_end():
    with MusterServer(args=["--drain", "0.5"]) as server:
        with open_client(server):
            began = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - began < 9


def test_everything_made_is_there_after_kill_9(own_server):
    server = own_server
    server.create_channel(name="kept", path="/kept", security="basic", token_ttl=77,
                          credentials=[{"username": "u", "secret": "secret-of-u"}])
    assert server.post("users", {"username": "olga", "password": "a long password",
                                 "role": "operator"}).status == 201
    token = server.post("tokens", {"name": "robot", "role": "viewer"}).json()["token"]
    assert server.delete("channels/open").status == 204
    server.kill()
    server.config = None
    server.start()
    channel = server.get("channels/kept").json()
    assert channel["token_ttl"] == 77
    assert "secret-of-u" not in str(channel)
    with WireClient(server.ws_port, "/kept") as client:
        assert client.create_session("c", username="u", secret="secret-of-u")["meta"]["status"] == 200
    assert server.get("channels/open").status == 404
    assert server.get("channels", token=token).status == 200
    signed_in = server.request("POST", "session", {"username": "olga",
                                                   "password": "a long password"}, token="")
    assert signed_in.status in (200, 201)


def test_the_file_wins_for_the_channels_that_it_names(own_server):
    server = own_server
    before = server.get("channels/open")
    assert server.patch("channels/open", {"token_ttl": 99}).json()["token_ttl"] == 99
    server.stop()
    server.start()
    after = server.get("channels/open")
    assert after.json()["token_ttl"] == 3600
    assert after.headers["etag"] == before.headers["etag"]
    assert "open" in server.log_text()
    # Nothing is hashed anew where nothing was changed.
    demo = server.get("channels/demo").headers["etag"]
    server.stop()
    server.start()
    assert server.get("channels/demo").headers["etag"] == demo


def test_a_second_server_on_the_same_data_is_refused(own_server):
    second = MusterServer(data=own_server.data)
    try:
        second.start(wait=False)
        assert second._end(15) not in (0, None)
        assert "another" in (second.log_text() + second.output()).lower()
    finally:
        second.kill()
    assert own_server.get("/healthz").status == 200


def test_a_port_in_use_is_said(own_server):
    second = MusterServer(config=None)
    second.start(wait=False)
    second.kill()
    env = dict(os.environ, MUSTER_ADMIN_TOKEN="x" * 20)
    run = subprocess.run([BINARY, "serve", "--listen", f"127.0.0.1:{own_server.ws_port}",
                          "--admin", "127.0.0.1:0", "--data", second.data],
                         capture_output=True, text=True, timeout=20, env=env)
    assert run.returncode != 0
    assert str(own_server.ws_port) in run.stderr + run.stdout


@pytest.mark.parametrize("config", [
    "nonsense", "[[channel]]\nname = 'x'\n", "[[channel]]\nname='x'\npath='/x'\nsecurity='magic'\n",
    "[server]\nunknown = 1\n", "[[channel]]\nname='a'\npath='/x'\n[[channel]]\nname='b'\npath='/x'\n"])
def test_a_wrong_configuration_is_said_and_nothing_starts(config):
    server = MusterServer(config=config)
    try:
        server.start(wait=False)
        assert server._end(15) not in (0, None)
        assert len(server.log_text() + server.output()) > 10
    finally:
        server.kill()


def test_the_first_token_is_made_once_and_works():
    env = {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")}
    server = MusterServer()
    process = None
    try:
        for start in range(2):
            process = subprocess.Popen(
                [BINARY, "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data",
                 server.data], env=env, text=True, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
            text = ""
            while "Admin" not in text or (start == 0 and "token" not in text.lower()):
                line = process.stdout.readline()
                assert line, text
                text += line
            process.terminate()
            text += process.stdout.read()
            process.wait(10)
            shown = [line for line in text.splitlines() if "token" in line.lower()]
            if start == 0:
                assert shown, text
                secret = shown[0].split()[-1]
                assert len(secret) >= 32
                with open(os.path.join(server.data, "muster.db"), "rb") as database:
                    assert secret.encode() not in database.read()
            else:
                assert secret not in text
    finally:
        if process and process.poll() is None:
            process.kill()
