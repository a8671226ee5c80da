"""One event loop on one core against two on two, in both cases shared with the load: all that one
has the other has twice, so that neither finds another kind of load."""

import tables

ECHO, FAN_OUT = "64 clients, 4 in flight each", "64 B to 1,000 subscribers"
TRAFFIC = {
    ECHO: ("echo", ["--size", "64", "--conns", "64", "--pipeline", "4", "--threads", "2"]),
    FAN_OUT: ("fanout", ["--size", "64", "--conns", "1000", "--window", "2", "--threads", "2"]),
}
ONE, TWO = "one loop", "two loops"


class LoopsBench:
    """Uses the measuring of a Bench, and its results."""

    def __init__(self, bench):
        self.bench = bench

    def run(self, folder):
        if muster := self.bench.muster:
            running = [muster.with_loops(ONE, 1), muster.with_loops(TWO, 2)]
            self.bench.run_passes(folder / "loops", running, TRAFFIC)

    def texts(self):
        if not self.bench.muster:
            return []
        return [tables.of_loops(self.bench.results, TRAFFIC, ONE, TWO)]
