#include "apps/heat/core/whole_grid.hpp"

#include <doctest/doctest.h>

namespace weft::heat::test {

TEST_CASE("the plain loop converges where it is known to") {
  auto ten = initial_grid({10, 10}, {});
  auto how = iterate(ten, {.threshold = 0.01});
  CHECK(how.converged);
  CHECK(how.iterations == 89);
  CHECK(how.final_change == 0.00974452018339278);
  CHECK(ten.at(5, 5) == 20.289256242642622);

  auto twenty = initial_grid({20, 20}, {});
  how = iterate(twenty, {.threshold = 0.01});
  CHECK(how.iterations == 293);
  CHECK(how.final_change == 0.009918133686731778);
  CHECK(twenty.at(10, 10) == 22.095934419109998);
}

TEST_CASE("a threshold of zero runs to the greatest number of iterations") {
  // A single cell comes to rest, and its change to exactly zero.
  auto grid = initial_grid({3, 3}, {});
  auto how = iterate(grid, {.threshold = 0, .iterations_max = 5});
  CHECK(how.iterations == 5);
  CHECK(!how.converged);
  CHECK(how.final_change == 0);
  CHECK(grid.at(1, 1) == 25);
}

} // namespace weft::heat::test
