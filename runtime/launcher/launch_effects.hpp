#pragma once

#include "runtime/base/result.hpp"
#include "runtime/launcher/exit_status.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <variant>

namespace weft::launcher {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::nanoseconds;

/// What a node says of itself when it is ready.
struct ready_report {
  pid_t pid = 0;
  /// "host:port" with the port that the system chose; "" for none.
  std::string listen;
  std::string http;
  std::string incarnation;

  friend bool operator==(const ready_report&, const ready_report&) = default;
};

/// Spawn a process of `node`, and answer with `spawned` or `spawn_failed`.
struct spawn_node {
  std::string node;
};

/// Signal the process group `pid`: SIGKILL if `kill`, else SIGTERM.
struct signal_node {
  std::string node;
  pid_t pid = 0;
  bool kill = false;
};

/// Tell the cluster supervisor that a node's process ended without having
/// been asked to, or could not be spawned (`pid` is 0).
struct report_exit {
  std::string node;
  pid_t pid = 0;
  exit_status status;
  std::string reason;
};

/// A line for people; `node` is empty when it is about the whole cluster.
struct progress {
  std::string node;
  std::string text;
};

enum class outcome_kind : std::uint8_t { stopped, interrupted, failed };

/// How a cluster's life ended.
struct outcome {
  outcome_kind kind = outcome_kind::stopped;
  /// What happened, for `failed`.
  std::string reason = {};
  /// The node to blame, for `failed`; may be empty.
  std::string node = {};
  /// For `failed`: `timed_out` when a node was not ready in time.
  errc code = errc::unavailable;
};

/// No process is left; nothing follows.
struct finished {
  outcome how;
};

using effect =
    std::variant<spawn_node, signal_node, report_exit, progress, finished>;

} // namespace weft::launcher
