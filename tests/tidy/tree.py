"""What every tidy check shares: which files are ours, how C++ reads without
its comments and strings, and how findings are printed."""

import argparse
import dataclasses
import os
import pathlib
import re
import sys
import time

FOLDERS = ("actors", "apps", "config", "runtime", "spaces", "tests",
           "transport", ".ci")
HEADERS = (".hpp",)
SOURCES = (".cpp",)
CPP = HEADERS + SOURCES
ROOT = pathlib.Path(__file__).resolve().parents[2]

_LEXEMES = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | (?P<raw>\b(?:u8|u|U|L)?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<number>\b\d(?:[\w.]|'(?=\w))*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<character>'(?:\\.|[^'\\\n])+')""",
    re.DOTALL | re.VERBOSE)


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One breach of a rule; line 0 means the whole file."""
    path: str
    line: int
    message: str

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


def files(root, suffixes):
    """Our files whose path ends with one of the suffixes, as sorted paths
    relative to root."""
    root = pathlib.Path(root)
    found = [path.name for path in root.iterdir() if path.is_file()]
    for folder in FOLDERS:
        for where, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found += [(pathlib.Path(where) / name).relative_to(root).as_posix()
                      for name in names]
    return sorted(path for path in found if path.endswith(tuple(suffixes)))


def read(root, path):
    """The text of a file; bytes that are not UTF-8 become U+FFFD."""
    return (pathlib.Path(root) / path).read_bytes().decode(
        "utf-8", errors="replace")


def blank(text, kinds):
    """C++ text with lexemes of the kinds (comment, raw, string, character)
    turned to blanks; every line and column stays where it was."""
    def spaces(match):
        if match.lastgroup == "mark" or match.group("raw"):
            kind = "raw"
        else:
            kind = match.lastgroup
        if kind not in kinds:
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())
    return _LEXEMES.sub(spaces, text)


def sources_of(file):
    """The sources that a compiled file stands for: itself, or those that a
    batch of a unity build includes."""
    batch = re.fullmatch(r"unity_\d+_cxx\.cxx", file.name)
    if not batch or not file.is_file():
        return [file]
    return [pathlib.Path(name) for name in
            re.findall(r'^#include "(.*)"$', file.read_text(), re.MULTILINE)]


def code_only(text):
    """C++ text without comments and literals, places unchanged."""
    return blank(text, ("comment", "raw", "string", "character"))


def line_of(text, offset):
    """The line, from 1, of an offset into text."""
    return text.count("\n", 0, offset) + 1


def main(name, check, description, options=()):
    """Runs check(arguments) -> (count of things checked, findings), prints
    the findings and exits: 0 none, 1 some, 2 the check could not be run."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=ROOT,
                        help="the tree to check (default: this one)")
    parser.add_argument("--build", type=pathlib.Path,
                        help="its build folder (default: build/release)")
    for flag, keywords in options:
        parser.add_argument(flag, **keywords)
    arguments = parser.parse_args()
    arguments.root = arguments.root.resolve()
    arguments.build = (arguments.build
                       or arguments.root / "build/release").resolve()
    begin = time.monotonic()
    try:
        count, findings = check(arguments)
    except CannotRun as reason:
        print(f"{name}: cannot run: {reason}")
        sys.exit(2)
    for finding in sorted(findings):
        print(finding)
    print(f"{name}: {count} checked, {len(findings)} findings, "
          f"{time.monotonic() - begin:.1f} s")
    sys.exit(1 if findings or not count else 0)


class CannotRun(Exception):
    """The check lacks what it needs; the text says what to do."""
