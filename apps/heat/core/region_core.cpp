#include "apps/heat/core/region_core.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace weft::heat {

namespace {

void fill(field& what, const region_geometry& where, const grid_shape& shape,
          const boundary& edge) {
  const auto& extent = what.layout().extent();
  for (auto row = extent.row_begin; row < extent.row_end; ++row)
    for (auto column = extent.column_begin; column < extent.column_end;
         ++column)
      *what.at(row, column) = initial_value(
          shape, edge, where.first_row() + row, where.first_column() + column);
}

} // namespace

region_core::region_core(const partition& where, index region,
                         const region_options& options)
    : geometry_(where, region), options_(options) {
  WEFT_ASSERT(options.kernel && options.memory);
  field_layout layout{geometry_.extent()};
  // The state, what the block under way writes, and where undecided blocks
  // started.
  auto count = 2 + options.run_ahead;
  fields_.reserve(count);
  for (std::size_t which = 0; which < count; ++which) {
    fields_.emplace_back(layout, *options.memory);
    fill(fields_.back(), geometry_, where.shape(), options.edge);
    if (which != start_)
      free_.push_back(which);
  }
}

std::size_t region_core::take_free() {
  WEFT_ASSERT(!free_.empty());
  auto taken = free_.back();
  free_.pop_back();
  return taken;
}

void region_core::begin_block(index levels) {
  WEFT_ASSERT(!under_way_ && undecided_.size() <= options_.run_ahead);
  WEFT_ASSERT(levels >= 1 && levels <= geometry_.halo_depth());
  under_way_ = true;
  interior_done_ = all_done_ = false;
  levels_ = levels;
  target_ = take_free();
  changes_.assign(static_cast<std::size_t>(levels), 0.0);
  missing_ = geometry_.neighbours();
  for (auto side : geometry_.neighbours()) {
    auto& kept = early_[static_cast<std::size_t>(side)];
    if (kept)
      fill_halo(side, *kept);
    kept.reset();
  }
}

std::vector<double> region_core::halo_for(direction side) const {
  WEFT_ASSERT(under_way_ && geometry_.has_neighbour(side));
  auto what = geometry_.rim_for(side);
  std::vector<double> cells;
  cells.reserve(static_cast<std::size_t>(what.cells()));
  for (auto row = what.row_begin; row < what.row_end; ++row) {
    const auto* first = fields_[start_].at(row, what.column_begin);
    cells.insert(cells.end(), first, first + what.columns());
  }
  return cells;
}

void region_core::fill_halo(direction side, std::span<const double> cells) {
  auto waiting = std::find(missing_.begin(), missing_.end(), side);
  if (waiting == missing_.end())
    return;
  missing_.erase(waiting);
  auto where = geometry_.halo_from(side);
  const auto* next = cells.data();
  for (auto row = where.row_begin; row < where.row_end; ++row) {
    std::copy_n(next, where.columns(),
                fields_[start_].at(row, where.column_begin));
    next += where.columns();
  }
}

result<void> region_core::receive(std::uint64_t block, direction side,
                                  std::span<const double> cells) {
  auto problem = [&](std::string what) {
    return fail(errc::invalid_argument,
                fmt::format("halo of block {} for region {}: {}", block,
                            geometry_.region(), what));
  };
  if (!geometry_.has_neighbour(side))
    return problem(fmt::format("there is no neighbour on side {}",
                               static_cast<int>(side)));
  auto expected = geometry_.halo_from(side).cells();
  if (static_cast<index>(cells.size()) != expected)
    return problem(
        fmt::format("expected {} cells, got {}", expected, cells.size()));
  auto next = under_way_ ? block_ + 1 : block_;
  if (block != next && !(under_way_ && block == block_))
    return problem(fmt::format("expected block {}", next));
  if (block != next)
    fill_halo(side, cells);
  else if (auto& kept = early_[static_cast<std::size_t>(side)]; !kept)
    kept.emplace(cells.begin(), cells.end());
  return {};
}

void region_core::sweep(const rectangle& part) {
  sweep_block(
      {.kernel = options_.kernel,
       .source = &fields_[start_],
       .target = &fields_[target_],
       .part = part,
       .open = geometry_.open(),
       .past_cache = options_.past_cache,
       .band_columns = band_columns_for(levels_, options_.scratch_bytes_max),
       .scratch = &scratch_,
       .changes = changes_});
}

void region_core::sweep_interior() {
  WEFT_ASSERT(under_way_);
  if (interior_done_ || all_done_)
    return;
  if (halos_complete()) {
    sweep(geometry_.own());
    all_done_ = true;
  } else {
    sweep(geometry_.interior(levels_));
    interior_done_ = true;
  }
}

std::span<const double> region_core::finish_block() {
  WEFT_ASSERT(halos_complete());
  if (interior_done_)
    for (const auto& rim : geometry_.rims(levels_))
      sweep(rim);
  else if (!all_done_)
    sweep(geometry_.own());
  undecided_.push_back({block_, levels_, start_});
  start_ = target_;
  under_way_ = false;
  ++block_;
  return changes_;
}

void region_core::go_on() {
  WEFT_ASSERT(!undecided_.empty());
  free_.push_back(undecided_.front().start);
  undecided_.pop_front();
}

void region_core::drop_progress() {
  undecided_.clear();
  under_way_ = false;
  for (auto& kept : early_)
    kept.reset();
  free_.clear();
  for (std::size_t which = 0; which < fields_.size(); ++which)
    if (which != start_)
      free_.push_back(which);
}

void region_core::stop_at(std::uint64_t block, index level) {
  auto found = std::find_if(
      undecided_.begin(), undecided_.end(),
      [&](const finished_block& one) { return one.block == block; });
  WEFT_ASSERT(found != undecided_.end());
  WEFT_ASSERT(level >= 1 && level <= found->levels);
  if (level == found->levels) {
    if (auto next = std::next(found); next != undecided_.end())
      start_ = next->start;
    drop_progress();
  } else {
    // The halos of that block still stand in the array that it started from.
    start_ = found->start;
    drop_progress();
    levels_ = level;
    target_ = take_free();
    changes_.assign(static_cast<std::size_t>(level), 0.0);
    sweep(geometry_.own());
    start_ = target_;
    drop_progress();
  }
  block_ = block + 1;
}

void region_core::restore(std::uint64_t block, std::span<const double> cells) {
  auto own = geometry_.own();
  WEFT_ASSERT(static_cast<index>(cells.size()) == own.cells());
  drop_progress();
  block_ = block;
  const auto* next = cells.data();
  for (index row = 0; row < own.rows(); ++row) {
    std::copy_n(next, own.columns(), fields_[start_].at(row, 0));
    next += own.columns();
  }
}

std::span<const double> region_core::row(index row) const {
  auto own = geometry_.own();
  WEFT_ASSERT(row >= 0 && row < own.rows());
  return {fields_[start_].at(row, 0), static_cast<std::size_t>(own.columns())};
}

} // namespace weft::heat
