"""Publishing and subscribing: what is measured, and the order of it."""

import jetstream
import servers
import tables
from peers import say

FANOUTS = {
    "64 B to 100": ["--size", "64", "--conns", "100", "--window", "8"],
    "1 KiB to 100": ["--size", "1024", "--conns", "100", "--window", "8"],
    "64 B to 1,000": ["--size", "64", "--conns", "1000", "--window", "2"],
    "1 KiB to 1,000": ["--size", "1024", "--conns", "1000", "--window", "2"],
    "64 B to 10,000": ["--size", "64", "--conns", "10000", "--window", "1"],
    "1 KiB to 10,000": ["--size", "1024", "--conns", "10000", "--window", "1"],
    "64 B to 100, 200/s": ["--size", "64", "--conns", "100", "--rate", "200"],
}
DURABLE = ["--topic", jetstream.SUBJECT]
PUBLISHINGS = {
    "kept, 64 B, 1 in flight": ["--size", "64", "--pipeline", "1"],
    "kept, 64 B, 64 in flight": ["--size", "64", "--pipeline", "64"],
    "kept, 64 B, 16 clients, 16 each": ["--size", "64", "--conns", "16", "--pipeline", "16"],
    "kept, 1 KiB, 64 in flight": ["--size", "1024", "--pipeline", "64"],
}
SUBSCRIPTIONS_EACH = 10
# Those that can subscribe without anything being published.
COUNTED = ("muster", "nats", "mosquitto")


def prepare(server):
    if server.preset == "jetstream":
        jetstream.make_stream(server.folder)


class PubsubBench:
    """Uses the measuring of a Bench, and its results."""

    def __init__(self, bench):
        self.bench = bench
        self.fan_outs = servers.fan_outs(bench.servers, bench.build)
        self.publishings = servers.publishings(bench.servers, bench.build)
        self.counted = [server for server in bench.servers if server.name in COUNTED]
        self.backlog = 100_000 if bench.quick else 1_000_000
        self.connections = 1000 if bench.quick else 5000

    def run(self, folder):
        bench = self.bench
        traffic = {name: ("fanout", arguments) for name, arguments in FANOUTS.items()}
        bench.run_passes(folder / "fanout", self.fan_outs, traffic)
        traffic = {name: ("echo", DURABLE + arguments) for name, arguments in PUBLISHINGS.items()}
        bench.run_passes(folder / "publishing", self.publishings, traffic, prepare)
        for server in self.publishings:
            self.replay(server, folder / f"{server.name}-replay")
        for server in self.counted:
            self.count_memory(server, folder)

    def replay(self, server, folder):
        """Fills a topic, then one subscriber reads all of it."""
        bench = self.bench
        say(f"a backlog of {self.backlog}: {server.name}")
        reader = server.with_preset(server.name, {"muster-publish": "muster-replay",
                                                  "jetstream": "nats"}[server.preset])
        topic = jetstream.REPLAY if reader.preset == "nats" else jetstream.SUBJECT
        try:
            bench.start(server, folder)
            prepare(server)
            bench.measure(server, "backlog", "echo", DURABLE + [
                "--count", self.backlog, "--size", "64", "--conns", "4", "--pipeline", "64",
                "--warmup", "0"], 300)
            if reader.preset == "nats":
                jetstream.make_consumer(folder)
            reader.port, reader.pid = server.port, server.pid
            bench.measure(reader, "replay", "replay", [
                "--topic", topic, "--count", self.backlog, "--size", "64"], 120)
        finally:
            server.stop()

    def count_memory(self, server, folder):
        """Each time on a fresh server: its memory tells nothing after other work."""
        for scenario, each in (("no subscriptions", 0), ("subscriptions", SUBSCRIPTIONS_EACH)):
            say(f"{self.connections} idle sessions, {scenario}: {server.name}")
            try:
                self.bench.start(server, folder / f"{server.name}-{each}")
                self.bench.measure(server, scenario, "idle", [
                    "--conns", self.connections, "--subs", each], 2)
            finally:
                server.stop()

    def texts(self):
        """The tables, as markdown."""
        results = self.bench.results
        names = servers.lower_limits_first(self.fan_outs)
        keeping = [server.name for server in self.publishings]
        return [tables.of_cpu(results, FANOUTS, names, "a delivery (× bare epoll)"),
                tables.of_rate(results, FANOUTS, names, "deliveries/s"),
                tables.of_latency(results, FANOUTS, names),
                tables.of_bytes(results, FANOUTS, names, "bytes of a publication / of a delivery"),
                tables.of_lost(results, FANOUTS, names),
                tables.of_cpu(results, PUBLISHINGS, keeping, "a kept message"),
                tables.of_rate(results, PUBLISHINGS, keeping, "kept messages/s"),
                tables.of_latency(results, PUBLISHINGS, keeping),
                tables.of_replay(results, keeping),
                tables.of_subscriptions(results, [s.name for s in self.counted],
                                        SUBSCRIPTIONS_EACH)]
