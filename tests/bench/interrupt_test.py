#!/usr/bin/env python3
"""Interrupts `weft bench` in the middle, as Ctrl-C does, again and
again at other moments: it must end soon, say so, and leave no process and no
file.

usage: interrupt_test.py WEFT
Processes are known by a mark in their environment. The moments are random;
the seed is printed and may be given as SEED in the environment.
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MARK = "WEFT_BENCH_TEST_MARK"
END_TIMEOUT_S = 20
# A process that sees the end of its standard input needs a moment to end.
GONE_TIMEOUT_S = 10


def marked(value):
    """Command lines of the processes with our mark, but for dead ones."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            if f"{MARK}={value}".encode() in environment.split(b"\0"):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                found.append(b" ".join(words).decode(errors="replace"))
        except OSError:
            pass    # It has ended meanwhile, or is not ours.
    return found


def wait_until(condition, timeout_s):
    """Whether it became true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def interrupt(weft, subject, experiment, needed, delay_s):
    """One interrupted run; yields what is wrong."""
    mark = f"{os.getpid()}-{random.getrandbits(48)}"
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            [weft, "bench", subject, "--only", experiment, "--runs", "1000"],
            env=dict(os.environ, TMPDIR=folder, **{MARK: mark}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if not wait_until(lambda: any(needed in line for line in marked(mark)),
                          60):
            yield f"{experiment}: no process with {needed!r} after a minute"
        time.sleep(delay_s)
        running.send_signal(signal.SIGINT)
        try:
            output, _ = running.communicate(timeout=END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            running.kill()
            output, _ = running.communicate()
            yield f"{experiment}: still there {END_TIMEOUT_S} s after SIGINT"
        if running.returncode != 1 or "interrupted by SIGINT" not in output:
            yield (f"{experiment}: expected exit code 1 and a message, got "
                   f"{running.returncode}: {output!r}")
        if not wait_until(lambda: not marked(mark), GONE_TIMEOUT_S):
            yield f"{experiment}: it left running: {marked(mark)}"
        if os.listdir(folder):
            yield f"{experiment}: it left the files {os.listdir(folder)}"


def main():
    weft = sys.argv[1]
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"SEED={seed}")
    random.seed(seed)
    # Where to interrupt: once such a process is there.
    moments = [("actors", "ping_pong_nodes_tls", "bench measure"),
               ("actors", "ping_pong_nodes", "bench echo"),
               ("spaces", "pipelined_nodes", "bench shard")]
    if all(map(shutil.which, ("escript", "erl", "epmd"))):
        moments += [("actors", "ping_pong_nodes", "epmd -address"),
                    ("actors", "ping_pong_nodes", "escript"),
                    ("actors", "ping_pong_nodes", "-name pong"),
                    ("actors", "one_way", "/erts-")]
    if shutil.which("redis-server"):
        moments += [("spaces", "nodes", "redis-server"),
                    ("spaces", "hand_off_nodes", "bench redis")]
    for name in ("mpich", "openmpi"):
        if shutil.which(f"mpicc.{name}") and shutil.which(f"mpiexec.{name}"):
            moments.append(("heat", "heat_1024", f"heat_mpi_{name} 1024"))
    wrong = []
    for subject, experiment, needed in moments:
        wrong += interrupt(weft, subject, experiment, needed,
                           random.uniform(0, 0.7))
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
