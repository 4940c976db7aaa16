"""`weft space move`, `copy`, `snapshot` and `restore` on a running cluster:
nothing gets lost on the way, and a wrong file changes nothing."""

import unittest

from support import ClusterTest, nodes_yaml

MANY = 2500


class TransferTest(ClusterTest):
    """Two nodes with a space of three shards, one of two and one of one."""

    def setUp(self):
        super().setUp()
        self.up(self.file(
            "cluster: transfers\n" + nodes_yaml(2)
            + "spaces:\n"
            "  - {name: jobs, shards: 3, routing: [1]}\n"
            "  - {name: done, shards: 2}\n"
            "  - {name: copy, namespace: x, shards: 1}\n"))

    def space(self, *arguments, **options):
        return self.weft("space", *arguments, **options)

    def count(self, space):
        return self.weft_json("space", "count", "--space", space)["count"]

    def texts(self, space):
        read = self.weft_json("space", "read", "[...]", "--all", "--limit",
                              10000, "--space", space)
        return sorted(read["tuples"])

    def write(self, space, *tuples, lease=None):
        for at in range(0, len(tuples), 500):
            self.space("write", *tuples[at:at + 500], "--space", space,
                       *(["--lease", lease] if lease else []))


class Carrying(TransferTest):

    def test_what_matches_is_moved_and_copied(self):
        self.write("jobs", *(f'["job", {i}]' for i in range(MANY)))
        self.assertEqual(
            self.space("move", "jobs", "done", '["job", 0..9]').stdout,
            "10 tuples moved\n")
        self.assertEqual(
            self.space("copy", "jobs", "x/copy", "[...]", "--json").stdout,
            f'{{"ok":true,"tuples":{MANY - 10}}}\n')
        self.assertEqual(
            self.space("move", "x/copy", "done", "[...]", "--node",
                       "n2").stdout, f"{MANY - 10} tuples moved\n")
        self.assertEqual([self.count(each)
                          for each in ("jobs", "done", "x/copy")],
                         [MANY - 10, MANY, 0])
        self.assertEqual(self.texts("done"),
                         [["job", i] for i in range(MANY)])

    def test_a_lease_goes_on_in_the_other_space(self):
        self.write("jobs", '["job", 1]', lease="3s")
        self.space("move", "jobs", "done", "[...]")
        self.assertEqual(self.count("done"), 1)
        self.space("watch", "--space", "done", "--limit", "1", timeout=20)
        self.assertEqual(self.count("done"), 0)

    def test_a_mistake_is_named(self):
        same = self.space("move", "jobs", "jobs", "[...]", check=2).stderr
        self.assertIn("give another space", same)
        other = self.space("copy", "jobs", "don", "[...]", check=1).stderr
        self.assertIn("did you mean done?", other)
        wrong = self.space("move", "jobs", "done", '["job" 7]', check=2).stderr
        self.assertIn("character 8", wrong)
        self.assertIn("PATTERN", self.space("move", "jobs", "done",
                                            check=2).stderr)


class Snapshots(TransferTest):

    def test_a_snapshot_is_restored_into_another_number_of_shards(self):
        self.write("jobs", *(f'["job", {i}]' for i in range(MANY)))
        self.write("jobs", '["leased", 1]', lease="1h")
        file = str(self.folder / "jobs.snapshot")
        self.assertEqual(self.space("snapshot", "jobs", file).stdout,
                         f"{MANY + 1} tuples saved\n")
        self.assertEqual(
            self.space("restore", "x/copy", file, "--node", "n2").stdout,
            f"{MANY + 1} tuples restored\n")
        self.assertEqual(self.texts("x/copy"), self.texts("jobs"))
        self.assertEqual(
            self.space("restore", "done", file, "--json").stdout,
            f'{{"ok":true,"tuples":{MANY + 1}}}\n')

    def test_a_space_that_has_tuples_is_not_added_to_unasked(self):
        self.write("jobs", '["job", 1]', '["job", 2]')
        file = str(self.folder / "jobs.snapshot")
        self.space("snapshot", "jobs", file)
        refused = self.space("restore", "jobs", file, check=1).stderr
        self.assertIn("has 2 tuples", refused)
        self.assertIn("--add", refused)
        self.assertEqual(self.count("jobs"), 2)
        self.space("restore", "jobs", file, "--add")
        self.assertEqual(self.texts("jobs"),
                         [["job", 1], ["job", 1], ["job", 2], ["job", 2]])

    def test_a_file_that_is_cut_changed_or_foreign_changes_nothing(self):
        self.write("jobs", *(f'["job", {i}]' for i in range(MANY)))
        file = self.folder / "jobs.snapshot"
        self.space("snapshot", "jobs", str(file))
        good = file.read_bytes()
        flipped = bytearray(good)
        flipped[len(good) // 2] ^= 1
        for what, bad in (("cut off", good[:-1]),
                          ("checksum", bytes(flipped)),
                          ("no snapshot", b"cluster: foreign\n")):
            file.write_bytes(bad)
            refused = self.space("restore", "done", str(file), check=2).stderr
            self.assertIn(what, refused)
            self.assertIn(str(file), refused)
            self.assertEqual(self.count("done"), 0)
        none = str(self.folder / "none" / "jobs")
        self.assertIn(none, self.space("snapshot", "jobs", none,
                                       check=1).stderr)


if __name__ == "__main__":
    unittest.main()
