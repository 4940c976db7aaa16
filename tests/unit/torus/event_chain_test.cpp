#include "actors/torus/core/event_chain.hpp"
#include "tests/support/random_seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

namespace weft::torus {

namespace {

using key = std::pair<address, std::int32_t>;

/// These events after `in_order`, linked in reverse before.
std::vector<key> ordered(const std::vector<key>& events) {
  pending_set set{events.size(), std::pmr::get_default_resource()};
  std::uint32_t newest = 0;
  for (const auto& [source, payload] : events)
    REQUIRE(set.put(1, 0, rank(source, payload)));
  REQUIRE(set.next_step(2));
  for (auto part = set.take_step(); part.count > 0; part = set.next(part))
    for (std::uint32_t i = 0; i < part.count; ++i) {
      set.entries(part)[i].due = newest;
      newest = pending_set::first_position(part) + i + 1;
    }
  std::vector<key> result;
  for (auto next = in_order(set, newest); next != 0;
       next = set.at(next - 1).due)
    result.emplace_back(source_of(set.at(next - 1).rank),
                        payload_of(set.at(next - 1).rank));
  return result;
}

} // namespace

TEST_CASE("events of a site run by source, then by payload as a number") {
  using limits = std::numeric_limits<std::int32_t>;
  CHECK(ordered({{1, 0},
                 {outside, -3},
                 {1, limits::max()},
                 {0, 9},
                 {1, limits::min()},
                 {1, -1}})
        == std::vector<key>{{0, 9},
                            {1, limits::min()},
                            {1, -1},
                            {1, 0},
                            {1, limits::max()},
                            {outside, -3}});
}

TEST_CASE("any number of events is put into order, equal ones too") {
  std::mt19937_64 random{random_seed()};
  for (std::size_t count = 1; count < 200; ++count) {
    std::vector<key> events;
    for (std::size_t i = 0; i < count; ++i)
      events.emplace_back(random() % 5,
                          static_cast<std::int32_t>(random() % 7) - 3);
    auto expected = events;
    std::sort(expected.begin(), expected.end());
    CHECK(ordered(events) == expected);
  }
}

} // namespace weft::torus
