#pragma once

#include "actors/registry/registry_core.hpp"
#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::actors {

/// One name and the actor that holds it.
struct registration {
  /// Cluster-wide, e.g. "hello/greeter-3".
  std::string name;
  /// The registered type, e.g. "hello.greeter"; empty for an actor that was
  /// registered without one.
  std::string type;
  /// The node that the actor runs on.
  std::string node;
  caf::strong_actor_ptr actor;
  /// Grows with every change of the registry; never reused.
  std::uint64_t revision = 0;

  friend bool operator==(const registration&, const registration&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, registration& x) {
  return fields(f, x, "weft::registration", "name", x.name, "type", x.type,
                "node", x.node, "actor", x.actor, "revision", x.revision);
}

/// Asks for a name; `revision` of `what` is ignored.
struct register_name {
  registration what;

  friend bool operator==(const register_name&, const register_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, register_name& x) {
  return fields(f, x, "weft::register_name", "what", x.what);
}

struct look_up_name {
  std::string name;

  friend bool operator==(const look_up_name&, const look_up_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, look_up_name& x) {
  return fields(f, x, "weft::look_up_name", "name", x.name);
}

struct list_names {
  /// All names that start so; empty: all.
  std::string prefix;

  friend bool operator==(const list_names&, const list_names&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, list_names& x) {
  return fields(f, x, "weft::list_names", "prefix", x.prefix);
}

/// Gives a name back. Only the actor that holds it is taken out: a successor
/// that has registered meanwhile stays.
struct unregister_name {
  std::string name;
  caf::strong_actor_ptr actor;

  friend bool operator==(const unregister_name&,
                         const unregister_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, unregister_name& x) {
  return fields(f, x, "weft::unregister_name", "name", x.name, "actor",
                x.actor);
}

/// Subscribes an actor to the changes of all names with a prefix.
struct watch_names {
  std::string prefix;
  caf::strong_actor_ptr watcher;

  friend bool operator==(const watch_names&, const watch_names&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, watch_names& x) {
  return fields(f, x, "weft::watch_names", "prefix", x.prefix, "watcher",
                x.watcher);
}

/// What a watcher receives: first every present name as added, then changes.
struct name_event {
  registration what;
  /// False: the name is gone (given back, or its actor or node died).
  bool added = true;

  friend bool operator==(const name_event&, const name_event&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, name_event& x) {
  return fields(f, x, "weft::name_event", "what", x.what, "added", x.added);
}

/// What an actor needs to understand to be a watcher.
using name_watcher = typed_actor<void(name_event)>;

/// Actors by name, cluster-wide; one on the first node. A name with a tenant
/// (`tenant_of_name`) is for nodes that may use the tenant: others are answered
/// `permission_denied`, and do not find it in lists and watches of wider
/// prefixes. Who asks is known by the connection, not by the message.
using registry_actor = typed_actor<
    // Takes a name for an actor and watches the actor: the name vanishes when
    // it or its node dies. Atomic: of two, one gets `already_exists`. Repeating
    // it for the same actor is answered like the first time.
    registration(register_name),
    // Who holds the name; `not_found` with the nearest spelling.
    registration(look_up_name),
    // All names with a prefix in alphabetical order; `exhausted` when they are
    // more than `registry_options::listed_max`.
    std::vector<registration>(list_names),
    // True when the name was held by this actor and is free now. Idempotent.
    // `permission_denied` for an actor of a node that the sender is not on.
    bool(unregister_name),
    // The watcher is on the node that asks, else `permission_denied`.
    // Answers with the number of names present, after which the watcher gets a
    // `name_event` for each of them and for every change until it dies: no gap
    // and no event twice. A watcher may watch many prefixes and gets a change
    // once, even where they overlap; the same prefix again starts that watch
    // anew, present names first.
    std::uint64_t(watch_names)>;

/// Whether a node may use a tenant; called in the registry's context, often.
using tenant_rights =
    std::function<bool(const caf::node_id&, std::string_view tenant)>;

/// Starts a registry. It holds its names in memory and keeps the actors that
/// it names alive; a name that does not follow `check_registry_name` is
/// answered with `invalid_argument`, a full registry with `exhausted`. Without
/// `rights` only its own node uses tenants.
registry_actor spawn_registry(caf::actor_system& system,
                              const registry_options& options = {},
                              tenant_rights rights = {});

} // namespace weft::actors
