#pragma once

#include "apps/heat/core/field.hpp"
#include "apps/heat/core/rectangle.hpp"
#include "apps/heat/core/sweep.hpp"

#include <span>

namespace weft::heat {

/// How a wavefront is cut into tiles. Results do not depend on it.
struct tile_shape {
  /// Rows and columns that one iteration does before the next one follows.
  index rows = 4;
  index columns = 512;
};

/// Several iterations over a part of a region in one pass, so that a cell is
/// fetched from memory once and not once an iteration.
///
/// Iteration t (from 1) covers `levels[t - 1]`. It reads `source` if t is 1,
/// else what iteration t - 1 wrote; odd iterations write to `odd`, even ones
/// to `even`. Whatever iteration t reads beyond `levels[t - 2]` must stand
/// there already and is not changed before it is read: part of the fixed ring,
/// or of an earlier pass over the same iterations.
///
/// Tiles are parallelograms in space and time: iteration t + 1 lags one row
/// and one cache line behind iteration t, so that it finds all that it reads,
/// and destroys nothing that is still to be read.
///
/// *Source*: Wolfe, "Loop skewing: the wavefront method revisited" (1986).
struct wavefront {
  const sweep_kernel* kernel = nullptr;
  tile_shape tile = {};
  /// The arrays are larger than every cache. Matters to a single iteration
  /// only: of several, the later ones still need what the earlier ones wrote.
  bool past_cache = false;
  std::span<const rectangle> levels;
  const field* source = nullptr;
  field* odd = nullptr;
  field* even = nullptr;
  /// One for each iteration; raised to the largest change of its cells.
  std::span<double> changes;
};

void sweep_levels(const wavefront& what);

} // namespace weft::heat
