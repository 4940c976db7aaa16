#include "config/replicate.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

namespace weft::config::testing {

TEST_CASE("a replicated entry becomes so many, each with its index") {
  const auto options = good("cluster: demo\nnodes:\n"
                            "  - name: n{index}\n"
                            "    listen: 127.0.0.1:700{index}\n"
                            "    replicate: 3\n"
                            "  - name: last\n"
                            "actors:\n"
                            "  - name: a{index}\n"
                            "    type: m.a\n"
                            "    node: n{index}\n"
                            "    args: {id: \"{index}\", text: \"x{index}\"}\n"
                            "    replicate: 2\n");
  REQUIRE(options.nodes.size() == 4);
  CHECK(options.nodes[2].name == "n3");
  CHECK(options.nodes[2].listen.port == 7003);
  CHECK(options.nodes[3].name == "last");
  REQUIRE(options.actors.size() == 2);
  CHECK(options.actors[1].node == "n2");
  CHECK(options.actors[1].args.value
        == nlohmann::json{{"id", 2}, {"text", "x2"}});
}

TEST_CASE("a mistake in a replicated entry is reported once") {
  CHECK(problems_of("cluster: demo\nnodes:\n  - name: n{index}\n"
                    "    listen: here\n    replicate: 500\n")
        == lines{"c.yaml:4:13: nodes[0].listen: expected host:port such as "
                 "127.0.0.1:7001 or [::1]:7001, got \"here\""});
}

TEST_CASE("an index without replicate is refused") {
  CHECK(problems_of("cluster: demo\nnodes:\n  - name: n{index}\n")
        == lines{"c.yaml:3:11: nodes[0].name: expected a name of 1 to 64 "
                 "letters, digits, _, . and -, not starting with . or -; "
                 "{index} needs replicate beside it, got \"n{index}\""});
}

TEST_CASE("a bare index, which is a map to YAML, is refused") {
  const auto all = problems_of(
      with_node("actors:\n  - name: a{index}\n    type: m.a\n    node: n1\n"
                "    args:\n      id: {index}\n    replicate: 2\n"));
  REQUIRE(all.size() == 1);
  CHECK(all[0].starts_with("c.yaml:9:7: actors[0]"));
  CHECK(all[0].find("expected \"{index}\" in quotes") != std::string::npos);
}

TEST_CASE("the number of copies is an integer from 1 to 10000") {
  for (const auto* count : {"0", "10001", "-1", "many", "[2]", "1.5", ""}) {
    CAPTURE(count);
    const auto all = problems_of(fmt::format(
        "cluster: demo\nnodes:\n  - name: n1\n    replicate: {}\n", count));
    REQUIRE(all.size() == 1);
    CHECK(all[0].starts_with("c.yaml:4:"));
    CHECK(all[0].find("nodes[0].replicate: expected an integer from 1 to 10000")
          != std::string::npos);
  }
}

TEST_CASE("copies without an index in their names are duplicates") {
  const auto all = problems_of("cluster: demo\nnodes:\n  - name: n\n"
                               "    replicate: 2\n");
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("nodes[1].name: expected a name that no other node has")
        != std::string::npos);
}

TEST_CASE("replication stops at the limit of values") {
  std::string args;
  for (int i = 0; i < 100; ++i)
    args += "1,";
  const auto all = problems_of(
      with_node("actors:\n  - {name: \"a{index}\", type: m.a, node: n1, args: ["
                + args + "], replicate: 10000}\n"));
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("at most 600000 values") != std::string::npos);
}

TEST_CASE("arguments may have a key called replicate") {
  const auto options = good(with_node(
      "jobs: [{name: j, type: m.j, args: {list: [{replicate: 2}]}}]\n"));
  CHECK(options.jobs[0].args.value["list"][0]["replicate"] == 2);
}

} // namespace weft::config::testing
