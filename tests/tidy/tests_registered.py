"""Every test is run: each *_test.cpp and test script belongs to a ctest, each
ctest has one label that tests/run.sh knows, and nothing is skipped."""

import json
import pathlib
import re
import subprocess

import tree

LABELS = ("tidy", "unit", "contract", "simulation", "integration", "fault",
          "fuzz", "bench")
# Marks tests that the thread sanitizer runs as well.
EXTRA_LABELS = ("tsan",)

_DECORATOR = re.compile(
    r"\bdoctest\s*::\s*(skip|may_fail|should_fail|expected_failures)\b"
    r"|\*\s*(skip|may_fail|should_fail|expected_failures)\s*\(")
_PYTHON_SKIP = re.compile(
    r"@(?:unittest\.)?(?:skip\w*|expectedFailure)\b|\.skipTest\(")
_SCRIPT = re.compile(r"(?:^|/)(?:test_\w+|\w+_test)\.(?:py|sh)$")


def output_of(command):
    """What a command prints; CannotRun when there is none or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60, check=True)
    except FileNotFoundError:
        raise tree.CannotRun(f"no {command[0]}; install it: apps/run.sh and "
                             "tests/run.sh do") from None
    except subprocess.SubprocessError as error:
        text = getattr(error, "stderr", "") or ""
        raise tree.CannotRun(f"{' '.join(command)}: {error} "
                             f"{text.strip()[-500:]}") from None
    return done.stdout


def registered(build):
    """[(name, command, properties)] of every ctest of a build."""
    if not (build / "build.ninja").is_file():
        raise tree.CannotRun(
            f"{build} is no Ninja build; configure one with `cmake --preset "
            "release`, or name it with --build")
    listed = json.loads(output_of(
        ["ctest", "--test-dir", str(build), "--show-only=json-v1"]))
    return [(test["name"], test.get("command", []),
             {entry["name"]: entry["value"]
              for entry in test.get("properties", [])})
            for test in listed["tests"]]


def covered(build, tests, root):
    """Our files that some ctest runs: its scripts, and what its programs are
    built from."""
    paths = {pathlib.Path(part) for _, command, _ in tests
             for part in command if part.startswith("/")}
    programs = sorted(path.relative_to(build).as_posix() for path in paths
                      if path.is_relative_to(build) and path != build)
    inputs = output_of(["ninja", "-C", str(build), "-t", "inputs",
                        *programs]).splitlines() if programs else []
    for line in inputs:
        paths.update(tree.sources_of(build / line))
    return {path.relative_to(root).as_posix() for path in paths
            if path.is_relative_to(root)}


def check_test(name, command, properties):
    """What is wrong with one ctest."""
    labels = properties.get("LABELS", [])
    known = [label for label in labels if label in LABELS]
    strange = set(labels) - set(LABELS) - set(EXTRA_LABELS)
    if len(known) != 1 or strange:
        yield (f"its labels are {labels}, expected one of "
               f"{', '.join(LABELS)}, and perhaps {', '.join(EXTRA_LABELS)}; "
               "tests/run.sh runs no other")
    if "TIMEOUT" not in properties:
        yield "it has no TIMEOUT; set one in seconds"
    if not command:
        yield "it has no command: its program is not built"
    for skip in ("DISABLED", "SKIP_RETURN_CODE", "SKIP_REGULAR_EXPRESSION"):
        if properties.get(skip):
            yield f"{skip} is set; mend the test or delete it"


def check_source(path, text):
    """Decorators that keep a test from running or from failing."""
    python = path.endswith(".py")
    if python and path == "tests/tidy/test_tidy.py":
        return    # It quotes them.
    code = text if python else tree.code_only(text)
    for match in (_PYTHON_SKIP if python else _DECORATOR).finditer(code):
        yield tree.Finding(
            path, tree.line_of(code, match.start()),
            f"{match.group().strip()} keeps the test from running or from "
            "failing; mend the test or delete it")


def check(arguments):
    root, build = arguments.root, arguments.build
    tests = registered(build)
    known = covered(build, tests, root)
    findings = []
    paths = [path for path in tree.files(root, (".cpp", ".py", ".sh"))
             if path.startswith("tests/")]
    for path in paths:
        needed = path.endswith("_test.cpp") or _SCRIPT.search(path)
        text = tree.read(root, path)
        if path.startswith("tests/tidy/") and "tree.main(" in text:
            needed = not path.endswith(("tree.py", "test_tidy.py"))
        if needed and path not in known:
            findings.append(tree.Finding(
                path, 0, "no ctest runs it; register it in "
                         "tests/CMakeLists.txt, or build first if it is new"))
        findings += check_source(path, text)
    for name, command, properties in tests:
        findings += [tree.Finding(f"ctest {name}", 0, wrong)
                     for wrong in check_test(name, command, properties)]
    return len(tests) + len(paths), findings


if __name__ == "__main__":
    tree.main("tests_registered", check, __doc__)
