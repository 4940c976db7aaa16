#include "spaces/hash_ring.hpp"

#include <doctest/doctest.h>

#include <map>

namespace weft::spaces {

namespace {

std::vector<std::string> names_of(const shard_placement& placed,
                                  const std::vector<std::string>& nodes) {
  std::vector<std::string> names;
  for (const auto each : placed.node_of)
    names.push_back(nodes[each]);
  return names;
}

} // namespace

TEST_CASE("shards lie on the same nodes whoever places them") {
  const std::vector<std::string> nodes{"n1", "n2", "n3"};
  const std::vector<std::string> other{"n3", "n1", "n2"};
  CHECK(names_of(place_shards("jobs", 16, nodes), nodes)
        == names_of(place_shards("jobs", 16, other), other));
  CHECK(names_of(place_shards("jobs", 16, nodes), nodes)
        != names_of(place_shards("results", 16, nodes), nodes));
  CHECK(place_shards("jobs", 0, nodes).node_of.empty());
}

TEST_CASE("no node has many shards more than its share") {
  std::vector<std::string> nodes;
  for (int i = 0; i < 10; ++i)
    nodes.push_back("n" + std::to_string(i));
  for (const std::size_t shards : {1, 10, 64, 1000}) {
    std::map<std::size_t, std::size_t> load;
    for (const auto each : place_shards("jobs", shards, nodes).node_of)
      ++load[each];
    for (const auto& [node, count] : load)
      CHECK(count <= (shards + 9) / 10 + 1);
  }
}

TEST_CASE("one node less moves few of the shards of the others") {
  std::vector<std::string> nodes;
  for (int i = 0; i < 10; ++i)
    nodes.push_back("n" + std::to_string(i));
  const auto before = names_of(place_shards("jobs", 200, nodes), nodes);
  nodes.pop_back();
  const auto after = names_of(place_shards("jobs", 200, nodes), nodes);
  int moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    moved += before[i] != after[i] ? 1 : 0;
  // A tenth must move.
  CHECK(moved >= 15);
  CHECK(moved <= 90);
}

TEST_CASE("hashes are spread evenly, and one shard more moves its share") {
  std::map<std::size_t, int> counts;
  int moved = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const auto hash = i * 0x9E3779B97F4A7C15;
    ++counts[shard_of(hash, 8)];
    moved += shard_of(hash, 8) != shard_of(hash, 9) ? 1 : 0;
  }
  CHECK(counts.size() == 8);
  for (const auto& [shard, count] : counts) {
    CHECK(count > 11'500);
    CHECK(count < 13'500);
  }
  CHECK(moved > 10'000);
  CHECK(moved < 12'500);
  CHECK(shard_of(77, 1) == 0);
}

} // namespace weft::spaces
