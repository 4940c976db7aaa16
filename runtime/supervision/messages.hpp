#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/supervision/restart_policy_effects.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What supervisors are told and what they answer; all of it crosses nodes.
namespace weft::supervision {

/// Answered when all children are started; fails when one did not start.
struct await_ready {
  friend bool operator==(const await_ready&, const await_ready&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, await_ready& x) {
  return fields(f, x, "weft::await_ready");
}

/// A child that was started on command.
struct child_started {
  /// "n2/hello/greeter-3"
  std::string path;
  /// Null when its start function chose not to start one.
  caf::strong_actor_ptr actor;

  friend bool operator==(const child_started&, const child_started&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, child_started& x) {
  return fields(f, x, "weft::child_started", "path", x.path, "actor", x.actor);
}

struct terminate_child {
  std::string id;

  friend bool operator==(const terminate_child&,
                         const terminate_child&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, terminate_child& x) {
  return fields(f, x, "weft::terminate_child", "id", x.id);
}

/// Stops one child of a simple_one_for_one supervisor.
struct terminate_instance {
  caf::strong_actor_ptr actor;

  friend bool operator==(const terminate_instance&,
                         const terminate_instance&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, terminate_instance& x) {
  return fields(f, x, "weft::terminate_instance", "actor", x.actor);
}

struct restart_child {
  std::string id;

  friend bool operator==(const restart_child&, const restart_child&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, restart_child& x) {
  return fields(f, x, "weft::restart_child", "id", x.id);
}

struct delete_child {
  std::string id;

  friend bool operator==(const delete_child&, const delete_child&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, delete_child& x) {
  return fields(f, x, "weft::delete_child", "id", x.id);
}

struct list_children {
  std::uint64_t children_max = 10'000;

  friend bool operator==(const list_children&, const list_children&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, list_children& x) {
  return fields(f, x, "weft::list_children", "children_max", x.children_max);
}

struct child_info {
  std::string id;
  child_kind kind = child_kind::worker;
  child_state state = child_state::stopped;
  /// Starts by the supervisor's policy since the child was added.
  std::uint32_t restarts = 0;
  std::uint64_t uptime_ms = 0;
  std::string last_reason;
  /// Null unless it runs.
  caf::strong_actor_ptr actor;

  friend bool operator==(const child_info&, const child_info&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, child_info& x) {
  return fields(f, x, "weft::child_info", "id", x.id, "kind", x.kind, "state",
                x.state, "restarts", x.restarts, "uptime_ms", x.uptime_ms,
                "last_reason", x.last_reason, "actor", x.actor);
}

/// Asks for the tree below a supervisor.
struct tree_request {
  /// A supervisor below that has not answered by then is `unresponsive`.
  std::uint64_t deadline_ms = 2'000;
  /// Children of one supervisor that are listed; others are counted.
  std::uint64_t children_max = 1'000;

  friend bool operator==(const tree_request&, const tree_request&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, tree_request& x) {
  return fields(f, x, "weft::tree_request", "deadline_ms", x.deadline_ms,
                "children_max", x.children_max);
}

struct tree_node {
  /// The id; for the root of an answer the supervisor's path.
  std::string name;
  child_kind kind = child_kind::worker;
  child_state state = child_state::stopped;
  std::uint32_t restarts = 0;
  std::uint64_t uptime_ms = 0;
  std::string last_reason;
  std::vector<tree_node> children;
  /// Children beyond `tree_request::children_max`.
  std::uint64_t omitted = 0;

  friend bool operator==(const tree_node&, const tree_node&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, tree_node& x) {
  return fields(f, x, "weft::tree_node", "name", x.name, "kind", x.kind,
                "state", x.state, "restarts", x.restarts, "uptime_ms",
                x.uptime_ms, "last_reason", x.last_reason, "children",
                x.children, "omitted", x.omitted);
}

/// Kills the actor at a path below the supervisor that is asked, as a crash:
/// what happens then is up to the child's restart kind.
struct kill_child {
  /// "hello/greeter-3", without the name of the supervisor that is asked; empty
  /// for a child of kind `node` that is meant itself.
  std::string path;
  /// Who or what wants it; ends up in the child's last reason.
  std::string reason;
  std::uint64_t deadline_ms = 2'000;

  friend bool operator==(const kill_child&, const kill_child&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, kill_child& x) {
  return fields(f, x, "weft::kill_child", "path", x.path, "reason", x.reason,
                "deadline_ms", x.deadline_ms);
}

/// Stops all children in reverse order, then the supervisor itself.
struct stop_supervisor {
  friend bool operator==(const stop_supervisor&,
                         const stop_supervisor&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, stop_supervisor& x) {
  return fields(f, x, "weft::stop_supervisor");
}

struct supervisor_stopped {
  /// Paths of the children that did not end in time.
  std::vector<std::string> abandoned;

  friend bool operator==(const supervisor_stopped&,
                         const supervisor_stopped&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, supervisor_stopped& x) {
  return fields(f, x, "weft::supervisor_stopped", "abandoned", x.abandoned);
}

/// Something that happened, for logs and metrics.
struct supervision_event {
  /// The child's path; that of the supervisor itself for `gave_up`.
  std::string path;
  event_kind kind = event_kind::started;
  std::string reason;
  std::uint32_t restarts = 0;

  friend bool operator==(const supervision_event&,
                         const supervision_event&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, supervision_event& x) {
  return fields(f, x, "weft::supervision_event", "path", x.path, "kind", x.kind,
                "reason", x.reason, "restarts", x.restarts);
}

} // namespace weft::supervision
