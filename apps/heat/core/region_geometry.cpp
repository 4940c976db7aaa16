#include "apps/heat/core/region_geometry.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <cstddef>

namespace weft::heat {

region_geometry::region_geometry(const partition& where, index region)
    : region_(region), depth_(where.halo_depth()),
      cells_(where.cells_of(region)) {
  for (auto side : all_directions) {
    auto diagonal = row_step(side) != 0 && column_step(side) != 0;
    if (!where.neighbour(region, side) || (diagonal && depth_ == 1))
      continue;
    neighbours_.push_back(side);
    if (!diagonal)
      sides_[static_cast<std::size_t>(side)] = true;
  }
  // Beside the array's edge the ring takes the place of a halo. Corners of the
  // halo are held even if they are not needed.
  auto beyond = [&](direction side) {
    return has_neighbour(side) ? depth_ : 1;
  };
  extent_ = {.row_begin = -beyond(direction::up),
             .row_end = cells_.rows() + beyond(direction::down),
             .column_begin = -beyond(direction::left),
             .column_end = cells_.columns() + beyond(direction::right)};
}

rectangle region_geometry::own() const {
  return {0, cells_.rows(), 0, cells_.columns()};
}

bool region_geometry::has_neighbour(direction where) const {
  return std::find(neighbours_.begin(), neighbours_.end(), where)
         != neighbours_.end();
}

rectangle region_geometry::halo_from(direction where) const {
  auto halo = own();
  if (row_step(where) < 0)
    halo.row_begin = -depth_, halo.row_end = 0;
  if (row_step(where) > 0)
    halo.row_begin = halo.row_end, halo.row_end += depth_;
  if (column_step(where) < 0)
    halo.column_begin = -depth_, halo.column_end = 0;
  if (column_step(where) > 0)
    halo.column_begin = halo.column_end, halo.column_end += depth_;
  return halo;
}

rectangle region_geometry::rim_for(direction where) const {
  return relative_to(halo_from(where), row_step(where) * depth_,
                     column_step(where) * depth_);
}

index region_geometry::reach(direction side, index cells) const {
  return sides_[static_cast<std::size_t>(side)] ? cells : 0;
}

rectangle region_geometry::open() const {
  return {.row_begin = -reach(direction::up, depth_),
          .row_end = cells_.rows() + reach(direction::down, depth_),
          .column_begin = -reach(direction::left, depth_),
          .column_end = cells_.columns() + reach(direction::right, depth_)};
}

rectangle region_geometry::interior(index levels) const {
  WEFT_ASSERT(levels >= 1 && levels <= depth_);
  return {.row_begin = reach(direction::up, levels),
          .row_end = cells_.rows() - reach(direction::down, levels),
          .column_begin = reach(direction::left, levels),
          .column_end = cells_.columns() - reach(direction::right, levels)};
}

std::array<rectangle, 4> region_geometry::rims(index levels) const {
  auto all = own();
  auto inside = interior(levels);
  if (inside.empty())
    return {all};
  return {{
      {0, inside.row_begin, 0, all.column_end},
      {inside.row_end, all.row_end, 0, all.column_end},
      {inside.row_begin, inside.row_end, 0, inside.column_begin},
      {inside.row_begin, inside.row_end, inside.column_end, all.column_end},
  }};
}

} // namespace weft::heat
