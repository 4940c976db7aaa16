#include "spaces/watches.hpp"
#include "tests/unit/spaces/support.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

namespace {

texts events_of(const watches::fetched& from) {
  texts all;
  for (const auto& each : from.events) {
    const auto* kind = each.kind == watch_kind::added   ? "+"
                       : each.kind == watch_kind::taken ? "-"
                                                        : "~";
    all.push_back(kind + to_text(each.what));
  }
  return all;
}

} // namespace

TEST_CASE("a watcher sees what is added, taken and expired") {
  space_fixture space;
  REQUIRE(space.core.watch(1, 1, p("[\"a\", ...]"), {}));
  space.write("[\"a\", 1]", 5s);
  space.write("[\"b\"]");
  space.write("[\"a\"]");
  space.take("[\"a\"]");
  space.pass(5s);
  // Told once, until the events are fetched.
  CHECK(space.effects() == texts{"1: events"});
  auto got = space.core.fetch(1, 2);
  REQUIRE(got);
  CHECK(events_of(*got) == texts{"+[\"a\", 1]", "+[\"a\"]"});
  CHECK(got->more);
  got = space.core.fetch(1, 100);
  CHECK(events_of(*got) == texts{"-[\"a\"]", "~[\"a\", 1]"});
  CHECK_FALSE(got->more);
  space.write("[\"a\"]");
  CHECK(space.effects() == texts{"1: events"});
}

TEST_CASE("a tuple that is handed off was added and taken") {
  space_fixture space;
  REQUIRE(space.core.watch(1, 1, p("[_]"), {}));
  space.take("[1]", waiting(2));
  space.write("[1]");
  CHECK(events_of(*space.core.fetch(1, 9)) == texts{"+[1]", "-[1]"});
}

TEST_CASE("a claimed tuple is taken when the claim is confirmed") {
  space_fixture space;
  REQUIRE(space.core.watch(1, 1, p("[_]"), {.kinds = 2}));
  space.write("[1]");
  const auto claim = space.claim("[1]", 1, 5s);
  CHECK(space.core.fetch(1, 9)->events.empty());
  CHECK(space.core.confirm(claim, 1, {}, space.now));
  CHECK(events_of(*space.core.fetch(1, 9)) == texts{"-[1]"});
}

TEST_CASE("a full buffer drops its oldest events and counts them") {
  space_fixture space;
  REQUIRE(space.core.watch(1, 1, p("[_]"), {.buffer = 2}));
  for (int i = 1; i <= 5; ++i)
    space.write("[" + std::to_string(i) + "]");
  CHECK(space.effects() == texts{"1: events"});
  const auto got = space.core.fetch(1, 9);
  CHECK(events_of(*got) == texts{"+[4]", "+[5]"});
  CHECK(got->dropped == 3);
  CHECK(space.core.fetch(1, 9)->dropped == 0);
  CHECK(space.core.statistics().watch_events_dropped == 3);
}

TEST_CASE("or it ends the watch, which can be fetched to its end") {
  space_fixture space;
  REQUIRE(space.core.watch(
      1, 1, p("[_]"), {.buffer = 1, .overflow = overflow_policy::disconnect}));
  space.write("[1]");
  space.write("[2]");
  space.write("[3]");
  CHECK(space.effects() == texts{"1: events", "1: watch ended"});
  const auto got = space.core.fetch(1, 9);
  CHECK(events_of(*got) == texts{"+[1]"});
  CHECK(got->ended);
  CHECK_FALSE(space.core.fetch(1, 9));
  CHECK(space.core.statistics().watches == 0);
}

TEST_CASE("a watch that cannot be is refused") {
  space_fixture space{{.watches_max = 1}};
  const auto watch = [&](ticket by, watch_options options) {
    const auto begun = space.core.watch(by, 1, p("[_]"), options);
    return begun ? errc::none : begun.error().code;
  };
  CHECK(watch(1, {.buffer = 0}) == errc::invalid_argument);
  CHECK(watch(1, {.buffer = watch_events_max + 1}) == errc::invalid_argument);
  CHECK(watch(1, {.kinds = 0}) == errc::invalid_argument);
  CHECK(watch(1, {.kinds = 8}) == errc::invalid_argument);
  CHECK(watch(1, {}) == errc::none);
  CHECK(watch(1, {}) == errc::already_exists);
  CHECK(watch(2, {}) == errc::exhausted);
  CHECK(space.core.unwatch(1));
  CHECK_FALSE(space.core.unwatch(1));
  CHECK_FALSE(space.core.fetch(1, 9));
}

} // namespace weft::spaces
