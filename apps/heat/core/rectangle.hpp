#pragma once

#include "apps/heat/core/sweep_job.hpp"

#include <algorithm>

namespace weft::heat {

/// A rectangle of cells, half-open on both axes. Empty when an end is not
/// behind its begin.
struct rectangle {
  index row_begin = 0;
  index row_end = 0;
  index column_begin = 0;
  index column_end = 0;

  index rows() const { return std::max<index>(row_end - row_begin, 0); }
  index columns() const {
    return std::max<index>(column_end - column_begin, 0);
  }
  index cells() const { return rows() * columns(); }
  bool empty() const { return cells() == 0; }

  friend bool operator==(const rectangle&, const rectangle&) = default;
};

/// What two rectangles have in common; empty when they do not meet.
inline rectangle intersection(const rectangle& a, const rectangle& b) {
  return {.row_begin = std::max(a.row_begin, b.row_begin),
          .row_end = std::min(a.row_end, b.row_end),
          .column_begin = std::max(a.column_begin, b.column_begin),
          .column_end = std::min(a.column_end, b.column_end)};
}

/// The same rectangle and so many cells more on every side.
inline rectangle grown(const rectangle& what, index cells) {
  return {.row_begin = what.row_begin - cells,
          .row_end = what.row_end + cells,
          .column_begin = what.column_begin - cells,
          .column_end = what.column_end + cells};
}

/// The same rectangle, seen from an origin at `row`, `column`.
inline rectangle relative_to(const rectangle& what, index row, index column) {
  return {.row_begin = what.row_begin - row,
          .row_end = what.row_end - row,
          .column_begin = what.column_begin - column,
          .column_end = what.column_end - column};
}

} // namespace weft::heat
