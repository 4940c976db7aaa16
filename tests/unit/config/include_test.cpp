#include "config/include.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

namespace weft::config::testing {

TEST_CASE("an included file's maps merge, its lists come first, and the "
          "including file's scalars win") {
  const auto files = with_files({{"common.yaml", "log: {level: debug,\n"
                                                 "      format: json}\n"
                                                 "nodes: [{name: n1}]\n"}});
  const auto options = good("cluster: demo\ninclude: common.yaml\n"
                            "log: {level: error}\nnodes: [{name: n2}]\n",
                            files);
  CHECK(options.log.level == log_level::error);
  CHECK(options.log.format == log_format::json);
  REQUIRE(options.nodes.size() == 2);
  CHECK(options.nodes[0].name == "n1");
  CHECK(options.nodes[0].where == location{"common.yaml", 3, 9});
  CHECK(options.nodes[1].name == "n2");
}

TEST_CASE("of several included files the later wins") {
  const auto files = with_files({{"a.yaml", "log: {level: debug}\n"},
                                 {"b.yaml", "log: {level: error}\n"}});
  CHECK(good(with_node("include: [a.yaml, b.yaml]\n"), files).log.level
        == log_level::error);
}

TEST_CASE("included files are found beside the file that names them") {
  const auto files =
      with_files({{"parts/a.yaml", "include: b.yaml\n"},
                  {"parts/b.yaml", "log: {level: ${LEVEL:-off}}\n"}});
  const auto lines = problems_of(with_node("include: parts/a.yaml\n"), files);
  // Braces in a flow map: the error is in the file that has it.
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("parts/b.yaml:1:"));
  CHECK(good(with_node("include: parts/a.yaml\n"),
             with_files({{"parts/a.yaml", "include: b.yaml\n"},
                         {"parts/b.yaml", "log: {level: off}\n"}}))
            .log.level
        == log_level::off);
}

TEST_CASE("an error in an included file has that file's place") {
  const auto files = with_files({{"a.yaml", "log:\n  levle: debug\n"}});
  CHECK(problems_of(with_node("include: a.yaml\nx: 1\n"), files)
        == lines{"c.yaml:5:1: x: expected one of the keys cluster, include, "
                 "modules, security, caf, log, supervision, launcher, nodes, "
                 "spaces, actors, jobs, got \"x\"",
                 "a.yaml:2:3: log.levle: expected a known key, got \"levle\"; "
                 "did you mean \"level\"?"});
}

TEST_CASE("files that include each other are refused with the circle") {
  const auto files = with_files(
      {{"a.yaml", "include: b.yaml\n"}, {"b.yaml", "include: ./a.yaml\n"}});
  CHECK(problems_of(with_node("include: a.yaml\n"), files)
        == lines{"b.yaml:1:10: include: expected files that do not include "
                 "each other, got the circle c.yaml -> a.yaml -> b.yaml -> "
                 "a.yaml"});
  CHECK(problems_of(with_node("include: c.yaml\n"), files).size() == 1);
}

TEST_CASE("chains and numbers of included files are limited") {
  std::map<std::string, std::string> chain;
  for (int i = 0; i < 20; ++i)
    chain[fmt::format("{}.yaml", i)] = fmt::format("include: {}.yaml\n", i + 1);
  const auto deep =
      problems_of(with_node("include: 0.yaml\n"), with_files(chain));
  REQUIRE(deep.size() == 1);
  CHECK(deep[0].find("included at most 16 deep") != std::string::npos);

  std::string many = "include: [";
  for (int i = 0; i < 100; ++i)
    many += "e.yaml,";
  const auto wide = problems_of(with_node(many + "]\n"),
                                with_files({{"e.yaml", "log: {}\n"}}));
  REQUIRE(wide.size() == 1);
  CHECK(wide[0].find("include[99]: expected at most 100 files")
        != std::string::npos);
}

TEST_CASE("an include that is no file name or no file is reported in place") {
  CHECK(problems_of(with_node("include: {a: b}\n"))
        == lines{"c.yaml:4:1: include: expected a file name or a list of file "
                 "names, got a map"});
  CHECK(problems_of(with_node("include: none.yaml\n"), with_files({}))
        == lines{"c.yaml:4:10: include: expected a file that can be read, got "
                 "\"none.yaml\""});
}

TEST_CASE("a list where the other file has a map is replaced, not joined") {
  yaml_node under, over;
  under.kind = over.kind = yaml_kind::map;
  yaml_node list, map;
  list.kind = yaml_kind::list;
  map.kind = yaml_kind::map;
  under.entries.push_back({"a", {}, list});
  over.entries.push_back({"a", {}, map});
  merge(under, over);
  REQUIRE(under.entries.size() == 1);
  CHECK(under.entries[0].value.kind == yaml_kind::map);
}

} // namespace weft::config::testing
