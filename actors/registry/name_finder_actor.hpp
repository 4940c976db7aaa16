#pragma once

#include "actors/registry/known_names.hpp"
#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"

#include <functional>
#include <memory>

namespace weft::actors {

/// Looks names up: the registry, or somebody who knows what it says.
using name_finder = typed_actor<registration(look_up_name)>;

/// Looks names up in the registry for one node, and keeps what it finds in a
/// table that the node reads without asking anybody: it watches each name that
/// is in there, so that a change comes in by itself. Without the registry
/// nothing is known. A name that the table has no room for, or the registry no
/// watch, is looked up in the registry each time.
using name_finder_actor = typed_actor<
    // As the registry answers it; `unavailable` while it cannot be reached.
    registration(look_up_name),
    // From the registry alone.
    void(name_event)>;

/// `find_registry` is called in the finder's context and returns an empty
/// handle while the registry cannot be reached. Nobody else changes `known`.
name_finder_actor
spawn_name_finder(caf::actor_system& system,
                  std::function<registry_actor()> find_registry,
                  std::shared_ptr<known_names> known);

} // namespace weft::actors
