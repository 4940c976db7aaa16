#pragma once

#include "actors/cluster/cluster_supervisor.hpp"
#include "runtime/http/server.hpp"
#include "runtime/node/gateway.hpp"
#include "runtime/node/job_table.hpp"
#include "runtime/node/node_commands.hpp"
#include "runtime/node/services.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace weft {

/// What the routes of a node reach; all of it outlives the server.
struct route_targets {
  std::shared_ptr<node_services> services;
  std::shared_ptr<node_commands> commands;
  std::shared_ptr<job_table> jobs;
  std::shared_ptr<actors::cluster_handles> cluster;
  const gateway* actors = nullptr;
  const std::atomic<bool>* ready = nullptr;
  /// Ends the node.
  std::function<void(const std::string& reason)> stop;
};

/// Adds every route of a node's HTTP interface, which runtime/node/README.md
/// lists. GET shows, POST acts.
void add_routes(http::server& server, const route_targets& targets);

} // namespace weft
