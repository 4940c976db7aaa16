#pragma once

#include "actors/hop.hpp"
#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <functional>

namespace weft::actors {

/// A service that is to be found in the registry.
struct service_offer {
  /// Its name is made by `service_name`; `revision` is ignored. Without an
  /// actor the keeper stands for the service.
  registration what;
  /// Asked before each heartbeat, in the keeper's context; it must not wait.
  /// Empty: the service is healthy as long as its actor lives.
  std::function<service_report()> report;
  /// The registry of now; empty while it cannot be reached. Called in the
  /// keeper's context.
  std::function<registry_actor()> find_registry;
};

/// Keeps a service of this node in the registry by heartbeats, through the
/// registry's absence and restart. Ends with the service's actor; when it ends
/// first, the lease is the service's last.
using service_keeper_actor = typed_actor<void(hop)>;

/// While somebody else holds the name, the keeper goes on trying.
service_keeper_actor spawn_service_keeper(caf::actor_system& system,
                                          service_offer offer);

} // namespace weft::actors
