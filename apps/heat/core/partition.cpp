#include "apps/heat/core/partition.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace weft::heat {

namespace {

/// Where part `which` of `parts` begins when `extent` cells are cut evenly.
/// The first parts are the larger ones.
index part_begin(index extent, index parts, index which) {
  return extent / parts * which + std::min(which, extent % parts);
}

std::string problem_of(const partition_request& request) {
  const auto& [rows, columns] = request.shape;
  // Three arrays of doubles, with room for halos, must stay addressable.
  constexpr auto cells_max = std::numeric_limits<index>::max() / 64;
  if (rows < 3 || columns < 3 || rows > cells_max / columns)
    return fmt::format("grid {}x{}: expected at least 3x3, the fixed ring "
                       "included, and at most {} cells",
                       rows, columns, cells_max);
  if (request.regions_down < 1 || request.regions_across < 1
      || request.regions_down > rows - 2
      || request.regions_across > columns - 2)
    return fmt::format("regions {}x{}: expected 1x1 to {}x{}, a cell inside "
                       "the ring of {}x{} for each",
                       request.regions_down, request.regions_across, rows - 2,
                       columns - 2, rows, columns);
  if (request.halo_depth < 1)
    return fmt::format("halo depth: expected at least 1, got {}",
                       request.halo_depth);
  return {};
}

} // namespace

index row_step(direction where) {
  switch (where) {
  case direction::up:
  case direction::up_left:
  case direction::up_right:
    return -1;
  case direction::down:
  case direction::down_left:
  case direction::down_right:
    return 1;
  default:
    return 0;
  }
}

index column_step(direction where) {
  switch (where) {
  case direction::left:
  case direction::up_left:
  case direction::down_left:
    return -1;
  case direction::right:
  case direction::up_right:
  case direction::down_right:
    return 1;
  default:
    return 0;
  }
}

result<partition> partition::make(const partition_request& request) {
  if (auto problem = problem_of(request); !problem.empty())
    return fail(errc::invalid_argument, std::move(problem));
  partition made;
  made.shape_ = request.shape;
  made.regions_down_ = request.regions_down;
  made.regions_across_ = request.regions_across;
  auto depth_max =
      std::min((request.shape.rows - 2) / request.regions_down,
               (request.shape.columns - 2) / request.regions_across);
  made.halo_depth_ = std::min(request.halo_depth, depth_max);
  made.clamped_ = made.halo_depth_ < request.halo_depth;
  return made;
}

rectangle partition::cells_of(index region) const {
  WEFT_ASSERT(region >= 0 && region < regions());
  auto down = region / regions_across_;
  auto across = region % regions_across_;
  auto rows = shape_.rows - 2;
  auto columns = shape_.columns - 2;
  return {.row_begin = 1 + part_begin(rows, regions_down_, down),
          .row_end = 1 + part_begin(rows, regions_down_, down + 1),
          .column_begin = 1 + part_begin(columns, regions_across_, across),
          .column_end = 1 + part_begin(columns, regions_across_, across + 1)};
}

std::optional<index> partition::neighbour(index region, direction where) const {
  WEFT_ASSERT(region >= 0 && region < regions());
  auto down = region / regions_across_ + row_step(where);
  auto across = region % regions_across_ + column_step(where);
  if (down < 0 || down >= regions_down_ || across < 0
      || across >= regions_across_)
    return std::nullopt;
  return down * regions_across_ + across;
}

} // namespace weft::heat
