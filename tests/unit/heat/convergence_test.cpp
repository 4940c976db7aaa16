#include "apps/heat/core/convergence.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace weft::heat::test {

TEST_CASE("the last block is as long as what is left") {
  const stop_rule until{.threshold = 0, .iterations_max = 16};
  CHECK(levels_of_block(0, 7, until) == 7);
  CHECK(levels_of_block(1, 7, until) == 7);
  CHECK(levels_of_block(2, 7, until) == 2);
  CHECK(levels_of_block(3, 7, until) == 0);
  CHECK(levels_of_block(std::numeric_limits<std::uint64_t>::max(), 7, until)
        == 0);
  CHECK(levels_of_block(2, 8, until) == 0);
}

TEST_CASE("a run converges at the first iteration below the threshold") {
  const stop_rule until{.threshold = 0.5, .iterations_max = 100};
  std::vector<double> changes{3, 0.5, 0.4, 0.3};
  auto ended = judge_block(5, 4, changes, until);
  REQUIRE(ended);
  CHECK(ended->converged);
  CHECK(ended->iterations == 23);
  CHECK(ended->final_change == 0.4);
  CHECK(level_in_block(23, 4) == 3);
}

TEST_CASE("a run goes on while nothing is below the threshold") {
  const stop_rule until{.threshold = 0, .iterations_max = 8};
  CHECK(!judge_block(0, 4, std::vector<double>{1, 0, 0, 0}, until));
  auto ended = judge_block(1, 4, std::vector<double>{2, 2, 1, 0.25}, until);
  REQUIRE(ended);
  CHECK(!ended->converged);
  CHECK(ended->iterations == 8);
  CHECK(ended->final_change == 0.25);
  CHECK(level_in_block(8, 4) == 4);
}

TEST_CASE("changes are raised one iteration at a time") {
  std::vector<double> all{1, 5, 2};
  raise_changes(all, std::vector<double>{3, 4, 2});
  CHECK(all == std::vector<double>{3, 5, 2});
}

} // namespace weft::heat::test
