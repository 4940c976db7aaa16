#pragma once

#include "apps/heat/core/sweep_job.hpp"

#include <cstddef>

namespace weft::heat {

inline constexpr std::size_t line_bytes = 64;
inline constexpr index line_cells = line_bytes / sizeof(double);

/// The least multiple of a cache line that holds so many cells, at least 0.
constexpr index whole_lines(index cells) {
  return (cells + line_cells - 1) / line_cells * line_cells;
}

/// The begin of the cache line that a column, perhaps negative, lies in.
constexpr index line_begin(index column) {
  return column - (column % line_cells + line_cells) % line_cells;
}

} // namespace weft::heat
