#pragma once

#include "config/schema.hpp"

namespace weft::config {

/// The table itself; use `schema()`.
std::span<const row> schema_rows();

} // namespace weft::config
