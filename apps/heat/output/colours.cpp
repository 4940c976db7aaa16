#include "apps/heat/output/colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace weft::heat {

namespace {

constexpr std::array stops{
    colour{0, 0, 8},     colour{60, 10, 110},  colour{150, 30, 90},
    colour{225, 70, 40}, colour{250, 160, 20}, colour{255, 255, 200},
};

std::uint8_t between(std::uint8_t from, std::uint8_t to, double share) {
  return static_cast<std::uint8_t>(std::lround(from + (to - from) * share));
}

} // namespace

double temperature_range::share(double temperature) const {
  if (!(hottest > coldest))
    return 0;
  // Halved, as the difference of two temperatures may exceed all numbers.
  const auto share =
      (temperature / 2 - coldest / 2) / (hottest / 2 - coldest / 2);
  return std::clamp(share, 0.0, 1.0);
}

colour colour_of(double share) {
  const auto place = std::clamp(share, 0.0, 1.0) * (stops.size() - 1);
  const auto first =
      std::min(static_cast<std::size_t>(place), stops.size() - 2);
  const auto rest = place - static_cast<double>(first);
  const auto& from = stops[first];
  const auto& to = stops[first + 1];
  return {between(from.red, to.red, rest), between(from.green, to.green, rest),
          between(from.blue, to.blue, rest)};
}

std::uint8_t terminal_colour(const colour& of) {
  // 16 to 231 are a cube of six steps an axis: 0, 95, 135, ... 255.
  const auto step = [](std::uint8_t level) {
    if (level < 48)
      return 0;
    return level < 115 ? 1 : (level - 35) / 40;
  };
  return static_cast<std::uint8_t>(16 + 36 * step(of.red) + 6 * step(of.green)
                                   + step(of.blue));
}

} // namespace weft::heat
