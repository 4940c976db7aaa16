#include "apps/heat/core/run_request.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace weft::heat::test {

TEST_CASE("regions are read as rows x columns") {
  CHECK(*parse_regions("2x3") == region_counts{2, 3});
  for (const auto* wrong : {"", "2", "2x", "x2", "2x3x4", "0x1", "-1x2", "2X3"})
    CHECK(parse_regions(wrong).error().code == errc::invalid_argument);
}

TEST_CASE("a probe is read as row and column") {
  CHECK(*parse_probe("10, 7") == cell_place{10, 7});
  for (const auto* wrong : {"", "1", "1,", "1,2,3", "a,b", "1.5,2"})
    CHECK(parse_probe(wrong).error().code == errc::invalid_argument);
}

TEST_CASE("requests that make no sense are refused") {
  run_request good{.shape = {20, 20}, .regions = {2, 2}};
  CHECK(check(good));
  const auto refused = [&](auto change) {
    auto what = good;
    change(what);
    return !check(what);
  };
  CHECK(refused([](auto& what) { what.shape.rows = 2; }));
  CHECK(refused([](auto& what) { what.regions.down = 19; }));
  CHECK(refused([](auto& what) { what.halo_depth = 0; }));
  CHECK(refused([](auto& what) { what.until.threshold = -1; }));
  CHECK(refused([](auto& what) {
    what.until.threshold = std::numeric_limits<double>::quiet_NaN();
  }));
  CHECK(refused([](auto& what) { what.until.iterations_max = 0; }));
  CHECK(refused([](auto& what) { what.probes = {{20, 0}}; }));
  CHECK(refused([](auto& what) { what.probes = {{0, -1}}; }));
}

TEST_CASE("a threshold of zero and a halo deeper than regions are allowed") {
  const run_request what{.shape = {20, 20},
                         .regions = {2, 2},
                         .until = {.threshold = 0},
                         .halo_depth = 100};
  REQUIRE(check(what));
  CHECK(check(what)->halo_depth() == 9);
}

TEST_CASE("every worker gets a region of whole rows, if there are as many") {
  CHECK(regions_for({100, 10}, 8) == region_counts{8, 1});
  CHECK(regions_for({5, 100}, 8) == region_counts{3, 1});
  CHECK(regions_for({5, 100}, 0) == region_counts{1, 1});
}

} // namespace weft::heat::test
