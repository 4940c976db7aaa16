#pragma once

#include "apps/heat/core/partition.hpp"
#include "apps/heat/core/rectangle.hpp"

#include <vector>

namespace weft::heat {

/// Which cells of a region are sent, received and computed when. All positions
/// are relative to the region's first cell, so those of halos above and to the
/// left are negative.
///
/// A block of m iterations, m at most the halo depth, needs m rows and columns
/// of its neighbours. Iteration t then covers everything up to m - t cells
/// into them (`whole`): cells that belong to a neighbour are computed twice,
/// and come out the same. Without halos it can cover what lies t cells inside
/// the region on the sides where it has neighbours (`inner`). The difference
/// is four rims, t - m to t.
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

  /// What iteration `level` of `levels` covers once the halos are there.
  rectangle whole(index level, index levels) const;
  /// What it covers without them; may be empty.
  rectangle inner(index level) const;
  /// True if a block of so many iterations has an interior at its end.
  bool has_interior(index levels) const;
  /// What is left of `whole` beside `inner`, by iteration, in the order in
  /// which it must be done: left, right, up, down. A side without neighbours
  /// has no rim.
  std::vector<std::vector<rectangle>> rims(index levels) const;

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
