"""What the integration tests share: a workspace with cluster files and runs
of its own, and calls of the built `weft` program. Real processes, no sleeps:
waits are for conditions, with a deadline."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WEFT_BINARY_DIR",
                                    SOURCE / "build" / "release"))
WEFT = BUILD / "weft"
HELLO = SOURCE / "config" / "examples" / "hello.yaml"
DEADLINE_SECONDS = 60


def wait_until(condition, what, seconds=DEADLINE_SECONDS):
    """The first true value of `condition`; fails the test after a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {seconds} s")


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def ask_socket(path, verb, target):
    """One HTTP request over a Unix socket; the answer's JSON."""
    link = http.client.HTTPConnection("localhost", timeout=DEADLINE_SECONDS)
    link.sock = socket.socket(socket.AF_UNIX)
    link.sock.settimeout(DEADLINE_SECONDS)
    with contextlib.closing(link):
        link.sock.connect(str(path))
        link.request(verb, target)
        return json.loads(link.getresponse().read())


class ClusterTest(unittest.TestCase):
    """A test with a folder of its own, below which all run directories lie."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weft-it-"))
        self.environment = dict(os.environ, NO_COLOR="1",
                                XDG_RUNTIME_DIR=str(self.folder))
        self.started = []

    def tearDown(self):
        for file in self.started:
            self.weft("down", file, check=None)
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, text, name="cluster.yaml"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def weft(self, *arguments, check=0, timeout=DEADLINE_SECONDS, **options):
        """Runs the program; `check` is the exit code that it must have."""
        done = subprocess.run([str(WEFT), *map(str, arguments)],
                              env=self.environment, capture_output=True,
                              text=True, timeout=timeout, check=False,
                              **options)
        if check is not None:
            self.assertEqual(done.returncode, check,
                             f"weft {arguments}\n{done.stdout}{done.stderr}")
        return done

    def weft_json(self, *arguments, **options):
        return json.loads(self.weft(*arguments, "--json", **options).stdout)

    def up(self, file, *arguments):
        self.started.append(file)
        return self.weft_json("up", file, *arguments)

    def nodes(self, file, *arguments):
        """The nodes of `weft status` by name."""
        status = self.weft_json("status", file, *arguments)
        return {node["name"]: node for node in status["nodes"]}

    def control(self, verb, path):
        """A request to the control socket of n1."""
        return ask_socket(next(self.folder.rglob("nodes/n1.sock")), verb, path)

    def job(self, name):
        """Runs a job to its end; its last state."""
        started = self.control("POST", f"/api/v1/jobs?name={name}")
        path = f"/api/v1/jobs/{started['id']}?wait_ms=1000"

        def ended():
            state = self.control("GET", path)
            return state if state["state"] != "running" else None

        return wait_until(ended, "the job ends", 100)

    def job_progress(self):
        """How much the first job has done, in units of its own."""
        jobs = self.control("GET", "/api/v1/jobs")["jobs"]
        if not jobs:
            return 0
        state = self.control("GET", f"/api/v1/jobs/{jobs[0]['id']}")
        return state.get("progress", {}).get("done", 0)


def nodes_yaml(count):
    return ("nodes:\n"
            f"  - {{name: \"n{{index}}\", replicate: {count}, "
            "listen: \"127.0.0.1:0\"}\n")
