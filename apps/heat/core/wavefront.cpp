#include "apps/heat/core/wavefront.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <cstddef>

namespace weft::heat {

namespace {

/// Columns that an iteration lags behind the one before: a cache line, which
/// keeps tiles aligned.
constexpr index column_lag = 8;

/// What an iteration covers, its lag added.
rectangle skewed(const rectangle& level, index lag) {
  return relative_to(level, -lag, -lag * column_lag);
}

/// The least rectangle that holds what iterations cover, their lags added;
/// empty if they cover nothing.
rectangle skewed_hull(std::span<const rectangle> levels) {
  rectangle hull;
  index lag = 0;
  for (const auto& level : levels) {
    ++lag;
    if (!level.empty())
      hull = hull.empty() ? skewed(level, lag)
                          : enclosing(hull, skewed(level, lag));
  }
  return hull;
}

/// One iteration's share of a tile.
void sweep_part(const wavefront& what, std::size_t level,
                const rectangle& part) {
  const auto& from = level == 0       ? *what.source
                     : level % 2 == 1 ? *what.odd
                                      : *what.even;
  auto& to = level % 2 == 0 ? *what.odd : *what.even;
  auto sweep = what.past_cache && what.levels.size() == 1
                   ? what.kernel->past_cache
                   : what.kernel->in_cache;
  auto change = sweep({.from = from.at(part.row_begin, part.column_begin),
                       .to = to.at(part.row_begin, part.column_begin),
                       .stride = to.layout().stride(),
                       .rows = part.rows(),
                       .columns = part.columns()});
  what.changes[level] = std::max(what.changes[level], change);
}

/// All iterations in one tile.
void sweep_tile(const wavefront& what, const rectangle& tile) {
  for (std::size_t level = 0; level < what.levels.size(); ++level) {
    auto lag = static_cast<index>(level + 1);
    auto part = intersection(what.levels[level],
                             relative_to(tile, lag, lag * column_lag));
    if (!part.empty())
      sweep_part(what, level, part);
  }
}

} // namespace

void sweep_levels(const wavefront& what) {
  WEFT_ASSERT(what.levels.size() == what.changes.size());
  WEFT_ASSERT(what.tile.rows >= 1 && what.tile.columns >= 1);
  auto hull = skewed_hull(what.levels);
  if (hull.empty())
    return;
  // Aligned tiles: column 0 begins a cache line, and so do its multiples.
  auto first = hull.column_begin - (hull.column_begin % column_lag);
  if (first > hull.column_begin)
    first -= column_lag;
  for (auto column = first; column < hull.column_end;
       column += what.tile.columns)
    for (auto row = hull.row_begin; row < hull.row_end; row += what.tile.rows)
      sweep_tile(what, {row, row + what.tile.rows, column,
                        column + what.tile.columns});
}

} // namespace weft::heat
