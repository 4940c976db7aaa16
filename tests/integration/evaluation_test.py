"""Linda's eval: a function of a module becomes a tuple, on whichever node."""

import unittest

from support import BUILD, ClusterTest, nodes_yaml


class Evaluation(ClusterTest):

    def test_a_function_becomes_its_tuple_on_every_node(self):
        self.up(self.file(
            "cluster: evaluation\n"
            f"modules: [{BUILD / 'libevaluator.so'}]\n" + nodes_yaml(3)
            + "spaces: [{name: results, shards: 2}]\n"
            "jobs: [{name: all, type: evaluator.evaluate}]\n"))
        job = self.job("all")
        self.assertEqual(job["state"], "done", job)
        self.assertEqual(job["result"]["value"],
                         ["n1", "n2", "n3", "invalid_argument",
                          "invalid_argument"])

    def test_the_cluster_file_starts_one(self):
        self.up(self.file(
            "cluster: evaluation\n"
            f"modules: [{BUILD / 'libevaluator.so'}]\n" + nodes_yaml(2)
            + "spaces: [{name: results}]\n"
            "actors:\n"
            "  - {name: nine, type: evaluator.square, node: n2, "
            "restart: temporary, "
            "args: {space: results, arguments: {x: 3}}}\n"))
        self.assertEqual(
            self.weft("space", "take", '["square", ...]', "--timeout",
                      "30s").stdout, '["square", 3, 9, "n2"]\n')


if __name__ == "__main__":
    unittest.main()
