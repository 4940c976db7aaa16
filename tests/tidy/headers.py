"""Every header compiles alone: it includes what it uses, in any order.

Each header is compiled by itself, twice included, with the flags that the
build uses for its folder, but without optimisation and without the build's
precompiled header, which would hide a missing include. What many headers
include is precompiled for those that include it anyway, themselves or by others
of ours, and is compiled alone like all. ccache makes the next run quick."""

import concurrent.futures
import functools
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
_SHARED_MAX = 24

_WITH_VALUE = ("-o", "-c", "-include", "-MF", "-MT", "-MQ")
_DROPPED = re.compile(
    r"-(?:O\w?|g\d?|MM?D|Winvalid-pch|fpch-preprocess|fsanitize=.*"
    r"|fno-sanitize.*|fno-semantic-interposition|D\w+_EXPORTS)$")


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


class Includes:
    """What headers include, themselves and by others of ours."""

    # About how long families of third-party headers take to parse, where a
    # header of ours and one of the standard library take 1 and 5.
    _FAMILIES = {"boost/asio": 120, "boost/beast": 60, "caf/": 60,
                 "doctest/": 30, "fmt/": 15, "nlohmann/": 60, "openssl/": 15,
                 "spdlog/": 30, "yaml-cpp/": 20, "CLI/": 60}
    _STANDARD = 5

    def __init__(self, root):
        self._root = root
        self._known = {}

    def of(self, path):
        """The headers of ours and the others."""
        if path not in self._known:
            ours, others = set(), set()
            self._known[path] = ours, others
            for _, quoted, angled in layers.includes(self._root, path):
                if angled:
                    others.add(angled)
                elif quoted and (self._root / quoted).is_file():
                    deeper = self.of(quoted)
                    ours |= {quoted} | deeper[0]
                    others |= deeper[1]
        return self._known[path]

    def cost(self, path):
        """About what it costs to parse it."""
        ours, others = (self.of(path) if (self._root / path).is_file()
                        else ((), (path,)))
        families = {family for name in others for family in self._FAMILIES
                    if name.startswith(family)}
        return (1 + len(ours)
                + sum(self._FAMILIES[family] for family in families)
                + self._STANDARD * sum("/" not in name for name in others))


def shared_headers(paths, includes):
    """Those to precompile: {header: the one that it includes and that saves
    most}. Each in turn is the one that most headers gain most by."""
    chosen = {path: None for path in paths}
    cost = functools.cache(includes.cost)

    def gain(shared):
        return sum(max(0, cost(shared) - saved(path))
                   for path in users[shared])

    def saved(path):
        return cost(chosen[path]) if chosen[path] else 0

    users = {}
    for path in paths:
        for used in set().union(*includes.of(path)):
            users.setdefault(used, []).append(path)
    for _ in range(_SHARED_MAX):
        best = max(sorted(users), key=gain, default=None)
        if best is None or gain(best) <= 3 * cost(best):
            break
        for path in users[best]:
            if cost(best) > saved(path):
                chosen[path] = best
    return chosen


class Precompiled:
    """Precompiled headers, each made once, when it is first needed."""

    def __init__(self, root, work):
        self._root, self._work = root, work
        self._lock = threading.Lock()
        self._made = {}

    def flags(self, shared, flags):
        """What makes a compiler with `flags` use it; nothing without any."""
        if not shared:
            return []
        key = (shared, tuple(flags))
        with self._lock:
            made = self._made.setdefault(key, _Once(len(self._made)))
        with made.lock:
            made.header = made.header or self._make(shared, flags, made.number)
        return ["-Winvalid-pch", "-fpch-preprocess", "-include",
                str(made.header)]

    def _make(self, shared, flags, number):
        header = self._work / f"shared_{number}.hpp"
        header.parent.mkdir(parents=True, exist_ok=True)
        ours = (self._root / shared).is_file()
        header.write_text(f'#include "{shared}"\n' if ours
                          else f"#include <{shared}>\n")
        subprocess.run([*flags, "-O0", "-g0", "-x", "c++-header", "-o",
                        str(header.with_suffix(".hpp.gch")), str(header)],
                       cwd=self._root, capture_output=True)
        return header


class _Once:
    """A precompiled header that is made or to be made."""

    def __init__(self, number):
        self.number, self.header = number, None
        self.lock = threading.Lock()


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
    precompiled = Precompiled(root, work)
    shared = shared_headers(paths, Includes(root))

    def alone(path):
        flags = nearest(path, found)
        return compile_alone(root, work, path, flags
                             + precompiled.flags(shared[path], flags))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        findings += filter(None, pool.map(alone, paths))
    return len(paths), findings


if __name__ == "__main__":
    tree.main("headers", check, __doc__)
