"""What happens when the file, a module, a port or a node is wrong: a message
that says what to do, the right exit code, and nothing left behind."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from support import (BUILD, HELLO, WEFT, ClusterTest, nodes_yaml,
                     wait_until)

MEMORY_MAX = 200 * 1024 * 1024

SIX_MISTAKES = """\
cluster: demo
modules: [hello]
log:
  levle: info
nodes:
  - {name: n1, listen: 127.0.0.1:70000}
  - {name: n1}
caf:
  threads: many
actors:
  - {name: a, type: hello.greeter, node: n7}
jobs:
  - {name: party, type: hello.party, timeout: soon}
"""


class Check(ClusterTest):

    def test_six_mistakes_are_six_lines_with_their_places(self):
        file = self.file(SIX_MISTAKES)
        done = self.weft("check", file, check=2)
        lines = [line for line in done.stderr.splitlines()
                 if line.startswith(str(file))]
        places = [line[len(str(file)) + 1:].split(": ")[0] for line in lines]
        self.assertEqual(places, ["4:3", "6:24", "7:12", "9:12", "11:42",
                                  "13:47"], done.stderr)
        self.assertIn("did you mean \"level\"?", lines[0])

    def test_in_json_all_mistakes_are_one_object(self):
        file = self.file(SIX_MISTAKES)
        told = self.weft_json("check", file, check=2)
        self.assertFalse(told["ok"])
        self.assertEqual(
            [(p["line"], p["column"], p["path"]) for p in told["problems"]],
            [(4, 3, "log.levle"), (6, 24, "nodes[0].listen"),
             (7, 12, "nodes[1].name"), (9, 12, "caf.threads"),
             (11, 42, "actors[0].node"), (13, 47, "jobs[0].timeout")])
        for problem in told["problems"]:
            self.assertEqual(problem["file"], str(file))
            self.assertIn("expected", problem["message"])

    def test_in_json_the_mistakes_against_modules_are_told_too(self):
        file = self.file("cluster: c\nmodules: [hello]\nnodes: [{name: n1}]\n"
                         "actors:\n  - {name: a, type: hello.greter, "
                         "node: n1}\n")
        for command in ("check", "up", "run"):
            told = self.weft_json(command, file, check=2) \
                if command != "run" else self.weft_json(
                    command, self.with_job(file), check=2)
            self.assertFalse(told["ok"])
            self.assertEqual(told["problems"][0]["line"], 5)
            self.assertEqual(told["problems"][0]["path"], "actors[0].type")

    def test_a_run_has_the_same_keys_however_it_goes(self):
        good = self.weft_json("run", HELLO)
        self.assertTrue(good["ok"])
        self.assertEqual((good["error"], good["problems"]), (None, []))
        without_jobs = self.file("cluster: c\nnodes: [{name: n1}]\n",
                                 "no_jobs.yaml")
        missing = self.folder / "absent.yaml"
        for arguments in ((self.file(SIX_MISTAKES),), (without_jobs,),
                          (missing,), (HELLO, "--job", "none")):
            told = self.weft_json("run", *arguments, check=2)
            self.assertEqual(told.keys(), good.keys())
            self.assertEqual(
                [told[key] for key in ("ok", "cluster", "nodes", "seconds",
                                       "result")],
                [False, None, None, None, None])
            self.assertEqual(told["error"]["code"], "invalid_argument")

    def with_job(self, file):
        return self.file(file.read_text() + "jobs: [{name: party, type: "
                         "hello.party}]\n", "with_job.yaml")

    def test_a_good_file_is_good(self):
        self.assertIn("good", self.weft("check", HELLO).stdout)
        self.assertTrue(self.weft_json("check", HELLO)["ok"])

    def hostile(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        with open(self.folder / "told", "w+b") as told:
            child = subprocess.Popen([str(WEFT), "check", str(path)],
                                     env=self.environment, stderr=told)
            # Of this child alone, not the highest of all there were.
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            told.seek(0)
            text = told.read().decode(errors="replace")
        self.assertEqual(child.returncode, 2, text)
        self.assertIn(name, text)
        self.assertLess(usage.ru_maxrss * 1024, MEMORY_MAX)

    def test_random_bytes_are_refused(self):
        seed = random.randrange(2**32)
        print("seed", seed)
        self.hostile("random.yaml", random.Random(seed).randbytes(100_000))

    def test_a_huge_file_is_refused(self):
        self.hostile("huge.yaml", b"a: b\n" * 20_000_000)

    def test_an_alias_bomb_is_refused(self):
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        for i in range(1, 30):
            row = ", ".join([f"*a{i - 1}"] * 9)
            lines.append(f"a{i}: &a{i} [{row}]")
        self.hostile("bomb.yaml", "\n".join(lines).encode())

    def test_an_empty_file_is_refused(self):
        self.hostile("empty.yaml", b"")

    def test_wrong_arguments_are_found_in_their_place(self):
        file = self.file("cluster: c\nmodules: [hello]\nnodes: [{name: n1}]\n"
                         "actors:\n  - name: a\n    type: hello.greeter\n"
                         "    node: n1\n    args: {name: x, greting: 5}\n")
        done = self.weft("check", file, check=2)
        self.assertIn("did you mean", done.stderr)
        self.assertIn(f"{file}:8:", done.stderr)


class Start(ClusterTest):

    def fails(self, text, *expected, command="run", code=None, arguments=()):
        file = self.file(text)
        done = self.weft(command, file, *arguments, check=code)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        for part in expected:
            self.assertIn(part, done.stderr)
        left = subprocess.run(["pgrep", "-f", str(self.folder)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(left.stdout, "")
        return done

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            for n1, n2 in ((port, 0), (0, port)):
                for command in ("up", "run"):
                    failed = self.fails(
                        "cluster: c\nmodules: [hello]\nnodes:\n"
                        f"  - {{name: n1, listen: \"127.0.0.1:{n1}\"}}\n"
                        f"  - {{name: n2, listen: \"127.0.0.1:{n2}\"}}\n"
                        "jobs: [{name: party, type: hello.party}]\n",
                        f"127.0.0.1:{port}", "n1" if n1 else "n2",
                        "give the node another port", command=command, code=1)
                    self.assertNotIn("signal", failed.stderr)
            for command in ("up", "run"):
                told = self.weft_json(command, self.folder / "cluster.yaml",
                                      check=1)
                self.assertEqual(told["error"]["code"], "unavailable", command)
                self.assertIn(f"127.0.0.1:{port}", told["error"]["message"])

    def test_an_unknown_actor_type_names_the_nearest(self):
        self.fails("cluster: c\nmodules: [hello]\nnodes: [{name: n1}]\n"
                   "actors: [{name: a, type: hello.greter, node: n1}]\n",
                   "hello.greeter", command="up", code=2)

    def test_a_missing_module_says_so_in_its_place(self):
        self.fails("cluster: c\nmodules: [./absent.so]\n"
                   "nodes: [{name: n1}]\n",
                   ":2:11: modules[0]: module ", "absent.so: no such file",
                   command="up", code=2)
        self.fails("cluster: c\nmodules: [hello, ./absent.so]\n"
                   "nodes: [{name: n1}]\njobs: [{name: j, type: a.j}]\n",
                   ":2:18: modules[1]: ", "absent.so", command="run", code=2)

    def test_every_module_that_does_not_load_is_told_in_its_place(self):
        built = BUILD / "tests/modules"
        (self.folder / "text.so").write_text("no library")
        file = self.file("cluster: c\nmodules:\n  - ./text.so\n"
                         f"  - {built / 'libother_version.so'}\n"
                         f"  - {built / 'libthrows_in_body.so'}\n"
                         "nodes: [{name: n1}]\n")
        told = self.weft_json("check", file, check=2)
        self.assertEqual(
            [(p["line"], p["column"], p["path"]) for p in told["problems"]],
            [(3, 5, "modules[0]"), (4, 5, "modules[1]"),
             (5, 5, "modules[2]")])
        for problem, text in zip(told["problems"], (
                "without an ELF header", "was built with weft 0.0.1",
                "failed: it threw: no licence")):
            self.assertIn(text, problem["message"])
            self.assertEqual(problem["file"], str(file))

    def test_a_module_that_throws_when_it_is_loaded_is_told_by_all(self):
        built = BUILD / "tests/modules"
        file = self.file("cluster: c\nmodules:\n"
                         f"  - {built / 'libthrows_in_constructor.so'}\n"
                         f"  - {built / 'libthrows_in_body.so'}\n"
                         "nodes: [{name: n1}]\n"
                         "jobs: [{name: j, type: absent.j}]\n")
        for command in ("check", "up", "run"):
            told = self.weft_json(command, file, check=2)
            self.assertEqual([p["path"] for p in told["problems"]],
                             ["modules[0]"], command)
            for text in ("a static constructor failed: it threw: no table",
                         "the modules behind it were not loaded"):
                self.assertIn(text, told["problems"][0]["message"])
        node = self.weft("node", file, "--name", "n1", "--run-dir",
                         self.folder / "run", check=2)
        self.assertIn("a static constructor failed", node.stderr)

    def test_a_run_directory_that_cannot_be_made_is_named(self):
        blocked = self.folder / "file"
        blocked.write_text("")
        self.fails("cluster: c\nmodules: [hello]\nnodes: [{name: n1}]\n",
                   str(blocked), command="up",
                   arguments=("--run-dir", blocked / "run"))

    def test_a_run_directory_below_a_closed_folder_is_named(self):
        closed = self.folder / "closed"
        closed.mkdir()
        self.folder.chmod(0o755)
        file = self.file("cluster: c\nmodules: [hello]\n"
                         "nodes: [{name: n1}]\n")
        closed.chmod(0)
        # Root may enter everything.
        other = {"user": 65534} if os.geteuid() == 0 else {}
        done = self.weft("up", file, "--run-dir", closed / "a" / "b", check=1,
                         **other)
        closed.chmod(0o700)
        self.assertIn("--run-dir", done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertNotIn("defect", done.stderr)

    def stuck(self, ready_timeout, threads=0):
        """A file with an actor whose start never returns."""
        return (f"cluster: c\ncaf: {{threads: {threads}}}\n"
                f"modules: [hello, {BUILD / 'libcrasher.so'}]\n"
                f"launcher: {{ready_timeout: {ready_timeout}}}\n"
                "nodes: [{name: n1}]\n"
                "actors: [{name: a, type: crasher.stuck, node: n1}]\n"
                "jobs: [{name: party, type: hello.party}]\n")

    def test_a_node_that_never_becomes_ready_names_the_actor(self):
        for command in ("up", "run"):
            self.fails(self.stuck("1s"), "node n1 was not ready within 1s; "
                       "raise launcher.ready_timeout, or see its log",
                       "n1/crasher/a is starting", command=command, code=4)
        told = self.weft_json("run", self.folder / "cluster.yaml", check=4)
        self.assertEqual(told["error"]["code"], "timed_out")
        # Not even its supervisor can say so.
        self.fails(self.stuck("1s", threads=1), "holds all threads",
                   "n1/crasher/a", command="up", code=4)

    def test_a_node_without_a_launcher_ends_when_a_start_never_does(self):
        self.fails(self.stuck("1s"), "not ready within launcher.ready_timeout",
                   "n1/crasher/a is starting", command="node", code=4,
                   arguments=("--name", "n1", "--run-dir",
                              self.folder / "run"))

    def test_a_restart_has_the_time_of_a_start(self):
        file = self.file(
            "cluster: c\n"
            f"modules: [{BUILD / 'libcrasher.so'}]\n"
            "launcher: {ready_timeout: 2s, stop_timeout: 1s}\n"
            "nodes: [{name: n1}]\n"
            "actors: [{name: a, type: crasher.starts_once, node: n1}]\n")
        self.up(file)
        self.weft("kill", "n1/crasher/a", file)
        wait_until(lambda: "its start was not reported within 2s"
                   in self.weft("logs", file).stdout,
                   "the restart fails", 10)

    def interrupted(self, command, number):
        """Signals a start that does not end; the exit code."""
        file = self.file(self.stuck("10min"))
        place = tempfile.mkdtemp(prefix="run-", dir=self.folder)
        begun = subprocess.Popen(
            [str(WEFT), *command, str(file), "--run-dir", place],
            env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(begun.kill)
        # It has loaded its modules.
        wait_until(pathlib.Path(place, "nodes", "n1.incarnation").exists,
                   "the node starts")
        at = time.monotonic()
        begun.send_signal(number)
        told = begun.communicate(timeout=60)[1]
        self.assertLess(time.monotonic() - at, 6, told)
        left = subprocess.run(["pgrep", "-f", str(self.folder)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(left.stdout, "", told)
        return begun.returncode

    def test_ctrl_c_ends_a_start_at_once(self):
        for command in (("run",), ("up",), ("up", "--foreground")):
            for number in (signal.SIGINT, signal.SIGTERM):
                self.assertEqual(self.interrupted(command, number), 1, command)

    def test_a_folder_for_certificates_that_cannot_be_made_is_named(self):
        blocked = self.folder / "file"
        blocked.write_text("")
        failed = self.fails("cluster: c\nnodes: [{name: n1}, {name: n2}]\n",
                            f"cannot make the folder {blocked / 'keys'}",
                            "set --output to a folder that you can write",
                            command="certs", code=1,
                            arguments=("--output", blocked / "keys"))
        self.assertEqual(failed.stdout, "")

    def test_an_unknown_node_is_refused(self):
        done = self.weft("node", HELLO, "--name", "n9", check=2)
        self.assertIn("n1, n2, n3, n4", done.stderr)

    def test_no_cluster_is_exit_code_3(self):
        self.assertIn("weft up", self.weft("status", check=3).stderr)
        self.weft("down", HELLO, check=3)

    def test_a_run_directory_without_a_cluster_is_exit_code_3(self):
        (self.folder / "nodes").mkdir()
        with socket.socket(socket.AF_UNIX) as ended:
            ended.bind(str(self.folder / "nodes" / "n1.sock"))
        for place in ("/nowhere", self.folder):
            for command in ("status", "tree", "logs", "down"):
                told = self.weft(command, "--run-dir", place, check=3).stderr
                self.assertIn("start it with: weft up FILE --run-dir "
                              f"{place}\n", told)
        told = self.weft_json("status", "--run-dir", "/nowhere", check=3)
        self.assertEqual(told["error"]["code"], "unavailable")

    def test_wrong_usage_is_exit_code_2(self):
        self.weft("rnu", check=2)
        self.weft("run", check=2)

    def test_wrong_usage_has_the_form_of_other_mistakes(self):
        absent = self.weft_json("run", self.folder / "absent", check=2)
        for arguments, text in (((), "FILE is required"),
                                (("--bogus",), "unknown option --bogus"),
                                ((HELLO, "more"), "unknown argument more")):
            told = self.weft_json("run", *arguments, check=2)
            self.assertEqual(set(told), set(absent))
            self.assertEqual((told["ok"], told["problems"]), (False, []))
            self.assertEqual(told["error"]["code"], "invalid_argument")
            self.assertIn(text, told["error"]["message"])
            self.assertIn("weft run --help", told["error"]["message"])
        for command in (("kill",), ("space", "write")):
            told = self.weft_json(*command, check=2)
            self.assertEqual(set(told), {"ok", "error"})
            self.assertIn(f"weft {' '.join(command)} --help",
                          told["error"]["message"])
        # What knows no --json gets text.
        self.assertEqual(self.weft("node", "--json", check=2).stdout, "")

    def test_help_has_an_example_for_every_command(self):
        listing = self.weft("--help").stdout.split("Subcommands:")[1]
        commands = [line.split()[0] for line in listing.splitlines()
                    if line.startswith("  ") and line.split()
                    and not line.startswith("   ")]
        self.assertGreater(len(commands), 10)
        for command in commands:
            self.assertIn("Example", self.weft(command, "--help").stdout,
                          command)


class Port(ClusterTest):
    """A node's port when strangers come."""

    def test_strangers_are_refused_with_a_reason_and_the_cluster_lives(self):
        self.up(HELLO)
        host, port = self.nodes(HELLO)["n1"]["listen"].rsplit(":", 1)

        def refused(stranger, reason):
            """The node's log names the stranger's address and the reason."""
            with socket.create_connection((host, int(port)), 10) as link:
                link.settimeout(20)
                source = "{}:{}".format(*link.getsockname())
                with contextlib.suppress(OSError):
                    stranger(link)
            wait_until(lambda: f"refused a connection from {source}: {reason}"
                       in self.weft("logs", HELLO, "--node", "n1").stdout,
                       reason)

        def says(content):
            def stranger(link):
                link.sendall(content)
                while link.recv(4096):
                    pass
            return stranger

        def speaks_tls(highest, *identity):
            def stranger(link):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                context.maximum_version = highest
                if identity:
                    context.load_cert_chain(*identity)
                with context.wrap_socket(link) as session:
                    session.recv(1)
            return stranger

        def hangs_up(link):
            link.close()

        newest = ssl.TLSVersion.TLSv1_3
        foreign = self.folder / "certs"
        self.weft("certs", HELLO, "--output", foreign)
        own = next(self.folder.glob("weft-*/hello-*/tls"))
        for noise in (bytes([1]) + bytes(31), bytes(32), b"\0" * 500,
                      b"GET / HTTP/1.1\r\n\r\n"):
            refused(says(noise), "it does not speak TLS")
        refused(says(bytes.fromhex("16030100")),
                "it did not finish the TLS handshake within")
        refused(hangs_up, "it closed the connection without a word")
        refused(speaks_tls(newest), "it shows no certificate")
        refused(speaks_tls(ssl.TLSVersion.TLSv1_2), "it offers no TLS 1.3")
        refused(speaks_tls(newest, foreign / "n2.pem", foreign / "n2.key"),
                "its certificate is of another authority")
        refused(speaks_tls(newest, own / "n2.pem", own / "n2.key"),
                "it did not finish its greeting within")
        seen = self.nodes(HELLO)
        self.assertEqual([seen[n]["state"] for n in sorted(seen)], ["up"] * 4)

    def test_plain_connections_off_loopback_are_refused(self):
        file = self.file("cluster: c\nsecurity: {insecure: true}\nnodes:\n"
                         "  - {name: n1, listen: \"192.0.2.1:7001\"}\n"
                         "  - {name: n2, listen: \"192.0.2.2:7001\"}\n")
        self.assertIn("loopback", self.weft("check", file, check=2).stderr)


class Supervision(ClusterTest):

    def test_an_actor_that_always_crashes_ends_with_its_name_and_reason(self):
        module = BUILD / "libcrasher.so"
        file = self.file("cluster: c\n"
                         f"modules: [{module}]\nnodes: [{{name: n1}}]\n"
                         "supervision: {backoff: {first: 1ms, max: 1ms}}\n"
                         "actors: [{name: doomed, type: crasher.doomed, "
                         "node: n1}]\n")
        done = subprocess.run(
            [str(WEFT), "up", "--foreground", str(file)],
            env=self.environment, capture_output=True, text=True, timeout=60,
            check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, "supervisor [^ ]+ gave up: doomed ended "
                                      "[0-9]+ times within 5s, last: it threw: "
                                      "no fuel")


if __name__ == "__main__":
    unittest.main()
