#pragma once

#include "apps/heat/core/rectangle.hpp"
#include "runtime/base/result.hpp"

#include <string_view>

namespace weft::heat {

/// The whole array: `rows` x `columns` cells, the fixed ring at its edge
/// included.
struct grid_shape {
  index rows = 0;
  index columns = 0;

  friend bool operator==(const grid_shape&, const grid_shape&) = default;
};

/// The temperatures of the fixed ring. The corners belong to the left and
/// right columns.
struct boundary {
  double top = 100;
  double bottom = 0;
  double left = 0;
  double right = 0;

  friend bool operator==(const boundary&, const boundary&) = default;
};

/// The largest magnitude of a temperature: sums of four of them, and
/// differences of two, are far from infinity.
inline constexpr double temperature_max = 1e300;

/// The value of a cell of the whole array before the first iteration: that of
/// the ring at its edge, 0 inside.
double initial_value(const grid_shape& shape, const boundary& edge, index row,
                     index column);

/// Reads "T,B,L,R", such as "100,0,0,0"; blanks around a number are allowed.
/// Fails with `errc::invalid_argument` on anything but four numbers between
/// -`temperature_max` and `temperature_max`.
result<boundary> parse_boundary(std::string_view text);

} // namespace weft::heat
