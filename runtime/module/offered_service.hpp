#pragma once

#include "actors/registry/registry_actor.hpp"

#include <functional>
#include <string>

namespace weft {

/// A service that an actor offers to others of its tenant, see
/// `context::offer`.
struct offered_service {
  std::string name;
  std::string name_space = "default";
  /// What it is; its kind is `service`.
  actors::service_info what;
  /// Asked before each heartbeat, in another actor's context and four times a
  /// lease; it must not wait. Empty: it is healthy as long as its actor lives.
  std::function<actors::service_report()> report;
};

} // namespace weft
