#!/usr/bin/env python3
"""Runs `weft bench heat --smoke --json` and checks what it prints.

usage: bench_heat_test.py WEFT
Exit code 1 with a message for everything that is wrong, also for a peer that
is not installed. That the results of weft and of MPI are equal, the benchmark
checks itself.
"""

import sys

from smoke import Figure, Smoke, Subject

MPI = ["mpich", "openmpi"]
SIZES = (256, 512, 1024, 2048, 4096)
# An eighth of the rows and few iterations, so nearly all is waiting.
UPDATES = Figure("M updates/s", "higher", 1e-5, 1e6, MPI)
FIGURES = {f"heat_{size}{depth}": UPDATES
           for size in SIZES for depth in ("", "_deep")}
RELATIONS = {f"deep_to_textbook_{size}": (f"heat_{size}_deep", f"heat_{size}",
                                          True) for size in SIZES}


def main():
    smoke = Smoke(Subject("heat", FIGURES, RELATIONS, MPI))
    smoke.expect_report(only=["heat_256", "heat_256_deep", "heat_512"])
    smoke.expect_report(runs=1, peers=False)
    smoke.expect_refused(["--only", "heat_128"], "did you mean")
    return smoke.end()


if __name__ == "__main__":
    sys.exit(main())
