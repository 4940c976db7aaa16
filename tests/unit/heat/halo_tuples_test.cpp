#include "apps/heat/actors/halo_tuples.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

namespace weft::heat::test {

namespace {

const region_effect::give_halo sample_halo{
    .to = 3, .side = direction::left, .block = 7, .cells = {1.5, -0.0, 2}};

} // namespace

TEST_CASE("a halo is found by the region that it is for") {
  const run_epoch now{42, 2};
  const auto tuple = halo_tuple(now, sample_halo);
  const auto patterns =
      halo_patterns(now, 3, 7, {direction::up, direction::left});
  REQUIRE(patterns.size() == 2);
  CHECK_FALSE(patterns[0].matches(tuple));
  CHECK(patterns[1].matches(tuple));
  CHECK(tuples_of_run(42).matches(tuple));
  const auto halo = halo_of(tuple);
  CHECK(halo.side == direction::left);
  CHECK(std::vector<double>(halo.cells.begin(), halo.cells.end())
        == sample_halo.cells);
}

TEST_CASE("halos of other runs, epochs, regions and blocks are not") {
  const auto tuple = halo_tuple({42, 2}, sample_halo);
  const auto found = [&](const run_epoch& of, index region,
                         std::uint64_t block) {
    return halo_patterns(of, region, block, {direction::left})[0].matches(
        tuple);
  };
  CHECK(found({42, 2}, 3, 7));
  CHECK_FALSE(found({41, 2}, 3, 7));
  CHECK_FALSE(found({42, 1}, 3, 7));
  CHECK_FALSE(found({42, 2}, 2, 7));
  CHECK_FALSE(found({42, 2}, 3, 8));
  CHECK_FALSE(tuples_of_run(41).matches(tuple));
}

TEST_CASE("the routing field of a halo is where its region begins") {
  const auto home = [](const region_homes& homes) {
    return halo_tuple({42, 2, homes}, sample_halo)[halo_routing].as_i64();
  };
  CHECK(home({.regions = 4, .places = 4}) == 3);
  CHECK(home({.regions = 8, .places = 4}) == 1);
  CHECK(home({.regions = 4, .places = 1}) == 0);
}

TEST_CASE("blocks that are joined at a time have reductions of their own") {
  std::set<std::string> names;
  for (std::uint64_t block = 10; block < 14; ++block)
    names.insert(reduction_name({42, 2}, block));
  names.insert(reduction_name({42, 3}, 10));
  names.insert(reduction_name({43, 2}, 10));
  CHECK(names.size() == 6);
}

} // namespace weft::heat::test
