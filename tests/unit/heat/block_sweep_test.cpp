#include "apps/heat/core/block_sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <vector>

namespace weft::heat::test {

namespace {

/// A field of rows x columns inside a ring, filled with something uneven.
field make_field(index rows, index columns) {
  field made{field_layout{{-1, rows + 1, -1, columns + 1}},
             *std::pmr::get_default_resource()};
  for (index row = -1; row <= rows; ++row)
    for (index column = -1; column <= columns; ++column)
      *made.at(row, column) =
          static_cast<double>((row * 31 + column * 17) % 23);
  return made;
}

} // namespace

TEST_CASE("parts in any order make up the whole") {
  const rectangle all{0, 30, 0, 100};
  auto source = make_field(30, 100);
  auto sweep = [&](field& target, std::vector<rectangle> parts,
                   index band_columns) {
    block_scratch scratch;
    std::vector<double> changes(5);
    for (const auto& part : parts)
      sweep_block({.kernel = &best_kernel(),
                   .source = &source,
                   .target = &target,
                   .part = part,
                   .open = all,
                   .band_columns = band_columns,
                   .scratch = &scratch,
                   .changes = changes});
    return changes;
  };
  auto whole = make_field(30, 100);
  auto pieces = make_field(30, 100);
  auto expected = sweep(whole, {all}, 1 << 20);
  auto changes = sweep(
      pieces,
      {{20, 30, 0, 100}, {0, 20, 37, 100}, {5, 20, 0, 37}, {0, 5, 0, 37}}, 16);
  CHECK(changes == expected);
  for (index row = 0; row < 30; ++row)
    CHECK(std::equal(whole.at(row, 0), whole.at(row, 100), pieces.at(row, 0)));
}

TEST_CASE("a part leaves the rest of the target alone") {
  auto source = make_field(12, 40);
  auto target = make_field(12, 40);
  block_scratch scratch;
  std::vector<double> changes(3);
  sweep_block({.kernel = &best_kernel(),
               .source = &source,
               .target = &target,
               .part = {4, 8, 10, 30},
               .open = {0, 12, 0, 40},
               .band_columns = 8,
               .scratch = &scratch,
               .changes = changes});
  for (index row = -1; row <= 12; ++row)
    for (index column = -1; column <= 40; ++column)
      if (row < 4 || row >= 8 || column < 10 || column >= 30)
        CHECK(*target.at(row, column) == *source.at(row, column));
}

TEST_CASE("bands are as wide as their rows fit into the scratch") {
  CHECK(band_columns_for(8, 0) == 64);
  CHECK(band_columns_for(1, 0) > 1 << 20);
  for (index levels : {2, 8, 32}) {
    auto columns = band_columns_for(levels, 1 << 20);
    CHECK(columns % 8 == 0);
    CHECK(columns * levels * 4 * 8 <= 1 << 20);
    CHECK(columns < band_columns_for(levels, 2 << 20));
  }
}

} // namespace weft::heat::test
