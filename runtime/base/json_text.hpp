#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace weft {

/// `value` as JSON text, on one line unless `indent` is the number of blanks
/// of a level. Bytes that are no UTF-8 become U+FFFD: what somebody else wrote
/// (an exception, a log, a file name) makes nobody fail who passes it on.
std::string json_text(const nlohmann::json& value, int indent = -1);

} // namespace weft
