#include "actors/torus/core/pending_set.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace weft::torus {

namespace {

using payloads = std::vector<std::int32_t>;

/// Everything of the present tick, sorted.
payloads take(pending_set& set) {
  payloads taken;
  for (auto part = set.take_step(); part.count > 0;) {
    for (std::uint32_t i = 0; i < part.count; ++i)
      taken.push_back(payload_of(set.entries(part)[i].rank));
    const auto done = part;
    part = set.next(done);
    set.release(done);
  }
  std::sort(taken.begin(), taken.end());
  return taken;
}

/// Delays of all tiers: the same frame, the next, the far wheel, beyond it.
virtual_time some_delay(std::mt19937_64& random) {
  const unsigned bits[] = {1, 6, 12, 13, 16, 22, 23, 27, 32};
  const auto most = (std::uint64_t{1} << bits[random() % 9]) - 1;
  return std::max<virtual_time>(1, random() % (most + 1));
}

/// A set and what must be in it.
struct set_and_model {
  explicit set_and_model(std::size_t events_max)
      : set{events_max, std::pmr::get_default_resource()} {}

  void put(virtual_time time, std::int32_t payload) {
    REQUIRE(set.put(time, 1, rank(2, payload)));
    model[time].push_back(payload);
    ++count;
  }

  /// Runs a step of both, and returns whether there was one.
  bool step(virtual_time end) {
    const auto any = set.next_step(end);
    REQUIRE(any == (!model.empty() && model.begin()->first < end));
    if (!any) {
      REQUIRE(set.now() == end);
      return false;
    }
    auto expected = model.begin()->second;
    std::sort(expected.begin(), expected.end());
    REQUIRE(set.now() == model.begin()->first);
    REQUIRE(take(set) == expected);
    count -= expected.size();
    model.erase(model.begin());
    return true;
  }

  pending_set set;
  std::map<virtual_time, payloads> model;
  std::size_t count = 0;
};

} // namespace

TEST_CASE("events leave at their times, whatever tier they were in") {
  std::mt19937_64 random{random_seed()};
  for (int run = 0; run < 200; ++run) {
    set_and_model both{300};
    std::int32_t payload = 0;
    both.set.reset(random() >> (random() % 60 + 2));
    for (int round = 0; round < 300; ++round) {
      while (both.count < 300 && random() % 4 != 0)
        both.put(both.set.now() + some_delay(random), ++payload);
      both.step(both.set.now() + some_delay(random));
    }
    while (both.step(~virtual_time{0} >> 1)) {
    }
    CHECK(both.count == 0);
  }
}

TEST_CASE("as many events as are allowed fit, however they are spread") {
  std::mt19937_64 random{random_seed()};
  for (const std::size_t events_max : {1, 15, 16, 17, 1000, 30'000}) {
    set_and_model both{events_max};
    for (int round = 0; round < 20; ++round) {
      while (both.count < events_max)
        both.put(both.set.now() + some_delay(random), 1);
      for (std::size_t i = 0; i < events_max / 2 + 1 && both.count > 0; ++i)
        both.step(both.set.now() + pending_set::horizon);
    }
    CHECK(both.set.events_max() == events_max);
  }
}

TEST_CASE("a pool that is used up says so, and takes events again later") {
  pending_set set{1, std::pmr::get_default_resource()};
  std::uint32_t taken = 0;
  while (set.put(5, 0, rank(0, 7)))
    ++taken;
  CHECK(taken >= 1);
  CHECK(!set.put(6, 0, rank(0, 7)));
  REQUIRE(set.next_step(10));
  CHECK(take(set) == payloads(taken, 7));
  CHECK(set.put(6, 0, rank(0, 8)));
}

TEST_CASE("without events time goes to the end, and not beyond") {
  pending_set set{4, std::pmr::get_default_resource()};
  CHECK(!set.next_step(1'000'000'000'000));
  CHECK(set.now() == 1'000'000'000'000);
  CHECK(!set.next_step(1'000'000'000'000));
  REQUIRE(set.put(set.now(), 0, rank(0, 1)));
  CHECK(!set.next_step(set.now()));
  REQUIRE(set.next_step(set.now() + 1));
  CHECK(take(set) == payloads{1});
}

TEST_CASE("all pending events can be visited with their times") {
  std::mt19937_64 random{random_seed()};
  set_and_model both{500};
  both.set.reset(random() >> 10);
  for (std::int32_t i = 0; i < 500; ++i)
    both.put(both.set.now() + some_delay(random), i);
  for (int i = 0; i < 100; ++i)
    both.step(both.set.now() + pending_set::horizon);
  std::map<virtual_time, payloads> seen;
  both.set.for_each([&](virtual_time time, const pending_set::entry& one) {
    CHECK(one.destination == 1);
    CHECK(source_of(one.rank) == 2);
    seen[time].push_back(payload_of(one.rank));
  });
  for (auto* all : {&seen, &both.model})
    for (auto& [time, some] : *all)
      std::sort(some.begin(), some.end());
  CHECK(seen == both.model);
}

} // namespace weft::torus
