"""Muster as it is started for the benchmark, and what its admin endpoint says meanwhile."""

import json
import os
import time
import urllib.request

from server import Server, free_port, said

CONFIG = """
[log]
level = "warn"
format = "json"

[[channel]]
name = "bench"
path = "/"
service = "gateway"
services_allowed = ["echo", "pubsub.*"]
permissions = "pub=**\\nsub=**"
create_topics = true
max_in_flight = 1024

[[channel]]
name = "keyed"
path = "/keyed"
security = "api_key"
keys = [{ name = "others", key = "of nobody" }, { name = "wsload", key = "secret" }]

[[topic]]
name = "wsload"
durable = false

[[topic]]
name = "durable"
retention_count = 2000000
retention_bytes = 10000000000
max_depth = 10000000
"""
TOKEN = "token-of-the-benchmark"
AUTHORIZATION = f"Authorization: Bearer {TOKEN}"


class Muster(Server):
    """One process of it, with so many loops."""

    def __init__(self, name, program, version, preset="muster", path="", loops=1, shared=0):
        super().__init__(name, preset, self._make_command, version,
                         dict(os.environ, MUSTER_ADMIN_TOKEN=TOKEN), path, shared)
        self._program, self._loops = program, loops
        self.admin_port = None

    def with_preset(self, name, preset, path=""):
        return Muster(name, self._program, self.version, preset, path)

    def with_loops(self, name, loops):
        """Several share as many cores with their load."""
        return Muster(name, self._program, self.version, loops=loops,
                      shared=loops if loops > 1 else 0)

    def _make_command(self, port, folder):
        path = folder / "config"
        path.write_text(CONFIG)
        self.admin_port = free_port()
        return [self._program, "serve", "--config", path, "--listen", f"127.0.0.1:{port}",
                "--admin", f"127.0.0.1:{self.admin_port}", "--data", folder / "data",
                "--loops", self._loops, "--drain", "1"]

    # It listens a little before it has its channels.
    def start(self, folder, cores):
        super().start(folder, cores)
        end = time.monotonic() + 20
        while not self._ready():
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not become ready")
            time.sleep(0.05)

    def _ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/readyz", timeout=5):
                return True
        except OSError:
            return False

    @property
    def api(self):
        return f"http://127.0.0.1:{self.admin_port}/api/v1"

    def ask(self, path):
        name, value = AUTHORIZATION.split(": ")
        request = urllib.request.Request(self.api + path, headers={name: value})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def wait_for_sessions(self, count):
        end = time.monotonic() + 60
        while self.ask("/connections?limit=1&selector=session_at%20exists")["total"] < count:
            if time.monotonic() > end:
                raise RuntimeError(f"{count} sessions are not there after a minute")
            time.sleep(0.2)


def of_build(build):
    program = build / "bin/muster"
    return Muster("muster", program, said(program, "--version"))
