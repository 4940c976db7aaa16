#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace weft::apps {

/// The table that `weft registry list` prints.
std::string names_text(const nlohmann::json& answer);

/// The table that `weft registry discover` prints, and how to see more.
std::string services_text(const nlohmann::json& answer);

} // namespace weft::apps
