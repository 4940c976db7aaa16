#pragma once

#include "apps/heat/core/field.hpp"
#include "apps/heat/core/rectangle.hpp"
#include "apps/heat/core/sweep.hpp"

#include <span>
#include <vector>

namespace weft::heat {

/// Where the iterations of a block between the first and the last live: a few
/// rows of each, which stay in a cache. Grows to what is asked for and may
/// serve one region after the other.
class block_scratch {
public:
  /// Makes room; rows are apart by whole cache lines.
  void reserve(index rows, index columns);
  double* row(index row) { return first_ + row * stride_; }

private:
  std::vector<double> cells_;
  double* first_ = nullptr;
  index stride_ = 0;
};

/// Several iterations over a part of a region in one pass, so that a cell is
/// read from memory once and written once, and not once an iteration.
///
/// The part is cut into bands of columns. In a band, iteration t + 1 follows
/// iteration t at a distance of one row, so that only a few rows of each
/// iteration must be kept, and they stay in a cache. So that bands, and parts,
/// need nothing of each other, iteration t of m also computes the m - t cells
/// beside its band: a share of m / columns of the work is done twice.
///
/// *Source*: overlapped tiling (Krishnamoorthy et al., PLDI 2007) of a
/// wavefront (Wolfe, "Loop skewing", 1986).
struct block_sweep {
  const sweep_kernel* kernel = nullptr;
  /// The state before the block. For m iterations, read up to m cells beside
  /// the part, but not beyond the fixed ring.
  const field* source = nullptr;
  /// The state after it, of the same layout, set for `part` alone.
  field* target = nullptr;
  rectangle part;
  /// Cells that may be computed: those beyond are the fixed ring's, or further
  /// than m cells away.
  rectangle open;
  /// `target` is larger than every cache.
  bool past_cache = false;
  /// Columns of a band, a multiple of 8.
  index band_columns = 0;
  block_scratch* scratch = nullptr;
  /// One for each iteration; raised to the largest change of its cells.
  std::span<double> changes;
};

void sweep_block(const block_sweep& what);

/// The widest band for which the rows of a block of `levels` iterations take
/// at most so much memory; a multiple of 8, at least 64.
index band_columns_for(index levels, std::size_t scratch_bytes_max);

} // namespace weft::heat
