#include "spaces/hash_ring.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"

#include <algorithm>
#include <string_view>

namespace weft::spaces {

namespace {

constexpr std::size_t points_per_node = 64;

/// FNV-1a (Fowler, Noll and Vo 1991), then mixed.
std::uint64_t hash_name(std::string_view name, std::uint64_t number) {
  std::uint64_t state = 0xCBF29CE484222325;
  for (const char each : name)
    state = (state ^ static_cast<std::uint8_t>(each)) * 0x100000001B3;
  return mixed(state ^ (number * golden_step));
}

struct point {
  std::uint64_t at = 0;
  std::size_t node = 0;
};

std::vector<point> circle_of(std::span<const std::string> nodes) {
  std::vector<point> circle;
  circle.reserve(nodes.size() * points_per_node);
  for (std::size_t node = 0; node < nodes.size(); ++node)
    for (std::size_t i = 0; i < points_per_node; ++i)
      circle.push_back({hash_name(nodes[node], i + 1), node});
  std::sort(circle.begin(), circle.end(), [&](const point& a, const point& b) {
    return a.at != b.at ? a.at < b.at : nodes[a.node] < nodes[b.node];
  });
  return circle;
}

} // namespace

shard_placement place_shards(const std::string& space, std::size_t shards,
                             std::span<const std::string> nodes) {
  WEFT_ASSERT(!nodes.empty());
  const auto circle = circle_of(nodes);
  const auto share = (shards + nodes.size() - 1) / nodes.size();
  std::vector<std::size_t> load(nodes.size());
  shard_placement placed;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    const auto hash = hash_name(space + "/", shard + 1);
    const auto before = [](const point& a, std::uint64_t at) {
      return a.at < at;
    };
    auto at = std::lower_bound(circle.begin(), circle.end(), hash, before);
    for (;; ++at) {
      if (at == circle.end())
        at = circle.begin();
      if (load[at->node] <= share)
        break;
    }
    ++load[at->node];
    placed.node_of.push_back(at->node);
  }
  return placed;
}

std::size_t shard_of(std::uint64_t hash, std::size_t shards) {
  WEFT_ASSERT(shards > 0);
  std::int64_t chosen = -1;
  std::int64_t next = 0;
  while (next < static_cast<std::int64_t>(shards)) {
    chosen = next;
    hash = hash * 2862933555777941757ULL + 1;
    next =
        static_cast<std::int64_t>(static_cast<double>(chosen + 1)
                                  * (static_cast<double>(std::int64_t{1} << 31)
                                     / static_cast<double>((hash >> 33) + 1)));
  }
  return static_cast<std::size_t>(chosen);
}

} // namespace weft::spaces
