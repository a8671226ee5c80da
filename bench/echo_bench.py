"""Echo, connections that come and go, and idle ones: with all servers."""

import servers
import tables
from peers import say

ECHOES = {
    "64 B, 1 in flight": ["--size", "64", "--pipeline", "1"],
    "64 B, 16 in flight": ["--size", "64", "--pipeline", "16"],
    "64 B, 64 clients, 1 each": ["--size", "64", "--conns", "64"],
    "1 KiB, 1 in flight": ["--size", "1024", "--pipeline", "1"],
    "1 KiB, 16 in flight": ["--size", "1024", "--pipeline", "16"],
}
CHURN = {"churn": ("churn", ["--conns", "8"])}
KEYED = "muster, API key"


class EchoBench:
    """Uses the measuring of a Bench, and its results."""

    def __init__(self, bench):
        self.bench = bench
        self.echoing = servers.with_same_bytes(bench.servers, bench.build / "bin/epoll_echo")
        self.churning = [*bench.servers]
        if bench.muster:
            after = bench.servers.index(bench.muster) + 1
            self.churning.insert(after, bench.muster.with_preset(KEYED, "muster", "/keyed"))

    def run(self, folder):
        traffic = {name: ("echo", arguments) for name, arguments in ECHOES.items()}
        self.bench.run_passes(folder / "echo", self.echoing, traffic)
        self.bench.run_passes(folder / "churn", self.churning, CHURN)

    def texts(self):
        """The tables, as markdown."""
        results = self.bench.results
        names = servers.lower_limits_first(self.echoing)
        return [tables.of_cpu(results, ECHOES, names),
                tables.of_rate(results, ECHOES, names),
                tables.of_latency(results, ECHOES, names),
                tables.of_bytes(results, ECHOES, names, "bytes there / back"),
                tables.of_churn(results, [server.name for server in self.churning])]


class IdleBench:
    """Each server is started afresh: its memory tells nothing after other work."""

    def __init__(self, bench):
        self.bench = bench
        self.count = min(5000 if bench.quick else 19000, bench.most_connections)

    def run(self, folder):
        for server in self.bench.servers:
            say(f"{self.count} idle sessions: {server.name}")
            try:
                self.bench.start(server, folder / f"{server.name}-idle")
                self.bench.measure(server, "idle", "idle", ["--conns", self.count],
                                   2 if self.bench.quick else 5)
            finally:
                server.stop()

    def texts(self):
        return [tables.of_idle(self.bench.results,
                               [server.name for server in self.bench.servers])]
