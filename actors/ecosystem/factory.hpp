#pragma once

#include "actors/ecosystem/factory_actor.hpp"
#include "actors/ecosystem/factory_core.hpp"
#include "actors/registry/kept_names.hpp"
#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace weft::actors {

struct factory_options {
  /// The name of the node that it starts actors on.
  std::string node;
  factory_limits limits;
  /// Answers that are remembered for requests that come again.
  std::size_t answers_max = 10'000;
  /// Callers that may wait for one request; more are answered `exhausted`.
  std::size_t waiting_max = 64;
  /// How long a start may take until the request is answered `timed_out`.
  std::chrono::nanoseconds start_timeout = std::chrono::seconds{30};
  /// How long a stop may take, likewise.
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds{30};
  /// How long the answer to a named start waits for the registry.
  std::chrono::nanoseconds registry_timeout = std::chrono::seconds{2};
};

/// One actor to be started, the first time or again.
struct actor_order {
  std::string type;
  /// JSON text.
  std::string arguments;
  /// What it is called in the tree: node/module/name.
  std::string module;
  std::string name;
  /// Whose spaces it may use.
  std::string tenant;
};

/// Told once, from any thread, that a started actor is ready or has failed.
using actor_ready = std::function<void(result<void>)>;

/// Starts an incarnation and returns at once.
using actor_start = std::function<result<caf::strong_actor_ptr>(actor_ready)>;

/// One child for the supervisor of a module.
struct child_order {
  std::string module;
  std::string name;
  /// "permanent", "transient" or "temporary".
  std::string restart;
  /// Called at each start, in any thread.
  actor_start start;
};

/// What the factory needs of the rest of its node. All but `add_child` and
/// `stop_child` return at once; none may throw. They are called in the
/// factory's context, `spawn` also in the supervisor's.
struct factory_seams {
  /// Checks a type and arguments for it; starts nothing. `not_found` for an
  /// unknown type, `invalid_argument` for arguments that do not fit.
  std::function<result<void>(const std::string& type,
                             const std::string& arguments)>
      check;
  std::function<result<caf::strong_actor_ptr>(const actor_order&, actor_ready)>
      spawn;
  /// Answers once, from any thread: after the first start has succeeded, with
  /// the actor and its path in the tree, or with why it failed. Nothing is
  /// left of a child that failed. `already_exists`: the name is taken.
  std::function<void(child_order, std::function<void(result<spawned>)>)>
      add_child;
  /// Answers once, from any thread: true when the child was there and is
  /// stopped for good, false when its supervisor has none of this path.
  std::function<void(const std::string& path,
                     std::function<void(result<bool>)>)>
      stop_child;
  /// The verified name of a peer; empty for a node that is not connected.
  std::function<std::string(const caf::node_id&)> name_of;
  /// Whether a node may start and stop actors here; not asked for this node.
  std::function<bool(const std::string& node)> may_spawn;
  /// Whether a node may use the spaces of a tenant.
  std::function<bool(const std::string& node, const std::string& tenant)>
      may_use;
};

class factory_memory;

/// What outlives a factory: what it has started and answered. One factory at a
/// time works with it.
std::shared_ptr<factory_memory>
make_factory_memory(const factory_options& options);

/// Starts the factory of a node, which goes on with what the one before it left
/// in `memory`. What that one had under way is forgotten, so that a request
/// that comes again then is a fresh one; whether its first try will run is
/// unknown. An actor with a name is kept in the registry
/// by `names` over its restarts: its first start fails with `already_exists`
/// while another actor of the cluster holds the name, and is answered without
/// waiting any longer when the registry cannot be reached.
factory_actor spawn_factory(caf::actor_system& system, factory_options options,
                            factory_seams seams,
                            std::shared_ptr<kept_names> names,
                            std::shared_ptr<factory_memory> memory);

} // namespace weft::actors
