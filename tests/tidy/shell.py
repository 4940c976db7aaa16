"""shellcheck finds nothing in our scripts, and each can be executed and stops
at its first error."""

import json
import os
import re
import subprocess

import tree


def complaints(program, root, paths):
    """What shellcheck says of the scripts."""
    try:
        done = subprocess.run(
            [program, "--format=json", "--external-sources", *paths],
            cwd=root, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        raise tree.CannotRun(f"no {program}; install it with `apt-get install "
                             "shellcheck`") from None
    if done.returncode > 1:
        raise tree.CannotRun(done.stderr.strip()[-500:])
    return [tree.Finding(entry["file"], entry["line"],
                         f"SC{entry['code']}: {entry['message']}")
            for entry in json.loads(done.stdout)]


def check_script(root, path):
    text = tree.read(root, path)
    if not text.startswith("#!"):
        return    # Sourced by others, which set the options.
    if not os.access(root / path, os.X_OK):
        yield tree.Finding(path, 0, f"not executable; run `chmod +x {path}`")
    if not re.search(r"^set -euo pipefail$", text, re.MULTILINE):
        yield tree.Finding(path, 1, "no `set -euo pipefail`: it goes on after "
                                    "an error")


def check(arguments):
    root = arguments.root
    paths = tree.files(root, (".sh", ".ci/run"))
    if not paths:
        return 0, []
    findings = complaints(arguments.shellcheck, root, paths)
    for path in paths:
        findings += check_script(root, path)
    return len(paths), findings


if __name__ == "__main__":
    tree.main("shell", check, __doc__, [
        ("--shellcheck", dict(default="shellcheck",
                              help="the program to ask"))])
