#include "spaces/space_core.hpp"
#include "tests/unit/spaces/support.hpp"

using namespace std::chrono_literals;

namespace weft::spaces {

TEST_CASE("a written tuple goes to the oldest waiting take alone") {
  space_fixture space;
  space.take("[_]", waiting(1));
  space.take("[7]", waiting(2));
  space.take("[i64:_]", waiting(3));
  space.write("[7]");
  CHECK(space.effects() == texts{"1: [7]"});
  space.write("[7]");
  CHECK(space.effects() == texts{"2: [7]"});
  space.write("[8]");
  CHECK(space.effects() == texts{"3: [8]"});
  space.write("[9]");
  CHECK(space.effects().empty());
  CHECK(space.all() == texts{"[9]"});
}

TEST_CASE("a written tuple goes to every waiting read and one take") {
  space_fixture space;
  space.read("[7]", waiting(1));
  space.take("[7]", waiting(2));
  space.take("[7]", waiting(3));
  space.read("[_, ...]", waiting(4));
  space.read("[8]", waiting(5));
  space.write("[7]");
  CHECK(space.effects() == texts{"1: [7]", "4: [7]", "2: [7]"});
  CHECK(space.all().empty());
}

TEST_CASE("exactly one is woken for each tuple that is consumed") {
  space_fixture space;
  for (ticket by = 1; by <= 1000; ++by)
    space.take("[\"job\", _]", waiting(by));
  for (int i = 0; i < 600; ++i)
    space.write("[\"job\", " + std::to_string(i) + "]");
  const auto woken = space.effects();
  REQUIRE(woken.size() == 600);
  CHECK(woken.back() == "600: [\"job\", 599]");
  const auto counts = space.core.statistics();
  CHECK(counts.handed_off == 600);
  CHECK(counts.takers_woken == 600);
  CHECK(counts.taken == 600);
  CHECK(counts.interest_probes == 600);
  CHECK(counts.waiters == 400);
}

TEST_CASE("a request that waits too long is told so, and gets nothing later") {
  space_fixture space;
  space.take("[1]", waiting(1, 1, 2s));
  space.read("[1]", waiting(2, 1, 3s));
  space.pass(2s - 1ns);
  CHECK(space.effects().empty());
  space.pass(1ns);
  CHECK(space.effects() == texts{"1: timed out"});
  space.write("[1]");
  CHECK(space.effects() == texts{"2: [1]"});
  space.pass(10s);
  CHECK(space.effects().empty());
}

TEST_CASE("a ticket waits once at a time") {
  space_fixture space;
  space.take("[1]", waiting(1));
  CHECK(space.core.take(p("[2]"), waiting(1), space.now).error()
        == failure{errc::already_exists, "the request 1 waits already"});
  CHECK(space.core.stop_waiting(1));
  CHECK_FALSE(space.core.stop_waiting(1));
  space.write("[1]");
  CHECK(space.effects().empty());
  space_fixture full{{.waiters_max = 1}};
  full.take("[1]", waiting(1));
  CHECK(full.core.take(p("[2]"), waiting(2), full.now).error().code
        == errc::exhausted);
}

TEST_CASE("a waiting take with a claim lease gets a claim") {
  space_fixture space;
  space.take("[_]", waiting(1, 9, 10s, 5s));
  space.write("[1]");
  CHECK(space.effects() == texts{"1: [1] claimed"});
  CHECK(space.all().empty());
  space.pass(5s);
  CHECK(space.all() == texts{"[1]"});
}

TEST_CASE("a swap wakes whoever waits for what it writes") {
  space_fixture space;
  space.write("[\"state\", 1]");
  space.read("[\"state\", 2..]", waiting(1));
  CHECK(space.core.swap(p("[\"state\", _]"), {t("[\"state\", 2]"), {}},
                        space.now));
  CHECK(space.effects() == texts{"1: [\"state\", 2]"});
}

TEST_CASE("a collect gets one tuple for each pattern, or none at all") {
  space_fixture space;
  space.write("[\"left\", 1]");
  const auto collect = [&](request by) {
    return space.core.collect({p("[\"left\", _]"), p("[\"right\", _]")},
                              collect_form::take, by, space.now);
  };
  CHECK_FALSE(collect({}).value());
  CHECK_FALSE(collect(waiting(1)).value());
  // It holds nothing while it waits.
  CHECK(space.take("[\"left\", _]") == "[\"left\", 1]");
  space.write("[\"right\", 1]");
  CHECK(space.effects().empty());
  space.write("[\"left\", 2]");
  CHECK(space.effects() == texts{"1: [\"left\", 2] [\"right\", 1]"});
  CHECK(space.all().empty());
}

TEST_CASE("a collect never uses a tuple for two of its patterns") {
  space_fixture space;
  const auto collect = [&](request by) {
    return space.core.collect({p("[\"a\", _]"), p("[\"a\", 1]")},
                              collect_form::read, by, space.now);
  };
  space.write("[\"a\", 1]");
  CHECK_FALSE(collect(waiting(1)).value());
  // It matches the first pattern, which must give way for it.
  space.write("[\"a\", 2]");
  CHECK(space.effects() == texts{"1: [\"a\", 2] [\"a\", 1]"});
  CHECK(space.all().size() == 2);
}

TEST_CASE(
    "a collect of more than an answer carries is refused and takes none") {
  space_fixture space;
  const std::string large(15 << 20, 'x');
  const auto write = [&](std::int64_t number) {
    CHECK(space.core.write(tuple_of("large", number, large), {}, space.now));
  };
  const std::vector<pattern> six(
      6, pattern_of("large", match::any{}, match::any{}));
  const auto collect = [&](request by) {
    return space.core.collect(six, collect_form::take, by, space.now);
  };
  CHECK_FALSE(collect(waiting(1)).value());
  for (std::int64_t i = 0; i < 6; ++i)
    write(i);
  CHECK(space.effects() == texts{"1: exhausted"});
  CHECK(collect({}).error().code == errc::exhausted);
  CHECK(space.core.count(p("[...]")) == 6);
  CHECK(space.core.statistics().waiters == 0);
}

TEST_CASE("a collect that cannot be completed does not keep others from it") {
  space_fixture space;
  CHECK_FALSE(space.core
                  .collect({p("[1]"), p("[2]")}, collect_form::take, waiting(1),
                           space.now)
                  .value());
  space.take("[1]", waiting(2));
  space.write("[1]");
  CHECK(space.effects() == texts{"2: [1]"});
  space.write("[2]");
  space.write("[1]");
  CHECK(space.effects() == texts{"1: [1] [2]"});
}

TEST_CASE("a collect under a lease hides all of its tuples") {
  space_fixture space;
  space.write("[1]");
  space.write("[2]");
  const auto got = space.core.collect({p("[2]"), p("[1]")}, collect_form::take,
                                      {1, 1, {}, 5s}, space.now);
  REQUIRE(got.value());
  CHECK((*got)->claim != 0);
  CHECK(space.all().empty());
  CHECK(space.core.release((*got)->claim, 1, space.now));
  CHECK(space.all() == texts{"[1]", "[2]"});
}

TEST_CASE("a collect has 1 to 64 patterns") {
  space_fixture space;
  const auto collect = [&](std::size_t count) {
    return space.core.collect(std::vector<pattern>(count, p("[1]")),
                              collect_form::take, {}, space.now);
  };
  CHECK_FALSE(collect(0));
  CHECK(collect(64));
  CHECK(collect(65).error().message
        == "a collect has 1 to 64 patterns; got 65");
}

TEST_CASE("an interest is offered a tuple that everybody still sees") {
  space_fixture space;
  REQUIRE(space.core.interest(p("[_]"), waiting(1), space.now));
  CHECK(space.effects().empty());
  const auto id = space.write("[1]");
  CHECK(space.effects() == texts{"1: offered 1"});
  CHECK(space.read("[1]") == "[1]");
  // One offer at a time.
  space.write("[2]");
  CHECK(space.effects().empty());
  const auto got = space.core.take_offer(1, id, space.now);
  REQUIRE(got.value());
  CHECK((*got)->found.what == t("[1]"));
  CHECK(space.core.take_offer(1, id, space.now).error().code
        == errc::not_found);
  CHECK(space.all() == texts{"[2]"});
}

TEST_CASE("an interest whose offer was taken by another gets the next") {
  space_fixture space;
  const auto first = space.write("[1]");
  REQUIRE(space.core.interest(p("[_]"), waiting(1), space.now));
  CHECK(space.effects() == texts{"1: offered 1"});
  space.take("[1]");
  space.write("[2]");
  CHECK_FALSE(space.core.take_offer(1, first, space.now).value());
  CHECK(space.effects() == texts{"1: offered 2"});
  space.take("[2]");
  CHECK_FALSE(space.core.take_offer(1, {2, {0, 0}}, space.now).value());
  CHECK(space.effects().empty());
  space.write("[3]");
  CHECK(space.effects() == texts{"1: offered 3"});
}

TEST_CASE("what a withdrawn interest was offered is offered to the next") {
  space_fixture space;
  for (ticket by = 1; by <= 4; ++by)
    REQUIRE(space.core.interest(p("[_]"), waiting(by, by, by * 1s), space.now));
  space.write("[1]");
  CHECK(space.effects() == texts{"1: offered 1"});
  CHECK(space.core.withdraw(1));
  CHECK(space.effects() == texts{"2: offered 1"});
  space.pass(2s);
  CHECK(space.effects() == texts{"2: timed out", "3: offered 1"});
  space.core.drop_client(3, space.now);
  CHECK(space.effects() == texts{"4: offered 1"});
}

TEST_CASE("a take that waits comes before interests") {
  space_fixture space;
  REQUIRE(space.core.interest(p("[_]"), waiting(1), space.now));
  space.take("[1]", waiting(2));
  space.write("[1]");
  CHECK(space.effects() == texts{"1: offered 1", "2: [1]"});
  CHECK_FALSE(space.core.take_offer(1, {1, {0, 0}}, space.now).value());
}

} // namespace weft::spaces
