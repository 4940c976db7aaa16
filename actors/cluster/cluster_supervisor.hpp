#pragma once

#include "actors/cluster/node_watch_actor.hpp"
#include "actors/membership/membership_actor.hpp"
#include "runtime/base/result.hpp"
#include "runtime/base/slot.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace weft::actors {

/// What the cluster supervisor needs of the process that starts processes.
/// Called in a supervisor's context, must not block; callbacks come from any
/// thread, once.
struct process_starter {
  /// False: nobody starts processes for us (systemd, by hand).
  bool exists = false;
  /// Asks for a process of a node, in place of the process `replaces` if that
  /// is not 0. `already_exists`: one runs; `unavailable`: none is wanted any
  /// more, since everything is being stopped.
  std::function<void(const std::string& node, const std::string& reason,
                     pid_t replaces, std::function<void(result<void>)> done)>
      start;
  /// The process of a node, 0 if it has none.
  std::function<void(const std::string& node,
                     std::function<void(result<pid_t>)> done)>
      process_of;
};

struct cluster_supervisor_options {
  /// Its place in the tree: "n1/cluster".
  std::string path;
  /// The node that it runs on.
  std::string self;
  /// The other nodes, in the order of the file.
  std::vector<std::string> nodes;
  /// Its intensity is that of each node: the whole is so many times higher.
  supervision::supervisor_policy policy;
  /// How long a started process has until its node is up.
  std::chrono::nanoseconds ready_timeout = std::chrono::seconds{30};
  /// How long a node that is lost while its process runs has to come back
  /// before that process is replaced: it may be frozen or cut off.
  std::chrono::nanoseconds return_timeout = std::chrono::seconds{5};
  std::function<void(const supervision::supervision_event&)> observer;
};

/// The present handles of a cluster supervisor, for whoever sends to it.
struct cluster_handles {
  slot<supervision::local_supervisor_actor> supervisor;
  slot<node_watch_actor> watch;
};

/// The supervisor that has the cluster's nodes as children (those of kind
/// `node`), as the child of another. A node's child runs while the node is up.
/// A node that is lost is started again through `starter`, within the policy's
/// intensity; one that left in good order is not. Without a starter it only
/// shows who is there. `membership` is asked at each start.
supervision::child_spec
cluster_supervisor_child(cluster_supervisor_options options,
                         process_starter starter,
                         std::function<membership_actor()> membership,
                         std::shared_ptr<cluster_handles> handles);

} // namespace weft::actors
