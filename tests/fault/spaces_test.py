"""Clients of a tuple space in four processes that are killed at random: nothing
that they wrote is lost, nothing is taken twice, and what they had claimed comes
back. Prints what was done; `--operations`, `--kills` and `--seed` choose it."""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "integration"))
from support import BUILD, ClusterTest, is_alive, wait_until  # noqa: E402

JUDGE = BUILD / "tests" / "judge_spaces"
CLIENT_NODES = 4
# The group of tuples that is tampered with.
GROUP = 3
# Records of the histories, see tests/support/checkers/recorded_history.hpp:
# kind, code, group, bucket, number, value.
RECORD = struct.Struct("=BBBBIQ")
OPENING, ASKED, CALL, ANSWERED, ANSWER, CLOSING = range(1, 7)
TAKE = 2

options = argparse.Namespace(operations=200_000, kills=4, seed=None, batch=32)

CLUSTER = """\
cluster: killed-clients
modules: ["{module}"]
launcher:
  restart: {{intensity: 10000, backoff: {{first: 50ms, max: 200ms}}}}
nodes:
  - {{name: n1, listen: "127.0.0.1:0"}}
  - {{name: "c{{index}}", replicate: {clients}, listen: "127.0.0.1:0"}}
spaces:
  # Tuples of a node that dies are gone: the shards are where nobody is killed.
  - {{name: items, shards: 8, nodes: [n1]}}
actors:
  # Claims of the one end with their lease, those of the other with its session.
  - name: "brief-{{index}}"
    type: space_users.user
    replicate: {clients}
    node: "c{{index}}"
    restart: temporary
    args: {{folder: "{folder}", seed: {seed}, batch: {batch}, lease: 700ms}}
  - name: "long-{{index}}"
    type: space_users.user
    replicate: {clients}
    node: "c{{index}}"
    restart: temporary
    args: {{folder: "{folder}", seed: {seed}, batch: {batch}, lease: 3s}}
jobs:
  - name: drain
    type: space_users.drain
    timeout: 60s
    args: {{folder: "{folder}"}}
"""


def judge(folder, *arguments):
    """(exit code, report) of the judge of histories."""
    done = subprocess.run([str(JUDGE), str(folder), *map(str, arguments)],
                          capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise AssertionError(done.stderr)
    return done.returncode, json.loads(done.stdout)


def is_there(process):
    """Also while it is being removed."""
    try:
        return is_alive(process)
    except (FileNotFoundError, ProcessLookupError):
        return False


class Clients:
    """The clients as their histories show them."""

    def __init__(self, folder):
        self.folder = folder
        self.killed = set()

    def files(self):
        return sorted(self.folder.glob("client-*.history"),
                      key=lambda path: int(path.stem.split("-")[1]))

    def operations(self):
        """How many were answered, at least: a call and its answer are a
        record each, and each batch has one more for its calls and answers."""
        pairs = sum(path.stat().st_size
                    for path in self.files()) // (2 * RECORD.size)
        return pairs * options.batch // (options.batch + 1)

    def running(self):
        """Processes that live and have clients which have not ended."""
        running = set()
        for path in self.files():
            with path.open("rb") as file:
                opening = file.read(RECORD.size)
                file.seek(-min(path.stat().st_size, RECORD.size), os.SEEK_END)
                last = file.read(RECORD.size)
            if len(opening) < RECORD.size:
                continue
            process = RECORD.unpack(opening)[4]
            if last[0] != CLOSING:
                running.add(process)
        return set(filter(is_there, running - self.killed))

    def kill(self, process):
        """Dies at the time that is written down, or very soon after."""
        at = time.monotonic_ns()
        os.kill(process, signal.SIGKILL)
        self.killed.add(process)
        with (self.folder / "kills").open("a", encoding="ascii") as kills:
            kills.write(f"{process} {at}\n")


class KilledClients(ClusterTest):

    def setUp(self):
        super().setUp()
        self.seed = options.seed
        if self.seed is None:
            self.seed = random.SystemRandom().randrange(2**32)
        print(f"seed {self.seed}", flush=True)
        self.histories = self.folder / "histories"
        self.histories.mkdir()
        self.clients = Clients(self.histories)

    def test_what_they_wrote_is_taken_once_and_what_they_claimed_is_back(self):
        began = time.monotonic()
        self.run_clients()
        seconds = time.monotonic() - began
        drained = self.job_of("drain")
        code, report = judge(self.histories)
        self.show(report, drained, seconds)
        self.assertEqual(code, 0, report)
        self.assertEqual(report["kills"], options.kills)
        self.assertGreaterEqual(report["operations"], options.operations)
        self.assertGreater(report["returned"]["claims"], 0)
        self.assertGreater(drained["handed_off"], 0)
        for verb, count in report["verbs"].items():
            self.assertGreater(count, 0, verb)
        self.check_that_faults_are_found()

    def run_clients(self):
        """Until there were enough operations and every kill was borne."""
        cluster = self.file(CLUSTER.format(
            module=(BUILD / "libspace_users.so").resolve(),
            folder=self.histories,
            clients=CLIENT_NODES, seed=self.seed, batch=options.batch))
        self.up(cluster)
        chance = random.Random(self.seed)
        for after in sorted(chance.uniform(0.02, 0.9)
                            for _ in range(options.kills)):
            self.until_operations(after * options.operations)
            self.clients.kill(chance.choice(sorted(self.until_all_run())))
        self.until_operations(options.operations)
        self.until_all_run()
        (self.histories / "stop").touch()
        wait_until(lambda: not self.clients.running(), "the clients end")

    def until_operations(self, count):
        wait_until(lambda: self.clients.operations() >= count,
                   f"{count:.0f} operations", 1800)

    def until_all_run(self):
        def all_run():
            running = self.clients.running()
            return running if len(running) == CLIENT_NODES else None
        return wait_until(all_run, "all clients run")

    def job_of(self, name):
        state = self.job(name)
        self.assertEqual(state["state"], "done", state)
        return state["result"]

    def show(self, report, drained, seconds):
        operations = report["operations"]
        returned = report["returned"]
        print(f"{operations} operations in {seconds:.1f} s, "
              f"{operations / seconds:.0f}/s; {report['verbs']}; "
              f"{report['with_tuple']} answered with a tuple, "
              f"{drained['handed_off']} of them waited for\n"
              f"{report['kills']} processes killed, {report['clients'] - 1} "
              f"clients in all; {report['failed']} operations failed, "
              f"{report['unknown']} are unknown, which account for "
              f"{report['with_unknown_takes']} tuples\n"
              f"{returned['claims']} claims of killed clients came back: p50 "
              f"{returned['p50_ms']:.0f} ms, p99 {returned['p99_ms']:.0f} ms, "
              f"max {returned['max_ms']:.0f} ms; "
              f"{returned['never_seen']} never seen\n"
              f"findings: {report['findings'] or 'none'}", flush=True)

    def check_that_faults_are_found(self):
        """A test that cannot fail proves nothing: the same histories with a
        fault put in."""
        group = ("--group", GROUP)
        for tamper, fault, only in (
                (take_again, "twice", group), (drop_take, "lost", group),
                (take_from_nowhere, "from nowhere", group),
                (cut_history, "no end", group), (antedate_kills, "late", ())):
            with self.subTest(fault):
                copy = self.folder / tamper.__name__
                copy.mkdir()
                for path in self.histories.iterdir():
                    os.link(path, copy / path.name)
                tamper(copy)
                code, report = judge(copy, *only)
                self.assertEqual(code, 1, tamper.__name__)
                self.assertIn(fault, report["findings"])
                shutil.rmtree(copy)


def edit(path, change):
    """Rewrites a file that is linked elsewhere, too."""
    content = bytearray(path.read_bytes())
    change(content)
    path.unlink()
    path.write_bytes(content)


def taken_by_drain(content):
    """Where the answers are that took a tuple of the group."""
    for at in range(0, len(content) - RECORD.size + 1, RECORD.size):
        kind, _, group, _, _, value = RECORD.unpack_from(content, at)
        if kind == ANSWER and group == GROUP and value != 0:
            yield at


def drain_of(folder):
    """The history of the client that emptied the space."""
    def is_drain(path):
        with path.open("rb") as file:
            return RECORD.unpack(file.read(RECORD.size))[1] == 1
    return next(filter(is_drain, Clients(folder).files()))


def change_takes(folder, value_of):
    """Gives the drain's answers of the group other tuples."""
    def change(content):
        places = list(taken_by_drain(content))
        values = [RECORD.unpack_from(content, at)[5] for at in places]
        for at, value in zip(places, value_of(values)):
            content[at + 8:at + 16] = struct.pack("=Q", value)
    edit(drain_of(folder), change)


def take_again(folder):
    change_takes(folder, lambda values: values[:1] * 2)


def drop_take(folder):
    """More than takes of unknown outcome can account for."""
    change_takes(folder, lambda values: [0] * len(values))


def take_from_nowhere(folder):
    change_takes(folder, lambda values: [2**60])


def cut_history(folder):
    edit(drain_of(folder), lambda content: content.__delitem__(
        slice(len(content) - RECORD.size, None)))


def antedate_kills(folder):
    """As if the claims of those who died had stayed for ten seconds."""
    path = folder / "kills"
    kills = [line.split() for line in path.read_text().splitlines()]
    path.unlink()
    path.write_text("".join(f"{process} {int(at) - 10**10}\n"
                            for process, at in kills))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=options.operations)
    parser.add_argument("--kills", type=int, default=options.kills)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--batch", type=int, default=options.batch,
                        help="calls that a client has in flight")
    parser.parse_args(namespace=options)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
