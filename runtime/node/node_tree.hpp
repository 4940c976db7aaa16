#pragma once

#include "actors/cluster/cluster_supervisor.hpp"
#include "actors/membership/membership.hpp"
#include "runtime/module/context.hpp"
#include "runtime/node/services.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <functional>
#include <memory>
#include <string>

namespace weft {

/// What the supervision tree of a node is made from.
struct tree_parts {
  std::shared_ptr<node_services> services;
  context where;
  /// Starts the membership and makes it reachable; called once.
  std::function<result<actors::membership_handles>()> start_membership;
  /// Only used on the first node.
  actors::process_starter starter;
  std::shared_ptr<actors::cluster_handles> cluster;
  std::function<void(const supervision::supervision_event&)> observer;
};

/// The root supervisor of a node with all that runs on it, in this order:
/// registry (first node), names, finder, factory, membership, spaces, one
/// supervisor a module with the file's actors, jobs and cluster (first node).
supervision::supervisor_options make_tree(const tree_parts& parts);

} // namespace weft
