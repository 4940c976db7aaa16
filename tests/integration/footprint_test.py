"""How soon a cluster is ready on two cores, and what a node needs while nobody
asks anything of it. Runs alone; what was measured is in every message."""

import os
import pathlib
import time
import unittest

from support import ClusterTest, nodes_yaml

READY_SECONDS_MAX = {4: 2, 16: 8}
# Code that is not optimised is twice as large; CMake says so.
RESIDENT_MB_MAX = int(os.environ.get("WEFT_RESIDENT_MB_MAX", 30))
CORE_PERCENT_MAX = 1
SETTLING_SECONDS = 2
IDLE_SECONDS = 5


def resident_mb(pid):
    """Megabytes of a process that are in memory, its libraries included."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError(f"/proc/{pid}/status has no VmRSS")


def processor_seconds(pid):
    """What all threads of a process have used so far."""
    return sum(int((task / "schedstat").read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def listed(values, unit):
    return ", ".join(f"{name} {value:.2f} {unit}"
                     for name, value in sorted(values.items()))


class Footprint(ClusterTest):

    def setUp(self):
        super().setUp()
        # Inherited by what the test starts.
        everywhere = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, everywhere)
        os.sched_setaffinity(0, sorted(everywhere)[:2])

    def start(self, count):
        """The cluster's file, and how long it took to be ready."""
        file = self.file("cluster: idle\n" + nodes_yaml(count))
        begun = time.monotonic()
        self.up(file)
        return file, time.monotonic() - begun

    def check_start(self, count):
        _, seconds = self.start(count)
        print(f"{count} nodes were ready after {seconds:.2f} s")
        self.assertLess(seconds, READY_SECONDS_MAX[count],
                        f"{count} nodes were ready after {seconds:.2f} s, "
                        f"load average {os.getloadavg()[0]:.1f}")

    def test_four_nodes_are_ready_within_two_seconds(self):
        self.check_start(4)

    def test_sixteen_nodes_are_ready_within_eight_seconds(self):
        self.check_start(16)

    def test_an_idle_node_is_small_and_asleep(self):
        file, _ = self.start(4)
        pids = {name: node["pid"] for name, node in self.nodes(file).items()}
        self.assertEqual(len(pids), 4)
        time.sleep(SETTLING_SECONDS)
        before = {name: processor_seconds(pid) for name, pid in pids.items()}
        begun = time.monotonic()
        time.sleep(IDLE_SECONDS)
        used = {name: processor_seconds(pid) - before[name]
                for name, pid in pids.items()}
        passed = time.monotonic() - begun
        percent = {name: 100 * value / passed for name, value in used.items()}
        memory = {name: resident_mb(pid) for name, pid in pids.items()}
        measured = (f"{listed(percent, '% of a core')}; "
                    f"{listed(memory, 'MB resident')}")
        print(measured)
        self.assertLess(max(percent.values()), CORE_PERCENT_MAX, measured)
        self.assertLess(max(memory.values()), RESIDENT_MB_MAX, measured)


if __name__ == "__main__":
    unittest.main()
