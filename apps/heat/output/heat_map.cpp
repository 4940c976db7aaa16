#include "apps/heat/output/heat_map.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

namespace weft::heat {

namespace {

constexpr std::string_view shades = " .:-=+*#%@";

} // namespace

heat_map::heat_map(const grid_shape& shape, const temperature_range& range,
                   std::size_t width_max, std::size_t height_max)
    : shape_{shape}, range_{range}, width_{std::min(
                                        shape.columns,
                                        static_cast<index>(width_max))},
      height_{std::min(shape.rows, static_cast<index>(2 * height_max))},
      sums_(static_cast<std::size_t>(width_ * height_)), counts_(sums_.size()) {
  WEFT_ASSERT(width_ > 0 && height_ > 0);
}

index heat_map::point_row(index row) const {
  return row * height_ / shape_.rows;
}

result<void> heat_map::add(std::span<const double> row) {
  const auto first =
      static_cast<std::size_t>(point_row(rows_taken_++) * width_);
  for (std::size_t column = 0; column < row.size(); ++column) {
    const auto point = first
                       + column * static_cast<std::size_t>(width_)
                             / static_cast<std::size_t>(shape_.columns);
    sums_[point] += row[column];
    counts_[point] += 1;
  }
  return {};
}

result<void> heat_map::finish() {
  for (std::size_t point = 0; point < sums_.size(); ++point)
    sums_[point] /= std::max(counts_[point], 1.0);
  return {};
}

colour heat_map::at(index row, index column) const {
  row = std::min(row, height_ - 1);
  return colour_of(
      range_.share(sums_[static_cast<std::size_t>(row * width_ + column)]));
}

std::string heat_map::coloured() const {
  std::string text;
  for (index row = 0; row < height_; row += 2) {
    for (index column = 0; column < width_; ++column)
      fmt::format_to(std::back_inserter(text), "\x1b[38;5;{};48;5;{}m▀",
                     terminal_colour(at(row, column)),
                     terminal_colour(at(row + 1, column)));
    text += "\x1b[0m\n";
  }
  return text;
}

std::string heat_map::shaded() const {
  std::string text;
  for (index row = 0; row < height_; row += 2) {
    for (index column = 0; column < width_; ++column) {
      const auto share =
          range_.share(sums_[static_cast<std::size_t>(row * width_ + column)]);
      text += shades[static_cast<std::size_t>(
          std::lround(share * static_cast<double>(shades.size() - 1)))];
    }
    text += '\n';
  }
  return text;
}

std::string heat_map::text(bool colour) const {
  return colour ? coloured() : shaded();
}

} // namespace weft::heat
