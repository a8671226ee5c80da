#!/usr/bin/env python3
"""Kills a server again and again while clients publish and subscribe, and checks that nothing that
was acknowledged is lost. `MUSTER_BINARY` names the server; build/dev/bin/muster otherwise."""

import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/wire"))

from crash_harness import CrashRun  # noqa: E402


def say(text):
    print(text, file=sys.stderr, flush=True)


def parse():
    reader = argparse.ArgumentParser(prog="bench/crash.py", description=__doc__)
    reader.add_argument("--rounds", type=int, default=200, metavar="N",
                        help="how often it is killed (200)")
    reader.add_argument("--seed", type=int, default=None, metavar="N",
                        help="repeats the decisions of a run that said this number")
    reader.add_argument("--longest", type=float, default=2.5, metavar="SECONDS",
                        help="the longest that a server lives (2.5)")
    reader.add_argument("--publishers", type=int, default=4, metavar="N")
    reader.add_argument("--subscribers", type=int, default=3, metavar="N")
    return reader.parse_args()


def main():
    options = parse()
    seed = random.randrange(10**9) if options.seed is None else options.seed
    say(f"seed {seed}")
    run = CrashRun(seed, options.rounds, options.publishers, options.subscribers,
                   options.longest, say)
    began = time.monotonic()
    summary = run.go()
    for violation in run.ledger.violations:
        say(violation)
    print(json.dumps({"seed": seed, "rounds": options.rounds,
                      "seconds": round(time.monotonic() - began, 1), **summary}))
    return 1 if run.ledger.violations else 0


if __name__ == "__main__":
    sys.exit(main())
