#pragma once

#include "config/options.hpp"
#include "runtime/base/result.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace weft {

struct node_settings {
  config::cluster_options options;
  /// Which of the cluster's nodes this process is.
  std::string name;
  /// The cluster's run directory, absolute: the control socket, addresses and
  /// certificates lie there. It must exist.
  std::string run_directory;
};

/// One running node: an actor system with one supervision tree in it, its
/// connections to the other nodes, and its control socket. One a process.
///
/// Start: modules, certificates, actor system, supervision tree (registry,
/// factory, membership, modules with their actors, jobs, cluster), control
/// socket, HTTP, ready report to the launcher. The end goes the other way.
class node {
public:
  /// Starts a node and returns when it is ready: its tree runs, its actors
  /// are registered and its sockets listen. It need not see other nodes yet.
  /// The failure says what did not start and what to do; it is `cancelled`
  /// when `stop` was requested before. The log has it before what has started
  /// is taken apart, which may take some seconds; then nothing is left but
  /// what `left_running` speaks of.
  static result<std::unique_ptr<node>> start(node_settings settings,
                                             std::stop_token stop = {});

  /// Whether actors of a node of this process did not end with it. They, and
  /// what they use, stay until the process ends, and no destructor waits for
  /// them: end it with `std::quick_exit`.
  static bool left_running();

  /// Stops the node if it runs.
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Waits until the node ends: on `stop` (success), or because a part of it
  /// failed for good (the failure says which).
  result<void> wait();

  /// Ends the node in good order; any thread, also from a signal's.
  void stop(const std::string& reason);

private:
  class implementation;
  explicit node(std::unique_ptr<implementation> started);
  static void take_apart(std::unique_ptr<implementation> what);

  std::unique_ptr<implementation> implementation_;
};

} // namespace weft
