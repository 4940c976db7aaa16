#pragma once

#include "runtime/observe/metrics_registry.hpp"
#include "runtime/observe/process_metrics.hpp"
#include "runtime/supervision/messages.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <vector>

namespace weft {

/// The numbers that every node has: its process, its actors, what its
/// supervisors do. Threads: any.
class node_metrics {
public:
  node_metrics(std::shared_ptr<observe::metrics_registry> registry,
               caf::actor_system& system);

  void count(const supervision::supervision_event& event);

private:
  std::shared_ptr<observe::metrics_registry> registry_;
  std::vector<observe::callback_registration> callbacks_;
};

} // namespace weft
