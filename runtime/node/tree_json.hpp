#pragma once

#include "runtime/supervision/messages.hpp"

#include <nlohmann/json.hpp>

namespace weft {

/// {name, kind, state, restarts, uptime_ms, last_reason, omitted, children}.
nlohmann::json to_json(const supervision::tree_node& node);

/// How many workers run at or below a node of the tree.
std::size_t running_workers(const supervision::tree_node& node);

} // namespace weft
