#pragma once

#include "actors/space/space_actors.hpp"

#include <functional>
#include <string>

namespace weft::actors {

struct shard_options {
  /// "hpc-lab/heat", for the log and messages.
  std::string space;
  std::uint32_t shard = 0;
  spaces::space_options limits;
  /// Keeps hashes from being guessed.
  std::uint64_t seed = 0;
  /// How long the sessions of a node that is not reached any more are kept:
  /// tuples that its waiting takes are given in this time may be lost with it,
  /// and its claims come back only after it.
  std::chrono::nanoseconds session_grace = std::chrono::seconds{1};
  /// Whether a node may use the space; empty: its own alone. Called with the
  /// node of a client.
  std::function<bool(const caf::node_id&)> may_use;
};

space_shard_actor spawn_space_shard(caf::actor_system& system,
                                    shard_options options);

} // namespace weft::actors
