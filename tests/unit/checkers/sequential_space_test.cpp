#include "tests/support/checkers/sequential_space.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

/// What a task can leave behind.
std::vector<space_content> after(const sequential_space& space,
                                 std::size_t task, space_content before) {
  std::vector<space_content> all;
  space.apply(space.tasks()[task], before,
              [&](space_content next) { all.push_back(std::move(next)); });
  return all;
}

} // namespace

TEST_CASE("a cut leaves out what comes later and opens what was under way") {
  auto what = of({wrote({1, 2}, {1}), took({3, 9}, 1), read({8, 9}, {})});
  sequential_space space{what, 5, false};
  REQUIRE(space.tasks().size() == 2);
  CHECK(space.tasks()[0].required());
  CHECK_FALSE(space.tasks()[1].required());
  CHECK_FALSE(space.tasks()[1].answered);
}

TEST_CASE("an unknown take leaves a content for each shard that has a match") {
  auto what = of({wrote({1, 2}, tuple{.id = 1, .shard = 1}),
                  wrote({3, 4}, tuple{.id = 2, .shard = 2}),
                  wrote({5, 6}, tuple{.id = 3, .shard = 2}),
                  unknown(took({7, 8}, {}))});
  sequential_space space{what, forever, false};
  const space_content all = {{0, 0}, {1, 0}, {2, 0}};
  CHECK(after(space, 3, all)
        == std::vector<space_content>{{{1, 0}, {2, 0}}, {{0, 0}, {2, 0}}});
  CHECK(after(space, 3, {}).empty());
}

TEST_CASE("the end of a claim is a task between its earliest and latest time") {
  auto what =
      of({wrote({1, 2}, {1}), claimed({3, 5}, 1, 1, 10), read({20, 21}, 1)});
  what.slack = 2;
  sequential_space space{what, forever, false};
  REQUIRE(space.tasks().size() == 4);
  const auto& end = space.tasks()[2];
  CHECK(end.what == task::kind::claim_ends);
  CHECK(end.from == 13);
  CHECK(end.until == 17);
  CHECK(end.after == std::vector<std::size_t>{1});
  CHECK(after(space, 2, {{0, 2}}) == std::vector<space_content>{{{0, 0}}});
  CHECK(space.idle(end, {{0, 0}}));
}

} // namespace weft::checkers::test
