#!/usr/bin/env python3
"""Runs `weft bench actors --smoke --json` and checks what it prints.

usage: bench_actors_test.py WEFT
Exit code 1 with a message for everything that is wrong, also for a peer that
is not installed.
"""

import sys

from smoke import Figure, Smoke, Subject

ERLANG = ["erlang"]
FIGURES = {
    "one_way": Figure("messages/s", "higher", 1e3, 1e9, ERLANG),
    "ping_pong": Figure("us", "lower", 0.05, 1e5, ERLANG),
    "ping_pong_nodes": Figure("us", "lower", 2, 1e6, ERLANG),
    "ping_pong_nodes_tls": Figure("us", "lower", 2, 1e6),
    "spawn": Figure("actors/s", "higher", 1e2, 1e8, ERLANG),
    "spawn_bytes": Figure("bytes", "lower", 100, 1e5, ERLANG),
    "restart": Figure("us", "lower", 0.5, 1e6, ERLANG),
    "restart_p99": Figure("us", "lower", 0.5, 1e7, ERLANG),
}


def main():
    smoke = Smoke(Subject("actors", FIGURES, {}, ERLANG))
    smoke.expect_report()
    smoke.expect_report(peers=False)
    smoke.expect_refused(["--runs", "0"], "--runs")
    smoke.expect_refused(["--only", "ping_pog"], "did you mean ping_pong?")
    return smoke.end()


if __name__ == "__main__":
    sys.exit(main())
