#pragma once

#include "runtime/node/node_routes.hpp"

namespace weft {

/// Adds the routes to the cluster's tuple spaces: GET /api/v1/spaces lists
/// them, POST /api/v1/spaces/OPERATION does something, see `space_command`.
void add_space_routes(http::server& server, const route_targets& targets);

} // namespace weft
