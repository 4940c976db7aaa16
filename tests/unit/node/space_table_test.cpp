#include "runtime/node/space_table.hpp"

#include <doctest/doctest.h>

namespace weft {

namespace {

/// Nodes a, b and c; only a and b may use the spaces of "lab".
config::cluster_options cluster() {
  config::cluster_options options;
  for (const auto* name : {"a", "b", "c"}) {
    config::node_options node;
    node.name = name;
    if (node.name == "c")
      node.tenants = {"default"};
    options.nodes.push_back(node);
  }
  config::space_options jobs;
  jobs.name = "jobs";
  jobs.shards = 8;
  options.spaces.push_back(jobs);
  config::space_options heat = jobs;
  heat.name = "heat";
  heat.tenant = "lab";
  heat.shards = 4;
  heat.placement = config::space_placement::in_order;
  options.spaces.push_back(heat);
  return options;
}

} // namespace

TEST_CASE("a space is found by its tenant and name") {
  const space_table table{cluster(), "a"};
  REQUIRE(table.find("default", "jobs"));
  CHECK(table.find("default", "jobs")->name() == "jobs");
  CHECK(table.find("default", "default/jobs"));
  const auto near = table.find("default", "job");
  REQUIRE_FALSE(near);
  CHECK(near.error().code == errc::not_found);
  CHECK(near.error().message.find("did you mean jobs?") != std::string::npos);
}

TEST_CASE("another tenant's space is not there") {
  const space_table table{cluster(), "a"};
  CHECK(table.find("lab", "heat"));
  const auto foreign = table.find("default", "heat");
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == errc::not_found);
}

TEST_CASE("a node may not use the spaces of a tenant that is not its own") {
  const space_table table{cluster(), "c"};
  CHECK(table.find("default", "jobs"));
  const auto refused = table.find("lab", "heat");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::permission_denied);
  CHECK_FALSE(may_use_tenant(cluster(), "c", "lab"));
  CHECK_FALSE(may_use_tenant(cluster(), "stranger", "default"));
}

TEST_CASE("a name that two namespaces have must be given whole") {
  auto options = cluster();
  options.spaces.push_back(options.spaces[0]);
  options.spaces.back().name_space = "other";
  const space_table table{options, "a"};
  const auto which = table.find("default", "jobs");
  REQUIRE_FALSE(which);
  CHECK(which.error().message.find("default/jobs or other/jobs")
        != std::string::npos);
  CHECK(table.find("default", "other/jobs"));
}

TEST_CASE("every node knows the same carriers, those that may use the space") {
  const auto options = cluster();
  const auto in_order = carriers(options, options.spaces[1]);
  CHECK(in_order == std::vector<std::string>{"a", "b", "a", "b"});
  const auto on_ring = carriers(options, options.spaces[0]);
  CHECK(on_ring.size() == 8);
  for (const auto* node : {"a", "b", "c"}) {
    const space_table table{options, node};
    const auto& entry = table.entries().front();
    CHECK(entry.carriers == on_ring);
    for (std::size_t shard = 0; shard < 8; ++shard)
      CHECK((entry.doors->local[shard] != nullptr) == (on_ring[shard] == node));
  }
}

} // namespace weft
