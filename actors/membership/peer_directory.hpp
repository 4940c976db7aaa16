#pragma once

#include "actors/ecosystem/factory_actor.hpp"
#include "actors/membership/node_entry_actor.hpp"
#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace weft::actors {

/// A node that can be reached now.
struct peer {
  std::string name;
  caf::node_id node;
  std::uint64_t incarnation = 0;
  node_entry_actor entry;
  /// Empty on all nodes but the first.
  registry_actor registry;
  factory_actor factory;
};

/// The present members of the cluster, this node among them, for look-ups that
/// must not wait for an actor. Filled by the membership actor: a node is in it
/// from before its `up` to before its `down`. Thread-safe.
class peer_directory {
public:
  /// Adds a node, or replaces what was known under its name.
  void put(peer added);

  void remove(const std::string& name);

  std::optional<peer> find(const std::string& name) const;

  /// The name of a node; empty for one that is not present.
  std::string name_of(const caf::node_id& node) const;

  /// The registry of the cluster; empty while its node is not present.
  registry_actor registry() const;

  /// Runs `then` once a registry is known: now, or in the thread that adds the
  /// node that has it.
  void when_registry(std::function<void()> then);

  /// In alphabetical order.
  std::vector<peer> all() const;

private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, peer> peers_;
  std::map<caf::node_id, std::string> names_;
  std::vector<std::function<void()>> waiting_;
};

} // namespace weft::actors
