#include "apps/heat/core/block_sweep.hpp"

#include "apps/heat/core/cache_line.hpp"
#include "runtime/base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace weft::heat {

namespace {

/// Rows that an iteration does before the next one follows: as many as a
/// kernel does at once.
constexpr index step_rows = 4;
/// Of a step's rows the next iteration reads all at once, and the last two once
/// more in its next step. So those two are kept for each iteration, beside
/// those of the step before; the first two go where all iterations of the same
/// parity put theirs, which never leaves the first cache.
constexpr index kept_rows = 4;
constexpr index shared_rows = 4;

/// Rows of scratch for a block.
constexpr index scratch_rows(index levels) {
  return shared_rows + (levels - 1) * kept_rows;
}

/// One band of a block.
class band {
public:
  band(const block_sweep& what, const rectangle& part)
      : what_(what), part_(part),
        levels_(static_cast<index>(what.changes.size())),
        origin_(whole_lines(levels_ + 1) - line_begin(part.column_begin)),
        first_front_(covered(1).row_begin + 1) {
    if (levels_ > 1)
      what.scratch->reserve(scratch_rows(levels_),
                            origin_ + part.column_end + levels_ + 1);
  }

  void sweep() {
    auto end = part_.row_end + levels_;
    for (auto front = first_front_; front < end; front += step_rows) {
      for (index level = 1; level <= levels_; ++level) {
        prefetch(front + step_rows, level);
        step(level, front - level);
      }
    }
  }

private:
  /// What an iteration covers: the band, and beside it what later iterations
  /// read.
  rectangle covered(index level) const {
    return intersection(grown(part_, levels_ - level), what_.open);
  }

  /// The row of an iteration's result. The fixed ring stands in the source.
  const double* result_row(index level, index row, index column) {
    if (level == 0 || row < what_.open.row_begin || row >= what_.open.row_end)
      return what_.source->at(row, column);
    return kept_row(level, row) + column;
  }

  /// Column 0 of a kept row.
  double* kept_row(index level, index row) {
    // Iteration t does the rows from front - t on.
    auto since = static_cast<std::size_t>(row + level - first_front_);
    auto in_step = static_cast<index>(since % step_rows);
    auto step = static_cast<index>(since / step_rows);
    auto slot = in_step < 2 ? level % 2 * 2 + in_step
                            : shared_rows + (level - 1) * kept_rows
                                  + step % 2 * 2 + in_step - 2;
    return what_.scratch->row(slot) + origin_;
  }

  double* target_row(index level, index row, index column) {
    return level == levels_ ? what_.target->at(row, column)
                            : kept_row(level, row) + column;
  }

  /// The rows of an iteration from `row` on, as far as it covers them.
  void step(index level, index row) {
    auto all = covered(level);
    auto begin = std::max(row, all.row_begin);
    auto end = std::min(row + step_rows, all.row_end);
    if (begin >= end)
      return;
    const double* from[step_rows + 2];
    double* to[step_rows];
    for (auto next = begin - 1; next <= end; ++next)
      from[next - begin + 1] = result_row(level - 1, next, all.column_begin);
    for (auto next = begin; next < end; ++next)
      to[next - begin] = target_row(level, next, all.column_begin);
    auto last = level == levels_;
    auto function = last && what_.past_cache ? what_.kernel->past_cache
                                             : what_.kernel->in_cache;
    auto change = function({.from = from,
                            .to = to,
                            .rows = end - begin,
                            .columns = all.columns()});
    auto& worst = what_.changes[static_cast<std::size_t>(level - 1)];
    worst = std::max(worst, change);
    if (!last)
      copy_ring(level, begin, end, all);
  }

  /// The fixed ring beside kept rows, for the next iteration to read.
  void copy_ring(index level, index begin, index end, const rectangle& all) {
    for (auto row = begin; row < end; ++row) {
      auto* kept = kept_row(level, row);
      if (all.column_begin == what_.open.column_begin)
        kept[all.column_begin - 1] =
            *what_.source->at(row, all.column_begin - 1);
      if (all.column_end == what_.open.column_end)
        kept[all.column_end] = *what_.source->at(row, all.column_end);
    }
  }

  /// Asks for a share of the rows of the source that the first iteration reads
  /// next. Bands are too narrow for the processor to foresee it; the shares of
  /// all iterations make up all of it.
  void prefetch(index front, index level) {
    if (levels_ == 1)
      return;
    auto all = covered(1);
    auto share = whole_lines((all.columns() + levels_ - 1) / levels_);
    auto begin = all.column_begin + (level - 1) * share;
    auto end = std::min(begin + share, all.column_end);
    // The row below what it computes is new to it.
    auto row_end = std::min(front + step_rows, all.row_end + 1);
    for (auto row = front; row < row_end; ++row)
      for (auto column = begin; column < end; column += line_cells)
        __builtin_prefetch(what_.source->at(row, column));
  }

  const block_sweep& what_;
  rectangle part_;
  index levels_;
  /// Cells of a kept row before column 0 of the region: whole cache lines, so
  /// that kept rows are aligned like those of the source and the target.
  index origin_;
  /// The front of the first step.
  index first_front_;
};

} // namespace

void block_scratch::reserve(index rows, index columns) {
  // An odd number of lines spreads a column over the sets of a cache.
  auto lines = whole_lines(columns) / line_cells | 1;
  stride_ = lines * line_cells;
  auto needed = static_cast<std::size_t>(rows * stride_ + line_cells);
  if (cells_.size() < needed)
    cells_.resize(needed);
  void* first = cells_.data();
  auto space = cells_.size() * sizeof(double);
  first_ = static_cast<double*>(
      std::align(line_bytes, sizeof(double), first, space));
}

void sweep_block(const block_sweep& what) {
  WEFT_ASSERT(what.kernel && what.source && what.target && what.scratch);
  WEFT_ASSERT(!what.changes.empty() && what.band_columns > 0
              && what.band_columns % line_cells == 0);
  if (what.part.empty())
    return;
  auto begin = what.part.column_begin;
  while (begin < what.part.column_end) {
    // Bands end with a cache line, of which column 0 begins one.
    auto end = line_begin(begin + what.band_columns);
    auto part = what.part;
    part.column_begin = begin;
    part.column_end = std::min(end, what.part.column_end);
    band{what, part}.sweep();
    begin = part.column_end;
  }
}

index band_columns_for(index levels, std::size_t scratch_bytes_max) {
  constexpr index least = 64;
  // Without iterations in between nothing is kept: bands of any width.
  if (levels <= 1)
    return index{1} << 30;
  auto rows = static_cast<std::size_t>(scratch_rows(levels));
  auto columns = static_cast<index>(scratch_bytes_max / (rows * sizeof(double)))
                 - 2 * levels;
  return std::max(columns / line_cells * line_cells, least);
}

} // namespace weft::heat
