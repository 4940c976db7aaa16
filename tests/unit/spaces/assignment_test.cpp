#include "spaces/assignment.hpp"

#include <doctest/doctest.h>

namespace weft::spaces {

using choices = std::vector<std::size_t>;

TEST_CASE("everybody gets a candidate of their own, the first if possible") {
  CHECK(assignment{{{0, 1}, {2}}}.outcome() == choices{0, 2});
  CHECK(assignment{{{0, 1}, {0}}}.outcome() == choices{1, 0});
  CHECK(assignment{{{0, 1}, {1, 2}, {0}}}.outcome() == choices{1, 2, 0});
  CHECK(assignment{{}}.outcome() == choices{});
}

TEST_CASE("who is short of candidates is named together") {
  const assignment one{{{0}, {}}};
  CHECK_FALSE(one.outcome());
  CHECK(one.short_of() == choices{1});
  const assignment both{{{0}, {5}, {0}}};
  CHECK_FALSE(both.outcome());
  CHECK(both.short_of() == choices{0, 2});
}

} // namespace weft::spaces
