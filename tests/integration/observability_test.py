"""What a node writes to its log and counts: in the form and at the levels of
its cluster file, and also for the actors of modules."""

import json
import unittest
import urllib.request

from support import BUILD, ClusterTest, nodes_yaml, wait_until

WITNESS = f"""\
cluster: observed
modules: [{BUILD / 'libevaluator.so'}]
nodes: [{{name: n1, http: "127.0.0.1:0"}}]
actors:
  - {{name: witness, type: evaluator.witness, node: n1, args: {{mark: blue}}}}
"""


class Log(ClusterTest):

    def test_form_and_levels_are_those_of_the_file(self):
        file = self.file(
            "cluster: quiet\nmodules: [hello]\n"
            "log: {format: json, level: warning, "
            "components: {transport: debug}}\n" + nodes_yaml(2)
            + "actors:\n  - {name: ada, type: hello.greeter, node: n2, "
            "args: {name: ada, greeting: Hi}}\n")
        self.up(file)
        self.weft("kill", "n2/hello/ada", file)
        self.await_record("n2", level="warning", component="node",
                          msg="restarted", path="n2/hello/ada")
        wait_until(lambda: any(
            record["level"] == "debug" for node in ("n1", "n2")
            for record in self.records(node)
            if record["component"] == "transport"), "transport's debug lines")
        for node in ("n1", "n2"):
            self.assertEqual(
                [record for record in self.records(node)
                 if record["component"] != "transport"
                 and record["level"] not in ("warning", "error")], [])

    def records(self, node):
        """The log of a node, of which every line is a JSON object."""
        text = next(self.folder.rglob(f"nodes/{node}.log")).read_text()
        whole = text[:text.rfind("\n") + 1]
        return [json.loads(line) for line in whole.splitlines()]

    def await_record(self, node, **fields):
        wait_until(lambda: any(fields.items() <= record.items()
                               for record in self.records(node)),
                   f"{node} logs {fields}")


class Context(ClusterTest):
    """What an actor of a module logs and counts by its context."""

    def test_what_an_actor_logs_is_in_the_log_of_its_node(self):
        file = self.file(WITNESS)
        self.up(file)

        def logged():
            return [line for line in self.weft("logs", file).stdout.splitlines()
                    if "a witness starts" in line]

        self.assertRegex(
            wait_until(logged, "the witness's line")[0],
            r"^n1 +\| \S+ n1 info module\.evaluator: a witness starts "
            r"mark=blue$")

    def test_what_an_actor_counts_is_in_the_metrics_of_its_node(self):
        file = self.file(WITNESS)
        self.up(file)
        self.await_metric(file, 'witness_starts_total{mark="blue"} 1')
        self.weft("kill", "n1/evaluator/witness", file)
        self.await_metric(file, 'witness_starts_total{mark="blue"} 2')

    def await_metric(self, file, line):
        url = f"http://{self.nodes(file)['n1']['http']}/metrics"

        def exported():
            with urllib.request.urlopen(url, timeout=10) as answer:
                return line in answer.read().decode().splitlines()

        wait_until(exported, f"the metrics have {line}")


if __name__ == "__main__":
    unittest.main()
