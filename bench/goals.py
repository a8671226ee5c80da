"""What Muster is to reach, beside what it has."""

import disturbed_bench
import echo_bench
import invoke_bench
import loops_bench
import servers
import tables
from pubsub_bench import FANOUTS
from tables import CPU, SAME_BYTES, number

PEERS = ["nats", "mosquitto", "ws", "socketio"]
UNLIMITED_RATE = [name for name in FANOUTS if "/s" not in name]


class Goal:
    """A number that is to be at most so large, or at least with `at_least`; or only to be known,
    without a limit."""

    def __init__(self, what, limit, unit, value, at_least=False):
        self.what, self.limit, self.unit = what, limit, unit
        self.value, self.at_least = value, at_least

    def row(self, results):
        value = self.value(results)
        limit = self._text(self.limit, "≥ " if self.at_least else "≤ ")
        return [self.what, limit, self._text(value) or "not measured", self._reached(value)]

    def _text(self, value, sign=""):
        return "" if value is None else sign + self.unit.format(number(value))

    def _reached(self, value):
        if value is None or self.limit is None:
            return ""
        return "yes" if (value >= self.limit if self.at_least else value <= self.limit) else "no"


def ratio(scenario, server, other, field=CPU):
    def value(results):
        own, least = (results.median(scenario, name, field) for name in (server, other))
        return own / least if own is not None and least else None

    return value


def plain(scenario, field=CPU, server="muster", scale=1):
    def value(results):
        found = results.median(scenario, server, field)
        return None if found is None else found * scale

    return value


def below(scenario, peers):
    """How many times the CPU of the best of those that were measured."""

    def value(results):
        own = results.median(scenario, "muster", CPU)
        others = [results.median(scenario, name, CPU) for name in peers]
        measured = [each for each in others if each is not None]
        return own / min(measured) if own is not None and measured else None

    return value


def disturbance(results):
    alone, both = (results.median(scenario, "muster", "p99_us")
                   for scenario in (disturbed_bench.ALONE, disturbed_bench.BOTH))
    return both / alone if alone and both is not None else None


def all_goals():
    one, many = list(echo_bench.ECHOES)[:2]
    yield Goal(f"echo: {one}, × {SAME_BYTES}", 1.6, "×{}", ratio(one, "muster", SAME_BYTES))
    yield Goal(f"echo: {one}, × the best peer", 1, "×{}", below(one, PEERS))
    yield Goal(f"echo: {many}", 5, "{} µs", plain(many))
    yield Goal(f"echo: {many}, × nats", 1.5, "×{}", ratio(many, "muster", "nats"))
    yield Goal(f"echo: {many}, × the best peer but nats", 1, "×{}", below(many, PEERS[1:]))
    for fan_out in UNLIMITED_RATE:
        yield Goal(f"fan-out: {fan_out}, × {SAME_BYTES}", 1.3, "×{}",
                   ratio(fan_out, "muster", SAME_BYTES))
    for fan_out in UNLIMITED_RATE:
        yield Goal(f"fan-out: {fan_out}, × the best peer", 1, "×{}", below(fan_out, PEERS))
    for fan_out in UNLIMITED_RATE:
        yield Goal(f"fan-out: {fan_out}, client ack, × without", 2.5, "×{}",
                   ratio(fan_out, servers.CLIENT_ACK, "muster"))
    yield Goal("idle: RSS of a session", 7000, "{} bytes",
               plain("idle", "rss_per_conn_after_hold_bytes"))
    yield Goal("idle: CPU", 3, "{} %", plain("idle", "server_cpu_hold_pct"))
    yield Goal("churn", 90, "{} µs", plain("churn"))
    yield Goal("churn, API key", 90, "{} µs", plain("churn", server=echo_bench.KEYED))
    yield Goal("churn, cycles", 5000, "{}/s", plain("churn", "per_s"), at_least=True)
    yield Goal(invoke_bench.CLOSED, 60, "{} µs", plain(invoke_bench.CLOSED))
    yield Goal(f"{invoke_bench.HALF}, p99", 10, "{} ms",
               plain(invoke_bench.HALF, "p99_us", scale=1 / 1000))
    for scenario in loops_bench.TRAFFIC:
        yield Goal(f"loops: {scenario}", 1.7, "×{}", lambda results, of=scenario: tables.speed_up(
            results, of, loops_bench.ONE, loops_bench.TWO), at_least=True)
    yield Goal("disturbed: p99 with lists and reconnects, × undisturbed", 1.5, "×{}", disturbance)


def text(results):
    """The table, as markdown."""
    return tables.table(["goal", "", "measured", "reached"],
                        [goal.row(results) for goal in all_goals()])
