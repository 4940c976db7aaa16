#pragma once

#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weft::actors {

/// Asks a node to start one actor of a registered type.
struct spawn_request {
  /// Chosen by the caller, unique for each start that it wants: the same id
  /// again is answered with the first answer and starts nothing. A request
  /// that was refused before anything was started may be mended and repeated.
  std::string request_id;
  /// "module.actor".
  std::string type;
  /// Name below the module's supervisor, and "module/name" in the registry;
  /// empty: one is made ("greeter-7") and not registered.
  std::string name;
  /// JSON text: an object, an array or null.
  std::string arguments = "null";
  /// "permanent", "transient" or "temporary".
  std::string restart = "temporary";
  /// Whose spaces it may use; the asking node must be free to use them too.
  std::string tenant = "default";

  friend bool operator==(const spawn_request&, const spawn_request&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, spawn_request& x) {
  return fields(f, x, "weft::spawn_request", "request_id", x.request_id, "type",
                x.type, "name", x.name, "arguments", x.arguments, "restart",
                x.restart, "tenant", x.tenant);
}

struct spawned {
  caf::strong_actor_ptr actor;
  /// Its place in the supervision tree: "n2/hello/greeter-7".
  std::string path;

  friend bool operator==(const spawned&, const spawned&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, spawned& x) {
  return fields(f, x, "weft::spawned", "actor", x.actor, "path", x.path);
}

/// Stops what a spawn_request started, by the path in its answer.
struct stop_spawned {
  std::string path;

  friend bool operator==(const stop_spawned&, const stop_spawned&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, stop_spawned& x) {
  return fields(f, x, "weft::stop_spawned", "path", x.path);
}

/// Starts registered actor types on its node, for this node and for others.
using factory_actor = typed_actor<
    // Starts it under the supervisor of its module. `not_found` for an unknown
    // type (with the nearest spelling), `invalid_argument` for arguments that
    // do not fit, `permission_denied` for a node without the right,
    // `exhausted` above the node's limit. Idempotent by request id, also over
    // a restart of the factory, but for starts that were under way then.
    spawned(spawn_request),
    // True when it was there and is stopped now; it is not restarted. False for
    // a path that no spawn_request gave rise to on this node. Idempotent.
    bool(stop_spawned)>;

} // namespace weft::actors
