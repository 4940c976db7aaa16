#!/usr/bin/env python3
"""Runs `weft bench actors --smoke --json` and checks what it prints.

usage: bench_actors_test.py WEFT
Exit code 1 with a message for everything that is wrong.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

# name: (unit, better, the peer has it, least and most that can be true).
# The bounds hold on any machine, loaded or under a sanitizer.
FIGURES = {
    "one_way": ("messages/s", "higher", True, 1e3, 1e9),
    "ping_pong": ("us", "lower", True, 0.05, 1e5),
    "ping_pong_nodes": ("us", "lower", True, 2, 1e6),
    "ping_pong_nodes_tls": ("us", "lower", False, 2, 1e6),
    "spawn": ("actors/s", "higher", True, 1e2, 1e8),
    "spawn_bytes": ("bytes", "lower", True, 100, 1e5),
    "restart": ("us", "lower", True, 0.5, 1e6),
    "restart_p99": ("us", "lower", True, 0.5, 1e7),
}
TIMEOUT_S = 240


def check_summary(where, summary, runs, least, most):
    """What is wrong with {min, median, max, mad, runs}."""
    if sorted(summary) != ["mad", "max", "median", "min", "runs"]:
        yield f"{where}: its keys are {sorted(summary)}"
        return
    values = summary["runs"]
    if len(values) != runs:
        yield f"{where}: expected {runs} runs, got {len(values)}"
    if not all(least <= value <= most for value in values):
        yield f"{where}: expected runs from {least} to {most}, got {values}"
    if (summary["min"], summary["max"]) != (min(values), max(values)):
        yield f"{where}: min or max is none of {values}: {summary}"
    if not summary["min"] <= summary["median"] <= summary["max"]:
        yield f"{where}: the median is outside: {summary}"
    if not 0 <= summary["mad"] <= summary["max"] - summary["min"]:
        yield f"{where}: the deviation is wider than the range: {summary}"


def check_figure(name, figure, runs, peer):
    """What is wrong with one figure."""
    unit, better, has_peer, least, most = FIGURES[name]
    if (figure["unit"], figure["better"]) != (unit, better):
        yield f"{name}: expected {unit}, {better} is better, got {figure}"
    yield from check_summary(f"{name}, weft", figure["weft"], runs, least,
                             most)
    if not (peer and has_peer):
        if figure["erlang"] is not None or figure["ratio"] is not None:
            yield f"{name}: expected no peer and no ratio, got {figure}"
        return
    if figure["erlang"] is None:
        yield f"{name}: Erlang is installed and missing here"
        return
    yield from check_summary(f"{name}, Erlang", figure["erlang"], runs, least,
                             most)
    ours, theirs = (figure[who]["median"] for who in ("weft", "erlang"))
    ratio = ours / theirs if better == "higher" else theirs / ours
    if not math.isclose(figure["ratio"], ratio, rel_tol=1e-6):
        yield f"{name}: expected the ratio {ratio}, got {figure['ratio']}"


def check_report(report, runs, peer):
    """What is wrong with the whole."""
    if report["ok"] is not True or report["subject"] != "actors":
        yield f"expected ok and the subject actors, got {report}"
    if report["runs"] != runs or report["smoke"] is not True:
        yield f"expected {runs} smoke runs, got {report}"
    if report["machine"]["cores_usable"] < 1 or not report["machine"]["cpu"]:
        yield f"the machine is described as {report['machine']}"
    if report["scheduler"]["policy"] != "sharing":
        yield f"the scheduler is not a node's: {report['scheduler']}"
    if not report["weft"] or not report["caf"].startswith("0.17."):
        yield f"versions: weft {report['weft']}, CAF {report['caf']}"
    if bool(report["erlang"]) != peer or bool(report["advice"]) == peer:
        yield (f"Erlang {report['erlang']}, advice {report['advice']}, "
               f"expected {'a version' if peer else 'advice'} alone")
    if sorted(report["figures"]) != sorted(FIGURES):
        yield f"the figures are {sorted(report['figures'])}"
        return
    for name, figure in report["figures"].items():
        yield from check_figure(name, figure, runs, peer)


def run(command, folder, **more):
    """Runs a command with `folder` for its temporary files."""
    environment = dict(os.environ, TMPDIR=folder, **more)
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=TIMEOUT_S, env=environment, check=False)


def check_run(command, folder, runs, peer, **more):
    """Runs a benchmark that must succeed; yields what is wrong."""
    done = run(command, folder, **more)
    if done.returncode != 0:
        yield f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return
    if done.stdout.count("\n") != 1:
        yield f"expected one line, got {done.stdout!r}"
        return
    yield from check_report(json.loads(done.stdout), runs, peer)
    if os.listdir(folder):
        yield f"it left {os.listdir(folder)} in {folder}"


def check_refused(command, folder, words):
    """Runs a command that must be refused with these words."""
    done = run(command, folder)
    if done.returncode != 2 or words not in done.stderr:
        yield (f"{command[1:]}: expected exit code 2 and {words!r}, got "
               f"{done.returncode}: {done.stderr!r}")


def main():
    weft = sys.argv[1]
    actors = [weft, "bench", "actors"]
    smoke = [*actors, "--smoke", "--json", "--runs", "2"]
    peer = all(map(shutil.which, ("escript", "erl", "epmd")))
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        wrong += check_run(smoke, folder, 2, peer)
        # Where Erlang is not installed.
        wrong += check_run(smoke, folder, 2, False, PATH="/nonexistent")
        wrong += check_refused([*actors, "--runs", "0"], folder, "--runs")
        wrong += check_refused([*actors, "--only", "ping_pog"], folder,
                               "did you mean ping_pong?")
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
