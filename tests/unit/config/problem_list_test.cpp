#include "config/problem_list.hpp"

#include <doctest/doctest.h>

namespace weft::config {

TEST_CASE("problems are sorted by file, line and column") {
  source_files files;
  files.add("a.yaml", "/");
  files.add("b.yaml", "/");
  problem_list problems;
  problems.add({1, 1, 1}, "x", "third");
  problems.add({0, 2, 1}, "x", "second");
  problems.add({0, 1, 9}, "x", "first");
  const auto sorted = problems.sorted(files);
  REQUIRE(sorted.size() == 3);
  CHECK(to_string(sorted[0]) == "a.yaml:1:9: x: first");
  CHECK(to_string(sorted[1]) == "a.yaml:2:1: x: second");
  CHECK(to_string(sorted[2]) == "b.yaml:1:1: x: third");
}

TEST_CASE("a problem in copies of an entry counts once, others at its place "
          "do not") {
  source_files files;
  files.add("a.yaml", "/");
  problem_list problems;
  problems.add({0, 1, 1}, "nodes[0].name", "wrong");
  problems.add({0, 1, 1}, "nodes[1].name", "wrong");
  problems.add({0, 1, 1}, "nodes[0].listen", "wrong");
  CHECK(problems.sorted(files).size() == 2);
  CHECK(problems.failed("nodes[1].name"));
  CHECK(!problems.failed("nodes[2].name"));
}

TEST_CASE("suggestions stop when a file is hopeless or a word is long") {
  source_files files;
  files.add("a.yaml", "/");
  problem_list problems;
  const std::vector<std::string> known{"listen"};
  CHECK(problems.suggestion("lisen", known) == "; did you mean \"listen\"?");
  CHECK(problems.suggestion("other", known).empty());
  CHECK(problems.suggestion(std::string(1u << 20, 'l'), known).empty());
  for (std::uint32_t line = 1; line <= 100; ++line)
    problems.add({0, line, 1}, "x", "wrong");
  CHECK(problems.suggestion("lisen", known).empty());
}

} // namespace weft::config
