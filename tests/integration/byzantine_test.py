"""Generals in one process and on four nodes: they agree in spite of traitors,
or the program says that they do not."""

import itertools
import os
import signal
import threading
import unittest

from support import SOURCE, ClusterTest, nodes_yaml, wait_until

EXAMPLE = SOURCE / "config" / "examples" / "byzantine.yaml"
ORAL_STRATEGIES = ("random", "split", "silent", "collude", "last-round")


class OneProcess(ClusterTest):

    def generals(self, *arguments, **options):
        return self.weft_json("byzantine", *arguments, **options)

    def test_message_counts_are_those_of_the_paper(self):
        for generals, m, messages in ((4, 1, 9), (7, 2, 156), (10, 3, 3609)):
            run = self.generals("--generals", generals, "--m", m)
            self.assertEqual(run["messages"], messages)
            self.assertEqual(run["rounds"], m + 1)
            self.assertEqual(set(run["decisions"]),
                             {str(i) for i in range(generals)})

    def test_no_traitor_among_four_breaks_agreement(self):
        for traitor, strategy, order in itertools.product(
                range(4), ORAL_STRATEGIES, ("attack", "retreat")):
            run = self.generals("--traitors", traitor, "--strategy", strategy,
                                "--order", order)
            self.assertTrue(run["ic1"] and run["ic2"], run)
            if traitor != 0:
                loyal = {run["decisions"][str(i)]
                         for i in range(4) if i != traitor}
                self.assertEqual(loyal, {order})

    def test_too_few_generals_are_refused_with_the_reason(self):
        refused = self.weft("byzantine", "--generals", "3", check=2)
        self.assertIn("3 generals cannot withstand a traitor", refused.stderr)
        self.assertIn("needs at least 4", refused.stderr)
        told = self.generals("--generals", 6, "--m", 2, check=2)
        self.assertEqual(told["error"]["code"], "invalid_argument")

    def test_a_search_finds_how_one_of_three_betrays(self):
        found = self.generals("--generals", 3, "--m", 1, "--search")
        self.assertIsInstance(found["violation"], dict)
        self.assertFalse(found["violation"]["ic1"]
                         and found["violation"]["ic2"])
        found = self.generals("--generals", 4, "--m", 1, "--search")
        self.assertIsNone(found["violation"])
        self.assertTrue(found["exhaustive"])

    def test_signed_orders_withstand_all_but_two_and_every_forgery(self):
        for generals in (3, 4, 5):
            for traitors in itertools.combinations(range(generals),
                                                   generals - 2):
                run = self.generals(
                    "--generals", generals, "--algorithm", "sm",
                    "--traitors", ",".join(map(str, traitors)),
                    "--strategy", "forge")
                self.assertTrue(run["ic1"] and run["ic2"], run)
                self.assertGreater(run["rejected_signatures"], 0, run)

    def test_broken_agreement_is_exit_code_1_and_says_which(self):
        arguments = ("--generals", "5", "--traitors", "0,3,4", "--algorithm",
                     "sm", "--m", "2", "--strategy", "collude")
        run = self.generals(*arguments, check=1)
        self.assertEqual((run["ok"], run["ic1"]), (False, False))
        told = self.weft("byzantine", *arguments, check=1).stdout
        self.assertIn("decide alike: broken (attack: 2; retreat: 1)", told)
        self.assertIn("m = 2 withstands no more than 2", told)

    def test_the_same_seed_gives_the_same_run(self):
        arguments = ("--generals", 7, "--traitors", "0,5", "--seed", 4)
        one, two = (self.generals(*arguments) for _ in range(2))
        for volatile in ("seconds", "instance"):
            self.assertNotEqual(one.pop(volatile), two.pop(volatile))
        self.assertEqual(one, two)

    def test_wrong_flags_are_exit_code_2(self):
        for arguments in (("--traitors", "9"), ("--order", "wait"),
                          ("--strategy", "colude"), ("--algorithm", "pbft"),
                          ("--strategy", "forge"), ("--deadline", "never"),
                          ("--generals", "-4"), ("--traitors", "x"),
                          ("--generals", "100", "--m", "33")):
            told = self.weft("byzantine", *arguments, check=2)
            self.assertNotEqual(told.stderr, "", arguments)


class FourNodes(ClusterTest):

    def council(self, *settings, **options):
        changes = [argument for setting in settings
                   for argument in ("--set", f"jobs.council.args.{setting}")]
        return self.weft_json("run", EXAMPLE, *changes, **options)

    def test_generals_on_four_nodes_agree(self):
        report = self.council()
        run = report["result"]
        self.assertEqual((report["ok"], report["nodes"]), (True, 4))
        self.assertTrue(run["ic1"] and run["ic2"], run)
        self.assertEqual(run["messages"], 156)
        self.assertEqual(set(run["nodes"].values()), {"n1", "n2", "n3", "n4"})
        self.assertEqual((run["lost"], run["overdue_rounds"]), ([], 0))

    def test_forged_signatures_are_rejected_across_nodes(self):
        run = self.council("algorithm=sm", "generals=4", "traitors=[1,3]",
                           "strategy=forge")["result"]
        self.assertTrue(run["ic1"] and run["ic2"], run)
        self.assertGreater(run["rejected_signatures"], 0)

    def test_a_cluster_and_one_process_come_to_the_same(self):
        far = self.council()["result"]
        near = self.weft_json("byzantine", "--generals", 7, "--traitors",
                              "2,5", "--strategy", "collude")
        for key in ("decisions", "messages", "ic1", "ic2", "rounds",
                    "rejected_signatures"):
            self.assertEqual(far[key], near[key], key)

    def test_broken_agreement_fails_the_run_and_shows_it(self):
        report = self.council("algorithm=sm", "generals=5", "m=2",
                              "traitors=[0,3,4]", check=1)
        self.assertEqual((report["ok"], report["result"]["ic1"]),
                         (False, False))

    def test_too_few_generals_are_refused(self):
        report = self.council("generals=6", check=2)
        self.assertIn("cannot withstand", report["error"]["message"])

    def test_a_job_can_search(self):
        run = self.council("generals=3", "m=1", "traitors=[]",
                           "search=true")["result"]
        self.assertIsInstance(run["violation"], dict)

    def test_a_node_killed_in_mid_run_costs_no_agreement(self):
        cluster = self.file(
            "cluster: siege\n" + nodes_yaml(4)
            + "spaces:\n"
              "  - {name: byzantine, routing: [5], nodes: [n1]}\n"
              "jobs:\n"
              "  - name: council\n"
              "    type: weft.byzantine\n"
              "    args: {generals: 24, m: 3, deadline: 2s}\n")
        self.up(cluster)
        victim = self.nodes(cluster)["n4"]["pid"]
        outcome = {}

        def run():
            outcome["job"] = self.job("council")

        runner = threading.Thread(target=run)
        runner.start()
        wait_until(lambda: self.job_progress() == 24, "all are in place")
        os.kill(victim, signal.SIGKILL)
        runner.join(100)
        self.assertEqual(outcome["job"]["state"], "done", outcome)
        run = outcome["job"]["result"]
        self.assertEqual(run["lost"], [3, 7, 11, 15, 19, 23])
        self.assertTrue(run["ic1"] and run["ic2"], run)
        left = self.weft_json("space", "count", "--file", cluster)
        self.assertEqual(left["count"], 0, left)


if __name__ == "__main__":
    unittest.main()
