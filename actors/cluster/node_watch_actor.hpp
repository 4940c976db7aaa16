#pragma once

#include "actors/membership/membership_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace weft::actors {

/// Asks for the stand-in of a node that is up.
struct await_node {
  std::string name;
  /// False: answer at once, with `unavailable` when it is not up.
  bool wait = false;
};

template <class Inspector>
auto inspect(Inspector& f, await_node& x) {
  return fields(f, x, "weft::await_node", "name", x.name, "wait", x.wait);
}

/// The launcher tells that the process of a node has ended.
struct node_exited {
  std::string name;
  /// "killed by signal 9 (SIGKILL)"
  std::string reason;
};

template <class Inspector>
auto inspect(Inspector& f, node_exited& x) {
  return fields(f, x, "weft::node_exited", "name", x.name, "reason", x.reason);
}

/// Follows the membership and gives each present node a stand-in: a local
/// actor that ends when the node is lost (with the reason) or leaves (with
/// `shutdown`). The cluster supervisor's children are these stand-ins, so that
/// to stop one does nothing to the node. One that is killed, by an operator's
/// `kill_child` or otherwise, means that the node's process is to be replaced.
using node_watch_actor = typed_actor<
    // The stand-in of the node's present process. Waiting callers are
    // answered in any order, at most 16 a node (`exhausted`). Without waiting
    // `already_exists`, with the reason, if the node is up and its stand-in was
    // killed.
    caf::strong_actor_ptr(await_node),
    // Ends the node's stand-in; from then on only a new `up` of it counts.
    void(node_exited),
    // From the membership actor.
    void(member_event)>;

struct node_watch_options {
  /// The node on which it runs; has no stand-in.
  std::string self;
  /// Of the supervisor of the stand-ins: "n1/cluster".
  std::string path;
  /// False: nobody would start a killed node again, so that an operator's kill
  /// is refused.
  bool restarts = true;
  /// Called in the watch's context when a node is up that was not.
  std::function<void(const std::string& node)> on_up;
};

/// Starts a watch and subscribes it to `membership`. It ends when that ends.
node_watch_actor spawn_node_watch(caf::actor_system& system,
                                  node_watch_options options,
                                  const membership_actor& membership);

} // namespace weft::actors
