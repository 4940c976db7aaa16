#pragma once

#include "actors/cluster/cluster_supervisor.hpp"
#include "runtime/caf/compat.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace weft::actors {

/// What the starts of all nodes share.
struct cluster_parts {
  cluster_supervisor_options options;
  process_starter starter;
  std::function<membership_actor()> membership;
  std::shared_ptr<cluster_handles> handles;
};

/// How a node's stand-in is to be had.
enum class attempt_kind {
  /// Only if the node is up now.
  find,
  /// As it is, or by a new process, or by the return of the one that runs; if
  /// the stand-in was killed, by a new process in place of that one.
  start,
};

/// The longest that an attempt takes: a process that runs has its time to come
/// back, then another in its place its own to be ready, and the starter may be
/// slow to answer.
std::chrono::nanoseconds
attempt_timeout(const cluster_supervisor_options& options);

/// Tries once to have the stand-in of a node, and calls `done` with it in the
/// context of `asker`. A null actor: the node is not there and is not to be
/// started (`find`, or everything is being stopped).
void attempt_node(caf::event_based_actor& asker,
                  std::shared_ptr<const cluster_parts> parts,
                  const std::string& node, attempt_kind kind,
                  std::function<void(result<caf::strong_actor_ptr>)> done);

} // namespace weft::actors
