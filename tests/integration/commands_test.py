"""What the commands say and leave behind when a run is interrupted, broken or
over: the reason, the exit code, and no process, key or socket."""

import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import unittest

from support import (HELLO, WEFT, ClusterTest, is_alive, nodes_yaml,
                     wait_until)

BOTH_UP = {"n1": "up", "n2": "up"}
ENDLESS = ("--set", "jobs.party.args.rounds=1000000")


class Run(ClusterTest):
    """`weft run` when something goes wrong on the way."""

    def begin(self, *arguments):
        """`weft run` in the background, once its job runs; its nodes."""
        self.process = subprocess.Popen(
            [str(WEFT), "run", str(HELLO), *arguments], env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end_run)
        wait_until(self.job_runs, "the job runs")
        return self.nodes(HELLO)

    def end_run(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def job_runs(self):
        self.assertIsNone(self.process.poll(), "weft run has ended")
        done = self.weft("tree", HELLO, "--node", "n1", check=None)
        return "party" in done.stdout

    def ends(self, nodes, code, seconds=60):
        """The outputs of the run, which ends in time and leaves no process."""
        out, err = self.process.communicate(timeout=seconds)
        self.assertEqual(self.process.returncode, code, err)
        left = [node["pid"] for node in nodes.values()
                if is_alive(node["pid"])]
        self.assertEqual(left, [])
        return out, err

    def test_a_frozen_first_node_ends_the_run_at_its_deadline(self):
        nodes = self.begin(*ENDLESS, "--set", "jobs.party.timeout=2s",
                           "--set", "launcher.stop_timeout=1s")
        os.kill(nodes["n1"]["pid"], signal.SIGSTOP)
        err = self.ends(nodes, 4)[1]
        self.assertIn("job party", err)
        self.assertIn("node n1 does not answer", err)

    def test_an_interrupt_is_what_a_run_says_it_ended_by(self):
        nodes = self.begin(*ENDLESS)
        self.process.send_signal(signal.SIGINT)
        err = self.ends(nodes, 1)[1]
        self.assertIn("weft: interrupted", err)
        self.assertNotIn("socket", err)
        self.assertEqual(list(self.folder.glob("weft-*/*")), [])

    def test_the_death_of_the_first_node_is_what_a_run_says(self):
        nodes = self.begin(*ENDLESS)
        os.kill(nodes["n1"]["pid"], signal.SIGKILL)
        err = self.ends(nodes, 1)[1]
        self.assertIn("weft: node n1, which carries the cluster supervisor, "
                      "ended: signal SIGKILL", err)
        self.assertNotIn("closed the connection", err)

    def test_a_stop_from_elsewhere_is_what_a_run_says(self):
        nodes = self.begin(*ENDLESS)
        self.weft("down", HELLO)
        err = self.ends(nodes, 1)[1]
        self.assertIn("cluster hello was stopped before its jobs were done",
                      err)

    def test_a_failed_run_has_the_form_of_a_good_one(self):
        nodes = self.begin(*ENDLESS, "--json")
        os.kill(nodes["n1"]["pid"], signal.SIGKILL)
        report = json.loads(self.ends(nodes, 1)[0])
        self.assertEqual(
            (report["ok"], report["cluster"], report["nodes"]),
            (False, "hello", 4))
        self.assertGreater(report["seconds"], 0)
        self.assertIn("n1", report["error"]["message"])
        self.assertEqual(report["error"]["code"], "unavailable")


class Ended(ClusterTest):
    """What is told of a cluster after its end."""

    def broken(self, *arguments):
        """A cluster in the background whose first node was killed."""
        self.up(HELLO, *arguments)
        first = self.nodes(HELLO)["n1"]["pid"]
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not list(self.folder.rglob("lock")), "the end")

    def test_status_and_logs_say_why_a_cluster_ended(self):
        self.broken()
        for choice in ((), (HELLO,)):
            told = self.weft("status", *choice, check=3).stderr
            self.assertIn("node n1, which carries the cluster supervisor, "
                          "ended: signal SIGKILL", told)
            self.assertIn(f"weft logs {HELLO}", told)
            logs = self.weft("logs", *choice).stdout
            self.assertRegex(logs, r"launcher \| .*n1.* ended: signal SIGKILL")
            self.assertRegex(logs, r"n2 +\| ")

    def test_status_after_down_says_that_it_was_stopped(self):
        self.up(HELLO)
        self.weft("down", HELLO)
        self.assertIn("it was stopped at",
                      self.weft("status", HELLO, check=3).stderr)

    def test_only_the_clusters_that_ended_last_keep_their_logs(self):
        for i in range(10):
            file = self.file(f"cluster: c{i}\nmodules: [hello]\n"
                             "nodes: [{name: n1}]\n", f"c{i}.yaml")
            self.weft("up", file)
            self.weft("down", file)
        left = {path.name[:2] for path in self.folder.glob("weft-*/*")}
        self.assertEqual(left, {f"c{i}" for i in range(1, 10)})


class Status(ClusterTest):

    def test_a_node_that_is_not_there_shows_no_port(self):
        wait = ("--set", "launcher.restart.backoff.first=20s",
                "--set", "launcher.restart.backoff.max=20s")
        self.up(HELLO, *wait)
        os.kill(self.nodes(HELLO)["n3"]["pid"], signal.SIGKILL)
        wait_until(lambda: self.nodes(HELLO)["n3"]["state"] != "up",
                   "n3 is missed")
        for node in ("n1", "n2"):
            table = self.weft("status", HELLO, "--node", node).stdout
            self.assertNotIn(":0 ", table)
            row = next(line.split() for line in table.splitlines()
                       if line.startswith("n3"))
            self.assertEqual(row[3], "-", table)
        self.await_names_without("hello/greeter-3")

    def await_names_without(self, name):
        """`weft registry list` forgets a name, and no other one."""
        others = [f"hello/greeter-{i}" for i in (1, 2, 4)]

        def listed():
            names = self.weft_json("registry", "list", HELLO, "--prefix",
                                   "hello/")["names"]
            return [each["name"] for each in names]

        wait_until(lambda: name not in listed(), f"{name} is forgotten")
        self.assertEqual(listed(), others)
        self.assertNotEqual(self.nodes(HELLO)["n3"]["state"], "up")


class Hints(ClusterTest):
    """What a command says to do next can be done."""

    def test_the_hints_of_up_work_with_a_run_directory(self):
        place = self.folder / "my run"
        done = self.weft("up", HELLO, "--run-dir", place)
        hints = dict(line.split(": weft ", 1)
                     for line in done.stdout.splitlines())
        self.weft(*shlex.split(hints["look"]))
        self.weft(*shlex.split(hints["stop"]))
        told = self.weft("status", "--run-dir", place, check=3).stderr
        again = told.split("start it with: weft ", 1)[1]
        self.weft(*shlex.split(again))
        self.weft("down", "--run-dir", place)

    def test_the_hints_of_kill_and_of_a_lost_node_name_the_cluster(self):
        place = self.folder / "my run"
        self.weft("up", HELLO, "--run-dir", place)
        try:
            self.kill_hint_works("--run-dir", place)
        finally:
            self.weft("down", "--run-dir", place)
        self.up(HELLO, "--set", "launcher.restart.backoff.first=20s",
                "--set", "launcher.restart.backoff.max=20s")
        self.kill_hint_works(HELLO)
        os.kill(self.nodes(HELLO)["n3"]["pid"], signal.SIGKILL)
        lost = wait_until(self.lost_node, "n3 does not answer")
        hint = shlex.split(lost.split("see: weft ", 1)[1])
        self.assertIn(str(HELLO), hint)
        self.assertIn("n3 ", self.weft(*hint).stdout)

    def kill_hint_works(self, *choice):
        told = self.weft("kill", "n2/hello/greeter-2", *choice).stdout
        hint = shlex.split(told.split("comes next: weft ", 1)[1])
        self.assertIn("greeter-2", self.weft(*hint).stdout)

    def lost_node(self):
        done = self.weft("status", HELLO, "--node", "n3", check=None)
        return done.returncode == 3 and done.stderr

    def test_systemd_asks_for_certificates_first(self):
        told = self.weft("systemd", HELLO, check=2).stderr
        self.assertIn("weft certs", told)

    def test_an_unknown_option_is_named_before_what_is_missing(self):
        for arguments, name in ((("run", "--bogus"), "option --bogus"),
                                (("rnu",), "command rnu"),
                                (("--bogus",), "option --bogus"),
                                (("check", HELLO, "more"), "argument more")):
            told = self.weft(*arguments, check=2).stderr
            self.assertIn(f"unknown {name}; see: weft ", told)
        self.assertIn("FILE is required", self.weft("run", check=2).stderr)

    def test_version_is_an_option_too(self):
        self.assertEqual(self.weft("--version").stdout,
                         self.weft("version").stdout)


class Logs(ClusterTest):
    """What the nodes wrote, merged, and what they write on."""

    def test_followed_logs_show_what_comes_and_end_with_the_cluster(self):
        self.up(HELLO)
        texts, objects = self.follow(), self.follow("--json")
        for follower in (texts, objects):
            self.assertNotIn("greeter-2", follower.stdout.readline())
        self.weft("kill", "n2/hello/greeter-2", HELLO)
        line = self.line_with(texts, "restarted", "greeter-2")
        self.assertTrue(line.startswith("n2 "), line)
        told = json.loads(self.line_with(objects, "restarted", "greeter-2"))
        self.assertEqual(told["node"], "n2")
        self.weft("down", HELLO)
        for follower in (texts, objects):
            rest = follower.communicate(timeout=30)[0]
            self.assertEqual(follower.returncode, 0)
            self.assertIn("cluster hello: stopped in", rest)

    def follow(self, *arguments):
        follower = subprocess.Popen(
            [str(WEFT), "logs", str(HELLO), "-f", *arguments],
            env=self.environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(follower.communicate)
        self.addCleanup(follower.kill)
        return follower

    def line_with(self, follower, *parts):
        for line in follower.stdout:
            if all(part in line for part in parts):
                return line
        self.fail(f"no line with {parts}")

    def test_logs_are_one_object_too(self):
        self.up(HELLO)
        # Nothing is written any more.
        self.weft("down", HELLO)
        told = self.weft_json("logs", HELLO, "-n", "3")
        shown = self.weft("logs", HELLO, "-n", "3").stdout.splitlines()
        self.assertTrue(told["ok"])
        self.assertEqual(len(told["lines"]), len(shown))
        for line, text in zip(told["lines"], shown):
            node, rest = text.split(" | ", 1)
            self.assertEqual((line["node"], line["text"]),
                             (node.strip(), rest))
        refused = self.weft_json("logs", HELLO, "--node", "n9", check=1)
        self.assertEqual(refused["error"]["code"], "not_found")


class Large(ClusterTest):

    def test_four_of_sixteen_nodes_lost_at_once_come_back(self):
        file = self.file("cluster: large\nmodules: [hello]\n" + nodes_yaml(16))
        self.up(file)
        before = self.nodes(file)
        lost = ["n3", "n7", "n11", "n15"]
        for name in lost:
            os.kill(before[name]["pid"], signal.SIGKILL)

        def all_back():
            now = self.nodes(file)
            return ([now[n]["state"] for n in now] == ["up"] * 16
                    and all(now[n].get("pid") not in (None, before[n]["pid"])
                            for n in lost))

        wait_until(all_back, "all are back")


class Machines(ClusterTest):
    """Nodes without a launcher, on certificates of `weft certs`."""

    def certified(self):
        """A cluster of two nodes with certificates made by the program."""
        with socket.socket() as one, socket.socket() as other:
            for free in (one, other):
                free.bind(("127.0.0.1", 0))
            ports = [one.getsockname()[1], other.getsockname()[1]]
        file = self.file("cluster: far\nmodules: [hello]\nnodes:\n" + "".join(
            f"  - {{name: n{i + 1}, listen: \"127.0.0.1:{port}\"}}\n"
            for i, port in enumerate(ports)))
        told = self.weft("certs", file, "--output", self.folder).stdout
        security = [line for line in told.splitlines()
                    if line.startswith("security:")]
        with open(file, "a", encoding="utf-8") as text:
            text.write(security[0] + "\n")
        return file

    def start(self, file, node, place=None):
        """A node in the background; its process."""
        chosen = ("--run-dir", str(place)) if place else ()
        with open(self.folder / f"{node}.out", "wb") as log:
            process = subprocess.Popen(
                [str(WEFT), "node", str(file), "--name", node, *chosen],
                env=self.environment, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def states(self, *choice):
        done = self.weft("status", *choice, "--json", check=None)
        if done.returncode != 0:
            self.assertEqual(done.returncode, 3, done.stdout)
            return {}
        return {node["name"]: node["state"]
                for node in json.loads(done.stdout)["nodes"]}

    def test_two_nodes_meet_on_certificates_of_their_own(self):
        file = self.certified()
        places = {node: self.folder / f"run-{node}" for node in BOTH_UP}
        started = [self.start(file, *each) for each in places.items()]
        for place in places.values():
            wait_until(lambda p=place: self.states("--run-dir", p) == BOTH_UP,
                       "both are up")
        for process in started:
            process.terminate()
            self.assertEqual(process.wait(30), 0)

    def test_commands_reach_nodes_without_a_launcher(self):
        file = self.certified()
        place = self.folder / "run"
        first, second = (self.start(file, node, place) for node in BOTH_UP)
        here = ("--run-dir", place)
        wait_until(lambda: self.states(*here) == BOTH_UP, "both are up")
        self.assertIn("n2", self.weft("tree", *here).stdout)
        killed = self.weft("kill", "n2/factory", *here).stdout
        again = killed.split("comes next: weft ", 1)[1]
        wait_until(lambda: "1 restart" in
                   self.weft(*shlex.split(again)).stdout, "it restarts")
        self.weft("registry", "list", *here)
        self.assertIn("restart its process where it runs",
                      self.weft("kill", "n1/cluster/n2", *here,
                                check=2).stderr)
        self.assertIn('no node "n3" without a launcher',
                      self.weft("tree", *here, "--node", "n3",
                                check=1).stderr)
        self.assertIn("journalctl", self.weft("logs", *here, check=1).stderr)
        self.assertIn("systemctl stop", self.weft("down", *here,
                                                  check=2).stderr)
        # Its socket stays, and the other node is asked.
        first.kill()
        first.wait()
        self.assertTrue((place / "nodes" / "n1.sock").exists())
        wait_until(lambda: self.states(*here).get("n2") == "up", "n2 answers")
        second.kill()
        second.wait()
        self.weft("status", *here, check=3)

    def test_a_node_without_a_launcher_is_found_by_its_file(self):
        file = self.file("cluster: one\nmodules: [hello]\n"
                         "nodes: [{name: n1}]\n")
        self.weft("up", file)
        self.weft("down", file)
        node = self.start(file, "n1")
        for choice in ((), (file,)):
            wait_until(lambda c=choice: self.states(*c) == {"n1": "up"},
                       "it is up")
        self.assertIn("stopped in", self.weft("logs", file).stdout)
        node.terminate()
        self.assertEqual(node.wait(30), 0)
        self.weft("status", file, check=3)

    def test_what_certs_prints_makes_a_file_of_several_machines_good(self):
        nodes = ("nodes:\n  - {name: n1, listen: \"192.0.2.1:7001\"}\n"
                 "  - {name: n2, listen: \"192.0.2.2:7001\"}\n")
        spawn = "  spawn_from: [n1]\n"
        for output, security in ((), ""), (("--output", "my keys"), ""), \
                ((), f"security:\n{spawn}"):
            (self.folder / "far").mkdir(exist_ok=True)
            text = f"cluster: far\n{nodes}{security}"
            file = self.file(text, "far/cluster.yaml")
            self.assertIn("make them with weft certs",
                          self.weft("check", file, check=2).stderr)
            told = self.weft("certs", file, *output, cwd=self.folder).stdout
            pasted = told.split(":\n", 1)[1]
            for name in ("ca.pem", "n1.pem", "n2.key"):
                place = self.folder / (output[1] if output else "certs") / name
                self.assertTrue(place.exists())
            file.write_text(text + pasted, encoding="utf-8")
            self.assertIn("good", self.weft("check", file).stdout)
            self.assertIn(f'"../{output[1] if output else "certs"}/ca.pem"',
                          pasted)
        told = self.weft_json("certs", file, cwd=self.folder)
        self.assertEqual(told["tls"]["cert"], "../certs/{node}.pem")
        self.assertIn("certs/n1.key", told["files"])

    def test_systemd_accepts_the_units(self):
        file = self.certified()
        units = self.folder / "units"
        units.mkdir()
        paths = self.weft("systemd", file, "--output", units).stdout.split()
        self.assertEqual(len(paths), 3)
        told = self.weft("systemd", file, "--output", "/proc/units",
                         check=1).stderr
        self.assertIn("set --output to a folder that you can write", told)
        told = self.weft_json("systemd", file)["units"]
        self.assertEqual([unit["name"] for unit in told],
                         [path.rsplit("/", 1)[1] for path in paths])
        for unit, path in zip(told, paths):
            self.assertEqual(pathlib.Path(path).read_text(), unit["text"])
        verified = subprocess.run(
            ["systemd-analyze", "verify", *paths], capture_output=True,
            text=True, check=False)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertNotIn(str(units), verified.stderr)


class Killed(ClusterTest):

    def test_after_a_killed_launcher_up_starts_anew_and_nothing_is_left(self):
        self.up(HELLO)
        before = self.nodes(HELLO)
        place = next(self.folder.glob("weft-*/hello-*"))
        launcher = int((place / "launcher.pid").read_text())
        os.kill(launcher, signal.SIGKILL)
        wait_until(lambda: not is_alive(launcher), "the launcher is gone")
        self.assertIn("may have been killed",
                      self.weft("status", HELLO, check=3).stderr)
        self.up(HELLO)
        self.assertEqual([node["pid"] for node in before.values()
                          if is_alive(node["pid"])], [])
        after = self.nodes(HELLO)
        self.assertEqual([after[n]["state"] for n in after], ["up"] * 4)
        self.weft("down", HELLO)
        self.assertEqual([node["pid"] for node in after.values()
                          if is_alive(node["pid"])], [])
        self.assertEqual(list(self.folder.rglob("*.key")), [])


class Keys(ClusterTest):
    """Private keys go with the cluster that they were made for."""

    def keys(self):
        return list(self.folder.rglob("*.key"))

    def test_down_leaves_logs_and_no_key(self):
        self.up(HELLO)
        self.assertEqual(len(self.keys()), 5)
        self.weft("down", HELLO)
        self.assertEqual(self.keys(), [])
        self.assertEqual(len(list(self.folder.rglob("nodes/*.log"))), 4)

    def test_a_cluster_that_breaks_leaves_no_key(self):
        self.up(HELLO)
        nodes = self.nodes(HELLO)
        os.kill(nodes["n1"]["pid"], signal.SIGKILL)
        wait_until(lambda: not list(self.folder.rglob("lock")), "the end")
        self.assertEqual(self.keys(), [])


if __name__ == "__main__":
    unittest.main()
