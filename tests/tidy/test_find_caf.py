"""FindCAF.cmake: which versions of CAF it takes, and what it says of others.
The headers are made up here; the libraries are the machine's."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

PROJECT = f"""
cmake_minimum_required(VERSION 3.25)
project(finding LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH "{ROOT}/runtime/cmake")
find_package(CAF 0.17.6 REQUIRED COMPONENTS core io)
message(STATUS "found ${{CAF_VERSION}}")
"""


class FindCaf(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weft-find-caf-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "CMakeLists.txt").write_text(PROJECT)
        self.headers = self.root / "include"
        (self.headers / "caf").mkdir(parents=True)
        (self.headers / "caf/all.hpp").touch()

    def configure(self, config_header):
        """(exit code, what CMake printed, as one line)"""
        (self.headers / "caf/config.hpp").write_text(config_header)
        done = subprocess.run(
            ["cmake", "-S", self.root, "-B", self.root / "build",
             f"-DCAF_INCLUDE_DIR={self.headers}"],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=60)
        return done.returncode, " ".join(done.stdout.split())

    def test_the_version_of_debian_is_taken(self):
        code, printed = self.configure("#pragma once\n"
                                       "#define CAF_VERSION 1706\n")
        self.assertEqual(code, 0, printed)
        self.assertIn("found 0.17.6", printed)

    def test_any_other_version_is_refused_with_what_was_found_where(self):
        for number, version in ((1705, "0.17.5"), (1707, "0.17.7"),
                                (1800, "0.18.0"), (1907, "0.19.7"),
                                (10100, "1.1.0")):
            with self.subTest(version):
                code, printed = self.configure(
                    f"#define CAF_VERSION {number}\n")
                self.assertNotEqual(code, 0, printed)
                self.assertIn(
                    "weft needs CAF 0.17.6 (Debian's libcaf-dev) and found "
                    f"{version} in {self.headers}. Set CAF_INCLUDE_DIR to "
                    "the right one.", printed)

    def test_a_header_without_a_version_is_refused(self):
        code, printed = self.configure("#pragma once\n")
        self.assertNotEqual(code, 0, printed)
        self.assertIn("and found a version that its caf/config.hpp does not "
                      f"tell in {self.headers}", printed)


if __name__ == "__main__":
    unittest.main()
