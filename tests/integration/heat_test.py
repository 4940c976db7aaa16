"""Heat diffusion: one process and four, every partition, files, recovery."""

import ast
import functools
import hashlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import unittest

from support import SOURCE, WEFT, ClusterTest, wait_until

HEAT = SOURCE / "config" / "examples" / "heat.yaml"


@functools.lru_cache
def plain_loop(rows, cols, threshold, iterations):
    """(iterations, last change, values) by the definition, in Python."""
    def ring(row, col):
        if col in (0, cols - 1):
            return 0.0
        return 100.0 if row == 0 else 0.0
    old = [[ring(r, c) for c in range(cols)] for r in range(rows)]
    for count in range(1, iterations + 1):
        new = [line[:] for line in old]
        change = 0.0
        for r in range(1, rows - 1):
            up, here, down, into = old[r - 1], old[r], old[r + 1], new[r]
            for c in range(1, cols - 1):
                value = (((up[c] + down[c]) + here[c - 1]) + here[c + 1]) / 4
                change = max(change, abs(value - here[c]))
                into[c] = value
        old = new
        if change < threshold:
            break
    return count, change, [value for line in old for value in line]


def checksum(values):
    return hashlib.sha256(struct.pack(f"<{len(values)}d", *values)).hexdigest()


def read_npy(path):
    """Shape and values, by NumPy's description of its format."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00", data[:8]
    length = struct.unpack("<H", data[8:10])[0]
    assert (10 + length) % 64 == 0 and data[9 + length:10 + length] == b"\n"
    header = ast.literal_eval(data[10:10 + length].decode("latin1"))
    assert header["descr"] == "<f8" and not header["fortran_order"], header
    count = header["shape"][0] * header["shape"][1]
    return header["shape"], list(struct.unpack(f"<{count}d",
                                               data[10 + length:]))


class OneProcess(ClusterTest):

    def heat(self, *arguments, **options):
        return self.weft_json("heat", *arguments, **options)

    def test_the_known_run(self):
        got = self.heat("--rows", 20, "--cols", 20, "--regions", "2x2",
                        "--threshold", 0.01, "--probe", "10,10")
        self.assertEqual(got["iterations"], 293)
        self.assertEqual(got["final_change"], 0.0099181336867317782)
        self.assertEqual(got["probes"], [{"row": 10, "col": 10,
                                          "value": 22.095934419109998}])
        self.assertEqual(got["checksum"],
                         checksum(plain_loop(20, 20, 0.01, 10**6)[2]))
        self.assertEqual(
            (got["rows"], got["cols"], got["regions"], got["threshold"],
             got["nodes"], got["converged"]),
            (20, 20, "2x2", 0.01, 1, True))
        self.assertEqual([each["region"] for each in got["per_region"]],
                         [0, 1, 2, 3])
        for each in got["per_region"]:
            self.assertEqual(set(each), {"region", "node", "compute_seconds",
                                         "coordinate_seconds", "ratio"})
            self.assertGreater(each["compute_seconds"], 0)
            self.assertGreater(each["coordinate_seconds"], 0)

    def test_every_partition_and_halo_depth_gives_the_same_array(self):
        expected = checksum(plain_loop(20, 20, 0.01, 10**6)[2])
        for regions in ("1x1", "2x2", "3x5", "18x18"):
            for depth in (1, 2, 7):
                got = self.heat("--rows", 20, "--cols", 20, "--regions",
                                regions, "--halo-depth", depth)
                self.assertEqual((got["iterations"], got["checksum"]),
                                 (293, expected), (regions, depth))

    def test_any_grid_and_boundary(self):
        got = self.heat("--rows", 17, "--cols", 30, "--regions", "4x3",
                        "--halo-depth", 3, "--threshold", 0.5)
        count, change, values = plain_loop(17, 30, 0.5, 10**6)
        self.assertEqual((got["iterations"], got["final_change"],
                          got["checksum"]), (count, change, checksum(values)))
        warm = self.heat("--rows", 5, "--cols", 5, "--boundary", "7,7,7,7",
                         "--threshold", 1e-9, "--probe", "2,2")
        self.assertAlmostEqual(warm["probes"][0]["value"], 7, places=6)

    def test_reaching_the_iterations_is_no_failure(self):
        got = self.heat("--rows", 12, "--cols", 12, "--threshold", 0,
                        "--iterations", 10, "--halo-depth", 4)
        count, change, values = plain_loop(12, 12, 0, 10)
        self.assertEqual((got["iterations"], got["converged"]), (count, False))
        self.assertEqual((got["final_change"], got["checksum"]),
                         (change, checksum(values)))

    def test_a_halo_deeper_than_the_regions_is_clamped_and_reported(self):
        got = self.heat("--rows", 20, "--cols", 20, "--regions", "2x2",
                        "--halo-depth", 50)
        self.assertEqual(got["halo_depth"], 9)
        self.assertTrue(any("50" in text for text in got["warnings"]))

    def test_files(self):
        expected = plain_loop(11, 9, 0.01, 10**6)[2]
        for name in ("a.npy", "a.csv", "a.png"):
            self.heat("--rows", 11, "--cols", 9, "--output",
                      self.folder / name)
        self.assertEqual(read_npy(self.folder / "a.npy"), ((11, 9), expected))
        lines = (self.folder / "a.csv").read_text().splitlines()
        self.assertEqual([float(value) for line in lines
                          for value in line.split(",")], expected)
        self.assertEqual((self.folder / "a.png").read_bytes()[:8],
                         b"\x89PNG\r\n\x1a\n")

    def test_text_says_what_happened(self):
        done = self.weft("heat", "--rows", 20, "--cols", 20, "--probe", "10,10")
        self.assertIn("converged in iteration 293", done.stdout)
        self.assertIn("22.095934419109998", done.stdout)
        self.assertIn("below the target of 100", done.stderr)
        self.assertNotIn("\x1b", done.stdout)

    def test_wrong_flags_are_told(self):
        for arguments, text in (
                (["--rows", "2"], "at least 3x3"),
                (["--rows", "many"], "--rows"),
                (["--regions", "2by2"], "such as 2x3"),
                (["--rows", "10", "--regions", "9x1"], "1x1 to 8x98"),
                (["--threshold", "-1"], "at least 0"),
                (["--threshold", "nan"], "at least 0"),
                (["--iterations", "0"], "at least 1"),
                (["--halo-depth", "0"], "halo depth"),
                (["--workers", "0"], "--workers"),
                (["--boundary", "1,2,3"], "top,bottom,left,right"),
                (["--probe", "100,0"], "0,0 to 99,99"),
                (["--output", "a.txt"], ".npy, .csv or .png"),
                (["--scaling", "sideways"], "--scaling"),
                (["--scaling", "weak", "--regions", "2x2"], "excludes"),
                (["--scaling", "weak", "--probe", "1,1"], "excludes"),
                (["--granularity-table", "--rows", "50"], "excludes"),
                (["--granularity-table", "--output", "a.npy"], "excludes"),
                (["--collumns", "7"], "--collumns")):
            done = self.weft("heat", *arguments, check=2)
            self.assertIn(text, done.stderr, arguments)

    def test_a_file_that_cannot_be_written_fails_the_work(self):
        done = self.weft("heat", "--output", "/nowhere/a.npy", check=1)
        self.assertIn("/nowhere/a.npy", done.stderr)

    def test_a_grid_above_the_memory_is_refused(self):
        done = self.weft("heat", "--rows", 10**6, "--cols", 10**6, check=1)
        self.assertIn("GiB", done.stderr)

    def test_the_tables(self):
        table = self.heat("--granularity-table")["table"]
        self.assertEqual([row["actors"] for row in table],
                         [1, 4, 16, 25, 100, 400])
        strong = self.heat("--scaling", "strong", "--iterations", 20,
                           "--workers", 2)
        self.assertEqual([row["workers"] for row in strong["table"]], [1, 2])
        weak = self.heat("--scaling", "weak", "--iterations", 20, "--workers",
                         2)
        self.assertEqual([row["rows"] for row in weak["table"]], [100, 198])

    def test_granularity_is_found_by_measuring(self):
        got = self.heat("--auto-granularity", "--granularity-target", 0.1,
                        "--iterations", 50, "--threshold", 0)
        found = got["auto_granularity"]
        reached = {each["side"]: each["ratio"] >= 0.1
                   for each in found["samples"]}
        self.assertTrue(reached[found["side"]], found)
        self.assertFalse(any(good for side, good in reached.items()
                             if side < found["side"]), found)
        self.assertEqual(got["iterations"], 50)


class FourNodes(ClusterTest):

    def progress_so_far(self):
        """The job's, or 0 while nobody can be asked for it."""
        try:
            return self.job_progress()
        except (OSError, StopIteration, KeyError):
            return 0

    def test_four_processes_give_the_same_array_and_compare(self):
        got = self.weft_json("run", HEAT)["result"]
        self.assertEqual(got["iterations"], 293)
        self.assertEqual(got["checksum"],
                         checksum(plain_loop(20, 20, 0.01, 10**6)[2]))
        self.assertEqual(got["nodes"], 4)
        self.assertEqual([each["node"] for each in got["per_region"]],
                         ["n1", "n2", "n3", "n4"])
        self.assertTrue(got["comparison"]["same_checksum"])
        self.assertEqual(got["recoveries"], 0)

    def test_every_partition_and_halo_depth_gives_the_same_array(self):
        expected = checksum(plain_loop(20, 20, 0.01, 10**6)[2])
        for regions, depth in (("1x1", 1), ("2x2", 7), ("3x5", 2),
                               ("18x18", 1)):
            got = self.weft_json(
                "run", HEAT, "--set", f"jobs.heat.args.regions={regions}",
                "--set", f"jobs.heat.args.halo_depth={depth}",
                "--set", "jobs.heat.args.compare=false")["result"]
            with self.subTest(regions=regions, depth=depth):
                self.assertEqual((got["regions"], got["halo_depth"]),
                                 (regions, depth))
                self.assertEqual((got["iterations"], got["checksum"]),
                                 (293, expected))

    def test_wrong_arguments_of_the_job_are_told(self):
        for setting, text in (("regions=19x1", "regions 19x1"),
                              ("boundary=warm", "boundary"),
                              ("space=hot", "hot")):
            done = self.weft("run", HEAT, "--set", f"jobs.heat.args.{setting}",
                             check=None)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(text, done.stderr)

    def test_a_node_killed_in_mid_run_changes_nothing(self):
        iterations = 6000
        arguments = {"rows": 60, "cols": 60, "threshold": 0,
                     "iterations": iterations, "checkpoint": 200,
                     "compare": "true"}
        run = subprocess.Popen(
            [str(WEFT), "run", str(HEAT), "--json",
             *(word for key, value in arguments.items()
               for word in ("--set", f"jobs.heat.args.{key}={value}"))],
            env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.kill)
        wait_until(lambda: self.progress_so_far() > 200,
                   "the run is under way")
        os.kill(self.nodes(HEAT)["n3"]["pid"], signal.SIGKILL)
        out, err = run.communicate(timeout=100)
        self.assertEqual(run.returncode, 0, err)
        got = json.loads(out)["result"]
        self.assertEqual(got["iterations"], iterations)
        self.assertGreaterEqual(got["recoveries"], 1)
        self.assertGreater(got["rolled_back_to"], 0)
        self.assertTrue(got["comparison"]["same_checksum"])


if __name__ == "__main__":
    unittest.main()
