#pragma once

#include "apps/heat/core/boundary.hpp"
#include "apps/heat/output/colours.hpp"
#include "apps/heat/output/row_sink.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weft::heat {

/// The array as a small picture of characters. A point of the picture is the
/// mean of the cells that it stands for.
class heat_map : public row_sink {
public:
  /// At most so many characters wide and high; a small array has a point for
  /// each cell.
  heat_map(const grid_shape& shape, const temperature_range& range,
           std::size_t width_max, std::size_t height_max);

  result<void> add(std::span<const double> row) override;
  result<void> finish() override;

  /// After `finish`. With colour two points a character, one above the other,
  /// in a terminal's 256 colours; without, a character of ten shades a point.
  std::string text(bool colour) const;

private:
  index point_row(index row) const;
  colour at(index row, index column) const;
  std::string coloured() const;
  std::string shaded() const;

  grid_shape shape_;
  temperature_range range_;
  index width_;
  index height_;
  index rows_taken_ = 0;
  std::vector<double> sums_;
  std::vector<double> counts_;
};

} // namespace weft::heat
