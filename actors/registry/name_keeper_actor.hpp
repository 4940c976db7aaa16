#pragma once

#include "actors/registry/name_keeper_core.hpp"
#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <functional>
#include <memory>
#include <string>

namespace weft::actors {

/// Asks to have a living actor of this node registered for as long as it
/// lives; `revision` of `what` is ignored.
struct keep_name {
  registration what;

  friend bool operator==(const keep_name&, const keep_name&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, keep_name& x) {
  return fields(f, x, "weft::keep_name", "what", x.what);
}

/// Keeps names of this node's actors in the registry: through its absence, its
/// restart (which empties it) and a lost connection to it. Who wants one kept
/// says so by `keep_registered`, which outlives the keeper too.
using name_keeper_actor = typed_actor<
    // Answers with true as soon as the name is held. A successor (the same
    // name, another actor) takes the place of its predecessor at once. While
    // another node's actor holds the name, answers `already_exists`; while the
    // registry cannot be reached, `unavailable`: the keeper goes on trying all
    // the same, until the actor ends.
    bool(keep_name)>;

class kept_names;

/// Starts the keeper of `names`, which goes on with what the one before it has
/// left there. `find_registry` is called in the keeper's context before each
/// round of registrations; it returns an empty handle while the registry cannot
/// be reached.
name_keeper_actor spawn_name_keeper(
    caf::actor_system& system, std::function<registry_actor()> find_registry,
    std::shared_ptr<kept_names> names, const name_keeper_options& options = {});

} // namespace weft::actors
