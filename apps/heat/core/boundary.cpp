#include "apps/heat/core/boundary.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>

namespace weft::heat {

namespace {

std::optional<double> parse_temperature(std::string_view text) {
  double value = 0;
  auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()
      || !(std::abs(value) <= temperature_max))
    return std::nullopt;
  return value;
}

} // namespace

double initial_value(const grid_shape& shape, const boundary& edge, index row,
                     index column) {
  if (column == 0)
    return edge.left;
  if (column == shape.columns - 1)
    return edge.right;
  if (row == 0)
    return edge.top;
  return row == shape.rows - 1 ? edge.bottom : 0.0;
}

result<boundary> parse_boundary(std::string_view text) {
  auto parts = split(text, ',');
  if (parts.size() != 4)
    return fail(errc::invalid_argument,
                fmt::format("boundary \"{}\": expected four temperatures "
                            "top,bottom,left,right, got {}",
                            text, parts.size()));
  double values[4];
  for (std::size_t side = 0; side < 4; ++side) {
    auto value = parse_temperature(trim(parts[side]));
    if (!value)
      return fail(errc::invalid_argument,
                  fmt::format("boundary \"{}\": expected a number of at most "
                              "{} either side of zero, got \"{}\"",
                              text, temperature_max, parts[side]));
    values[side] = *value;
  }
  return boundary{.top = values[0],
                  .bottom = values[1],
                  .left = values[2],
                  .right = values[3]};
}

} // namespace weft::heat
