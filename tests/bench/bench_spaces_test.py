#!/usr/bin/env python3
"""Runs `weft bench spaces --smoke --json` and checks what it prints.

usage: bench_spaces_test.py WEFT
Exit code 1 with a message for everything that is wrong, also for a peer that
is not installed, or a weft without Redis's client library.
"""

import sys

from smoke import Figure, Smoke, Subject

CORE = Figure("operations/s", "higher", 1e3, 1e9)
LOCAL_RATE = Figure("operations/s", "higher", 1e2, 1e9)
LOCAL_TIME = Figure("us", "lower", 0.05, 1e6)
RATE = Figure("operations/s", "higher", 1e2, 1e9, ["redis"])
TIME = Figure("us", "lower", 1, 1e6, ["redis"])
FIGURES = {
    "core_1k": CORE,
    "core_100k": CORE,
    "core_1m": CORE,
    "core_10m": CORE,
    "core_waiters": CORE,
    "core_shapes": CORE,
    "core_hand_off": CORE,
    "write": LOCAL_TIME,
    "take": LOCAL_TIME,
    "batched": LOCAL_RATE,
    "pipelined": LOCAL_RATE,
    "write_nodes": TIME,
    "take_nodes": TIME,
    "batched_nodes": RATE,
    "pipelined_nodes": RATE,
    "hand_off": LOCAL_TIME,
    "hand_off_nodes": TIME,
}
RELATIONS = {
    "cost_10m_tuples": ("core_1k", "core_10m", False),
    "cost_100k_waiters": ("core_100k", "core_waiters", False),
}


def main():
    smoke = Smoke(Subject("spaces", FIGURES, RELATIONS, ["redis"]))
    smoke.expect_report()
    smoke.expect_report(runs=1, peers=False,
                        only=["core_1k", "core_10m", "pipelined_nodes"])
    smoke.expect_refused(["--only", "core_1m", "--only", "core_1mm"],
                         "did you mean core_1m?")
    return smoke.end()


if __name__ == "__main__":
    sys.exit(main())
