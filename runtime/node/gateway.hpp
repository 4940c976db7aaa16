#pragma once

#include "runtime/caf/compat.hpp"

#include <functional>

namespace weft {

/// Work for the gateway: runs in its context, where requests may be sent.
struct gateway_task {
  std::function<void(caf::event_based_actor*)> run;
};

} // namespace weft

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::gateway_task)

namespace weft {

/// The way from threads that are not actors (HTTP, signals, network) into the
/// actor world: a hidden actor that runs what it is sent, in order. Tasks must
/// not block and must give each request they send a time-out. Copies are the
/// same gateway.
class gateway {
public:
  explicit gateway(caf::actor_system& system);

  /// From any thread.
  void run(std::function<void(caf::event_based_actor*)> task) const;

  /// Ends the actor; tasks sent later are dropped.
  void stop();

private:
  caf::actor actor_;
};

} // namespace weft
