#include "tests/support/checkers/write_order.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

const std::vector<operation> overlapping_writes = {wrote({1, 20}, {1}),
                                                   wrote({2, 20}, {2})};

sequential_space space_after(history& what, std::vector<operation> more) {
  what = of(overlapping_writes);
  what.operations.insert(what.operations.end(), more.begin(), more.end());
  return {what, forever, true};
}

using tasks_before = std::vector<std::size_t>;

} // namespace

TEST_CASE("a write took effect before its tuple was seen") {
  history what;
  CHECK(space_after(what, {read({3, 9}, 2)}).tasks()[1].until == 9);
  CHECK(space_after(what, {read({30, 39}, 2)}).tasks()[1].until == 20);
}

TEST_CASE("what was answered is older than what else was certainly there") {
  history what;
  auto space = space_after(what, {read({21, 22}, 2)});
  CHECK(space.tasks()[0].after == tasks_before{1});
  CHECK(
      space_after(what, {read({21, 22}, 2, only(2))}).tasks()[0].after.empty());
  CHECK(space_after(what, {took({19, 22}, 1), read({21, 22}, 2)})
            .tasks()[0]
            .after.empty());
  CHECK(space_after(what, {unknown(took({3, 4}, {})), read({21, 22}, 2)})
            .tasks()[0]
            .after.empty());
}

TEST_CASE("tuples that were removed or remained are accounted for") {
  auto what =
      of({wrote({1, 2}, {1, 2, 3, 4}), took({3, 4}, 1), claimed({5, 6}, 2, 1),
          confirmed({7, 8}, 1), read({9, 10}, 4)},
         {3});
  auto tuples = what.operations.front().writes;
  CHECK(accounted_for(what, forever, true, tuples)
        == std::vector<bool>{true, true, true, false});
  CHECK(accounted_for(what, 5, false, tuples)
        == std::vector<bool>{true, false, false, false});
  tuples.push_back(plain(1));
  CHECK_FALSE(accounted_for(what, forever, true, tuples).front());
}

TEST_CASE("an unknown write that nobody saw is left out") {
  auto what = of({unknown(wrote({1, 2}, {1})), read({3, 4}, {})});
  CHECK(sequential_space{what, forever, true}.tasks().size() == 1);
  what = of({unknown(wrote({1, 2}, {1})), read({3, 4}, 1)});
  CHECK(sequential_space{what, forever, true}.tasks().size() == 2);
}

} // namespace weft::checkers::test
