#pragma once

#include <string_view>

namespace weft {

/// The version of this libweft, e.g. "0.1.0".
std::string_view version() noexcept;

} // namespace weft
