#include "apps/heat/core/region_geometry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace weft::heat::test {

TEST_CASE("what a region gives is what its neighbour needs") {
  auto where = *partition::make({{23, 27}, 3, 4, 4});
  for (index region = 0; region < where.regions(); ++region) {
    region_geometry here{where, region};
    for (auto side : here.neighbours()) {
      region_geometry there{where, *where.neighbour(region, side)};
      auto given = relative_to(here.rim_for(side), -here.first_row(),
                               -here.first_column());
      auto needed = relative_to(there.halo_from(opposite(side)),
                                -there.first_row(), -there.first_column());
      CHECK(given == needed);
    }
  }
}

TEST_CASE("corners are exchanged for halos deeper than one cell") {
  auto in_the_middle = [](index depth) {
    auto where = *partition::make({{17, 17}, 3, 3, depth});
    return region_geometry{where, 4}.neighbours().size();
  };
  CHECK(in_the_middle(1) == 4);
  CHECK(in_the_middle(2) == 8);
}

TEST_CASE("interior and rims cover every iteration once") {
  auto where = *partition::make({{32, 35}, 3, 3, 4});
  for (index region = 0; region < where.regions(); ++region) {
    region_geometry here{where, region};
    REQUIRE(here.has_interior(4));
    auto rims = here.rims(4);
    for (index level = 1; level <= 4; ++level) {
      auto cells = here.inner(level).cells();
      for (const auto& side : rims)
        cells += side[static_cast<std::size_t>(level - 1)].cells();
      CHECK(cells == here.whole(level, 4).cells());
    }
  }
}

TEST_CASE("the last iteration of a block covers what the region owns") {
  auto where = *partition::make({{32, 35}, 3, 3, 4});
  for (index region = 0; region < where.regions(); ++region) {
    region_geometry here{where, region};
    CHECK(here.whole(4, 4) == here.own());
    CHECK(intersection(here.whole(1, 4), here.extent()) == here.whole(1, 4));
  }
}

TEST_CASE("a small region has no interior") {
  auto where = *partition::make({{20, 20}, 3, 1, 3});
  CHECK(region_geometry{where, 0}.has_interior(3));
  CHECK(region_geometry{where, 1}.has_interior(2));
  CHECK(!region_geometry{where, 1}.has_interior(3));
}

} // namespace weft::heat::test
