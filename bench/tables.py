"""The results as markdown."""

import statistics

# From this share of a core on, what else runs on the machine spoils a measurement.
DISTURBED = 0.15


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


def of_cpu(results, scenarios, servers, what="a message (× bare epoll)"):
    field = "server_cpu_us_per_msg"
    rows = []
    for server in servers:
        rows.append([server] + [with_ratio(results.median(s, server, field),
                                           results.median(s, "epoll", field)) for s in scenarios])
    return table(["CPU µs " + what, *scenarios], rows)


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
    field = "server_cpu_us_per_msg"
    rows = []
    for server in servers:
        rows.append([server, number(results.median("churn", server, "per_s"), 0),
                     with_ratio(results.median("churn", server, field),
                                results.median("churn", "epoll", field)),
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
    field = "server_cpu_us_per_msg"
    spreads = [(results.spread(scenario, server, field), server, scenario)
               for scenario, server in results.measured()]
    return max(spreads, default=(0, "", ""))
