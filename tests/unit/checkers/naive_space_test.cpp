#include "tests/support/checkers/naive_space.hpp"
#include "tests/unit/checkers/history_fixture.hpp"

#include <doctest/doctest.h>

namespace weft::checkers::test {

namespace {

/// The answer to one request, if it is there at once.
std::vector<space_reply> ask(naive_space& space, std::uint64_t number,
                             operation what, bool waits = false) {
  space.submit({.number = number, .what = std::move(what), .waits = waits});
  return space.take_replies();
}

} // namespace

TEST_CASE("a naive space hands a tuple to the oldest waiting take") {
  naive_space space{bug::none, 1};
  CHECK(ask(space, 1, took({}, {}), true).empty());
  CHECK(ask(space, 2, took({}, {}), true).empty());
  auto replies = ask(space, 3, wrote({}, {7}));
  REQUIRE(replies.size() == 2);
  CHECK(replies[1].number == 1);
  CHECK(replies[1].answer == 7);
  CHECK(space.content().empty());
}

TEST_CASE("a naive space applies a repeated request once") {
  naive_space space{bug::none, 1};
  ask(space, 1, wrote({}, {1}));
  ask(space, 1, wrote({}, {1}));
  CHECK(space.content() == std::vector<tuple_id>{1});
  ask(space, 2, wrote({}, {2}));
  CHECK(ask(space, 3, took({}, {})).front().answer == 1);
  CHECK(ask(space, 3, took({}, {})).front().answer == 1);
  CHECK(space.content() == std::vector<tuple_id>{2});
}

TEST_CASE("a naive space ends leases and claims at their time") {
  naive_space space{bug::none, 1};
  ask(space, 1, wrote({}, leased(1, 10)));
  ask(space, 2, wrote({}, {2}));
  CHECK(ask(space, 3, claimed({}, 1, 1, 5)).front().answer == 1);
  CHECK(ask(space, 4, read({}, {})).front().answer == 2);
  space.advance(5);
  CHECK(ask(space, 5, read({}, {})).front().answer == 1);
  CHECK(ask(space, 6, confirmed({}, 1)).front().refused);
  space.advance(10);
  CHECK(space.content() == std::vector<tuple_id>{2});
}

TEST_CASE("a naive space forgets who died and shows what they claimed") {
  naive_space space{bug::none, 1};
  ask(space, 1, wrote({}, {1}));
  ask(space, 2, by(3, claimed({}, 1, 1)));
  ask(space, 3, by(3, took({}, {}, only(2))), true);
  space.client_died(3);
  CHECK(ask(space, 4, wrote({}, {2})).size() == 1);
  CHECK(space.content() == std::vector<tuple_id>{1, 2});
  CHECK(ask(space, 5, took({}, {})).front().answer == 1);
}

} // namespace weft::checkers::test
