#pragma once

#include "runtime/node/node_routes.hpp"

namespace weft {

/// Adds the routes to the registry, as far as this node's tenants go: GET
/// /api/v1/names lists names, GET /api/v1/services discovers spaces and
/// services, see `parse_discovery`.
void add_registry_routes(http::server& server, const route_targets& targets);

} // namespace weft
