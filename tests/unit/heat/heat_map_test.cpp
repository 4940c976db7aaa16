#include "apps/heat/output/heat_map.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace weft::heat::test {

namespace {

std::string map_of(const grid_shape& shape, std::size_t width,
                   std::size_t height, bool colour) {
  heat_map map{shape, {0, 100}, width, height};
  const auto columns = static_cast<std::size_t>(shape.columns);
  for (index row = 0; row < shape.rows; ++row)
    REQUIRE(map.add(std::vector<double>(columns, row == 0 ? 100.0 : 0.0)));
  REQUIRE(map.finish());
  return map.text(colour);
}

} // namespace

TEST_CASE("without colour a small array has a shade for each second row") {
  CHECK(map_of({4, 6}, 80, 30, false) == "@@@@@@\n      \n");
}

TEST_CASE("a point of a picture is the mean of its cells") {
  // Four of eight rows a character, the first of two is hot.
  CHECK(map_of({8, 8}, 2, 2, false) == "++\n  \n");
}

TEST_CASE("with colour a character has two points and the line ends plainly") {
  const auto text = map_of({3, 1}, 80, 30, true);
  CHECK(text
        == "\x1b[38;5;230;48;5;16m▀\x1b[0m\n"
           "\x1b[38;5;16;48;5;16m▀\x1b[0m\n");
}

} // namespace weft::heat::test
