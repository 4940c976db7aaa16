#pragma once

#include <caf/actor_system_config.hpp>

namespace weft {

/// Adds the message types of every layer of weft; those of modules come from
/// the type registry.
void add_all_message_types(caf::actor_system_config& config);

} // namespace weft
