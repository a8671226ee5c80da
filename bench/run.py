#!/usr/bin/env python3
"""Loads Muster and other servers with the same messages, one after the other, and prints what a
message costs each of them. `./dev bench` builds what it needs and starts it."""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

import servers  # noqa: E402
import tables  # noqa: E402
from peers import say  # noqa: E402
from pubsub_bench import PubsubBench  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PARTS = ["echo", "idle", "pubsub"]
NAMES = ["muster", "nats", "mosquitto", "ws", "socketio"]
ECHOES = {
    "64 B, 1 in flight": ["--size", "64", "--pipeline", "1"],
    "64 B, 16 in flight": ["--size", "64", "--pipeline", "16"],
    "64 B, 64 clients, 1 each": ["--size", "64", "--conns", "64"],
    "1 KiB, 1 in flight": ["--size", "1024", "--pipeline", "1"],
    "1 KiB, 16 in flight": ["--size", "1024", "--pipeline", "16"],
}

TRAFFIC = {name: ("echo", arguments) for name, arguments in ECHOES.items()}
TRAFFIC["churn"] = ("churn", ["--conns", "8"])


def load_average():
    return Path("/proc/loadavg").read_text().split()[0]


def busy_seconds():
    """CPU time that all processes together have used so far."""
    fields = [int(text) for text in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _wait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def process_seconds(pid):
    """CPU time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


class Bench:
    """One run: which servers, how long, how often."""

    def __init__(self, options):
        self.build = options.build.resolve()
        self.quick = options.quick
        self.rounds = options.rounds or (3 if options.quick else 5)
        self.seconds, self.warmup = (1, 0.3) if options.quick else (2.5, 0.5)
        self.budget = 120 if options.quick else 660
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 1000
        self.idle = min(5000 if options.quick else 19000, most)
        self.results = tables.Results()
        self.servers = servers.all_servers(self.build, set(options.only))
        self.parts = options.parts
        self.pubsub = PubsubBench(self)
        self.load_before = load_average()
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.generator_core = cores[0], cores[-1]

    def measure(self, server, scenario, mode, arguments, seconds):
        """One run of the generator; a result without numbers when it fails. It says which share of
        a core anything else on the machine has taken meanwhile."""
        command = [self.build / "bin/wsload", mode, "--url", f"ws://127.0.0.1:{server.port}",
                   "--preset", server.preset, "--pid", server.pid, "--duration", seconds,
                   "--warmup", self.warmup, "--connect-timeout", 60, *arguments]
        began, busy = time.monotonic(), busy_seconds()
        own = process_seconds(server.pid) + os.times().children_user + os.times().children_system
        try:
            done = subprocess.run(
                [str(part) for part in command], capture_output=True, text=True,
                timeout=seconds + 90,
                preexec_fn=lambda: os.sched_setaffinity(0, {self.generator_core}))
            result = json.loads(done.stdout)
            if done.stderr:
                say(f"{server.name}, {scenario}: {done.stderr.strip()}")
        except (ValueError, subprocess.TimeoutExpired) as error:
            say(f"{server.name}, {scenario}: {error}")
            result = {}
        own = (process_seconds(server.pid) + os.times().children_user
               + os.times().children_system - own)
        result["others"] = max(0, busy_seconds() - busy - own) / (time.monotonic() - began)
        self.results.add(scenario, server.name, result)

    def pass_over(self, running, traffic):
        """Measures what has not been measured often enough in peace; false when all has."""
        missing = False
        for scenario, (mode, arguments) in traffic.items():
            for server in running:
                if self.results.calm_rounds(scenario, server.name) < self.rounds:
                    missing = True
                    self.measure(server, scenario, mode, arguments, self.seconds)
        return missing

    def run_passes(self, folder, all_servers, traffic, prepare=lambda server: None):
        """All scenarios with all servers in turn, again and again."""
        running = []
        end = time.monotonic() + self.budget
        try:
            for server in all_servers:
                server.start(folder / server.name, self.server_core)
                running.append(server)
                prepare(server)
            for turn in range(10 * self.rounds):
                if turn >= self.rounds and time.monotonic() > end:
                    break
                say(f"pass {turn + 1}, load {load_average()}")
                if not self.pass_over(running, traffic):
                    break
        finally:
            for server in running:
                server.stop()

    def run_idle(self, folder):
        """Each server is started afresh: its memory tells nothing after other work."""
        for server in self.servers:
            say(f"{self.idle} idle sessions: {server.name}")
            try:
                server.start(folder / f"{server.name}-idle", self.server_core)
                self.measure(server, "idle", "idle", ["--conns", self.idle],
                             2 if self.quick else 5)
            finally:
                server.stop()

    def run(self, folder):
        if "echo" in self.parts:
            self.run_passes(folder, self.servers, TRAFFIC)
        if "idle" in self.parts:
            self.run_idle(folder)
        if "pubsub" in self.parts:
            self.pubsub.run(folder)

    def texts(self):
        """The tables of what was measured."""
        names = [server.name for server in self.servers]
        if "echo" in self.parts:
            yield tables.of_cpu(self.results, ECHOES, names)
            yield tables.of_rate(self.results, ECHOES, names)
            yield tables.of_latency(self.results, ECHOES, names)
            yield tables.of_churn(self.results, names)
        if "idle" in self.parts:
            yield tables.of_idle(self.results, names)
        if "pubsub" in self.parts:
            yield from self.pubsub.texts()

    def print(self, took):
        print(f"{time.strftime('%Y-%m-%d %H:%M %Z')}; {processor()}, {os.cpu_count()} cores, "
              f"Linux {platform.release()}; load {self.load_before} before, {load_average()} "
              f"after; median of {self.rounds} rounds of {self.seconds} s; {took:.0f} s in all\n")
        for server in self.servers:
            print(f"- {server.name}: {server.version}")
        for text in self.texts():
            print("\n" + text)
        spread, server, scenario = tables.widest_spread(self.results)
        print(f"\nOthers took more than {tables.DISTURBED:.0%} of a core in "
              f"{self.results.disturbed()} of {self.results.count()} measurements, which count only "
              "where there is nothing better.")
        print(f"The rounds differ most for {server}, {scenario}: its slowest and its fastest are "
              f"{spread:.0%} of the median apart.")


def parse():
    reader = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="about three minutes, rough numbers")
    reader.add_argument("--only", type=lambda text: text.split(","), default=NAMES,
                        metavar="NAME,...", help="some of " + ", ".join(NAMES))
    reader.add_argument("--parts", type=lambda text: text.split(","), default=PARTS,
                        metavar="PART,...", help="some of " + ", ".join(PARTS))
    reader.add_argument("--rounds", type=int, metavar="N", help="how often everything is measured")
    reader.add_argument("--build", type=Path, default=ROOT / "build/bench", metavar="FOLDER",
                        help="where it is built (build/bench)")
    reader.add_argument("--json", type=Path, metavar="FILE", help="write all single results there")
    options = reader.parse_args()
    if unknown := set(options.only) - set(NAMES):
        reader.error("no such server: " + ", ".join(sorted(unknown)))
    if unknown := set(options.parts) - set(PARTS):
        reader.error("no such part: " + ", ".join(sorted(unknown)))
    return options


def main():
    options = parse()
    began = time.monotonic()
    bench = Bench(options)
    if bench.server_core == bench.generator_core:
        say("only one core: server and generator share it")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        bench.run(Path(folder))
    bench.print(time.monotonic() - began)
    if options.json:
        options.json.write_text(json.dumps(bench.results.raw(), indent=1) + "\n")


if __name__ == "__main__":
    main()
