#pragma once

#include <cstddef>

namespace weft::heat {

/// Counts rows, columns and cells; signed, because halos lie at negative
/// positions of their region.
using index = std::ptrdiff_t;

/// One iteration over a rectangle of cells, whose rows may lie anywhere.
///
/// *Shape*: `from` has `rows` + 2 pointers, to the first column of the row
/// above the rectangle, of its rows, and of the row below; its rows are read
/// one cell to the left and right of the rectangle too. `to` has `rows`
/// pointers. The same column of all rows of `to` has the same place in its
/// cache line. No row of `to` is one of `from`.
struct sweep_job {
  const double* const* from = nullptr;
  double* const* to = nullptr;
  index rows = 0;
  index columns = 0;
};

/// Sets every cell to (((up + down) + left) + right) / 4 and returns the
/// largest |new - old|, 0 for no cells. All kernels give the same bits.
using sweep_function = double (*)(const sweep_job& job);

} // namespace weft::heat
