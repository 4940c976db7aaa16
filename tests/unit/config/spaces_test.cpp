#include "config/print.hpp"
#include "config/schema.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

namespace weft::config::testing {

namespace {

/// A file of three nodes; its spaces begin at line 6.
std::string with_spaces(const std::string& spaces) {
  return "cluster: demo\nnodes:\n  - {name: n1, tenants: [lab, default]}\n"
         "  - name: n2\nspaces:\n"
         + spaces + "\n";
}

/// The only problem of a space with these keys besides its name.
std::string problem_of_space(const std::string& keys) {
  const auto all =
      problems_of(with_spaces(fmt::format("  - {{name: heat, {}}}", keys)));
  CAPTURE(keys);
  REQUIRE(all.size() == 1);
  return all[0];
}

space_options good_space(const std::string& keys) {
  return good(with_spaces(fmt::format("  - {{name: heat, {}}}", keys)))
      .spaces.at(0);
}

constexpr const char* every_key = R"(cluster: demo
nodes: [{name: n1, tenants: [hpc-lab]}, {name: n2}, {name: n3, tenants: [x]}]
spaces:
  - name: heat
    tenant: hpc-lab
    namespace: heat-diffusion
    backend: memory
    shards: 4
    replicas: 1
    routing: [3, 0]
    route_by: hash
    nodes: [n2, n1]
    placement: in_order
    max_tuples: 1000
    max_bytes: 64MiB
actors: [{name: a, type: m.a, node: n1, tenant: hpc-lab}]
jobs: [{name: j, type: m.j, tenant: hpc-lab}]
)";

} // namespace

TEST_CASE("every key of a space reaches its member") {
  const auto options = good(every_key);
  REQUIRE(options.spaces.size() == 1);
  const auto& space = options.spaces[0];
  CHECK(space.name == "heat");
  CHECK(space.tenant == "hpc-lab");
  CHECK(space.name_space == "heat-diffusion");
  CHECK(space.backend == space_backend::memory);
  CHECK(space.shards == 4);
  CHECK(space.replicas == 1);
  CHECK(space.routing == std::vector<std::uint32_t>{3, 0});
  CHECK(space.route_by == space_routing::hash);
  CHECK(space.nodes == std::vector<std::string>{"n2", "n1"});
  CHECK(space.placement == space_placement::in_order);
  CHECK(space.max_tuples == 1000);
  CHECK(space.max_bytes == 64u << 20);
  CHECK(space.where == location{"c.yaml", 4, 5});
  CHECK(options.nodes[0].tenants == std::vector<std::string>{"hpc-lab"});
  CHECK(options.nodes[1].tenants.empty());
  CHECK(options.actors.at(0).tenant == "hpc-lab");
  CHECK(options.jobs.at(0).tenant == "hpc-lab");
}

TEST_CASE("a space needs no more than a name") {
  const auto options = good(with_spaces("  - name: heat"));
  REQUIRE(options.spaces.size() == 1);
  space_options expected;
  expected.name = "heat";
  CHECK(options.spaces[0] == expected);
  CHECK(expected.tenant == "default");
  CHECK(expected.routing == std::vector<std::uint32_t>{0});
  CHECK(problems_of(with_spaces("  - shards: 4"))
        == lines{"c.yaml:6:5: spaces[0].name: expected a name of 1 to 64 "
                 "letters, digits, _, . and -, not starting with . or -, got "
                 "nothing: the key is required"});
}

TEST_CASE("numbers of a space are in their ranges") {
  for (const auto* keys :
       {"shards: 1", "shards: 1024", "replicas: 1", "max_tuples: 1",
        "max_tuples: 1000000000", "max_bytes: 1MiB", "max_bytes: 1TiB",
        "routing: [999]", "routing: [0, 1, 2, 3, 4, 5, 6, 7]"}) {
    CAPTURE(keys);
    CHECK(good_space(keys).name == "heat");
  }
  CHECK(problem_of_space("shards: 0")
        == "c.yaml:6:26: spaces[0].shards: expected an integer from 1 to 1024 "
           "shards, got \"0\"");
  CHECK(problem_of_space("shards: 1025").ends_with("got \"1025\""));
  CHECK(problem_of_space("replicas: 0").find("from 1 to 16 copies")
        != std::string::npos);
  CHECK(problem_of_space("replicas: 17").find("from 1 to 16 copies")
        != std::string::npos);
  CHECK(problem_of_space("max_tuples: 0").find("from 1 to 1000000000 tuples")
        != std::string::npos);
  CHECK(problem_of_space("max_tuples: 1000000001")
            .ends_with("got \"1000000001\""));
  CHECK(problem_of_space("route_by: numbr")
            .ends_with("did you mean \"number\"?"));
  CHECK(problem_of_space("placement: disorder")
            .ends_with("expected one of ring, in_order, got \"disorder\""));
}

TEST_CASE("a size has a unit or is in bytes") {
  CHECK(good_space("max_bytes: 1.5GiB").max_bytes == 3u << 29);
  CHECK(good_space("max_bytes: 2 MB").max_bytes == 2'000'000);
  CHECK(good_space("max_bytes: 1048577").max_bytes == (1u << 20) + 1);
  CHECK(problem_of_space("max_bytes: 64")
        == "c.yaml:6:29: spaces[0].max_bytes: expected a size from 1MiB to "
           "1TiB, got \"64\"");
  CHECK(problem_of_space("max_bytes: 2TiB").ends_with("1TiB, got \"2TiB\""));
  CHECK(problem_of_space("max_bytes: -1MiB")
            .ends_with("such as 64MiB, got \"-1MiB\""));
  CHECK(problem_of_space("max_bytes: much")
            .ends_with("1MiB to 1TiB such as 64MiB, got "
                       "\"much\""));
  CHECK(problem_of_space("max_bytes: [1MiB]").ends_with("got a list"));
}

TEST_CASE("a list that is given takes the place of its default") {
  CHECK(good_space("routing: [3]").routing == std::vector<std::uint32_t>{3});
  CHECK(good_space("routing: ").routing == std::vector<std::uint32_t>{0});
}

TEST_CASE("routing fields are one to eight positions, each once") {
  CHECK(problem_of_space("routing: []")
        == "c.yaml:6:18: spaces[0].routing: expected a list of 1 to 8 items, "
           "got 0");
  CHECK(problem_of_space("routing: [0, 1, 2, 3, 4, 5, 6, 7, 8]")
            .ends_with("expected at most 8 items, got 9"));
  CHECK(problem_of_space("routing: [1000]")
        == "c.yaml:6:28: spaces[0].routing[0]: expected an integer from 0 to "
           "999, got \"1000\"");
  CHECK(problem_of_space("routing: 0").ends_with("expected a list, got \"0\""));
  CHECK(problem_of_space("routing: [3, 1, 3]")
        == "c.yaml:6:34: spaces[0].routing[2]: expected each position once, "
           "got 3 again");
}

TEST_CASE("a shard by number takes one routing field") {
  CHECK(good_space("route_by: number, routing: [2]").route_by
        == space_routing::number);
  CHECK(problem_of_space("route_by: number, routing: [2, 3]")
        == "c.yaml:6:36: spaces[0].routing: expected one position, since "
           "route_by is number, got 2");
}

TEST_CASE("what spaces have not yet is refused with what they have") {
  for (const auto* backend : {"sqlite", "redis", "postgres"})
    CHECK(problem_of_space(fmt::format("backend: {}", backend))
          == fmt::format("c.yaml:6:27: spaces[0].backend: expected memory, "
                         "since this version of weft has no such backend yet, "
                         "got \"{}\"",
                         backend));
  CHECK(problem_of_space("replicas: 2")
        == "c.yaml:6:28: spaces[0].replicas: expected 1, with which the tuples "
           "of a node that dies are gone, since this version of weft has no "
           "replicas yet, got 2");
}

TEST_CASE("a space's name is unique in its tenant and namespace") {
  CHECK(good(with_spaces("  - {name: s}\n  - {name: s, namespace: other}\n"
                         "  - {name: s, tenant: lab}\n"
                         "  - {name: s, tenant: lab, namespace: other}"))
            .spaces.size()
        == 4);
  CHECK(problems_of(with_spaces("  - {name: s, tenant: lab}\n  - {name: s}\n"
                                "  - {namespace: default, name: s}\n"))
        == lines{"c.yaml:8:32: spaces[2].name: expected a name that no other "
                 "space has, got \"default/default/s\"; the first is at "
                 "c.yaml:7:12"});
}

TEST_CASE("a space's whole name fits into the registry") {
  const std::string long_name(64, 'n');
  const auto spaces = [&](std::size_t size) {
    return fmt::format("cluster: demo\n"
                       "nodes: [{{name: n1, tenants: [{1}]}}]\n"
                       "spaces: [{{name: {0}, tenant: {1}, namespace: {0}}}]\n",
                       long_name, std::string(size, 't'));
  };
  CHECK(problems_of(spaces(50)).empty());
  const auto problems = problems_of(spaces(51));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("at most 180 bytes together, got 181")
        != std::string::npos);
}

TEST_CASE("shards are on nodes of the cluster, each named once") {
  CHECK(problem_of_space("nodes: [n1, n22]")
        == "c.yaml:6:30: spaces[0].nodes[1]: expected the name of one of the "
           "nodes, got \"n22\"; did you mean \"n2\"?");
  CHECK(problem_of_space("nodes: [n2, n1, n2]")
        == "c.yaml:6:34: spaces[0].nodes[2]: expected each node once, got "
           "\"n2\" again");
  CHECK(good_space("nodes: []").nodes.empty());
}

TEST_CASE("the nodes that carry a space may use those of its tenant") {
  CHECK(good_space("tenant: lab").tenant == "lab");
  CHECK(good_space("tenant: other, nodes: [n2]").tenant == "other");
  CHECK(problem_of_space("tenant: other, nodes: [n2, n1]")
        == "c.yaml:6:45: spaces[0].nodes[1]: expected a node that may use the "
           "spaces of tenant \"other\", got \"n1\", whose nodes[0].tenants are "
           "others");
  CHECK(problem_of_space("tenant: other")
        == "c.yaml:6:5: spaces[0].nodes: expected the nodes that carry the "
           "space, since \"n1\" may not use those of tenant \"other\" "
           "(nodes[0].tenants), got nothing, which means all nodes");
}

TEST_CASE("a wrong value of a space is not followed by its consequences") {
  for (const auto* keys :
       {"tenant: \"a b\"", "tenant: other, nodes: 3",
        "tenant: other, nodes: [\"a b\"]", "nodes: [\"a b\", n1, n2]",
        "routing: [x, 1, 2]", "routing: [], route_by: number"})
    CHECK(!problem_of_space(keys).empty());
  CHECK(
      problems_of("cluster: demo\nnodes: [{name: n1, tenants: [\"a b\", lab]}]"
                  "\nspaces: [{name: s, tenant: other}]\n")
          .size()
      == 1);
  CHECK(problems_of("cluster: demo\nnodes: 3\nspaces: [{name: s, nodes: [n1]}]")
            .size()
        == 1);
}

TEST_CASE("checks of a list name the items that they mean") {
  CHECK(problems_of(with_spaces("  - {name: s, routing: [x, 1, 1]}"))
        == lines{"c.yaml:6:25: spaces[0].routing[0]: expected an integer from "
                 "0 to 999, got \"x\"",
                 "c.yaml:6:31: spaces[0].routing[2]: expected each position "
                 "once, got 1 again"});
  CHECK(problems_of(with_node("modules: [\"\", a, a]\n"))[1].starts_with(
      "c.yaml:4:18: modules[2]: expected each module once"));
  CHECK(problems_of(with_node("security: {spawn_from: [\"a b\", n1, n9]}\n"))[1]
            .starts_with("c.yaml:4:36: security.spawn_from[2]: expected the "
                         "name of one of the nodes, got \"n9\""));
}

TEST_CASE("spaces are not replicated") {
  CHECK(problem_of_space("replicate: 2")
            .starts_with(
                "c.yaml:6:18: spaces[0].replicate: expected a known key"));
  CHECK(problems_of(with_spaces("  - name: s{index}"))[0].find("replicate")
        == std::string::npos);
}

TEST_CASE("a space is set from the command line") {
  const auto options =
      good(every_key,
           with_overrides({"spaces.heat.shards=8", "spaces.heat.routing=[2, 1]",
                           "spaces[0].max_bytes=2GiB", "jobs.j.tenant=x"}));
  CHECK(options.spaces[0].shards == 8);
  CHECK(options.spaces[0].routing == std::vector<std::uint32_t>{2, 1});
  CHECK(options.spaces[0].max_bytes == std::uint64_t{2} << 30);
  CHECK(options.jobs[0].tenant == "x");
}

TEST_CASE("the effective configuration has the spaces and their defaults") {
  const auto options = good(every_key);
  const auto json = to_json(options);
  CHECK(json["spaces"][0]["namespace"] == "heat-diffusion");
  CHECK(json["spaces"][0]["routing"] == nlohmann::json{3, 0});
  CHECK(json["spaces"][0]["max_bytes"] == "64MiB");
  CHECK(json["nodes"][0]["tenants"] == nlohmann::json{"hpc-lab"});
  CHECK(json["actors"][0]["tenant"] == "hpc-lab");
  CHECK(good(json.dump()) == options);
  const auto brief = to_json(good(with_spaces("  - name: heat")));
  const auto& space = brief["spaces"][0];
  CHECK(space["routing"] == nlohmann::json::array({0}));
  CHECK(space["nodes"] == nlohmann::json::array());
  CHECK(space["max_tuples"] == 100'000'000);
  CHECK(space["max_bytes"] == "8GiB");
  CHECK(space["placement"] == "ring");
  CHECK(!space.contains("where"));
}

TEST_CASE("each key of spaces and tenants is in the hash and in equality") {
  const auto same = good(every_key);
  const auto changes = [&](auto change) {
    auto options = same;
    change(options);
    return configuration_hash(options) != configuration_hash(same)
           && options != same;
  };
  const auto space_changes = [&](auto change) {
    return changes([&](auto& o) { change(o.spaces[0]); });
  };
  CHECK(space_changes([](auto& s) { s.name = "cold"; }));
  CHECK(space_changes([](auto& s) { s.tenant = "x"; }));
  CHECK(space_changes([](auto& s) { s.name_space = "x"; }));
  CHECK(space_changes([](auto& s) { s.backend = space_backend::redis; }));
  CHECK(space_changes([](auto& s) { s.shards = 5; }));
  CHECK(space_changes([](auto& s) { s.replicas = 2; }));
  CHECK(space_changes([](auto& s) { s.routing = {0, 3}; }));
  CHECK(space_changes([](auto& s) { s.route_by = space_routing::number; }));
  CHECK(space_changes([](auto& s) { s.nodes = {"n1", "n2"}; }));
  CHECK(space_changes([](auto& s) { s.placement = space_placement::ring; }));
  CHECK(space_changes([](auto& s) { s.max_tuples = 1001; }));
  CHECK(space_changes([](auto& s) { ++s.max_bytes; }));
  CHECK(!space_changes([](auto& s) { s.where = {"other.yaml", 9, 9}; }));
  CHECK(changes([](auto& o) { o.nodes[1].tenants = {"x"}; }));
  CHECK(changes([](auto& o) { o.actors[0].tenant = "x"; }));
  CHECK(changes([](auto& o) { o.jobs[0].tenant = "x"; }));
}

TEST_CASE("reference, defaults and JSON schema tell of spaces") {
  const auto reference = reference_markdown();
  const auto has_line = [&](const std::string& start) {
    return reference.find("\n" + start) != std::string::npos;
  };
  CHECK(has_line("## spaces\n"));
  CHECK(has_line("| `spaces[].routing` | a list of 1 to 8 items | `[0]` |"));
  CHECK(has_line("| `spaces[].max_bytes` | a size from 1MiB to 1TiB | `8GiB` "
                 "|"));
  CHECK(has_line("| `spaces[].backend` | one of memory, sqlite, redis, "
                 "postgres | `memory` |"));
  CHECK(has_line("| `jobs[].tenant` | name | `default` |"));
  const auto defaults = defaults_yaml();
  CHECK(defaults.find("#    routing: [0]\n#") != std::string::npos);
  CHECK(defaults.find("#    #routing") == std::string::npos);
  const auto space = json_schema()["properties"]["spaces"]["items"];
  const auto& keys = space["properties"];
  CHECK(space["required"] == nlohmann::json{"name"});
  CHECK(keys["routing"]["minItems"] == 1);
  CHECK(keys["routing"]["maxItems"] == 8);
  CHECK(keys["routing"]["default"] == nlohmann::json::array({0}));
  CHECK(keys["routing"]["items"]["anyOf"][0]["maximum"] == 999);
  CHECK(keys["max_bytes"]["default"] == "8GiB");
  CHECK(keys["max_bytes"]["type"] == nlohmann::json{"string", "integer"});
  CHECK(keys["route_by"]["anyOf"][0]["enum"]
        == nlohmann::json{"hash", "number"});
  CHECK(find_row("spaces[].max_bytes")->type == value_type::bytes);
}

} // namespace weft::config::testing
