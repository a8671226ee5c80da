"""Starts the real server on free ports and talks to its admin endpoint."""

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("MUSTER_BINARY", os.path.join(ROOT, "build", "dev", "bin", "muster"))
TOKEN = "test-token-of-the-administrator"

CHANNELS = """
[[channel]]
name = "demo"
path = "/demo"
security = "basic"
credentials = [{username = "user1", secret = "secret1"}]
services_allowed = ["ping", "zato.ping", "echo"]

[[channel]]
name = "open"
path = "/open"
services_allowed = ["ping", "zato.ping", "echo"]
"""


class Answer:
    """An HTTP answer: status, headers (lower case) and the body, as JSON where it is."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


class MusterServer:
    """One server process with a data directory of its own."""

    def __init__(self, config=CHANNELS, binary=BINARY, data=None, args=(), env=None, token=TOKEN,
                 listen="127.0.0.1:0"):
        self._folder = None
        if data is None:
            self._folder = tempfile.TemporaryDirectory(prefix="muster-test-")
            data = os.path.join(self._folder.name, "data")
        self.data = data
        self.binary = binary
        self.config = config
        self.args = list(args)
        self.env = dict(env or {})
        self.token = token
        # None: the listeners of the configuration.
        self.listen = listen
        self.process = None
        self.lines = []
        self.log = []

    # Life -------------------------------------------------------------------------------------

    def start(self, wait=True):
        os.makedirs(self.data, exist_ok=True)
        command = [self.binary, "serve", "--admin", "127.0.0.1:0", "--data", self.data]
        if self.listen:
            command += ["--listen", self.listen]
        if self.config is not None:
            path = os.path.join(self.data, "muster.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.config)
            command += ["--config", path]
        env = dict(os.environ, MUSTER_ADMIN_TOKEN=self.token, **self.env)
        self.lines, self.log = [], []
        self._ready = threading.Event()
        self.process = subprocess.Popen(command + self.args, env=env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._readers = [threading.Thread(target=self._read, args=pipe, daemon=True)
                         for pipe in ((self.process.stdout, self.lines),
                                      (self.process.stderr, self.log))]
        for reader in self._readers:
            reader.start()
        if wait and not self._ready.wait(30):
            self.kill()
            raise RuntimeError("the server did not start:\n" + "".join(self.lines + self.log))
        return self

    def _read(self, pipe, into):
        for line in pipe:
            into.append(line)
            if into is self.lines and re.search(r"^\s*Admin\s+https?://", line):
                self._ready.set()
        if into is self.lines:
            self._ready.set()

    def stop(self, timeout=30):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._end(timeout)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        return self._end(10)

    def _end(self, timeout):
        code = self.process.wait(timeout)
        for reader in self._readers:
            reader.join(5)
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        try:
            if self.process.poll() is None:
                self.kill()
        finally:
            if self._folder:
                self._folder.cleanup()

    def output(self):
        return "".join(self.lines)

    def log_text(self):
        return "".join(self.log)

    def need_real_memory(self):
        """Ends a test, as skipped, whose server runs under a sanitizer that keeps what is freed."""
        with open(f"/proc/{self.pid}/maps", encoding="ascii", errors="replace") as maps:
            if "libasan" in maps.read():
                pytest.skip("AddressSanitizer keeps freed memory: only the memory is not compared")

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    # Addresses --------------------------------------------------------------------------------

    @property
    def ws_url(self):
        """`ws://HOST:PORT` of the first listener."""
        return re.search(r"(wss?://[\d.\[\]:a-z]+?:\d+)", self.output()).group(1)

    @property
    def ws_port(self):
        return int(self.ws_url.rsplit(":", 1)[1])

    def port_of(self, listener):
        """The port of the listener with that name."""
        line = next(line for line in self.lines if f"({listener})" in line)
        return int(re.search(r":(\d+)\s", line).group(1))

    @property
    def admin_url(self):
        return re.search(r"Admin\s+(https?://\S+)", self.output()).group(1).rstrip("/")

    @property
    def admin_port(self):
        return urllib.parse.urlsplit(self.admin_url).port

    @property
    def pid(self):
        return self.process.pid

    # The admin endpoint -----------------------------------------------------------------------

    def request(self, method, path, body=None, token=None, headers=None, timeout=30, raw=None):
        """One request; `path` is below the root, or below `/api/v1` when it has no slash first."""
        if not path.startswith("/"):
            path = "/api/v1/" + path
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=timeout)
        try:
            all_headers = {}
            token = self.token if token is None else token
            if token:
                all_headers["Authorization"] = "Bearer " + token
            payload = raw
            if body is not None:
                payload = json.dumps(body).encode()
                all_headers["Content-Type"] = "application/json"
            all_headers.update(headers or {})
            connection.request(method, path, body=payload, headers=all_headers)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()},
                          answer.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, {} if body is None else body, **more)

    def patch(self, path, body, **more):
        return self.request("PATCH", path, body, **more)

    def delete(self, path, body=None, **more):
        return self.request("DELETE", path, body, **more)

    def connections(self, **query):
        """The rows of the list."""
        answer = self.get("connections?" + urllib.parse.urlencode(query))
        assert answer.status == 200, answer
        return answer.json()["items"]

    def create_channel(self, **fields):
        answer = self.post("channels", fields)
        assert answer.status == 201, answer
        return answer.json()

    def metric(self, name, **labels):
        """The value of one sample of /metrics; 0 when there is none."""
        wanted = [f'{k}="{v}"' for k, v in labels.items()]
        for line in self.get("/metrics").body.decode().splitlines():
            if line.startswith("#"):
                continue
            sample, value = line.rsplit(" ", 1)
            base = sample.split("{", 1)[0]
            if base == name and all(label in sample for label in wanted):
                return float(value)
        return 0.0


def wait_for(condition, timeout=10.0, what="the condition"):
    """Polls until `condition()` is true and gives its value; fails after the timeout."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true in {timeout} s")
        time.sleep(0.01)
