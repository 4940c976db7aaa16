#pragma once

#include "actors/ecosystem/factory.hpp"
#include "runtime/module/context.hpp"
#include "runtime/node/services.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace weft {

/// How the factory of a node checks, starts and stops actors: with the node's
/// modules, below the modules' supervisors.
actors::factory_seams
make_factory_seams(caf::actor_system& system,
                   std::shared_ptr<node_services> services, context where);

} // namespace weft
