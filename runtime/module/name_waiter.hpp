#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/type_ids.hpp"

#include <chrono>
#include <string>

namespace weft::modules {

/// Waits in the registry for a name to be taken. Local to its node.
using name_waiter = typed_actor<
    // The actor that holds the name now or next; `timed_out`, or what the
    // registry said. Asked once; then the waiter ends.
    caf::strong_actor_ptr(start_atom),
    // From the registry.
    void(actors::name_event)>;

/// Spawns a waiter for `name`. An actor equal to `predecessor` (which may be
/// empty) does not count. It begins, and its `timeout` runs, when it is asked;
/// it ends with its answer, or when nobody holds its handle.
name_waiter spawn_name_waiter(caf::actor_system& system,
                              actors::registry_actor registry, std::string name,
                              std::chrono::nanoseconds timeout,
                              caf::strong_actor_ptr predecessor);

} // namespace weft::modules
