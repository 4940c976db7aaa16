#include "apps/heat/core/partition.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft::heat::test {

TEST_CASE("regions cover the cells inside the ring once") {
  auto where = *partition::make({{22, 19}, 3, 5, 1});
  std::vector<int> owners(22 * 19);
  for (index region = 0; region < where.regions(); ++region) {
    auto cells = where.cells_of(region);
    CHECK(cells.rows() >= 6);
    CHECK(cells.rows() <= 7);
    CHECK(cells.columns() >= 3);
    CHECK(cells.columns() <= 4);
    for (auto row = cells.row_begin; row < cells.row_end; ++row)
      for (auto column = cells.column_begin; column < cells.column_end;
           ++column)
        ++owners[static_cast<std::size_t>(row * 19 + column)];
  }
  for (index row = 0; row < 22; ++row)
    for (index column = 0; column < 19; ++column) {
      bool inside = row > 0 && row < 21 && column > 0 && column < 18;
      CHECK(owners[static_cast<std::size_t>(row * 19 + column)]
            == (inside ? 1 : 0));
    }
}

TEST_CASE("neighbours see each other from opposite sides") {
  // 0 1 2
  // 3 4 5
  auto where = *partition::make({{8, 11}, 2, 3, 1});
  CHECK(where.neighbour(1, direction::down) == 4);
  CHECK(where.neighbour(1, direction::down_left) == 3);
  CHECK(where.neighbour(4, direction::up_right) == 2);
  CHECK(where.neighbour(1, direction::up) == std::nullopt);
  CHECK(where.neighbour(3, direction::left) == std::nullopt);
  CHECK(where.neighbour(5, direction::down_right) == std::nullopt);
  for (index region = 0; region < where.regions(); ++region)
    for (auto side : all_directions)
      if (auto other = where.neighbour(region, side))
        CHECK(where.neighbour(*other, opposite(side)) == region);
}

TEST_CASE("a halo is no deeper than the smallest region") {
  auto deep = *partition::make({{20, 20}, 3, 5, 7});
  CHECK(deep.halo_depth() == 3);
  CHECK(deep.halo_depth_clamped());
  auto exact = *partition::make({{20, 20}, 2, 2, 9});
  CHECK(exact.halo_depth() == 9);
  CHECK(!exact.halo_depth_clamped());
}

TEST_CASE("a partition that cannot be made says why") {
  auto code = [](const partition_request& request) {
    auto made = partition::make(request);
    return made ? errc::none : made.error().code;
  };
  CHECK(code({{3, 3}, 1, 1, 1}) == errc::none);
  CHECK(code({{2, 9}, 1, 1, 1}) == errc::invalid_argument);
  CHECK(code({{9, 2}, 1, 1, 1}) == errc::invalid_argument);
  CHECK(code({{9, 9}, 8, 1, 1}) == errc::invalid_argument);
  CHECK(code({{9, 9}, 1, 8, 1}) == errc::invalid_argument);
  CHECK(code({{9, 9}, 0, 1, 1}) == errc::invalid_argument);
  CHECK(code({{9, 9}, 1, 1, 0}) == errc::invalid_argument);
  CHECK(code({{index{1} << 40, index{1} << 40}, 1, 1, 1})
        == errc::invalid_argument);
  CHECK(partition::make({{9, 9}, 8, 1, 1}).error().message
        == "regions 8x1: expected 1x1 to 7x7, a cell inside the ring of 9x9 "
           "for each");
}

} // namespace weft::heat::test
