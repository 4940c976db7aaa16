"""What the smoke tests of `weft bench` share: they run a subject at a size
that only shows that it works, and check the JSON that it prints."""

import argparse
import json
import math
import os
import subprocess
import tempfile

TIMEOUT_S = 240


class Figure:
    """What is known of one figure beforehand: the bounds hold on any machine,
    loaded or under a sanitizer."""

    def __init__(self, unit, better, least, most, peers=()):
        self.unit, self.better = unit, better
        self.least, self.most = least, most
        self.peers = set(peers)


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


def ratio_of(better, ours, theirs):
    """How many times better our median is."""
    ours, theirs = ours["median"], theirs["median"]
    return ours / theirs if better == "higher" else theirs / ours


def check_ratio(where, got, expected):
    """What is wrong with a ratio."""
    if not math.isclose(got, expected, rel_tol=1e-6):
        yield f"{where}: expected the ratio {expected}, got {got}"


class Subject:
    """One subject of `weft bench` and what its report must hold.

    `relations` maps names to (better figure, worse figure, the worse one is
    the peers'). `peers` are those that it is compared with: all must be
    installed, or the smoke test fails.
    """

    def __init__(self, name, figures, relations, peers):
        self.name, self.figures, self.relations = name, figures, relations
        self.peers = set(peers)

    def check_figure(self, name, figure, runs, peers):
        """What is wrong with one figure."""
        known = self.figures[name]
        if (figure["unit"], figure["better"]) != (known.unit, known.better):
            yield f"{name}: expected {known.unit}, {known.better}: {figure}"
        yield from check_summary(f"{name}, weft", figure["weft"], runs,
                                 known.least, known.most)
        expected = peers & known.peers
        if set(figure["peers"]) != expected:
            yield f"{name}: expected the peers {expected}, got {figure}"
            return
        for peer, theirs in figure["peers"].items():
            yield from check_summary(f"{name}, {peer}", theirs["summary"],
                                     runs, known.least, known.most)
            yield from check_ratio(
                f"{name}, {peer}", theirs["ratio"],
                ratio_of(known.better, figure["weft"], theirs["summary"]))

    def check_relations(self, report, peers):
        """What is wrong with the relations between figures."""
        figures = report["figures"]
        expected = {name: way for name, way in self.relations.items()
                    if set(way[:2]) <= set(figures)
                    and (peers or not way[2])}
        if set(report["relations"]) != set(expected):
            yield f"the relations are {sorted(report['relations'])}"
            return
        for name, (better, worse, of_peers) in expected.items():
            got = report["relations"][name]
            others = ({peer: each["summary"] for peer, each
                       in figures[worse]["peers"].items()}
                      if of_peers else {"weft": figures[worse]["weft"]})
            values = got["peers"] if of_peers else {"weft": got["weft"]}
            if set(values) != set(others):
                yield f"{name}: expected {sorted(others)}, got {got}"
                continue
            for other, summary in others.items():
                yield from check_ratio(
                    f"{name}, {other}", values[other],
                    ratio_of(self.figures[better].better,
                             figures[better]["weft"], summary))

    def check_peers(self, report, peers):
        """What is wrong with what is said of the peers."""
        if set(report["peers"]) != self.peers:
            yield f"the peers are {sorted(report['peers'])}"
        for key, said in report["peers"].items():
            measured = key in peers
            if bool(said["version"]) != measured or \
                    bool(said["advice"]) == measured or not said["title"]:
                alone = "a version" if measured else "advice"
                yield f"{key}: expected {alone} alone, got {said}"

    def check_report(self, report, runs, peers, figures):
        """What is wrong with the whole."""
        if report["ok"] is not True or report["subject"] != self.name:
            yield f"expected ok and the subject {self.name}, got {report}"
        if report["runs"] != runs or report["smoke"] is not True:
            yield f"expected {runs} smoke runs, got {report}"
        machine = report["machine"]
        if machine["cores_usable"] < 1 or not machine["cpu"]:
            yield f"the machine is described as {machine}"
        # CAF's own default, and that of tests.
        if report["scheduler"]["policy"] in ("", "stealing", "testing"):
            yield f"the scheduler is not a node's: {report['scheduler']}"
        if not report["weft"] or not report["caf"].startswith("0.17."):
            yield f"versions: weft {report['weft']}, CAF {report['caf']}"
        yield from self.check_peers(report, peers)
        if set(report["figures"]) != set(figures):
            yield f"the figures are {sorted(report['figures'])}"
            return
        for name, figure in report["figures"].items():
            yield from self.check_figure(name, figure, runs, peers)
        yield from self.check_relations(report, peers)


def run(command, folder, **more):
    """Runs a command with `folder` for its temporary files."""
    environment = dict(os.environ, TMPDIR=folder, **more)
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=TIMEOUT_S, env=environment, check=False)


class Smoke:
    """Runs one subject; `wrong` gathers what is wrong."""

    def __init__(self, subject):
        parser = argparse.ArgumentParser(
            description=f"smoke test of weft bench {subject.name}")
        parser.add_argument("weft", help="the program")
        self.subject = subject
        self.command = [parser.parse_args().weft, "bench", subject.name]
        self.wrong = []

    def expect_report(self, runs=2, only=None, peers=True):
        """A run that must succeed: of some experiments, which have figures of
        the same names, or of all. Without peers they are not found."""
        command = [*self.command, "--smoke", "--json", "--runs", str(runs)]
        for name in only or []:
            command += ["--only", name]
        measured = self.subject.peers if peers else set()
        with tempfile.TemporaryDirectory() as folder:
            done = run(command, folder,
                       **({} if peers else {"PATH": "/nonexistent"}))
            if done.returncode != 0 or done.stdout.count("\n") != 1:
                self.wrong.append(f"{command[1:]}: exit code "
                                  f"{done.returncode}: {done.stdout}"
                                  f"{done.stderr}")
                return
            self.wrong += self.subject.check_report(
                json.loads(done.stdout), runs, measured,
                only or self.subject.figures)
            if os.listdir(folder):
                self.wrong.append(f"it left {os.listdir(folder)}")

    def expect_refused(self, arguments, words):
        """A command that must be refused with these words."""
        with tempfile.TemporaryDirectory() as folder:
            done = run([*self.command, *arguments], folder)
        if done.returncode != 2 or words not in done.stderr:
            self.wrong.append(
                f"{arguments}: expected exit code 2 and {words!r}, got "
                f"{done.returncode}: {done.stderr!r}")

    def end(self):
        """Prints what is wrong; the exit code."""
        for each in self.wrong:
            print(each)
        return 1 if self.wrong else 0
