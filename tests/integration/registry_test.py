"""`weft registry` on a running cluster: what runs is found from every node that
may know of it, and from no other."""

import json
import os
import signal
import unittest

from support import SOURCE, ClusterTest, wait_until

SPACE = SOURCE / "config" / "examples" / "space.yaml"

TENANTS = """\
cluster: tenants
modules: [hello]
nodes:
  - {name: n1, listen: "127.0.0.1:0", tenants: [acme]}
  - {name: n2, listen: "127.0.0.1:0", tenants: [lab]}
spaces:
  - {name: orders, tenant: acme, shards: 2, nodes: [n1]}
  - {name: grid, tenant: lab, shards: 2, nodes: [n2]}
actors:
  - {name: ada, type: hello.greeter, node: n1, tenant: acme,
     args: {name: ada, greeting: Hi}}
"""


class RegistryTest(ClusterTest):

    def services(self, *arguments, **options):
        """What is discovered, by name."""
        found = self.weft_json("registry", "discover", *arguments, **options)
        return {each["name"]: each for each in found.get("services", [])}

    def names(self, *arguments):
        listed = self.weft_json("registry", "list", *arguments)
        return [each["name"] for each in listed["names"]]

    def until_healthy(self, name, *arguments):
        def healthy():
            # The registry may be away just now.
            found = self.services(*arguments, check=None).get(name)
            return found and found["health"] == "healthy" and found
        return wait_until(healthy, f"{name} is healthy")


class Spaces(RegistryTest):

    def test_a_space_is_discovered_from_every_node(self):
        self.up(SPACE)
        for node in ("n1", "n2"):
            jobs = self.until_healthy("jobs", "--node", node)
            self.assertEqual(
                (jobs["tenant"], jobs["namespace"], jobs["kind"],
                 jobs["backend"], jobs["address"], jobs["labels"]["shards"]),
                ("default", "default", "space", "memory", "n1,n2", "4"))
        self.assertEqual(
            self.names("--prefix", "space/"),
            [f"space/default/default/jobs/{i}" for i in range(4)])
        table = self.weft("registry", "discover").stdout
        self.assertIn("jobs  space  healthy  memory   n1,n2", table)

    def test_filters_keep_out_what_does_not_fit(self):
        self.up(SPACE)
        self.until_healthy("jobs")
        fits = ["--kind", "space", "--backend", "memory", "--capability",
                "watch", "--capability", "claim", "--label", "shards=4",
                "--health", "healthy,degraded"]
        self.assertEqual(list(self.services(*fits)), ["jobs"])
        for misfit in (["--kind", "service"], ["--backend", "redis"],
                       ["--capability", "fly"], ["--label", "shards=5"],
                       ["--health", "stopping"], ["--namespace", "other"]):
            self.assertEqual(self.services(*misfit), {}, misfit)
        wrong = self.weft("registry", "discover", "--health", "ill", check=2)
        self.assertIn("expected one of starting, healthy", wrong.stderr)

    def test_a_space_whose_node_dies_is_registered_again(self):
        self.up(SPACE)
        before = self.until_healthy("jobs")
        node = before["node"]
        if node == "n1":
            # The first node carries the registry: the crash is its actor's.
            self.weft("kill", "n1/spaces/jobs.entry")
        else:
            os.kill(self.nodes(SPACE)[node]["pid"], signal.SIGKILL)

        def again():
            now = self.services(check=None).get("jobs")
            return (now and now["health"] == "healthy"
                    and now["revision"] > before["revision"])

        wait_until(again, "jobs is registered again")

    def test_the_registry_may_crash_and_services_come_back(self):
        self.up(SPACE)
        self.until_healthy("jobs")
        self.weft("kill", "n1/registry")
        self.until_healthy("jobs")


class Tenants(RegistryTest):

    def test_nodes_find_their_tenants_names_and_no_others(self):
        self.up(self.file(TENANTS))
        self.until_healthy("orders", "--tenant", "acme")
        self.until_healthy("grid", "--tenant", "lab", "--node", "n2")
        self.assertEqual(
            self.names("--node", "n2"),
            ["hello/ada", "service/lab/default/grid",
             "space/lab/default/grid/0", "space/lab/default/grid/1"])
        self.assertEqual(
            self.names("--node", "n1"),
            ["hello/ada", "service/acme/default/orders",
             "space/acme/default/orders/0", "space/acme/default/orders/1"])

    def test_another_tenants_names_are_refused(self):
        self.up(self.file(TENANTS))
        self.until_healthy("orders", "--tenant", "acme")
        for node, other in (("n1", "lab"), ("n2", "acme")):
            for asked in (["discover", "--tenant", other],
                          ["list", "--prefix", f"space/{other}/"],
                          ["list", "--prefix", f"service/{other}/"]):
                refused = self.weft("registry", *asked, "--node", node,
                                    "--json", check=1)
                self.assertEqual(json.loads(refused.stdout)["error"]["code"],
                                 "permission_denied", (node, asked))

    def test_each_tenant_uses_its_own_space(self):
        self.up(self.file(TENANTS))
        self.weft("space", "write", "[1]", "--tenant", "lab", "--node", "n2")
        self.assertEqual(
            self.weft("space", "count", "--tenant", "lab", "--node",
                      "n2").stdout, "1\n")
        self.weft("space", "count", "--tenant", "lab", "--node", "n1",
                  check=1)


if __name__ == "__main__":
    unittest.main()
