#include "apps/heat/core/field.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory_resource>
#include <utility>

namespace weft::heat::test {

TEST_CASE("column 0 of every row begins a cache line") {
  for (index columns : {1, 7, 100, 509, 512, 4096})
    for (index halo : {1, 2, 9}) {
      field cells{field_layout{{-halo, 5, -halo, columns + halo}},
                  *std::pmr::get_default_resource()};
      for (index row = -halo; row < 5; ++row)
        CHECK(reinterpret_cast<std::uintptr_t>(cells.at(row, 0)) % 64 == 0);
      CHECK(cells.at(1, 0) - cells.at(0, 0) == cells.layout().stride());
      CHECK(cells.layout().stride() >= columns + halo);
    }
}

TEST_CASE("rows of large fields are no multiple of a page apart") {
  for (index columns = 400; columns < 5000; columns += 8) {
    field_layout layout{{-1, 1, -1, columns + 1}};
    CHECK(layout.stride() % 512 == 104);
  }
}

TEST_CASE("every position has a cell of its own") {
  const rectangle extent{-2, 6, -3, 130};
  field cells{field_layout{extent}, *std::pmr::get_default_resource()};
  for (auto row = extent.row_begin; row < extent.row_end; ++row)
    for (auto column = extent.column_begin; column < extent.column_end;
         ++column)
      *cells.at(row, column) = static_cast<double>(row * 1000 + column);
  auto moved = std::move(cells);
  for (auto row = extent.row_begin; row < extent.row_end; ++row)
    for (auto column = extent.column_begin; column < extent.column_end;
         ++column)
      CHECK(*moved.at(row, column) == static_cast<double>(row * 1000 + column));
}

} // namespace weft::heat::test
