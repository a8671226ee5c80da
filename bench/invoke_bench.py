"""The server calls its clients, asked over the admin endpoint by many at once."""

import tables
from muster import AUTHORIZATION
from peers import say

CLIENTS = 1000
CALLERS = 64
CLOSED, HALF = "calls, 64 at once", "calls, at half that rate"


class InvokeBench:
    """Uses the measuring of a Bench, and its results."""

    def __init__(self, bench):
        self.bench = bench

    def run(self, folder):
        bench, server = self.bench, self.bench.muster
        if not server:
            return
        say(f"calls of {CLIENTS} clients")
        try:
            bench.start(server, folder / "invoke")
            with bench.beside(server, "idle", "--preset", "muster-called", "--size", "64",
                              "--conns", CLIENTS) as clients:
                server.wait_for_sessions(CLIENTS)
                arguments = self._arguments(folder / "invoke/targets")
                for _ in bench.turns():
                    if bench.has_enough(server, (CLOSED, HALF)):
                        break
                    self._round(arguments, clients)
        finally:
            server.stop()

    def _arguments(self, path):
        server = self.bench.muster
        rows = server.ask(f"/connections?fields=id&limit={CLIENTS}")["items"]
        path.write_text("".join(row["id"] + "\n" for row in rows))
        return ["--url", server.api + "/connections/{target}/invoke", "--targets", path,
                "--header", AUTHORIZATION, "--post", '{"data":"{data}","timeout":5}',
                "--size", "64", "--answer", '"outcome":"ok"', "--conns", CALLERS]

    def _round(self, arguments, clients):
        bench, server = self.bench, self.bench.muster
        done = bench.measure(server, CLOSED, "echo", arguments, bench.seconds, [clients])
        if rate := done.get("per_s"):
            bench.measure(server, HALF, "echo", [*arguments, "--rate", rate / 2],
                          2 * bench.seconds, [clients])

    def texts(self):
        if not self.bench.muster:
            return []
        return [tables.of_traffic(self.bench.results, "muster", "calls of clients",
                                  [CLOSED, HALF], "calls/s", "CPU µs a call")]
