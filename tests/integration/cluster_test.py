"""A cluster from a file: up, seen, hurt, healed, down."""

import json
import os
import signal
import subprocess
import threading
import unittest
import urllib.request

from support import (HELLO, WEFT, ClusterTest, is_alive, nodes_yaml,
                     wait_until)


def children_of(tree):
    return {child["name"]: child for child in tree["children"]}


class Cluster(ClusterTest):

    def test_a_job_of_four_nodes_runs_and_counts_every_message(self):
        report = self.weft_json("run", HELLO)
        self.assertEqual(
            (report["ok"], report["cluster"], report["nodes"]),
            (True, "hello", 4))
        result = report["result"]
        # 25 rounds in which each of four greets three others.
        self.assertEqual(result["greetings"], 300)
        self.assertEqual(result["messages"], 600)
        self.assertEqual(result["per_node"],
                         {f"n{i}": 75 for i in range(1, 5)})
        self.assertEqual(result["restarts_seen"], 1)
        self.assertGreater(report["seconds"], 0)

    def test_every_node_sees_the_whole_cluster(self):
        self.up(HELLO)
        def states(node):
            seen = self.nodes(HELLO, "--node", node)
            return [seen[n]["state"] for n in sorted(seen)]
        # All are ready; that all have met may take a moment longer.
        for node in ("n1", "n2", "n3", "n4"):
            wait_until(lambda: states(node) == ["up"] * 4,
                       f"{node} sees all nodes", 10)
            seen = self.nodes(HELLO, "--node", node)
            self.assertEqual(len({seen[n]["pid"] for n in seen}), 4)

    def test_a_killed_node_is_restarted_and_all_notice(self):
        self.up(HELLO)
        before = self.nodes(HELLO)
        os.kill(before["n3"]["pid"], signal.SIGKILL)

        def restarted(node):
            seen = self.nodes(HELLO, "--node", node)["n3"]
            return (seen["state"] == "up"
                    and seen.get("pid") not in (None, before["n3"]["pid"])
                    and seen["restarts"] == 1)

        for node in ("n1", "n2", "n4", "n3"):
            wait_until(lambda n=node: restarted(n), f"n3 back for {node}")
        after = self.nodes(HELLO)
        for node in ("n1", "n2", "n4"):
            self.assertEqual(after[node]["pid"], before[node]["pid"])

    def test_a_node_killed_in_the_tree_is_restarted(self):
        self.up(HELLO)
        before = self.nodes(HELLO)
        killed = self.weft_json("kill", "n1/cluster/n3", HELLO)
        self.assertEqual(killed["killed"], "n1/cluster/n3")

        def restarted():
            seen = self.nodes(HELLO)["n3"]
            return (seen["state"] == "up"
                    and seen.get("pid") not in (None, before["n3"]["pid"]))

        wait_until(restarted, "n3 is back")
        after = self.nodes(HELLO)
        self.assertEqual(after["n3"]["restarts"], 1)
        for node in ("n1", "n2", "n4"):
            self.assertEqual(after[node]["pid"], before[node]["pid"])

        def shown():
            tree = self.weft_json("tree", HELLO, "--node", "n1")["trees"][0]
            child = children_of(children_of(tree)["cluster"])["n3"]
            return child["state"] == "running" and child["last_reason"]

        self.assertEqual(wait_until(shown, "n3 runs in the tree"),
                         "killed (an operator killed it)")

    def test_a_job_survives_the_death_of_a_node(self):
        self.up(HELLO, "--set", "jobs.party.args.rounds=600")
        pid = self.nodes(HELLO)["n4"]["pid"]
        outcome = {}

        def run():
            outcome["report"] = self.job("party")

        runner = threading.Thread(target=run)
        runner.start()
        wait_until(lambda: self.job_progress() > 20, "the job runs")
        os.kill(pid, signal.SIGKILL)
        runner.join(100)
        self.assertFalse(runner.is_alive(), "the job did not end")
        self.assertEqual(outcome["report"]["state"], "done",
                         outcome["report"])
        self.assertEqual(outcome["report"]["result"]["greetings"], 600 * 12)
        self.assertGreaterEqual(
            outcome["report"]["result"]["restarts_seen"], 2)

    def test_a_killed_actor_is_restarted_in_its_place(self):
        self.up(HELLO)
        killed = self.weft_json("kill", "n2/hello/greeter-2", HELLO)
        self.assertEqual(killed["killed"], "n2/hello/greeter-2")

        def restarts():
            tree = self.weft_json("tree", HELLO, "--node", "n2")["trees"][0]
            child = children_of(children_of(tree)["hello"])["greeter-2"]
            return child["state"] == "running" and child["restarts"] == 1

        wait_until(restarts, "greeter-2 runs again")

    def test_killing_what_is_not_there_names_the_nearest(self):
        self.up(HELLO)
        failed = self.weft("kill", "n2/hello/greter-2", HELLO, check=1)
        self.assertIn("greeter-2", failed.stderr)

    def test_the_registry_may_crash_and_names_come_back(self):
        self.up(HELLO)
        self.weft("kill", "n1/registry", HELLO)
        wait_until(lambda: len(self.names()) == 4, "all names are back")
        report = self.job("party")
        self.assertEqual(report["state"], "done", report)

    def test_a_keeper_of_names_may_crash_before_the_registry(self):
        self.up(HELLO)

        def has_restarted(node, name):
            tree = self.weft_json("tree", HELLO, "--node", node)["trees"][0]
            child = children_of(tree)[name]
            return child["state"] == "running" and child["restarts"] == 1

        for node, name in (("n2", "names"), ("n1", "registry")):
            self.weft("kill", f"{node}/{name}", HELLO)
            wait_until(lambda: has_restarted(node, name), f"{name} is back")
        wait_until(lambda: len(self.names()) == 4, "all names are back")

    def test_the_tree_holds_everything_that_runs(self):
        self.up(HELLO)

        def complete():
            trees = self.weft_json("tree", HELLO)["trees"]
            first = children_of(trees[0])
            nodes = children_of(first["cluster"])
            return ([t["name"] for t in trees] == ["n1", "n2", "n3", "n4"]
                    and {"registry", "factory", "membership"} <= set(first)
                    and all(nodes[n]["state"] == "running"
                            for n in ("n2", "n3", "n4")))

        wait_until(complete, "the tree is complete")

    def test_down_leaves_no_process_and_no_socket(self):
        self.up(HELLO)
        pids = [node["pid"] for node in self.nodes(HELLO).values()]
        self.weft("down", HELLO)
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])
        self.assertEqual(list(self.folder.rglob("*.sock")), [])

    def test_two_clusters_run_side_by_side(self):
        other = self.file("cluster: other\nmodules: [hello]\n"
                          + nodes_yaml(2))
        self.up(HELLO)
        self.up(other)
        self.assertEqual(len(self.nodes(HELLO)), 4)
        self.assertEqual(len(self.nodes(other)), 2)
        several = self.weft("status", check=2)
        self.assertIn("2 clusters run", several.stderr)
        self.weft("down", HELLO)
        self.assertEqual(self.nodes(other)["n2"]["state"], "up")

    def test_the_death_of_the_first_node_ends_the_cluster(self):
        self.up(HELLO)
        nodes = self.nodes(HELLO)
        os.kill(nodes["n1"]["pid"], signal.SIGKILL)
        for node in nodes.values():
            wait_until(lambda n=node: not is_alive(n["pid"]), "all end")

    def test_ctrl_c_stops_a_run_and_leaves_nothing(self):
        run = subprocess.Popen(
            [str(WEFT), "run", str(HELLO), "--set",
             "jobs.party.args.rounds=1000000"],
            env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        status = wait_until(self.status_or_none, "the cluster is up")
        pids = [node["pid"] for node in status["nodes"]]
        run.send_signal(signal.SIGINT)
        self.assertNotEqual(run.wait(30), 0)
        run.stderr.close()
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])
        # Its run directory is gone, with the keys and logs in it.
        self.assertEqual(list(self.folder.glob("weft-*/*")), [])

    def test_http_shows_health_metrics_status_and_tree(self):
        file = self.file("cluster: web\nmodules: [hello]\nnodes:\n"
                         "  - {name: n1, http: \"127.0.0.1:0\"}\n")
        self.up(file)
        base = "http://" + self.nodes(file)["n1"]["http"]

        def get(path):
            with urllib.request.urlopen(base + path, timeout=10) as answer:
                return answer.read().decode()

        self.assertIn("ok", get("/healthz"))
        self.assertIn("ready", get("/readyz"))
        self.assertIn("\nweft_actors_running ", get("/metrics"))
        self.assertEqual(json.loads(get("/api/v1/status"))["cluster"], "web")
        self.assertEqual(
            json.loads(get("/api/v1/tree"))["trees"][0]["name"], "n1")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(base + "/api/v1/stop", data=b"",
                                   timeout=10)
        self.assertEqual(refused.exception.code, 403)
        refused.exception.close()

    def test_a_cluster_of_one_opens_no_port(self):
        file = self.file("cluster: alone\nmodules: [hello]\n"
                         "nodes: [{name: n1}]\n")
        self.up(file)
        pid = self.nodes(file)["n1"]["pid"]
        inodes = set()
        for entry in os.listdir(f"/proc/{pid}/fd"):
            try:
                target = os.readlink(f"/proc/{pid}/fd/{entry}")
            except FileNotFoundError:
                continue
            if target.startswith("socket:"):
                inodes.add(target[len("socket:["):-1])
        for table in ("tcp", "tcp6", "udp", "udp6"):
            with open(f"/proc/{pid}/net/{table}", encoding="ascii") as rows:
                for row in list(rows)[1:]:
                    self.assertNotIn(row.split()[9], inodes)

    # -- helpers -----------------------------------------------------------

    def status_or_none(self):
        done = self.weft("status", HELLO, "--json", check=None)
        if done.returncode != 0:
            return None
        status = json.loads(done.stdout)
        states = [node["state"] for node in status["nodes"]]
        return status if states == ["up"] * 4 else None

    def names(self):
        return self.control("GET", "/api/v1/names").get("names", [])


if __name__ == "__main__":
    unittest.main()
