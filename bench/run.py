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

import goals  # noqa: E402
import servers  # noqa: E402
import tables  # noqa: E402
from disturbed_bench import DisturbedBench  # noqa: E402
from echo_bench import EchoBench, IdleBench  # noqa: E402
from invoke_bench import InvokeBench  # noqa: E402
from load import Beside  # noqa: E402
from loops_bench import LoopsBench  # noqa: E402
from machine import (busy_seconds, children_seconds, load_average, process_seconds,  # noqa: E402
                     processor)
from peers import say  # noqa: E402
from pubsub_bench import PubsubBench  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PARTS = {"echo": EchoBench, "idle": IdleBench, "pubsub": PubsubBench, "invoke": InvokeBench,
         "loops": LoopsBench, "disturbed": DisturbedBench}
NAMES = ["muster", "nats", "mosquitto", "ws", "socketio"]


class Bench:
    """One run: which servers, how long, how often."""

    def __init__(self, options):
        self.build = options.build.resolve()
        self.wsload = self.build / "bin/wsload"
        self.quick = options.quick
        self.rounds = options.rounds or (2 if options.quick else 5)
        self.seconds, self.warmup = (0.8, 0.2) if options.quick else (2.5, 0.5)
        self.seconds = options.seconds or self.seconds
        self.budget = 30 if options.quick else 660
        self.most_connections = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 1000
        self.results = tables.Results()
        self.servers = servers.all_servers(self.build, set(options.only))
        self.muster = next((s for s in self.servers if s.name == "muster"), None)
        self.parts = [PARTS[name](self) for name in PARTS if name in options.parts]
        self.load_before = load_average()
        self.cores = os.sched_getaffinity(0)

    def cores_of(self, server):
        """Those of the server, and those of its load."""
        if server.shared:
            shared = set(sorted(self.cores)[:server.shared])
            return shared, shared
        return {min(self.cores)}, {max(self.cores)}

    def start(self, server, folder):
        server.start(folder, self.cores_of(server)[0])

    def beside(self, server, mode, *arguments):
        """A load that goes on while others are measured."""
        return Beside([self.wsload, mode, "--url", server.url, "--warmup", 0.1, "--duration", 1e6,
                       *arguments], self.cores_of(server)[1])

    def measure(self, server, scenario, mode, arguments, seconds, beside=()):
        """One run of the generator; a result without numbers when it fails. It says which share of
        a core anything else has taken meanwhile on the cores that are used."""
        command = [self.wsload, mode, "--url", server.url, "--preset", server.preset,
                   "--pid", server.pid, "--duration", seconds, "--warmup", self.warmup,
                   "--connect-timeout", 60, *arguments]
        ours = [server.pid, *(each.pid for each in beside)]
        cores, load_cores = self.cores_of(server)

        def own_seconds():
            return sum(map(process_seconds, ours)) + children_seconds()

        def all_seconds():
            return busy_seconds(cores | load_cores)

        began, busy, own = time.monotonic(), all_seconds(), own_seconds()
        result = self._load(command, f"{server.name}, {scenario}", seconds, load_cores)
        own = own_seconds() - own
        result["others"] = max(0, all_seconds() - busy - own) / (time.monotonic() - began)
        self.results.add(scenario, server.name, result)
        return result

    @staticmethod
    def _load(command, name, seconds, cores):
        try:
            done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                                  timeout=seconds + 90,
                                  preexec_fn=lambda: os.sched_setaffinity(0, cores))
            if done.stderr:
                say(f"{name}: {done.stderr.strip()}")
            return json.loads(done.stdout)
        except (ValueError, subprocess.TimeoutExpired) as error:
            say(f"{name}: {error}")
            return {}

    def has_enough(self, server, scenarios):
        return all(self.results.calm_rounds(each, server.name) >= self.rounds
                   for each in scenarios)

    def pass_over(self, running, traffic):
        """Measures what has not been measured often enough in peace; false when all has."""
        missing = False
        for scenario, (mode, arguments) in traffic.items():
            for server in running:
                if self.has_enough(server, [scenario]):
                    continue
                own = server.arguments(arguments, self.results, scenario)
                if own is not None:
                    missing = True
                    self.measure(server, scenario, mode, own, self.seconds)
        return missing

    def turns(self):
        """As many as there are rounds; more while there is time, for those who want them."""
        end = time.monotonic() + self.budget
        for turn in range(10 * self.rounds):
            if turn >= self.rounds and time.monotonic() > end:
                return
            say(f"pass {turn + 1}, load {load_average()}")
            yield turn

    def run_passes(self, folder, all_servers, traffic, prepare=lambda server: None):
        """All scenarios with all servers in turn, again and again."""
        running = []
        try:
            for server in all_servers:
                self.start(server, folder / server.name)
                running.append(server)
                prepare(server)
            for _ in self.turns():
                if not self.pass_over(running, traffic):
                    break
        finally:
            for server in running:
                server.stop()

    def run(self, folder):
        for part in self.parts:
            part.run(folder)

    def print(self, took):
        print(f"{time.strftime('%Y-%m-%d %H:%M %Z')}; {processor()}, {os.cpu_count()} cores, "
              f"Linux {platform.release()}; load {self.load_before} before, {load_average()} "
              f"after; median of {self.rounds} rounds of {self.seconds} s; {took:.0f} s in all\n")
        for server in self.servers:
            print(f"- {server.name}: {server.version}")
        for part in self.parts:
            for text in part.texts():
                print("\n" + text)
        if self.muster:
            print("\n" + goals.text(self.results))
        spread, server, scenario = tables.widest_spread(self.results)
        print(f"\nOthers took more than {tables.DISTURBED:.0%} of a core in "
              f"{self.results.disturbed()} of {self.results.count()} measurements, which count only "
              "where there is nothing better.")
        print(f"The rounds differ most for {server}, {scenario}: its slowest and its fastest are "
              f"{spread:.0%} of the median apart.")


def parse():
    reader = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="some minutes, rough numbers")
    reader.add_argument("--only", type=lambda text: text.split(","), default=NAMES,
                        metavar="NAME,...", help="some of " + ", ".join(NAMES))
    reader.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS),
                        metavar="PART,...", help="some of " + ", ".join(PARTS))
    reader.add_argument("--seconds", type=float, metavar="S", help="how long each measurement takes")
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
    if len(bench.cores) == 1:
        say("only one core: server and generator share it")
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        bench.run(Path(folder))
    bench.print(time.monotonic() - began)
    if options.json:
        options.json.write_text(json.dumps(bench.results.raw(), indent=1) + "\n")


if __name__ == "__main__":
    main()
