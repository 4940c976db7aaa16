#pragma once

#include <cstddef>

namespace weft::heat {

/// Counts rows, columns and cells; signed, because halos lie at negative
/// positions of their region.
using index = std::ptrdiff_t;

/// One iteration over a rectangle of cells.
///
/// *Shape*: `from` and `to` point at the same cell, the rectangle's first, of
/// two arrays that do not overlap; rows lie `stride` cells apart in both.
/// `from` is read one cell beyond the rectangle on each side.
struct sweep_job {
  const double* from = nullptr;
  double* to = nullptr;
  index stride = 0;
  index rows = 0;
  index columns = 0;
};

/// Sets every cell to (((up + down) + left) + right) / 4 and returns the
/// largest |new - old|, 0 for no cells. All kernels give the same bits.
using sweep_function = double (*)(const sweep_job& job);

} // namespace weft::heat
