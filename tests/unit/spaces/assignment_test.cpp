#include "spaces/assignment.hpp"

#include <doctest/doctest.h>

namespace weft::spaces {

using numbers = std::vector<std::size_t>;

TEST_CASE("everybody gets a candidate of their own, the first if possible") {
  CHECK(assignment{{{0, 1}, {2}}}.outcome() == numbers{0, 2});
  CHECK(assignment{{{0, 1}, {0}}}.outcome() == numbers{1, 0});
  CHECK(assignment{{{0, 1}, {1, 2}, {0}}}.outcome() == numbers{1, 2, 0});
  CHECK(assignment{{}}.outcome() == numbers{});
}

TEST_CASE("who is short of candidates is named together") {
  const assignment one{{{0}, {}}};
  CHECK_FALSE(one.outcome());
  CHECK(one.short_of() == numbers{1});
  const assignment both{{{0}, {5}, {0}}};
  CHECK_FALSE(both.outcome());
  CHECK(both.short_of() == numbers{0, 2});
}

} // namespace weft::spaces
