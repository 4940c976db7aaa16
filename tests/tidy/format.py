"""Every C++ file is as clang-format writes it, with the .clang-format of the
root."""

import re
import subprocess

import tree

# Other versions break lines in other places.
VERSION = "14"
BATCH = 50

_COMPLAINT = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): (.*)$",
                        re.MULTILINE)


def run(command, root):
    try:
        return subprocess.run(command, cwd=root, capture_output=True,
                              text=True, timeout=300)
    except FileNotFoundError:
        raise tree.CannotRun(f"no {command[0]}; install it with "
                             f"`apt-get install clang-format-{VERSION} "
                             "clang-format`") from None


def check(arguments):
    root, program = arguments.root, arguments.clang_format
    version = run([program, "--version"], root).stdout
    if not re.search(rf"version {VERSION}\.", version):
        raise tree.CannotRun(
            f"expected clang-format {VERSION}, got '{version.strip()}'; "
            f"install clang-format-{VERSION} and name it with --clang-format")
    paths = tree.files(root, tree.CPP)
    first = {}
    for begin in range(0, len(paths), BATCH):
        done = run([program, "--dry-run", "-Werror", "--style=file",
                    *paths[begin:begin + BATCH]], root)
        found = _COMPLAINT.findall(done.stderr)
        for path, line, message in found:
            first.setdefault(path, (int(line), message))
        if done.returncode and not found:
            raise tree.CannotRun(done.stderr.strip()[-500:])
    return len(paths), [
        tree.Finding(path, line, f"{message}; run `clang-format -i {path}`")
        for path, (line, message) in first.items()]


if __name__ == "__main__":
    tree.main("format", check, __doc__, [
        ("--clang-format", dict(default="clang-format",
                                help="the program to ask"))])
