"""How each server is started for the benchmark, and how it is ended."""

import json
import os
import resource
import socket
import subprocess
import time

import peers

MUSTER = """
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

[[topic]]
name = "wsload"
durable = false

[[topic]]
name = "durable"
retention_count = 2000000
retention_bytes = 10000000000
max_depth = 10000000
"""

NATS = """
listen: "127.0.0.1:{other}"
websocket {{ listen: "127.0.0.1:{port}", no_tls: true, compression: false }}
max_connections: 100000
"""

JETSTREAM = NATS + """
jetstream {{ store_dir: "{folder}/jetstream", max_file_store: 20GB }}
"""

# It refuses to start with WebSockets only.
MOSQUITTO = """
listener {other} 127.0.0.1
listener {port} 127.0.0.1
protocol websockets
allow_anonymous true
persistence false
max_queued_messages 100000
set_tcp_nodelay true
log_type error
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def said(*command, env=None):
    """The first line that a program says about its version."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, env=env)
        return (done.stdout + done.stderr).strip().splitlines()[0]
    except (OSError, subprocess.SubprocessError, IndexError):
        return "?"


class Server:
    """One kind of server: its command line, and the process while it runs."""

    def __init__(self, name, preset, command, version, env=None):
        self.name, self.preset, self.version = name, preset, version
        self._command, self._env = command, env
        self._process = None
        self.port = self.pid = self.folder = None

    def with_preset(self, name, preset):
        """Another process of the same server, spoken to in another way."""
        return Server(name, preset, self._command, self.version, self._env)

    def start(self, folder, core):
        self.port = free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

        def prepare():
            os.sched_setaffinity(0, {core})
            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        with open(folder / "output", "ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in self._command(self.port, folder)], cwd=folder,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=self._env,
                preexec_fn=prepare)
        self.pid = self._process.pid
        self._wait_until_it_listens(folder)

    def _wait_until_it_listens(self, folder):
        end = time.monotonic() + 20
        while time.monotonic() < end and self.alive():
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.name} does not start: "
                           + (folder / "output").read_text(errors="replace")[-400:])

    def alive(self):
        return self._process is not None and self._process.poll() is None

    def stop(self):
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def from_file(text, program, *flags):
    """A command that reads a configuration file, written at the start."""

    def command(port, folder):
        path = folder / "config"
        path.write_text(text.format(port=port, other=free_port(), folder=folder))
        return [program, *flags, path]

    return command


def of_muster(program):
    def command(port, folder):
        path = folder / "config"
        path.write_text(MUSTER)
        return [program, "serve", "--config", path, "--listen", f"127.0.0.1:{port}",
                "--admin", f"127.0.0.1:{free_port()}", "--data", folder / "data",
                "--loops", "1", "--drain", "1"]

    return command


def node_version(program, folder, package):
    about = json.loads((folder / "node_modules" / package / "package.json").read_text())
    return f"{package} {about['version']}, node {said(program, '--version')}"


def fan_outs(echoing, build):
    """Those that hand one message to many, made from those that echo."""
    found = []
    for server in echoing:
        if server.name == "epoll":
            program = build / "bin/epoll_fanout"
            found.append(Server("epoll", "raw", lambda port, _: [program, port],
                                "bare epoll, bench/epoll_fanout.cpp"))
        elif server.name == "muster":
            found += [server, server.with_preset("muster, client ack", "muster-ack")]
        elif server.name != "ws":
            found.append(server)
    return found


def publishings(echoing, build):
    """Those that keep what is published before they answer."""
    found = []
    for server in echoing:
        if server.name == "muster":
            found.append(server.with_preset("muster", "muster-publish"))
        elif server.name == "nats":
            program = peers.debian("nats-server", "nats-server", build / "peers")
            found.append(Server("jetstream", "jetstream", from_file(JETSTREAM, program, "-c"),
                                server.version))
    return found


def all_servers(build, wanted):
    """The servers that can be had on this machine, the lower limit first."""
    folder = build / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, LD_LIBRARY_PATH=peers.library_path(folder))
    echo, muster = build / "bin/epoll_echo", build / "bin/muster"
    found = [Server("epoll", "raw", lambda port, _: [echo, port], "bare epoll, bench/epoll_echo.cpp")]
    if "muster" in wanted:
        found.append(Server("muster", "muster", of_muster(muster), said(muster, "--version")))
    if "nats" in wanted and (nats := peers.debian("nats-server", "nats-server", folder)):
        found.append(Server("nats", "nats", from_file(NATS, nats, "-c"), said(nats, "--version")))
    if "mosquitto" in wanted and (broker := peers.debian("mosquitto", "mosquitto", folder)):
        env["LD_LIBRARY_PATH"] = peers.library_path(folder)
        found.append(Server("mosquitto", "mqtt", from_file(MOSQUITTO + root_user(), broker, "-c"),
                            said(broker, "-h", env=env), env))
    if {"ws", "socketio"} & wanted and (node := peers.node(folder)):
        for name, preset, script, package in (("ws", "raw", "ws_echo.js", "ws"),
                                              ("socketio", "socketio", "socketio_echo.js",
                                               "socket.io")):
            if name in wanted:
                found.append(Server(name, preset, from_script(node, folder / script),
                                    node_version(node, folder, package)))
    return found


def root_user():
    """Mosquitto that is started by root becomes a user who may not be there."""
    return "user root\n" if os.getuid() == 0 else ""


def from_script(node, script):
    return lambda port, _: [node, script, port]
