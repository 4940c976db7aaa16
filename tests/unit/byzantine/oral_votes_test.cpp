#include "apps/byzantine/core/oral_votes.hpp"

#include <doctest/doctest.h>

namespace weft::byzantine::test {

TEST_CASE("paths begin with the commander and hold nobody twice") {
  oral_votes votes{1, 5, 3};
  CHECK(votes.paths(1) == std::vector<std::vector<general_id>>{{0}});
  CHECK(votes.paths(2)
        == std::vector<std::vector<general_id>>{{0, 2}, {0, 3}, {0, 4}});
  CHECK(votes.paths(3).size() == 6);
}

TEST_CASE("what one lieutenant says of another is outvoted by the others") {
  // Seven generals, three rounds; 5 and 6 lie about everything.
  oral_votes votes{1, 7, 3};
  for (std::uint32_t length = 1; length <= 3; ++length)
    for (const auto& path : votes.paths(length)) {
      auto lied = path.back() >= 5;
      CHECK(votes.hear(path, lied ? order::retreat : order::attack));
    }
  CHECK(votes.decide() == order::attack);
}

TEST_CASE("the first word stands") {
  oral_votes votes{1, 4, 1};
  CHECK(votes.heard({0}) == order::retreat);
  CHECK(votes.hear({0}, order::attack));
  CHECK(!votes.hear({0}, order::retreat));
  CHECK(votes.decide() == order::attack);
}

} // namespace weft::byzantine::test
