#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weft::spaces {

/// Places shards on nodes by a consistent-hash ring (Karger and others 1997):
/// each node has many points on a circle, and a shard belongs to the first
/// point after its own. With bounded loads (Mirrokni, Thorup and Zadimoghaddam
/// 2018): a node takes one shard more than its share at most, then the next
/// one on the circle does. The same nodes give the same placement everywhere,
/// in whatever order they are named; one node more or less moves few shards.
struct shard_placement {
  /// Of each shard the number of its node, as `nodes` has them.
  std::vector<std::size_t> node_of;
};

/// `space` is the whole name of the space, so that spaces are spread apart.
/// `nodes` are distinct and not empty. Cost: O((nodes x points + shards) log
/// (nodes x points)).
shard_placement place_shards(const std::string& space, std::size_t shards,
                             std::span<const std::string> nodes);

/// The shard of a hash of routing fields, 0 to `shards` - 1: Lamping and Veach
/// 2014, "A Fast, Minimal Memory, Consistent Hash Algorithm". Cost: O(log
/// shards).
std::size_t shard_of(std::uint64_t hash, std::size_t shards);

} // namespace weft::spaces
