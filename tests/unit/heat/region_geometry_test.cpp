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

TEST_CASE("interior and rims cover what a region owns once") {
  auto where = *partition::make({{32, 35}, 3, 3, 4});
  for (index region = 0; region < where.regions(); ++region) {
    region_geometry here{where, region};
    auto cells = here.interior(4).cells();
    CHECK(cells > 0);
    for (const auto& rim : here.rims(4)) {
      cells += rim.cells();
      CHECK(intersection(rim, here.interior(4)).empty());
      CHECK((rim.empty() || intersection(rim, here.own()) == rim));
    }
    CHECK(cells == here.own().cells());
  }
}

TEST_CASE("an interior needs nothing of its neighbours") {
  auto where = *partition::make({{32, 35}, 3, 3, 4});
  for (index region = 0; region < where.regions(); ++region) {
    region_geometry here{where, region};
    auto read = intersection(grown(here.interior(4), 4), here.open());
    CHECK(intersection(read, here.own()) == read);
  }
}

TEST_CASE("a small region is all rim") {
  auto where = *partition::make({{20, 20}, 3, 1, 3});
  CHECK(!region_geometry{where, 0}.interior(3).empty());
  CHECK(!region_geometry{where, 1}.interior(2).empty());
  region_geometry middle{where, 1};
  CHECK(middle.interior(3).empty());
  CHECK(middle.rims(3)[0] == middle.own());
}

} // namespace weft::heat::test
