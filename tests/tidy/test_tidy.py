"""Shows of each tidy check that it catches bad input and passes good."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Tree(unittest.TestCase):
    """A small tree in a temporary folder, and a check run on it."""

    def setUp(self):
        cleanup = contextlib.ExitStack()
        self.addCleanup(cleanup.close)
        self.root = pathlib.Path(cleanup.enter_context(
            tempfile.TemporaryDirectory(prefix="weft-tidy-"))).resolve()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def run_check(self, check, *options):
        """(exit code, what it printed)"""
        done = subprocess.run(
            [sys.executable, str(HERE / f"{check}.py"), "--root",
             str(self.root), *options], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def passes(self, check, *options):
        code, text = self.run_check(check, *options)
        self.assertEqual(code, 0, text)

    def catches(self, check, *expected, options=()):
        """The check fails, with every expected part in what it says."""
        code, text = self.run_check(check, *options)
        self.assertEqual(code, 1, text)
        for part in expected:
            self.assertIn(part, text)

    def cannot_run(self, check, expected, options=()):
        code, text = self.run_check(check, *options)
        self.assertEqual(code, 2, text)
        self.assertIn(expected, text)


class Layers(Tree):
    def setUp(self):
        super().setUp()
        self.write("runtime/base/result.hpp", "#include <fmt/core.h>\n")
        self.write("runtime/caf/compat.hpp",
                   "#include <caf/all.hpp>\n#if CAF_VERSION < 1800\n#endif\n")

    def refuses(self, path, text, *expected):
        target = self.write(path, text)
        self.catches("layers", f"{path}:", *expected)
        target.unlink()
        self.passes("layers")

    def allows(self, path, text):
        self.write(path, text)
        self.passes("layers")

    def test_what_the_table_allows_passes(self):
        self.allows("config/load.cpp", "#include <yaml-cpp/yaml.h>\n"
                    '#include "runtime/base/result.hpp"\n#include <map>\n'
                    "#include <sys/stat.h>\n")
        self.allows("actors/hello_core.hpp",
                    '#include "runtime/base/result.hpp"\n')
        self.allows("runtime/include/weft/weft.hpp",
                    '#include "runtime/caf/compat.hpp"\n')
        self.allows("apps/main.cpp", "#include <weft/weft.hpp>\n"
                    '#include <CLI/CLI.hpp>\n#include <caf/all.hpp>\n')

    def test_a_layer_does_not_look_upwards(self):
        self.refuses("runtime/base/up.hpp",
                     '#include "runtime/caf/compat.hpp"\n', "runtime/base")
        self.write("apps/help.hpp", "#pragma once\n")
        self.refuses("runtime/node/node.cpp", '#include "apps/help.hpp"\n',
                     "not apps")
        self.write("tests/support/fake.hpp", "#pragma once\n")
        self.refuses("apps/main.cpp", '#include "tests/support/fake.hpp"\n',
                     "not tests")

    def test_spaces_and_transport_do_not_know_each_other(self):
        self.write("spaces/tuple.hpp", "#pragma once\n")
        self.write("transport/link.hpp", "#pragma once\n")
        self.refuses("transport/link.cpp", '#include "spaces/tuple.hpp"\n',
                     "not spaces")
        self.refuses("spaces/tuple.cpp", '#include "transport/link.hpp"\n',
                     "not transport")

    def test_a_library_stays_in_its_folder(self):
        self.refuses("runtime/launcher/up.cpp", "#include <caf/actor.hpp>\n",
                     "not caf")
        self.refuses("actors/list.cpp", "  #  include <spdlog/spdlog.h>\n",
                     "not spdlog")

    def test_a_library_for_sources_does_not_leave_its_folder(self):
        self.write("config/tree.hpp", "#include <yaml-cpp/yaml.h>\n")
        self.allows("config/load.cpp", '#include "config/tree.hpp"\n')
        self.allows("config/load.hpp", '#include "config/tree.hpp"\n')
        self.allows("tests/unit/config/tree_test.cpp",
                    '#include "config/tree.hpp"\n')
        self.refuses("apps/main.cpp", '#include "config/load.hpp"\n',
                     "brings", "<yaml-cpp/yaml.h> (from config/tree.hpp)",
                     "out of config")

    def test_a_core_is_pure(self):
        for name in ("caf/actor.hpp", "thread", "fstream", "unistd.h"):
            self.refuses("runtime/supervision/restart_core.hpp",
                         f"#include <{name}>\n", "in a core")

    def test_a_core_looks_no_further_than_its_folder_may(self):
        self.write("actors/a_core.hpp", "#pragma once\n")
        self.refuses("runtime/supervision/restart_core.hpp",
                     '#include "actors/a_core.hpp"\n', "not actors")
        self.write("runtime/observe/log.hpp", "#pragma once\n")
        self.refuses("transport/core/frame.hpp",
                     '#include "runtime/observe/log.hpp"\n',
                     "not runtime/observe")

    def test_a_core_is_pure_by_detours_too(self):
        self.write("actors/handle.hpp", "#include <caf/actor.hpp>\n")
        self.refuses("actors/registry_core.cpp",
                     '#include "actors/handle.hpp"\n', "brings",
                     "<caf/actor.hpp> (from actors/handle.hpp)")

    def test_an_unknown_library_folder_or_file_is_refused(self):
        self.refuses("config/load.cpp", "#include <zstd.h>\n", "no family")
        self.refuses("config/load.cpp", '#include "result.hpp"\n',
                     "full path")
        self.refuses("runtime/fresh/a.cpp", "", "no row")

    def test_versions_of_caf_are_known_to_one_header(self):
        self.refuses("runtime/caf/error.cpp",
                     "#if CAF_MAJOR_VERSION == 1\n#endif\n",
                     "runtime/caf/compat.hpp")

    def test_what_one_version_of_caf_understands_stands_in_its_seam(self):
        for code in ("using shell = foo::extend<caf::reacts_to<hop>>;",
                     "using a = caf::replies_to<int>::with<int>;",
                     'auto name = caf::atom("BASP");',
                     "self_->monitor(address);", "self->state.count = 1;",
                     "self->request(to, caf::infinite, 1);",
                     "auto id = caf::make_message_id();",
                     "self->new_request_id(priority);",
                     "actor.set_down_handler(f);"):
            self.refuses("actors/a.cpp", f"\n{code}\n", "a.cpp:2",
                         "is CAF 0.17's", "runtime/caf/compat.hpp")
            for place in ("runtime/caf/error.hpp", "tests/unit/a_test.cpp"):
                self.allows(place, f"{code}\n")
        self.allows("actors/a.cpp", "caf::atom_value value; monitors ends;\n"
                    "state(self).count = 1; self->state_of(1);\n"
                    "weft::request(self, to, 1s, stop); caf::duration_of();\n")

    def test_json_becomes_text_in_one_place(self):
        for code in ("done(answer.dump());", "done(answer->dump(2));"):
            self.refuses("actors/a.cpp", f"\n{code}\n", "a.cpp:2",
                         "weft::json_text")
            for place in ("runtime/base/json_text.cpp", "tests/a_test.cpp"):
                self.allows(place, f"{code}\n")

    def test_comments_and_strings_are_no_includes(self):
        self.allows("runtime/base/a.cpp", '// #include <caf/all.hpp>\n'
                    '/*\n#include <caf/all.hpp>\n*/\n'
                    'auto x = R"(\n#include <caf/all.hpp>\n)";\n'
                    '// CAF_VERSION\n')


class Headers(Tree):
    def setUp(self):
        super().setUp()
        command = (f"g++ -std=c++20 -Wall -Werror -O2 -include no_such_pch.hxx"
                   f" -I{self.root} -o a.o -c {self.root}/config/a.cpp")
        self.write("build/release/compile_commands.json", json.dumps([
            {"directory": str(self.root), "command": command,
             "file": str(self.root / "config/a.cpp")}]))

    def test_a_header_that_includes_what_it_uses_passes(self):
        self.write("config/a.hpp", "#pragma once\n#include <string>\n"
                                   "inline std::string a() { return {}; }\n")
        self.passes("headers")

    def test_a_header_that_leans_on_others_is_caught(self):
        self.write("config/a.hpp", "#pragma once\nstd::string a();\n")
        self.catches("headers", "config/a.hpp: does not compile alone", "std")

    def test_warnings_count(self):
        self.write("config/a.hpp", "#pragma once\nstatic int a() {}\n")
        self.catches("headers", "config/a.hpp: does not compile alone")

    def test_a_header_without_its_guard_is_caught(self):
        self.write("config/a.hpp", "struct a {};\n")
        self.catches("headers", "#pragma once", "redefinition")

    def test_without_a_build_it_says_what_to_do(self):
        shutil.rmtree(self.root / "build")
        self.cannot_run("headers", "cmake --preset release")


class TestsRegistered(Tree):
    LISTS = """cmake_minimum_required(VERSION 3.25)
project(fixture LANGUAGES CXX)
enable_testing()
add_executable(unit_a tests/unit/a/a_test.cpp)
add_test(NAME unit.a COMMAND unit_a)
set_tests_properties(unit.a PROPERTIES LABELS "{labels}" {more})
"""

    def configure(self, labels="unit;tsan", more="TIMEOUT 9"):
        self.write("tests/unit/a/a_test.cpp", "int main() {}\n")
        self.write("CMakeLists.txt",
                   self.LISTS.format(labels=labels, more=more))
        build = self.root / "build/release"
        for command in (["cmake", "-S", ".", "-B", build, "-G", "Ninja"],
                        ["cmake", "--build", build]):
            subprocess.run(command, cwd=self.root, check=True,
                           capture_output=True)

    def test_registered_tests_pass(self):
        self.configure()
        self.passes("tests_registered")

    def test_forgotten_files_are_caught(self):
        self.configure()
        self.write("tests/unit/a/b_test.cpp", "int main() {}\n")
        self.write("tests/integration/up_test.py", "pass\n")
        self.catches("tests_registered", "tests/unit/a/b_test.cpp: no ctest",
                     "tests/integration/up_test.py: no ctest")

    def test_a_label_that_nobody_runs_is_caught(self):
        self.configure(labels="smoke")
        self.catches("tests_registered", "ctest unit.a: its labels are",
                     "smoke")

    def test_a_test_that_never_fails_or_ends_is_caught(self):
        self.configure(more="SKIP_RETURN_CODE 77")
        self.catches("tests_registered", "SKIP_RETURN_CODE is set",
                     "no TIMEOUT")

    def test_decorators_that_skip_are_caught(self):
        self.configure()
        self.write("tests/unit/a/a_test.cpp",
                   '// doctest::skip\n'
                   'TEST_CASE("a" * doctest::skip()) {}\n'
                   'TEST_CASE("b" * doctest::may_fail()) {}\n')
        self.catches("tests_registered", "a_test.cpp:2: doctest::skip",
                     "a_test.cpp:3: doctest::may_fail", " 2 findings")

    def test_without_a_build_it_says_what_to_do(self):
        self.cannot_run("tests_registered", "cmake --preset release")


class Format(Tree):
    def setUp(self):
        super().setUp()
        shutil.copy(ROOT / ".clang-format", self.root)

    def test_formatted_files_pass(self):
        self.write("config/a.hpp", "#pragma once\n\nint twice(int value);\n")
        self.passes("format")

    def test_unformatted_files_are_caught(self):
        self.write("config/a.hpp", "#pragma once\n\nint twice( int value );\n")
        self.catches("format", "config/a.hpp:3: ", "clang-format -i")

    def test_a_missing_program_is_a_failure_that_says_what_to_install(self):
        self.cannot_run("format", "apt-get install clang-format",
                        ("--clang-format", "no-such-clang-format"))

    def test_another_version_is_refused(self):
        other = self.write("other", "#!/bin/sh\necho version 99.0.1\n")
        other.chmod(0o755)
        self.cannot_run("format", "expected clang-format 14",
                        ("--clang-format", str(other)))


def function_of(lines):
    """A function whose text has that many lines."""
    return "int f(int a) {\n" + "  ++a;\n" * (lines - 3) + "  return a;\n}\n"


class Size(Tree):
    def test_sizes_at_the_limits_pass(self):
        self.write("config/a.hpp", "\n" * 300)
        self.write("config/a.cpp", "\n" * 530 + function_of(70))
        self.write("tests/a.py", "def f():\n" + "    pass\n" * 69)
        self.passes("size")

    def test_sizes_beyond_the_limits_are_caught(self):
        self.write("config/a.hpp", "\n" * 301)
        self.write("config/a.cpp", "\n" * 601)
        self.write("config/b.cpp", "// what f does\n" + function_of(71))
        self.write("tests/a.py", "def g():\n" + "    pass\n" * 70)
        self.catches("size", "config/a.hpp: 301 lines",
                     "config/a.cpp: 601 lines",
                     "config/b.cpp:2: f has 71 lines",
                     "tests/a.py:1: g has 71 lines", " 4 findings")

    def test_functions_are_found_wherever_they_stand(self):
        long = "  x();\n" * 70 + "}\n"
        for head in ("void s::f(int a,\n            int b) const noexcept {\n",
                     "s::f() : a_{1}, b_(2) {\n", 'TEST_CASE("a } b") {\n',
                     "const auto f = [](char c = '{') {\n",
                     "template <class T>\nauto f(T t) -> int {\n"):
            self.write("config/a.cpp", "namespace a {\nstruct s {\n  int x;\n"
                       f"{head}{long}}};\n}} // namespace a\n")
            self.catches("size", " 1 findings")

    def test_tables_classes_and_namespaces_are_no_functions(self):
        self.write("config/a.cpp", "namespace a {\n"
                   "constexpr std::array<int, 80> table{{\n" + "  1,\n" * 80
                   + "}};\nenum class e {\n" + "  a,\n" * 80 + "};\n"
                   "class c : d<int> {\n" + "  int x() { return 1; }\n" * 80
                   + "};\n} // namespace a\n")
        self.passes("size")


class Words(Tree):
    def test_plain_text_passes(self):
        url = "https://example.org/" + "x" * 80
        self.write("config/a.cpp", "/// What it is; see f(1) below.\n"
                   "// because a reader may come later;\n"
                   f"// {url}\n"
                   'const auto raw = R"(\ta  \n' + "x" * 90 + ')";\n'
                   "auto a = 1; // that is, one\n")
        self.write("README.md", "| " + "wide " * 30 + "|\n")
        self.passes("words")

    def refuses(self, path, text, *expected):
        self.write(path, text)
        self.catches("words", *expected)

    def test_open_ends_are_caught(self):
        for word in ("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"):
            self.refuses("config/a.cpp", f"\n// {word}: later\n",
                         f"config/a.cpp:2: {word}")
            self.refuses("README.md", f"{word} later\n",
                         f"README.md:1: {word}")

    def test_commented_out_code_is_caught(self):
        for code in ("return x;", "send(self, 1);", "auto x = f(1, 2);",
                     "if (x > 1) {", "} else {", "#include <map>", "x += 2;"):
            self.refuses("config/a.cpp", f"\n  // {code}\n",
                         "config/a.cpp:2: commented-out code")
        self.refuses("config/a.cpp", "#if 0\n#endif\n", "a.cpp:1: disabled")

    def test_blanks_tabs_and_a_missing_newline_are_caught(self):
        self.refuses("config/a.cpp", "int a;  \n\tint b;\nint c;",
                     "a.cpp:1: blanks at the end", "a.cpp:2: a tab",
                     "a.cpp:3: no newline")

    def test_long_lines_are_caught(self):
        self.refuses("config/a.cpp", "// " + "word " * 20 + "end\n",
                     "a.cpp:1: 106 columns")


class Shell(Tree):
    GOOD = "#!/bin/bash\n# Says so.\nset -euo pipefail\necho \"$1\"\n"

    def script(self, text, mode=0o755):
        self.write(".ci/run", text).chmod(mode)

    def test_a_sound_script_passes(self):
        self.script(self.GOOD)
        self.passes("shell")

    def test_an_unsound_script_is_caught(self):
        self.script(self.GOOD.replace('"$1"', "$1"))
        self.catches("shell", ".ci/run:4: SC2086")
        self.script(self.GOOD.replace("set -euo pipefail", "true"))
        self.catches("shell", "goes on after an error")
        self.script(self.GOOD, mode=0o644)
        self.catches("shell", "chmod +x .ci/run")

    def test_a_missing_program_is_a_failure_that_says_what_to_install(self):
        self.script(self.GOOD)
        self.cannot_run("shell", "apt-get install shellcheck",
                        ("--shellcheck", "no-such-shellcheck"))


class Messages(Tree):
    def setUp(self):
        super().setUp()
        self.write("actors/type_ids.hpp",
                   "CAF_BEGIN_TYPE_ID_BLOCK(weft_a, 200)\n"
                   "CAF_END_TYPE_ID_BLOCK(weft_a)\n")
        self.write("tests/unit/actors/a_test.cpp",
                   "check_block<caf::id_block::weft_a>(system, samples{});\n")

    def test_a_block_that_a_test_sends_passes(self):
        self.passes("messages")

    def test_a_block_that_no_test_sends_is_caught(self):
        self.write("apps/b/ids.hpp", "\nCAF_BEGIN_TYPE_ID_BLOCK(weft_b, 300)\n")
        self.catches("messages", "apps/b/ids.hpp:2: no test calls "
                                 "check_block<caf::id_block::weft_b>")
        self.write("tests/unit/b_test.cpp",
                   "// check_block<caf::id_block::weft_b>(system, samples);\n")
        self.catches("messages", "apps/b/ids.hpp:2")

    def test_a_type_without_a_block_is_caught(self):
        self.write("apps/b/b.cpp",
                   "config.add_message_type<point>(\"point\");\n")
        self.catches("messages", "apps/b/b.cpp:1: add_message_type")


class Snippets(Tree):
    def setUp(self):
        super().setUp()
        command = (f"g++ -std=c++20 -Wall -Werror -I{self.root}/include "
                   f"-o a.o -c {self.root}/apps/a.cpp")
        self.write("build/release/compile_commands.json", json.dumps([
            {"directory": str(self.root), "command": command,
             "file": str(self.root / "apps/a.cpp")}]))
        self.write("include/weft/weft.hpp", "#pragma once\nstruct room {};\n")

    def page(self, *blocks):
        self.write("README.md", "# Rooms\n" + "".join(
            f"\n```cpp\n{block}```\n\n```\nno C++\n```\n"
            for block in blocks))

    def test_sources_and_parts_of_sources_that_compile_pass(self):
        self.page("#include <weft/weft.hpp>\nroom hall();\n",
                  "void enter(room);\n")
        self.passes("snippets")

    def test_a_block_that_does_not_compile_is_caught_at_its_line(self):
        self.page("void enter(room);\n", "void enter(rom);\n")
        self.catches("snippets", "README.md:12: does not compile",
                     "README.md:12:12: error", "room")

    def test_a_page_without_any_is_no_success(self):
        self.page()
        self.catches("snippets", "snippets: 0 checked")

    def test_without_a_build_it_says_what_to_do(self):
        self.page("void enter(room);\n")
        shutil.rmtree(self.root / "build")
        self.cannot_run("snippets", "cmake --preset release")


class Itself(Tree):
    def test_an_empty_tree_is_no_success(self):
        for check in ("layers", "messages", "size", "words", "shell"):
            self.catches(check, f"{check}: 0 checked")

    def test_every_check_is_tested_here(self):
        tested = "".join(kind.__name__.lower() for kind in
                         Tree.__subclasses__())
        for path in HERE.glob("*.py"):
            if "tree.main(" in path.read_text() and path.stem not in (
                    "tree", "test_tidy"):
                self.assertIn(path.stem.replace("_", ""), tested)


if __name__ == "__main__":
    os.chdir(HERE)
    unittest.main()
