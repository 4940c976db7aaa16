#pragma once

#include "apps/heat/core/boundary.hpp"

#include <cstddef>
#include <vector>

namespace weft::heat {

/// When a run ends.
struct stop_rule {
  /// The run has converged at the first iteration whose largest change is
  /// below this. At least 0; with 0 nothing converges.
  double threshold = 0.01;
  /// At least 1.
  std::size_t iterations_max = 1'000'000;
};

/// How a run ended.
struct run_result {
  std::size_t iterations = 0;
  bool converged = false;
  /// The largest |new - old| over all cells in the last iteration.
  double final_change = 0;
};

/// The array of a run, row-major, `rows x columns`, ring included.
struct whole_grid {
  grid_shape shape;
  std::vector<double> cells;

  double at(index row, index column) const {
    return cells[static_cast<std::size_t>(row * shape.columns + column)];
  }
};

/// The array before the first iteration. Both extents are at least 3.
whole_grid initial_grid(const grid_shape& shape, const boundary& edge);

/// Jacobi's iteration as a plain loop over the whole array, the definition
/// that every other way to compute it must equal bit for bit: a cell becomes
/// (((up + down) + left) + right) / 4 of the values before.
/// Cost: about 1 ns a cell and iteration.
run_result iterate(whole_grid& grid, const stop_rule& until);

} // namespace weft::heat
