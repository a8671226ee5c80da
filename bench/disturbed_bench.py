"""How late messages come while the server has other things to do: long lists of connections, and
clients that come and go."""

import contextlib

import tables
from muster import AUTHORIZATION
from peers import say

FAN_OUT = ["--size", "64", "--conns", "1000", "--rate", "20"]
LISTS_PER_S, RECONNECTS_PER_S = 10, 100
LISTS, RECONNECTS = "with lists", "with reconnects"
ALONE, BOTH = "undisturbed", "with lists and reconnects"
SCENARIOS = [ALONE, LISTS, RECONNECTS, BOTH]
# What the disturbances themselves have got meanwhile.
PAGES, CYCLES = "the lists meanwhile", "the reconnects meanwhile"


class DisturbedBench:
    """Uses the measuring of a Bench, and its results."""

    def __init__(self, bench):
        self.bench = bench
        self.crowd = min(10_000, bench.most_connections - 2000)

    def run(self, folder):
        bench, server = self.bench, self.bench.muster
        if not server:
            return
        say(f"fan-out beside {self.crowd} connections")
        try:
            bench.start(server, folder / "disturbed")
            with bench.beside(server, "idle", "--preset", "muster", "--conns",
                              self.crowd) as crowd:
                server.wait_for_sessions(self.crowd)
                for _ in bench.turns():
                    if bench.has_enough(server, SCENARIOS):
                        break
                    for scenario in SCENARIOS:
                        self._measure(scenario, crowd)
        finally:
            server.stop()

    def _measure(self, scenario, crowd):
        bench = self.bench
        with contextlib.ExitStack() as stack:
            others = {}
            if scenario in (LISTS, BOTH):
                others[PAGES] = stack.enter_context(self._lists())
            if scenario in (RECONNECTS, BOTH):
                others[CYCLES] = stack.enter_context(self._reconnects())
            done = bench.measure(bench.muster, scenario, "fanout", FAN_OUT,
                                 3 if bench.quick else 10, [crowd, *others.values()])
        if scenario == BOTH:
            for name, load in others.items():
                bench.results.add(name, "muster", {**load.result, "others": done["others"]})

    # A page is the longest that a list hands out at once.
    def _lists(self):
        server = self.bench.muster
        return self.bench.beside(server, "echo", "--url", server.api + "/connections?limit=1000",
                                 "--header", AUTHORIZATION, "--conns", 4, "--rate", LISTS_PER_S)

    def _reconnects(self):
        return self.bench.beside(self.bench.muster, "churn", "--preset", "muster", "--conns", 20,
                                 "--rate", RECONNECTS_PER_S)

    def texts(self):
        if not self.bench.muster:
            return []
        results = self.bench.results
        what = f"64 B to 1,000, 20/s, beside {self.crowd:,} connections"
        return [tables.of_traffic(results, "muster", what, SCENARIOS, "deliveries/s",
                                  "CPU µs a delivery"),
                tables.of_disturbances(results, "muster", PAGES, CYCLES)]
