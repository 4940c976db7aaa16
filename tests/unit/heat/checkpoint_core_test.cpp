#include "apps/heat/core/checkpoint_core.hpp"

#include <doctest/doctest.h>

namespace weft::heat::test {

namespace {

using bytes = std::vector<std::uint8_t>;

} // namespace

TEST_CASE("a state is there when all its pieces are") {
  checkpoint_core keeper;
  const band_place second{
      .region = 1, .block = 8, .offset = 3, .bytes_total = 5};
  const band_place first{
      .region = 1, .block = 8, .offset = 0, .bytes_total = 5};
  REQUIRE(keeper.put(second, {4, 5}));
  CHECK(keeper.get(first, 5).error().code == errc::not_found);
  REQUIRE(keeper.put(first, {1, 2, 3}));
  REQUIRE(keeper.put(first, {1, 2, 3}));
  CHECK(*keeper.get(first, 5) == bytes{1, 2, 3, 4, 5});
  CHECK(*keeper.get(second, 1) == bytes{4});
  CHECK(*keeper.get(second, 100) == bytes{4, 5});
}

TEST_CASE("pieces that do not fit are refused") {
  checkpoint_core keeper;
  CHECK_FALSE(keeper.put({0, 1, 4, 5}, {1, 2}));
  CHECK_FALSE(keeper.put({0, 1, 9, 5}, {}));
  CHECK_FALSE(
      keeper.put({0, 1, 0, 2 * band_bytes_max}, bytes(band_bytes_max + 1)));
  REQUIRE(keeper.put({0, 1, 0, 5}, {1, 2}));
  CHECK(keeper.put({0, 1, 0, 6}, {1}).error().code == errc::invalid_argument);
}

TEST_CASE("states before earlier blocks are forgotten") {
  checkpoint_core keeper;
  for (std::uint64_t block : {5, 10, 15})
    REQUIRE(keeper.put({0, block, 0, 1}, {1}));
  keeper.forget_before(10);
  CHECK(keeper.states() == 2);
  CHECK_FALSE(keeper.get({0, 5, 0, 1}, 1));
  CHECK(keeper.get({0, 10, 0, 1}, 1));
}

TEST_CASE("a region has a bounded number of states") {
  checkpoint_core keeper;
  for (std::uint64_t block = 1; block <= 10; ++block)
    REQUIRE(keeper.put({0, block, 0, 1}, {1}));
  REQUIRE(keeper.put({1, 1, 0, 1}, {1}));
  CHECK(keeper.states() == checkpoint_core::states_max + 1);
  CHECK(keeper.get({0, 10, 0, 1}, 1));
}

} // namespace weft::heat::test
