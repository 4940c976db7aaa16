#pragma once

#include "actors/space/space_actors.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weft::actors {

struct space_client_options {
  std::string space;
  /// Shards are registered under this, a slash and their number.
  std::string name_prefix;
  spaces::routing where{1, {0}};
  spaces::client_options client;
  /// Where names are watched; it returns an empty handle while the registry
  /// cannot be reached.
  std::function<registry_actor()> find_registry;
  /// How many shards have a session with this client, for any thread to see.
  std::shared_ptr<std::atomic<std::size_t>> reached;
  /// The shards by number, where no registry is: instead of `find_registry`.
  std::vector<caf::strong_actor_ptr> shards;
};

space_client_actor spawn_space_client(caf::actor_system& system,
                                      space_client_options options);

} // namespace weft::actors
