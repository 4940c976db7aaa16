#pragma once

#include <cstdint>

namespace weft::heat {

/// The temperatures that a picture shows; above or below look like the ends.
struct temperature_range {
  double coldest = 0;
  double hottest = 100;

  /// 0 for the coldest, 1 for the hottest; 0 if they are the same.
  double share(double temperature) const;
};

struct colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const colour&, const colour&) = default;
};

/// From black over red and yellow to white, for 0 to 1.
colour colour_of(double share);

/// The nearest colour of a terminal's 256.
std::uint8_t terminal_colour(const colour& of);

} // namespace weft::heat
