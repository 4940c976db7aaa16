#pragma once

#include "actors/membership/member_state.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weft::actors {

/// Subscribes an actor to the comings and goings of nodes.
struct watch_members {
  caf::strong_actor_ptr watcher;

  friend bool operator==(const watch_members&, const watch_members&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, watch_members& x) {
  return fields(f, x, "weft::watch_members", "watcher", x.watcher);
}

/// What a watcher receives.
struct member_event {
  std::string name;
  member_state state = member_state::absent;
  /// Why, in words; empty for `up`.
  std::string reason;
  /// Of the node's process; grows with each of its starts.
  std::uint64_t incarnation = 0;
  /// Grows with each `up` and `back` of this node here: between two of them
  /// there is exactly one `down` or `left`, which carries the same number.
  std::uint64_t session = 0;
  /// Nanoseconds since 1970, by the clock of the node that tells.
  std::int64_t at = 0;

  friend bool operator==(const member_event&, const member_event&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, member_event& x) {
  return fields(f, x, "weft::member_event", "name", x.name, "state", x.state,
                "reason", x.reason, "incarnation", x.incarnation, "session",
                x.session, "at", x.at);
}

struct list_members {
  friend bool operator==(const list_members&, const list_members&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, list_members& x) {
  return fields(f, x, "weft::list_members");
}

/// One node of the cluster file, as another sees it.
struct member {
  std::string name;
  member_state state = member_state::absent;
  /// Of the last change, in words.
  std::string reason;
  /// As it stands in the cluster file.
  std::string address;
  /// Of CAF; empty unless present.
  caf::node_id node;
  /// Its `node_entry_actor`; null unless present.
  caf::strong_actor_ptr entry;
  std::uint64_t incarnation = 0;
  std::uint64_t session = 0;
  /// When the state changed: nanoseconds since 1970; 0: never.
  std::int64_t since = 0;
  /// New incarnations seen after the first.
  std::uint64_t restarts = 0;

  friend bool operator==(const member&, const member&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, member& x) {
  return fields(f, x, "weft::member", "name", x.name, "state", x.state,
                "reason", x.reason, "address", x.address, "node", x.node,
                "entry", x.entry, "incarnation", x.incarnation, "session",
                x.session, "since", x.since, "restarts", x.restarts);
}

/// Asks for the evidence behind the state of a node.
struct explain_member {
  std::string name;

  friend bool operator==(const explain_member&,
                         const explain_member&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, explain_member& x) {
  return fields(f, x, "weft::explain_member", "name", x.name);
}

/// Something that was observed of a node.
struct evidence {
  /// "dial", "hello", "refused", "up", "down" or "left".
  std::string kind;
  std::string text;
  /// Nanoseconds since 1970, of the first and the last of `times` equal
  /// observations in a row.
  std::int64_t first_at = 0;
  std::int64_t last_at = 0;
  std::uint64_t times = 1;

  friend bool operator==(const evidence&, const evidence&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, evidence& x) {
  return fields(f, x, "weft::evidence", "kind", x.kind, "text", x.text,
                "first_at", x.first_at, "last_at", x.last_at, "times", x.times);
}

/// Takes this node out of the cluster in good order.
struct leave_cluster {
  std::string reason;

  friend bool operator==(const leave_cluster&, const leave_cluster&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, leave_cluster& x) {
  return fields(f, x, "weft::leave_cluster", "reason", x.reason);
}

/// What an actor needs to understand to be a watcher.
using member_watcher = typed_actor<void(member_event)>;

/// Which nodes of the cluster this node can reach; one on every node.
using membership_actor = typed_actor<
    // Answers with the number of present members, itself among them, after
    // which the watcher gets an event for each of them and for every change
    // until it dies: no gap and no event twice. Again: starts anew.
    // `exhausted` above `watchers_max`.
    std::uint64_t(watch_members),
    // All nodes of the cluster file in its order, this one among them.
    std::vector<member>(list_members),
    // What was observed of a node, the oldest first; the last 100. What
    // strangers tried stands under this node's own name. `not_found` for a
    // node that is not in the cluster file.
    std::vector<evidence>(explain_member),
    // Tells all present members goodbye and answers how many have heard it;
    // from then on connects to nobody and accepts nobody. Idempotent. Only
    // for actors of this node: `permission_denied`.
    std::uint64_t(leave_cluster)>;

} // namespace weft::actors
