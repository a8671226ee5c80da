"""One event loop on a core against two on two. The load of one comes from the other core, as in all
that is measured here; two share their cores with their load, whose part is taken out. Were one to
share its core with its load, nothing would ever cross from core to core, which alone costs the
kernel a fifth of a message."""

import tables

ECHO, FAN_OUT = "64 clients, 4 in flight each", "64 B to 1,000 subscribers"
TRAFFIC = {
    ECHO: ("echo", ["--size", "64", "--conns", "64", "--pipeline", "4", "--threads", "2"]),
    # One publication at a time: more would be gathered, the more the slower the load is.
    FAN_OUT: ("fanout", ["--size", "64", "--conns", "1000", "--window", "1", "--threads", "2"]),
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
