#include "apps/heat/output/colours.hpp"

#include <doctest/doctest.h>

namespace weft::heat::test {

TEST_CASE("shares run from the coldest to the hottest and no further") {
  const temperature_range range{-50, 150};
  CHECK(range.share(-50) == 0);
  CHECK(range.share(50) == 0.5);
  CHECK(range.share(150) == 1);
  CHECK(range.share(-1e300) == 0);
  CHECK(range.share(1e300) == 1);
  CHECK(temperature_range{-1e300, 1e300}.share(0) == 0.5);
  CHECK(temperature_range{5, 5}.share(5) == 0);
}

TEST_CASE("hotter is brighter") {
  int before = -1;
  for (int step = 0; step <= 10; ++step) {
    const auto of = colour_of(step / 10.0);
    const int brightness = 2 * of.red + 5 * of.green + of.blue;
    CHECK(brightness > before);
    before = brightness;
  }
}

TEST_CASE("a terminal's colours are those of the cube") {
  CHECK(terminal_colour({0, 0, 0}) == 16);
  CHECK(terminal_colour({255, 255, 255}) == 231);
  CHECK(terminal_colour({255, 0, 0}) == 196);
  CHECK(terminal_colour({95, 135, 175}) == 67);
}

} // namespace weft::heat::test
