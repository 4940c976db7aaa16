#pragma once

#include "runtime/node/services.hpp"
#include "runtime/supervision/child_spec.hpp"
#include "runtime/supervision/supervisor_actor.hpp"

#include <functional>
#include <memory>

namespace weft {

/// The supervisor of a node's part of all tuple spaces: of each space a client,
/// and the shards that the node carries. The node with the first shard keeps
/// the space's entry in the registry. A shard that crashes is started again,
/// empty.
supervision::child_spec spaces_child(
    const std::shared_ptr<node_services>& services,
    const std::function<void(const supervision::supervision_event&)>& observer);

} // namespace weft
