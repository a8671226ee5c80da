"""Killed at any moment: nothing that was acknowledged is lost, nothing comes twice unmarked."""

import os
import random

from crash_harness import CrashRun


def run(rounds, **more):
    """`MUSTER_CRASH_SEED` repeats a run's decisions."""
    seed = int(os.environ.get("MUSTER_CRASH_SEED") or random.randrange(10**9))
    crash = CrashRun(seed, rounds, **more)
    summary = crash.go()
    assert not crash.ledger.violations, f"seed {seed}, {summary}\n" + "\n".join(
        crash.ledger.violations)
    return summary


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again():
    summary = run(12)
    # It was no idle run.
    assert summary["acknowledged"] > 500
    assert summary["delivered"] >= 3 * summary["acknowledged"]


def test_one_crash_under_many_clients():
    summary = run(1, publishers=12, subscribers=8)
    assert summary["delivered"] >= 8 * summary["acknowledged"] > 0
