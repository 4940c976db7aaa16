#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace weft::apps {

/// Draws a supervision tree as the API gives it ({name, kind, state, restarts,
/// uptime_ms, last_reason, children}), one line an actor with its state,
/// restarts and uptime.
std::string tree_text(const nlohmann::json& tree);

} // namespace weft::apps
