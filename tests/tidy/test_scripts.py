"""The scripts that install, build and test: what they do and say when the
machine is not as it should be. apt, CMake and CTest are stand-ins here."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ("runtime/cmake/packages.sh", "runtime/cmake/steps.sh",
           "apps/run.sh", "tests/run.sh", ".ci/run")
# What the scripts call besides apt, dpkg, CMake, CTest and Ninja.
TOOLS = ("awk", "bash", "cat", "date", "dirname", "env", "grep", "mkdir", "nproc",
         "rm", "sed", "tail", "tee")

CTEST = """
for argument in "$@"; do
  [[ $argument == --show-only ]] && shown=true
  [[ ${previous:-} == --output-junit ]] && report=$argument
  [[ ${previous:-} == --label-regex ]] && label=$argument
  previous=$argument
done
if [[ -n ${shown:-} ]]; then
  [[ $label == "^${NONE:-}\\$" ]] && echo "Total Tests: 0" || echo "Total Tests: 1"
  exit 0
fi
[[ -n ${report:-} ]] || exit 0
echo "ran $label"
{
  for name in tidy unit contract simulation integration fault fuzz bench tsan
  do
    [[ ! $name =~ $label ]] ||
      printf '<testcase name="%s.a" time="1.5" status="run">\n' "$name"
  done
  [[ ! unit =~ $label ]] || printf '<testcase name="unit.b" %s>\n' "$UNIT"
} >"$report"
"""


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="weft-scripts-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "tree"
        self.bin = pathlib.Path(folder.name) / "bin"
        self.bin.mkdir()
        for script in SCRIPTS:
            (self.root / script).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / script, self.root / script)
        for tool in TOOLS:
            os.symlink(shutil.which(tool), self.bin / tool)
        self.calls = self.root / "calls"
        self.calls.touch()
        self.stand_in("id", "echo 0")
        self.stand_in("dpkg-query", self.installed())
        for name in ("apt-get", "sudo", "cmake", "ninja"):
            self.stand_in(name)
        self.stand_in("ctest", CTEST)

    def stand_in(self, name, body="", code=0):
        """A program that records how it was called."""
        target = self.bin / name
        target.unlink(missing_ok=True)
        target.write_text(f'#!{shutil.which("bash")}\n'
                          f'echo "{name} $*" >>"{self.calls}"\n'
                          f"{body}\nexit {code}\n")
        target.chmod(0o755)

    def installed(self, but=()):
        listed = subprocess.run(
            [ROOT / SCRIPTS[0], "--list", "build", "test"],
            capture_output=True, text=True, check=True).stdout.split()
        return "\n".join(f"echo 'installed {name}'" for name in listed
                         if name not in but)

    def run_script(self, script, *arguments, **environment):
        """(exit code, everything it printed)"""
        done = subprocess.run(
            [self.root / script, *arguments], cwd="/", text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=60,
            env={"PATH": str(self.bin), **environment})
        return done.returncode, done.stdout

    def expect(self, code, *parts, of):
        self.assertEqual(of[0], code, of[1])
        for part in parts:
            self.assertIn(part, of[1])


class Packages(Scripts):
    def packages(self, *arguments):
        return self.run_script("runtime/cmake/packages.sh", *arguments)

    def test_when_all_is_there_apt_is_not_called(self):
        self.expect(0, "packages are installed", of=self.packages("build"))
        self.assertNotIn("apt-get", self.calls.read_text())

    def test_only_what_is_missing_is_installed(self):
        self.stand_in("dpkg-query", self.installed(["mold", "openssl"]) +
                      "\necho 'config-files mold'", code=1)
        self.expect(0, "installing 2 packages: mold openssl",
                    of=self.packages("build", "test"))
        calls = self.calls.read_text()
        self.assertRegex(calls, r"apt-get .* update\n")
        self.assertRegex(calls, r"install .*recommends mold openssl\n")

    def test_a_user_without_rights_is_told_what_root_should_run(self):
        self.stand_in("id", "echo 1000")
        self.stand_in("sudo", code=1)
        self.stand_in("dpkg-query", self.installed(["mold"]))
        self.expect(1, "needs root", "apt-get install "
                    "--no-install-recommends mold", of=self.packages("build"))
        (self.bin / "sudo").unlink()
        self.expect(1, "needs root", of=self.packages("build"))
        self.assertNotIn("apt-get", self.calls.read_text())

    def test_apt_that_fails_or_is_absent_is_named(self):
        self.stand_in("dpkg-query", self.installed(["mold"]))
        self.stand_in("apt-get", code=100)
        self.expect(1, "apt-get update failed", of=self.packages("build"))
        (self.bin / "apt-get").unlink()
        self.expect(1, "no apt", "libcaf-dev", of=self.packages("build"))

    def test_unknown_words_are_refused(self):
        self.expect(2, "usage:", of=self.packages("biuld"))
        self.expect(2, "usage:", of=self.packages())


class Apps(Scripts):
    def program(self, body="", code=0):
        (self.root / "build/release").mkdir(parents=True)
        self.stand_in("weft", body, code)
        shutil.move(self.bin / "weft", self.root / "build/release/weft")

    def test_it_runs_the_example_and_says_what_it_did(self):
        self.program("echo 42 greetings")
        self.expect(0, "[4/4] Running", "42 greetings",
                    "Installed, built and ran", of=self.run_script(
                        "apps/run.sh"))
        self.assertIn("weft run config/examples/heat.yaml",
                      self.calls.read_text())

    def test_a_step_that_fails_ends_it_with_the_reason(self):
        self.stand_in("cmake", "echo no compiler", code=3)
        self.expect(1, "| no compiler", "Failed after",
                    "exit code 3, see build/log/apps/configure.log",
                    of=self.run_script("apps/run.sh"))

    def test_a_job_that_fails_fails_the_script(self):
        self.program(code=1)
        self.expect(1, "Running config/examples/heat.yaml (exit code 1",
                    of=self.run_script("apps/run.sh"))


class Tests(Scripts):
    def last(self, printed):
        return printed.rstrip("\n").rsplit("\n", 1)[-1]

    def run_tests(self, *arguments, unit='status="run"', none=""):
        return self.run_script("tests/run.sh", *arguments, UNIT=unit,
                               NONE=none)

    def test_all_labels_and_sanitizers_are_run_and_counted(self):
        code, printed = self.run_tests()
        # Eight labels, four of them with asan, and tsan; unit has two tests.
        self.expect(0, "ran ^(tidy|unit", "unit (asan)", "tsan (tsan)",
                    of=(code, printed))
        self.assertEqual(self.last(printed), "15 passed, 0 failed")
        self.assertIn("[10/10]", printed)

    def test_whatever_did_not_run_has_failed(self):
        for status in ("fail", "notrun", "disabled"):
            code, printed = self.run_tests("--quick",
                                           unit=f'status="{status}"')
            self.assertEqual(code, 1, printed)
            self.assertEqual(self.last(printed), "8 passed, 1 failed")

    def test_a_label_without_tests_is_a_failure(self):
        code, printed = self.run_tests("--quick", none="fuzz")
        self.expect(1, "no test has the label fuzz", of=(code, printed))
        self.assertEqual(self.last(printed), "8 passed, 1 failed")

    def test_who_is_ended_has_failed(self):
        self.stand_in("cmake", "kill $PPID")
        code, printed = self.run_tests("--quick")
        self.expect(1, "Failed after", of=(code, printed))
        self.assertEqual(self.last(printed), "0 passed, 1 failed")

    def test_one_label_runs_alone(self):
        code, printed = self.run_tests("--label", "tidy")
        self.assertEqual((code, self.last(printed)),
                         (0, "1 passed, 0 failed"))

    def test_a_build_that_fails_is_a_failure_with_its_reason(self):
        self.stand_in("cmake", 'if [[ $1 == --build ]]; then echo broken; '
                               'exit 1; fi')
        code, printed = self.run_tests()
        self.expect(1, "| broken", "see build/log/tests/build.log",
                    of=(code, printed))
        self.assertEqual(self.last(printed), "0 passed, 1 failed")

    def test_a_sanitizer_build_that_fails_does_not_hide_the_other(self):
        self.stand_in("cmake", '[[ "$*" != "--preset asan" ]] || exit 1')
        code, printed = self.run_tests()
        self.expect(1, "Configuring build/asan (exit code 1", "tsan (tsan)",
                    of=(code, printed))
        self.assertEqual(self.last(printed), "10 passed, 1 failed")

    def test_a_test_runner_that_dies_is_a_failure(self):
        for body, passed in (("", 0), (CTEST, 2)):
            self.stand_in("ctest", body, code=139)
            code, printed = self.run_tests("--label", "unit")
            self.assertEqual((code, self.last(printed)),
                             (1, f"{passed} passed, 1 failed"), printed)

    def test_wrong_options_are_refused(self):
        self.expect(2, "expects one of tidy", of=self.run_tests(
            "--label", "unti"))
        self.expect(2, "got '--fast'", of=self.run_tests("--fast"))

    def test_the_entry_for_automation_runs_them(self):
        code, printed = self.run_script(".ci/run", UNIT='status="run"')
        self.assertEqual((code, self.last(printed)),
                         (0, "15 passed, 0 failed"), printed)


if __name__ == "__main__":
    unittest.main()
