#!/usr/bin/env python3
"""Question: how fast is `weft heat` beside MPI written by hand?

Method: square grids, the same number of workers and of processes, the same
iterations, no threshold reached; weft and each MPI run in turn, the first round
is not counted. Both count cell updates without start-up and output. The run
fails when the last changes differ.
Unit: million cell updates a second; the ratio is weft by MPI, of medians.

    cmake --build --preset release --target weft_program \\
      bench_heat_mpi_mpich bench_heat_mpi_openmpi
    tests/bench/heat_versus_mpi.py --size 2048 --size 4096 --runs 5
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MPI = {"mpich": ["mpiexec.mpich"],
       "openmpi": ["mpiexec.openmpi", "--oversubscribe", "--allow-run-as-root"]}


def output_of(command):
    done = subprocess.run(list(map(str, command)), capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


class Comparison:
    """One size of grid, weft and the MPI that are built."""

    def __init__(self, options, size):
        self.options, self.size = options, size
        # About 1.5 s at 2.5 G updates a second.
        self.iterations = max(16, int(3.5e9 / size ** 2))
        self.build = pathlib.Path(options.build)
        self.peers = [name for name in MPI
                      if (self.build / "tests" / f"heat_mpi_{name}").exists()]

    def weft(self, depth):
        got = output_of([self.build / "weft", "heat", "--rows", self.size,
                         "--cols", self.size, "--threshold", 0, "--iterations",
                         self.iterations, "--workers", self.options.workers,
                         "--halo-depth", depth, "--json"])
        return got["mlups"], got["final_change"]

    def peer(self, name, depth):
        got = output_of(MPI[name] + ["-n", self.options.workers,
                                     self.build / "tests" / f"heat_mpi_{name}",
                                     self.size, self.size, self.iterations,
                                     depth, 1])
        return got["mlups"][-1], got["final_change"]

    def contestants(self):
        for depth in self.options.halo_depth:
            yield f"weft depth {depth}", lambda d=depth: self.weft(d)
        for name in self.peers:
            yield f"{name} depth 1", lambda n=name: self.peer(n, 1)

    def run(self):
        rates = {name: [] for name, _ in self.contestants()}
        changes = set()
        for turn in range(self.options.runs + 1):
            for name, measure in self.contestants():
                rate, change = measure()
                changes.add(change)
                if turn > 0:
                    rates[name].append(rate)
        if len(changes) != 1:
            sys.exit(f"the results differ: last changes {changes}")
        self.show(rates)

    def show(self, rates):
        print(f"{self.size}x{self.size}, {self.options.workers} workers, "
              f"{self.iterations} iterations, {self.options.runs} runs")
        for name, values in rates.items():
            middle = statistics.median(values)
            line = (f"  {name:16} median {middle:8.0f}  least "
                    f"{min(values):8.0f}  most {max(values):8.0f}")
            if name.startswith("weft"):
                for peer in self.peers:
                    ratio = middle / statistics.median(rates[f"{peer} depth 1"])
                    line += f"  {ratio:.2f} x {peer}"
            print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(
        description="weft heat beside MPI written by hand, in turn")
    parser.add_argument("--build", default=SOURCE / "build" / "release")
    parser.add_argument("--size", type=int, action="append",
                        help="rows and columns; may be given again")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--halo-depth", type=int, action="append",
                        help="of weft; may be given again")
    options = parser.parse_args()
    options.halo_depth = options.halo_depth or [1, 8]
    for size in options.size or [2048, 4096]:
        Comparison(options, size).run()


if __name__ == "__main__":
    main()
