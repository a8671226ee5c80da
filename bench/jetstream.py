"""Makes the stream of NATS that the benchmark publishes to, by the server's own protocol.

It answers when its file has taken a message; nats-server 2.9 syncs its files every two minutes."""

import json
import re
import socket

STREAM = "wsload"
SUBJECT = "durable"
# What a subscriber of the backlog subscribes to.
REPLAY = "replay"


def plain_port(folder):
    """The port without WebSockets, from the server's configuration."""
    return int(re.search(r'^listen: "127.0.0.1:(\d+)"', (folder / "config").read_text(),
                         re.M).group(1))


def ask(port, subject, request):
    """One request of the JetStream API; its answer."""
    body = json.dumps(request)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall((
            'CONNECT {"verbose":false,"pedantic":false}\r\nSUB _INBOX.bench 1\r\n'
            f"PUB {subject} _INBOX.bench {len(body)}\r\n{body}\r\n").encode())
        lines = connection.makefile("rb")
        for line in lines:
            if line == b"PING\r\n":
                connection.sendall(b"PONG\r\n")
            elif line.startswith(b"MSG "):
                answer = json.loads(lines.read(int(line.split()[-1])))
                if "error" in answer:
                    raise RuntimeError(f"{subject}: {answer['error']}")
                return answer
            elif line.startswith(b"-ERR"):
                raise RuntimeError(line.decode())
    raise RuntimeError(f"{subject}: no answer")


def make_stream(folder):
    ask(plain_port(folder), f"$JS.API.STREAM.CREATE.{STREAM}",
        {"name": STREAM, "subjects": [SUBJECT], "storage": "file", "retention": "limits",
         "discard": "old", "max_msgs": 2_000_000})


def make_consumer(folder):
    """It begins to push when somebody subscribes."""
    ask(plain_port(folder), f"$JS.API.CONSUMER.DURABLE.CREATE.{STREAM}.bench",
        {"stream_name": STREAM, "config": {
            "durable_name": "bench", "deliver_subject": REPLAY, "deliver_policy": "all",
            "ack_policy": "none", "replay_policy": "instant"}})
