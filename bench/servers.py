"""The servers that are measured, and how each is started."""

import json
import os

import muster
import peers
from server import Server, free_port, said
from tables import SAME_BYTES

CLIENT_ACK = "muster, client ack"
MASK = 4

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


class SameBytes(Server):
    """A bare server that is sent, and sends, as many bytes as Muster in the same scenario."""

    def __init__(self, program):
        super().__init__(SAME_BYTES, "raw", lambda port, _: [program, port],
                         "the same, with frames of the size of Muster's")

    def arguments(self, arguments, results, scenario):
        out, back = (results.median(scenario, "muster", field)
                     for field in ("bytes_out_each", "bytes_in_each"))
        if out is None or back is None:
            return None
        size, answer = payload_of(out, MASK), payload_of(back, 0)
        return [*arguments, "--size", size, "--url", f"{self.url}/{answer - size}"]


def payload_of(frame, mask):
    """How much of a frame of so many bytes is its payload."""
    for header, most in ((2, 125), (4, 65535)):
        if frame - header - mask <= most:
            return round(frame - header - mask)
    return round(frame - 10 - mask)


def with_same_bytes(all_servers, program):
    """The bare server once more, after Muster, whose frames it takes its sizes from."""
    found = []
    for server in all_servers:
        found.append(server)
        if server.name == "muster":
            found.append(SameBytes(program))
    return found


def lower_limits_first(all_servers):
    """Their names in the order of the tables."""
    return sorted((server.name for server in all_servers),
                  key=lambda name: not name.startswith("epoll"))


def from_file(text, program, *flags):
    """A command that reads a configuration file, written at the start."""

    def command(port, folder):
        path = folder / "config"
        path.write_text(text.format(port=port, other=free_port(), folder=folder))
        return [program, *flags, path]

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
            found += [server, server.with_preset(CLIENT_ACK, "muster-ack")]
        elif server.name != "ws":
            found.append(server)
    return with_same_bytes(found, build / "bin/epoll_fanout")


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
    echo = build / "bin/epoll_echo"
    found = [Server("epoll", "raw", lambda port, _: [echo, port], "bare epoll, bench/epoll_echo.cpp")]
    if "muster" in wanted:
        found.append(muster.of_build(build))
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
