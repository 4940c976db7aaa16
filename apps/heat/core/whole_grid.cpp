#include "apps/heat/core/whole_grid.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace weft::heat {

namespace {

/// One iteration from one array into another; the largest change.
double sweep_once(const grid_shape& shape, const double* from, double* to) {
  double worst = 0;
  for (index row = 1; row + 1 < shape.rows; ++row) {
    for (index column = 1; column + 1 < shape.columns; ++column) {
      auto here = row * shape.columns + column;
      auto value = (((from[here - shape.columns] + from[here + shape.columns])
                     + from[here - 1])
                    + from[here + 1])
                   / 4;
      to[here] = value;
      worst = std::max(worst, std::abs(value - from[here]));
    }
  }
  return worst;
}

} // namespace

whole_grid initial_grid(const grid_shape& shape, const boundary& edge) {
  WEFT_ASSERT(shape.rows >= 3 && shape.columns >= 3);
  whole_grid grid{shape, {}};
  grid.cells.reserve(static_cast<std::size_t>(shape.rows * shape.columns));
  for (index row = 0; row < shape.rows; ++row)
    for (index column = 0; column < shape.columns; ++column)
      grid.cells.push_back(initial_value(shape, edge, row, column));
  return grid;
}

run_result iterate(whole_grid& grid, const stop_rule& until) {
  auto other = grid.cells;
  run_result so_far;
  while (so_far.iterations < until.iterations_max && !so_far.converged) {
    so_far.final_change =
        sweep_once(grid.shape, grid.cells.data(), other.data());
    grid.cells.swap(other);
    ++so_far.iterations;
    so_far.converged = so_far.final_change < until.threshold;
  }
  return so_far;
}

} // namespace weft::heat
