#pragma once

#include "spaces/pattern.hpp"

#include <optional>
#include <string_view>

namespace weft::spaces {

/// The matcher that a string in a pattern stands for: "_", "i64:_", "3..10",
/// "3..", "..10", "jo*"; nothing for a string that stands for itself. "..." is
/// not among them.
std::optional<matcher> spelled_matcher(std::string_view text);

} // namespace weft::spaces
