#pragma once

#include "actors/registry/registry_actor.hpp"
#include "runtime/node/space_table.hpp"

#include <cstddef>

namespace weft {

/// What the registry says of a space of the cluster file, without an actor.
actors::registration entry_of(const space_table::entry& of,
                              const std::string& node);

/// How well a space is of whose shards so many are reached: starting until
/// all were reached once, then unhealthy when half of them or more are not.
actors::service_health health_of_space(std::size_t reached, std::size_t shards,
                                       bool was_whole);

} // namespace weft
