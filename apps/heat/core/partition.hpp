#pragma once

#include "apps/heat/core/boundary.hpp"
#include "apps/heat/core/rectangle.hpp"
#include "runtime/base/result.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace weft::heat {

/// Where a neighbour lies. `opposite` relies on the order.
enum class direction : unsigned char {
  up,
  down,
  left,
  right,
  up_left,
  down_right,
  up_right,
  down_left,
};

inline constexpr std::array all_directions{
    direction::up,       direction::down,      direction::left,
    direction::right,    direction::up_left,   direction::down_right,
    direction::up_right, direction::down_left,
};

/// Where this region lies as seen from its neighbour.
constexpr direction opposite(direction where) {
  return static_cast<direction>(static_cast<unsigned>(where) ^ 1U);
}

/// -1, 0 or 1 rows downwards.
index row_step(direction where);

/// -1, 0 or 1 columns to the right.
index column_step(direction where);

/// What a partition is made of.
struct partition_request {
  grid_shape shape;
  /// How many regions lie below each other and beside each other.
  index regions_down = 1;
  index regions_across = 1;
  /// How many cells regions know of their neighbours, and so how many
  /// iterations they do without asking.
  index halo_depth = 1;
};

/// The cells inside the ring, cut into regions_down x regions_across
/// rectangles, numbered row by row. Heights differ by at most one row, widths
/// by at most one column.
class partition {
public:
  /// Fails with `errc::invalid_argument` if the array has no cell inside its
  /// ring or too many cells to count, if there are more regions than rows or
  /// columns inside it, or for a halo depth below 1.
  static result<partition> make(const partition_request& request);

  const grid_shape& shape() const { return shape_; }
  index regions_down() const { return regions_down_; }
  index regions_across() const { return regions_across_; }
  index regions() const { return regions_down_ * regions_across_; }

  /// The depth in force: at most the shorter side of the smallest region,
  /// because halos come from immediate neighbours only.
  index halo_depth() const { return halo_depth_; }

  /// True if the depth in force is less than that asked for.
  bool halo_depth_clamped() const { return clamped_; }

  /// The cells that a region owns, in positions of the whole array.
  rectangle cells_of(index region) const;

  /// The region beside this one, or none at the edge of the array.
  std::optional<index> neighbour(index region, direction where) const;

private:
  partition() = default;

  grid_shape shape_;
  index regions_down_ = 1;
  index regions_across_ = 1;
  index halo_depth_ = 1;
  bool clamped_ = false;
};

} // namespace weft::heat
