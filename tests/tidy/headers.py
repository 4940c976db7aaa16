"""Every header compiles alone: it includes what it uses, in any order.

Each header is compiled by itself, twice included, with the flags that the
build uses for its folder, but without optimisation and without the precompiled
header, which would hide a missing include. ccache makes the next run quick."""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import tree

SECONDS_MAX = 120
LINES_SHOWN = 8

_WITH_VALUE = ("-o", "-c", "-include", "-MF", "-MT", "-MQ")
_DROPPED = re.compile(
    r"-(?:O\w?|g\d?|MM?D|Winvalid-pch|fpch-preprocess|fsanitize=.*"
    r"|fno-sanitize.*)$")


def flags_of(command):
    """The compiler and the flags of a compile command that matter for a
    header; its files, optimisation and precompiled header are left out."""
    words = iter(shlex.split(command))
    kept = []
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not _DROPPED.match(word):
            kept.append(word)
    return kept


def commands(root, build):
    """{folder of a source relative to root: compiler and flags}."""
    database = build / "compile_commands.json"
    if not database.is_file():
        raise tree.CannotRun(f"no {database}; configure first with `cmake "
                             "--preset release`, or name a build with --build")
    found = {}
    for entry in json.loads(database.read_text()):
        source = pathlib.Path(entry["directory"], entry["file"])
        if source.is_relative_to(root) and not source.is_relative_to(build):
            folder = source.relative_to(root).parent.as_posix()
            found.setdefault(folder, flags_of(entry["command"]))
    if not found:
        raise tree.CannotRun(f"{database} names no source below {root}")
    return found


def nearest(path, found):
    """The flags of the folder that shares most of a header's path."""
    def shared(folder):
        return len(os.path.commonprefix([path.split("/"), folder.split("/")]))
    return found[max(sorted(found), key=shared)]


def compile_alone(root, work, path, flags):
    """A finding if the header does not compile alone, else None."""
    stub = work / (path + ".cpp")
    stub.parent.mkdir(parents=True, exist_ok=True)
    text = f'#include "{path}"\n#include "{path}"\n'
    if not stub.is_file() or stub.read_text() != text:
        stub.write_text(text)
    cache = [shutil.which("ccache")] if shutil.which("ccache") else []
    command = [*cache, *flags, "-O0", "-g0", "-o", str(stub) + ".o", "-c",
               str(stub)]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True,
                              text=True, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return tree.Finding(path, 0, f"compiling took over {SECONDS_MAX} s")
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.splitlines()
             if not line.startswith("In file included")]
    return tree.Finding(path, 0, "does not compile alone:\n  "
                        + "\n  ".join(lines[:LINES_SHOWN]))


def check(arguments):
    root, build = arguments.root, arguments.build
    found = commands(root, build)
    work = build / "headers_alone"
    paths = tree.files(root, tree.HEADERS)
    findings = []
    for path in paths:
        code = tree.blank(tree.read(root, path), ("comment",)).lstrip()
        if not code.startswith("#pragma once"):
            findings.append(tree.Finding(
                path, 1, "does not begin with #pragma once"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings += filter(None, pool.map(
            lambda path: compile_alone(root, work, path,
                                       nearest(path, found)), paths))
    return len(paths), findings


if __name__ == "__main__":
    tree.main("headers", check, __doc__)
