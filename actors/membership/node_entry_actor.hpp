#pragma once

#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <string>

namespace weft::actors {

/// How a node introduces itself to one that it has dialed.
struct hello {
  std::string cluster;
  std::string node;
  /// Grows with each start of the node's process.
  std::uint64_t incarnation = 0;
  std::string config_hash;
  /// The effective configuration as JSON text, so that a difference can be
  /// named; empty above 64 KiB and in repeated hellos.
  std::string config;
  /// The newest incarnation of the greeted node that the sender knows, so that
  /// a leftover process learns that it is one; 0: none.
  std::uint64_t known_incarnation = 0;
  /// The node's own entry actor.
  caf::strong_actor_ptr entry;
  /// Its registry actor; null on all nodes but the first.
  caf::strong_actor_ptr registry;
  /// Its factory actor.
  caf::strong_actor_ptr factory;

  friend bool operator==(const hello&, const hello&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return fields(f, x, "weft::hello", "cluster", x.cluster, "node", x.node,
                "incarnation", x.incarnation, "config_hash", x.config_hash,
                "config", x.config, "known_incarnation", x.known_incarnation,
                "entry", x.entry, "registry", x.registry, "factory", x.factory);
}

/// The answer of a node that accepts the other; fields as in `hello`.
struct welcome {
  std::string cluster;
  std::string node;
  std::uint64_t incarnation = 0;
  std::string config_hash;
  caf::strong_actor_ptr registry;
  caf::strong_actor_ptr factory;

  friend bool operator==(const welcome&, const welcome&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, welcome& x) {
  return fields(f, x, "weft::welcome", "cluster", x.cluster, "node", x.node,
                "incarnation", x.incarnation, "config_hash", x.config_hash,
                "registry", x.registry, "factory", x.factory);
}

/// A node leaves the cluster in good order.
struct goodbye {
  std::string node;
  std::uint64_t incarnation = 0;
  std::string reason;

  friend bool operator==(const goodbye&, const goodbye&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, goodbye& x) {
  return fields(f, x, "weft::goodbye", "node", x.node, "incarnation",
                x.incarnation, "reason", x.reason);
}

/// A command that any node may pass on to another: "status", "tree", "kill".
struct node_command {
  std::string verb;
  /// JSON text; its form is the verb's.
  std::string argument_json = "null";

  friend bool operator==(const node_command&, const node_command&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, node_command& x) {
  return fields(f, x, "weft::node_command", "verb", x.verb, "argument_json",
                x.argument_json);
}

/// The actor of a node that others reach first.
using node_entry_actor = typed_actor<
    // Accepts the node as a member. Refusals: `permission_denied` (the name is
    // not the one that the carrier has verified, or is this node's, or this
    // process is a leftover), `invalid_argument` (another
    // cluster, another configuration, with the differing path), `not_found`
    // (no such node in the cluster file), `already_exists` (a newer
    // incarnation of the node is known: the caller is a leftover and must
    // end), `unavailable` (this node leaves, or the caller had left),
    // `exhausted` (too many hellos at a time). Idempotent; repeated every
    // `hello_interval` by the node that dialed.
    welcome(hello),
    // True when the sender was a member and is recorded as left.
    bool(goodbye),
    // Runs a command on this node; the answer is JSON text. For members only:
    // `permission_denied`; `exhausted` when too many run; `timed_out`.
    std::string(node_command)>;

} // namespace weft::actors
