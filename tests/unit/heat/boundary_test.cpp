#include "apps/heat/core/boundary.hpp"

#include <doctest/doctest.h>

namespace weft::heat::test {

TEST_CASE("left and right take the corners") {
  const grid_shape shape{3, 4};
  const boundary edge{.top = 1, .bottom = 2, .left = 3, .right = 4};
  const double expected[3][4] = {{3, 1, 1, 4}, {3, 0, 0, 4}, {3, 2, 2, 4}};
  for (index row = 0; row < 3; ++row)
    for (index column = 0; column < 4; ++column)
      CHECK(initial_value(shape, edge, row, column) == expected[row][column]);
}

TEST_CASE("a boundary is four numbers") {
  CHECK(parse_boundary("100,0,0,0") == boundary{});
  CHECK(parse_boundary(" 1, -2.5 ,3e2,4")
        == boundary{.top = 1, .bottom = -2.5, .left = 300, .right = 4});
  for (const auto* wrong :
       {"", "1,2,3", "1,2,3,4,5", "1,2,,4", "1,2,x,4", "1,2,3,4x", "1,2,nan,4",
        "1,inf,3,4", "1,2,3,2e300"})
    CHECK_MESSAGE(parse_boundary(wrong).error().code == errc::invalid_argument,
                  wrong);
}

} // namespace weft::heat::test
