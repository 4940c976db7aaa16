"""Every header compiles alone: it includes what it uses, in any order.

Each header is compiled by itself, twice included, with the flags that the
build uses for its folder, but without optimisation and without the build's
precompiled header, which would hide a missing include. What is slow to parse
(_HEAVY) is precompiled for those headers that include it anyway, themselves or
by others of ours. ccache makes the next run quick."""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import threading

import layers
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
        file = pathlib.Path(entry["directory"], entry["file"])
        for source in tree.sources_of(file):
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


# Third-party headers that take most of the time.
_HEAVY = ("caf/all.hpp", "nlohmann/json.hpp")


def heavy_includes(root, path, known):
    """Which of _HEAVY a header brings in, itself or by others of ours."""
    if path not in known:
        known[path] = set()
        for _, quoted, angled in layers.includes(root, path):
            if angled in _HEAVY:
                known[path].add(angled)
            elif quoted and (root / quoted).is_file():
                known[path] |= heavy_includes(root, quoted, known)
    return known[path]


class Precompiled:
    """Precompiled headers, each made once, when it is first needed."""

    def __init__(self, root, work):
        self._root, self._work = root, work
        self._lock = threading.Lock()
        self._made = {}

    def flags(self, heavy, flags):
        """What makes a compiler with `flags` use them; nothing without any."""
        if not heavy:
            return []
        key = (tuple(sorted(heavy)), tuple(flags))
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(key, len(self._made))
        return ["-Winvalid-pch", "-fpch-preprocess", "-include",
                str(self._made[key])]

    def _make(self, key, number):
        heavy, flags = key
        header = self._work / f"heavy_{number}.hpp"
        header.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"#include <{name}>\n" for name in heavy)
        made = header.with_suffix(".hpp.gch")
        if not header.is_file() or header.read_text() != text:
            made.unlink(missing_ok=True)
            header.write_text(text)
        if not made.is_file():
            subprocess.run([*flags, "-O0", "-g0", "-x", "c++-header", "-o",
                            str(made), str(header)], cwd=self._root,
                           check=True, capture_output=True)
        return header


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
    # Or ccache gives up on whatever uses a precompiled header.
    environment = {**os.environ, "CCACHE_SLOPPINESS":
                   "pch_defines,time_macros,include_file_ctime,"
                   "include_file_mtime"}
    try:
        done = subprocess.run(command, cwd=root, capture_output=True,
                              env=environment, text=True, timeout=SECONDS_MAX)
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
    os.nice(10)  # Tests with a time limit may run beside it.
    precompiled, known = Precompiled(root, work), {}
    heavy = {path: heavy_includes(root, path, known) for path in paths}

    def alone(path):
        flags = nearest(path, found)
        return compile_alone(root, work, path, flags
                             + precompiled.flags(heavy[path], flags))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings += filter(None, pool.map(alone, paths))
    return len(paths), findings


if __name__ == "__main__":
    tree.main("headers", check, __doc__)
