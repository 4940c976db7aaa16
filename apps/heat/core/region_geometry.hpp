#pragma once

#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/rectangle.hpp"

#include <array>
#include <vector>

namespace weft::heat {

/// Which cells of a region are sent, received and computed when. All positions
/// are relative to the region's first cell, so those of halos above and to the
/// left are negative.
///
/// A block of m iterations, m at most the halo depth, needs m rows and columns
/// of its neighbours. What lies m cells inside the region on the sides where
/// it has neighbours (`interior`) can be computed without them. The rest of
/// its own cells are four rims.
class region_geometry {
public:
  region_geometry(const partition& where, index region);

  index region() const { return region_; }
  index halo_depth() const { return depth_; }
  /// The region's first cell in the whole array.
  index first_row() const { return cells_.row_begin; }
  index first_column() const { return cells_.column_begin; }

  /// What the region owns.
  rectangle own() const;
  /// What its arrays hold: own cells, halos, and the fixed ring beside them.
  const rectangle& extent() const { return extent_; }
  /// Where the region has neighbours: diagonally only with halos deeper than
  /// one cell, as one iteration reads no corners.
  const std::vector<direction>& neighbours() const { return neighbours_; }
  bool has_neighbour(direction where) const;

  /// The neighbour's cells that it needs.
  rectangle halo_from(direction where) const;
  /// Its own cells that the neighbour needs.
  rectangle rim_for(direction where) const;

  /// The cells that a block may compute on its way: all that are not of the
  /// fixed ring.
  rectangle open() const;
  /// What a block of so many iterations can finish without halos; may be
  /// empty.
  rectangle interior(index levels) const;
  /// What is left of its own cells. Without an interior, all in the first.
  std::array<rectangle, 4> rims(index levels) const;

private:
  index reach(direction side, index cells) const;

  index region_;
  index depth_;
  rectangle cells_;
  rectangle extent_;
  bool sides_[4] = {};
  std::vector<direction> neighbours_;
};

} // namespace weft::heat
