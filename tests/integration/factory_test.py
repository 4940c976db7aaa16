"""Who may start actors on other nodes, by the cluster file: on real nodes,
whose names are those of their certificates."""

import unittest

from support import BUILD, ClusterTest, nodes_yaml

HEAD = f"cluster: factory\nmodules: [{BUILD / 'libevaluator.so'}]\n"


class Rights(ClusterTest):

    def outcomes(self, file, *jobs):
        """What each job, on n1, was answered by the node that it asks."""
        self.up(file)
        return [self.job(job)["result"]["value"] for job in jobs]

    def spawn_from(self, node):
        return self.file(
            HEAD + f"security: {{spawn_from: [{node}]}}\n" + nodes_yaml(2)
            + "spaces: [{name: results, nodes: [n2]}]\njobs:\n"
            "  - {name: here, type: evaluator.ask, args: {node: n1}}\n"
            "  - {name: there, type: evaluator.ask, args: {node: n2}}\n")

    def test_a_node_that_is_not_listed_starts_actors_on_itself_only(self):
        here, there = self.outcomes(self.spawn_from("n2"), "here", "there")
        self.assertEqual(here, "started")
        self.assertIn("permission_denied", there)
        self.assertIn("node n1 has not the right to start or stop actors on "
                      "node n2", there)

    def test_a_node_that_is_listed_starts_actors_on_others(self):
        self.assertEqual(
            self.outcomes(self.spawn_from("n1"), "here", "there"),
            ["started", "started"])

    def test_a_node_starts_actors_for_its_own_tenants_only(self):
        file = self.file(
            HEAD + "nodes:\n"
            "  - {name: n1, listen: \"127.0.0.1:0\", tenants: [acme]}\n"
            "  - {name: n2, listen: \"127.0.0.1:0\"}\n"
            "spaces:\n"
            "  - {name: results, tenant: acme, nodes: [n2]}\n"
            "  - {name: results, tenant: lab, nodes: [n2]}\n"
            "jobs:\n"
            "  - {name: own, type: evaluator.ask, tenant: acme, "
            "args: {node: n2}}\n"
            "  - {name: other, type: evaluator.ask, tenant: lab, "
            "args: {node: n2}}\n")
        own, other = self.outcomes(file, "own", "other")
        self.assertEqual(own, "started")
        self.assertIn("permission_denied", other)
        self.assertIn("node n1 may not start actors for the tenant lab", other)


if __name__ == "__main__":
    unittest.main()
