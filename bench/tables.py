"""The results as markdown."""

import statistics

# From this share of a core on, what else runs on the machine spoils a measurement.
DISTURBED = 0.15
SAME_BYTES = "epoll, Muster's bytes"
CPU = "server_cpu_us_per_msg"


def median(values):
    return statistics.median(values) if values else None


def number(value, digits=None):
    if value is None:
        return "failed"
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def is_calm(result):
    return result["others"] < DISTURBED


class Results:
    """What came out, by scenario and server; each a list, one result a round."""

    def __init__(self):
        self._of = {}

    def add(self, scenario, server, result):
        self._of.setdefault((scenario, server), []).append(result)

    def calm_rounds(self, scenario, server):
        return sum(is_calm(r) for r in self._of.get((scenario, server), []))

    def _values(self, scenario, server, field):
        """Those of the calm rounds; of all when none was."""
        rounds = [r for r in self._of.get((scenario, server), []) if field in r]
        return [r[field] for r in rounds if is_calm(r)] or [r[field] for r in rounds]

    def median(self, scenario, server, field):
        return median(self._values(scenario, server, field))

    def total(self, scenario, server, field):
        return sum(r.get(field, 0) for r in self._of.get((scenario, server), []))

    def spread(self, scenario, server, field):
        """How far apart the rounds were, as a share of their median."""
        good = self._values(scenario, server, field)
        return (max(good) - min(good)) / median(good) if len(good) > 1 else 0

    def measured(self):
        """All (scenario, server)."""
        return list(self._of)

    def count(self):
        return sum(len(rounds) for rounds in self._of.values())

    def disturbed(self):
        return sum(not is_calm(r) for rounds in self._of.values() for r in rounds)

    def raw(self):
        return [{"scenario": scenario, "server": server, "rounds": rounds}
                for (scenario, server), rounds in self._of.items()]


def with_ratio(value, least):
    if value is None or not least:
        return number(value)
    return f"{number(value)} (×{number(value / least, 1)})"


def least_cpu(results, scenario, server):
    """What the bare server needs: Muster is compared with frames of the size of its own."""
    bare = ["epoll", SAME_BYTES] if server.startswith("muster") else ["epoll"]
    found = [results.median(scenario, name, CPU) for name in bare]
    return next((value for value in reversed(found) if value is not None), None)


def of_cpu(results, scenarios, servers, what="a message (× bare epoll)"):
    rows = []
    for server in servers:
        rows.append([server] + [with_ratio(results.median(s, server, CPU),
                                           least_cpu(results, s, server)) for s in scenarios])
    return table(["CPU µs " + what, *scenarios], rows)


def of_bytes(results, scenarios, servers, what):
    """With the frames' heads, without those of TCP."""
    rows = []
    for server in servers:
        rows.append([server] + [
            " / ".join(number(results.median(s, server, field), 0)
                       for field in ("bytes_out_each", "bytes_in_each"))
            for s in scenarios])
    return table([what, *scenarios], rows)


def of_latency(results, scenarios, servers):
    rows = []
    for server in servers:
        rows.append([server] + [
            " / ".join(number(results.median(s, server, field), 0) for field in ("p50_us", "p99_us"))
            for s in scenarios])
    return table(["latency µs, p50 / p99", *scenarios], rows)


def of_rate(results, scenarios, servers, what="messages/s"):
    rows = [[server] + [number(results.median(s, server, "per_s"), 0) for s in scenarios]
            for server in servers]
    return table([what, *scenarios], rows)


def of_lost(results, scenarios, servers):
    rows = [[server] + [number(results.total(s, server, "lost"), 0) for s in scenarios]
            for server in servers]
    return table(["lost", *scenarios], rows)


def of_traffic(results, server, what, scenarios, rate, cpu):
    """One server in several scenarios, one a row."""
    fields = (("per_s", 0), (CPU, None), ("p50_us", 0), ("p99_us", 0), ("max_us", 0))
    rows = [[s] + [number(results.median(s, server, field), digits) for field, digits in fields]
            for s in scenarios]
    return table([what, rate, cpu, "µs, p50", "p99", "longest"], rows)


def of_disturbances(results, server, lists, reconnects):
    """What those got who disturbed the others."""
    rows = [[name, number(results.median(name, server, "per_s"), 0)]
            + [number(results.median(name, server, field), 0) for field in fields]
            for name, fields in ((lists, ("p50_us", "p99_us")),
                                 (reconnects, ("handshake_p50_us", "handshake_p99_us")))]
    return table(["disturbances", "a second", "µs, p50", "p99"], rows)


def speed_up(results, scenario, one, two):
    """How many times as much two loops get done as one, if only they used their cores: what
    neither load nor others take of two cores is time of the two, idle or not."""
    alone = results.median(scenario, one, CPU)
    rate, load, others = (results.median(scenario, two, field)
                          for field in ("per_s", "client_cpu_pct", "others"))
    if not alone or not rate or load is None:
        return None
    return 2 * alone / (1e6 * (2 - load / 100 - others) / rate)


def of_loops(results, scenarios, one, two):
    fields = (("messages/s", "per_s", 0), ("CPU µs a message", CPU, None),
              ("CPU % of the load", "client_cpu_pct", 0))
    rows = []
    for scenario in scenarios:
        values = [number(results.median(scenario, name, field), digits)
                  for _, field, digits in fields for name in (one, two)]
        rows.append([scenario, *values, number(speed_up(results, scenario, one, two), 2)])
    head = [f"{what}, {name}" for what, _, _ in fields for name in (one, two)]
    return table(["loops", *head, "speed-up"], rows)


def of_replay(results, servers):
    rows = []
    for server in servers:
        rows.append([server] + [number(results.median("replay", server, field), digits)
                                for field, digits in (("count", 0), ("lost", 0), ("per_s", 0),
                                                      ("server_cpu_us_per_msg", None))])
    return table(["replay of a backlog", "messages", "lost", "messages/s", "CPU µs a message"],
                 rows)


def of_subscriptions(results, servers, each):
    """What the same connections take with subscriptions, less what they take without."""
    field = "rss_per_conn_after_hold_bytes"
    rows = []
    for server in servers:
        without, with_them = (results.median(s, server, field)
                              for s in ("no subscriptions", "subscriptions"))
        known = without is not None and with_them is not None
        rows.append([server, number((with_them - without) / each if known else None, 0)])
    return table([f"idle subscriptions, {each} a connection", "RSS bytes each"], rows)


def of_churn(results, servers):
    rows = []
    for server in servers:
        rows.append([server, number(results.median("churn", server, "per_s"), 0),
                     with_ratio(results.median("churn", server, CPU),
                                least_cpu(results, "churn", server)),
                     number(results.median("churn", server, "handshake_p50_us"), 0),
                     number(results.median("churn", server, "handshake_p99_us"), 0),
                     number(results.total("churn", server, "failed"), 0)])
    return table(["churn", "cycles/s", "CPU µs a cycle (× bare epoll)", "ready after µs, p50",
                  "p99", "failed"], rows)


def of_idle(results, servers):
    rows = []
    for server in servers:
        rows.append([server] + [number(results.median("idle", server, field), digits)
                                for field, digits in (("ready", 0),
                                                      ("rss_per_conn_after_hold_bytes", 0),
                                                      ("server_cpu_us_per_handshake", 0),
                                                      ("server_cpu_hold_pct", 2))])
    return table(["idle", "connections", "RSS bytes each", "CPU µs to open one",
                  "CPU % while idle"], rows)


def widest_spread(results):
    spreads = [(results.spread(scenario, server, CPU), server, scenario)
               for scenario, server in results.measured()]
    return max(spreads, default=(0, "", ""))
