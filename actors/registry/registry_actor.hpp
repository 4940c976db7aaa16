#pragma once

#include "runtime/caf/compat.hpp"

#include <cstdint>
#include <string>
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
};

template <class Inspector>
auto inspect(Inspector& f, registration& x) {
  return fields(f, x, "weft::registration", "name", x.name, "type", x.type,
                "node", x.node, "actor", x.actor, "revision", x.revision);
}

/// Asks for a name; `revision` of `what` is ignored.
struct register_name {
  registration what;
};

template <class Inspector>
auto inspect(Inspector& f, register_name& x) {
  return fields(f, x, "weft::register_name", "what", x.what);
}

struct look_up_name {
  std::string name;
};

template <class Inspector>
auto inspect(Inspector& f, look_up_name& x) {
  return fields(f, x, "weft::look_up_name", "name", x.name);
}

struct list_names {
  /// All names that start so; empty: all.
  std::string prefix;
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
};

template <class Inspector>
auto inspect(Inspector& f, name_event& x) {
  return fields(f, x, "weft::name_event", "what", x.what, "added", x.added);
}

/// Actors by name, cluster-wide; one on the first node.
using registry_actor = typed_actor<
  // Takes a name for an actor and watches the actor: the name vanishes when
  // it or its node dies. Atomic: of two, one gets `already_exists`. Repeating
  // it for the same actor is answered like the first time.
  registration(register_name),
  // Who holds the name; `not_found` with the nearest spelling.
  registration(look_up_name),
  // All names with a prefix in alphabetical order.
  std::vector<registration>(list_names),
  // True when the name was held by this actor and is free now. Idempotent.
  bool(unregister_name),
  // Answers with the number of names present, after which the watcher gets a
  // `name_event` for each of them and for every change until it dies.
  std::uint64_t(watch_names)>;

} // namespace weft::actors
