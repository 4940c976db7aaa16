"""`weft space` on a running cluster: what one process writes another one gets,
whichever node carries it, and mistakes are shown where they are."""

import json
import os
import signal
import subprocess
import time
import unittest

from support import (SOURCE, WEFT, ClusterTest, ask_socket, nodes_yaml,
                     wait_until)

SPACE = SOURCE / "config" / "examples" / "space.yaml"


class SpaceTest(ClusterTest):
    """A test with the example cluster: two nodes, four shards of `jobs`."""

    def setUp(self):
        super().setUp()
        self.up(SPACE)

    def space(self, *arguments, **options):
        return self.weft("space", *arguments, **options)

    def space_json(self, *arguments, **options):
        return self.weft_json("space", *arguments, **options)

    def begin(self, *arguments):
        """`weft space` in the background."""
        process = subprocess.Popen(
            [str(WEFT), "space", *arguments], env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end_process, process)
        return process

    def end_process(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def sums(self):
        """The counters of all shards together."""
        shards = self.space_json("stats")["shards"]
        self.assertEqual([each["shard"] for each in shards], [0, 1, 2, 3])
        return {key: sum(each[key] for each in shards)
                for key in ("tuples", "written", "taken", "expired", "waiters",
                            "claims", "watches")}

    def until(self, key, count):
        wait_until(lambda: self.sums()[key] == count, f"{count} {key}")


class Tuples(SpaceTest):
    """What is written, read, taken, counted and cleared."""

    def test_what_is_written_is_read_and_taken_through_any_node(self):
        jobs = [f'["job", {i}, {i}.5]' for i in range(20)]
        self.assertEqual(self.space("write", *jobs).stdout,
                         "20 tuples written\n")
        for node in ("n1", "n2"):
            self.assertEqual(
                self.space("read", '["job", 7, _]', "--node", node).stdout,
                '["job", 7, 7.5]\n')
            self.assertEqual(self.space("count", "--node", node).stdout,
                             "20\n")
        self.assertEqual(self.space("count", '["job", 3..10, _]').stdout,
                         "8\n")
        taken = self.space_json("take", '["job", "i64:_", "_"]', "--node",
                                "n2")
        self.assertEqual(len(taken["tuples"]), 1)
        rest = self.space_json("read", '["job", ...]', "--all")["tuples"]
        self.assertEqual(sorted(rest + taken["tuples"]),
                         [["job", i, i + 0.5] for i in range(20)])
        self.assertEqual(
            len(self.space_json("take", '["jo"*, ...]', "--all", "--limit",
                                5)["tuples"]), 5)
        self.assertEqual(
            self.space("take", '["job", _, _]', "--all", "--limit",
                       "9").stdout.count("job"), 9)
        self.assertEqual(self.space("clear").stdout, "5 tuples removed\n")
        self.assertEqual(self.space_json("count"), {"ok": True, "count": 0})
        sums = self.sums()
        self.assertEqual((sums["written"], sums["taken"], sums["claims"]),
                         (20, 15, 0))

    def test_a_take_returns_when_another_process_writes(self):
        for pattern in ('["job", 7]', '["job", _]'):
            taker = self.begin("take", pattern, "--timeout", "30s", "--json")
            wait_until(lambda: self.sums()["waiters"] > 0, "it waits")
            self.space("write", '["job", 7]', "--node", "n2")
            out, err = taker.communicate(timeout=20)
            self.assertEqual(taker.returncode, 0, err)
            self.assertEqual(json.loads(out),
                             {"ok": True, "tuples": [["job", 7]]})
            self.assertEqual(self.space("count").stdout, "0\n")
        self.assertEqual(self.sums()["taken"], 2)

    def test_a_taker_that_is_killed_while_it_waits_loses_no_tuple(self):
        taker = self.begin("take", '["job", 7]', "--timeout", "30s")
        self.until("waiters", 1)
        taker.kill()
        taker.communicate()
        self.space("write", '["job", 7]')
        self.assertEqual(
            self.space("take", '["job", 7]', "--timeout", "40s").stdout,
            '["job", 7]\n')

    def test_nothing_found_is_an_exit_code(self):
        for operation in ("read", "take"):
            none = self.space(operation, '["none"]', check=1)
            self.assertEqual((none.stdout, none.stderr),
                             ("", "weft: no tuple matches\n"))
            begun = time.monotonic()
            late = self.space(operation, '["none", _]', "--timeout", "300ms",
                              "--json", check=4)
            self.assertGreaterEqual(time.monotonic() - begun, 0.3)
            self.assertEqual(json.loads(late.stdout)["error"],
                             {"code": "timed_out",
                              "message": "no tuple matched within 300ms"})

    def test_a_lease_ends(self):
        self.space("write", '["job", 1]', "--lease", "100ms")
        self.space("write", '["job", 2]', "--lease", "1h")
        self.until("expired", 1)
        self.assertEqual(self.space("read", '["job", _]', "--all").stdout,
                         '["job", 2]\n')


class Watch(SpaceTest):

    def test_a_watch_shows_what_becomes_of_tuples(self):
        watch = self.begin("watch", '["job", ...]', "--limit", "4")
        self.until("watches", 4)
        self.space("write", '["job", 1]', '["other", 1]')
        self.space("take", '["job", 1]')
        self.space("write", '["job", 2, true]', "--lease", "50ms")
        out, err = watch.communicate(timeout=30)
        self.assertEqual(watch.returncode, 0, err)
        self.assertEqual(out.splitlines(), [
            '+ ["job", 1]', '- ["job", 1]', '+ ["job", 2, true]',
            'x ["job", 2, true]'])
        self.until("watches", 0)

    def test_an_interrupted_watch_ends_well(self):
        watch = self.begin("watch", "--json")
        self.until("watches", 4)
        self.space("write", '["job", 1]')
        line = json.loads(watch.stdout.readline())
        self.assertEqual(line, {"event": "added", "tuple": ["job", 1]})
        watch.send_signal(signal.SIGINT)
        watch.communicate(timeout=10)
        self.assertEqual(watch.returncode, 0)
        self.until("watches", 0)


class Views(SpaceTest):

    def test_statistics_show_shards_and_shapes(self):
        self.space("write", *(f'["job", {i}]' for i in range(8)))
        self.space("read", '["job", 3]')
        text = self.space("stats").stdout
        self.assertIn("space jobs (tenant default, namespace default), "
                      "4 shards", text)
        self.assertRegex(text, r"SHARD +NODE +TUPLES +BYTES")
        self.assertIn("string,i64", text)
        self.assertNotIn("warning", text)
        answer = self.space_json("stats")
        self.assertEqual({each["node"] for each in answer["shards"]},
                         set(answer["space"]["carriers"]))

    def test_a_bench_leaves_nothing_behind(self):
        self.space("write", '["job", 1]')
        made = self.space_json("bench", "--seconds", "1", "--batch", "10")
        self.assertGreater(made["single"]["operations"], 0)
        self.assertGreater(made["batched"]["per_second"], 0)
        self.assertGreater(made["single"]["take_us"]["p50"], 0)
        self.assertEqual(self.space("count").stdout, "1\n")
        self.assertIn("one by one: ",
                      self.space("bench", "--seconds", "1").stdout)

    def test_the_routes_list_the_spaces(self):
        socket = next(self.folder.rglob("nodes/n1.sock"))
        listed = ask_socket(socket, "GET", "/api/v1/spaces")["spaces"]
        self.assertEqual([(each["name"], each["shards"]) for each in listed],
                         [("jobs", 4)])


class Mistakes(SpaceTest):
    """A wrong request says what is wrong with it, before anybody is asked."""

    def test_a_mistake_is_shown_where_it_is(self):
        for operation, text, column in (("write", '["job" 7]', 7),
                                        ("take", '["job", i65:_]', 8),
                                        ("read", '["job", ', 8)):
            told = self.space(operation, text, check=2).stderr.splitlines()
            self.assertIn("character ", told[0])
            self.assertEqual(told[1].strip(), text.strip())
            self.assertEqual(told[2].index("^") - 2, column, told)

    def test_a_mistake_is_json_if_that_was_asked_for(self):
        told = self.space("count", "[", "--json", check=2).stdout
        error = json.loads(told)["error"]
        self.assertEqual(error["code"], "invalid_argument")
        self.assertIn("character 2", error["message"])

    def test_spaces_and_tenants_are_named_when_they_are_wrong(self):
        self.assertIn("did you mean jobs?",
                      self.space("count", "--space", "job", check=1).stderr)
        self.assertIn("default/default/jobs",
                      self.space("count", "--tenant", "lab", check=1).stderr)
        self.assertIn("above 0", self.space("write", '["a"]', "--lease", "0s",
                                            check=2).stderr)

    def test_without_a_cluster_nobody_is_there(self):
        self.weft("down", SPACE)
        self.space("count", check=3)


class LostShards(SpaceTest):
    """The node with the shards is killed, and stays away for a while."""

    def setUp(self):
        ClusterTest.setUp(self)
        self.up(self.file(
            "cluster: lost\n" + nodes_yaml(2)
            + "launcher: {restart: {backoff: {first: 15s, max: 15s}}}\n"
            "spaces: [{name: jobs, shards: 2, nodes: [n2]}]\n"))

    def test_nobody_waits_for_ever_and_what_is_gone_is_said(self):
        for number in range(6):
            self.space("write", f'["job", {number}]')
        calls = [self.begin("take", pattern, "--timeout", "60s", "--node",
                            "n1") for pattern in ('["no"]', '[_, _, _]')]
        wait_until(lambda: sum(
            shard["waiters"] for shard in self.space_json("stats")["shards"])
            == 3, "both wait, one at both shards")
        os.kill(self.nodes(self.folder / "cluster.yaml")["n2"]["pid"],
                signal.SIGKILL)
        calls += [self.begin(*what, "--node", "n1") for what in (
            ("read", '["job", 1]'), ("count",), ("write", '["job", 7]'))]
        for call in calls:
            _, err = call.communicate(timeout=40)
            self.assertIn(call.returncode, (3, 4), (call.args, err))
            self.assertIn("gone", err)
        wait_until(lambda: self.space("count", "--node", "n1",
                                      check=None).stdout == "0\n",
                   "empty shards have followed")
        self.space("write", '["job", 8]', "--node", "n1")
        self.assertEqual(self.space("take", '["job", _]').stdout,
                         '["job", 8]\n')


class Tenants(ClusterTest):

    def test_each_tenant_has_spaces_of_its_own(self):
        file = self.file(
            "cluster: tenants\n" + nodes_yaml(2)
            + "spaces:\n"
            "  - {name: a}\n"
            "  - {name: b, namespace: x}\n"
            "  - {name: b, namespace: y}\n"
            "  - {name: a, tenant: lab}\n")
        self.up(file)
        self.assertIn("a, x/b, y/b",
                      self.weft("space", "count", check=2).stderr)
        self.weft("space", "write", "[1]", "--space", "y/b", "--file", file)
        for space, count in (("a", 0), ("x/b", 0), ("y/b", 1)):
            done = self.weft("space", "count", "--space", space)
            self.assertEqual(done.stdout, f"{count}\n")
        self.weft("space", "write", "[1]", "[2]", "--tenant", "lab")
        self.assertEqual(
            self.weft("space", "count", "--tenant", "lab").stdout, "2\n")


if __name__ == "__main__":
    unittest.main()
