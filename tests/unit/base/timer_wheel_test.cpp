#include "runtime/base/timer_wheel.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

using namespace std::chrono_literals;

namespace weft {

using duration = timer_wheel::duration;
using time_point = timer_wheel::time_point;

TEST_CASE("a timer is due at its time and not before") {
  timer_wheel wheel;
  const time_point start{100h};
  wheel.add(start + 5s, {1, 7});
  CHECK(wheel.next_due(start) == std::nullopt);
  CHECK(wheel.next_due(start + 5s - 1ns) == std::nullopt);
  CHECK(wheel.next_due(start + 5s) == timer_wheel::purpose{1, 7});
  CHECK(wheel.next_due(start + 5s) == std::nullopt);
  CHECK(wheel.size() == 0);
  CHECK_FALSE(wheel.next_deadline());
  // The past is due at once.
  wheel.add(start, {2, 8});
  CHECK(wheel.next_due(start + 5s) == timer_wheel::purpose{2, 8});
}

TEST_CASE("a cancelled timer is never due") {
  timer_wheel wheel;
  const auto first = wheel.add(time_point{5s}, {1, 1});
  wheel.add(time_point{5s}, {1, 2});
  wheel.cancel(first);
  CHECK(wheel.next_due(time_point{1h}) == timer_wheel::purpose{1, 2});
  CHECK(wheel.next_due(time_point{1h}) == std::nullopt);
}

TEST_CASE("timers of any distance come at their time") {
  const auto seed = std::random_device{}();
  MESSAGE("seed ", seed);
  std::mt19937_64 random{seed};
  timer_wheel wheel;
  time_point now{1h};
  std::map<std::uint64_t, std::pair<time_point, timer_wheel::timer>> open;
  std::uint64_t next_id = 0;
  for (int step = 0; step < 20'000; ++step) {
    const auto far = duration{1LL << (random() % 52)};
    const auto chance = random() % 4;
    if (chance < 2) {
      const auto when =
          now
          + duration{static_cast<duration::rep>(
              random() % static_cast<std::uint64_t>(far.count()))};
      open[next_id] = {when, wheel.add(when, {3, next_id})};
      CHECK(wheel.deadline_of(open[next_id].second) == when);
      ++next_id;
    } else if (chance == 2 && !open.empty()) {
      const auto which = open.lower_bound(random() % (next_id + 1));
      if (which != open.end()) {
        wheel.cancel(which->second.second);
        open.erase(which);
      }
    } else {
      const auto deadline = wheel.next_deadline();
      REQUIRE(deadline.has_value() == !open.empty());
      for (const auto& [id, each] : open)
        REQUIRE(*deadline <= each.first);
      // Up to the deadline, or somewhat further.
      now = deadline ? std::max(now, *deadline) : now;
      now += far / 64;
      while (const auto due = wheel.next_due(now)) {
        const auto found = open.find(due->id);
        REQUIRE(found != open.end());
        REQUIRE(found->second.first <= now);
        open.erase(found);
      }
      for (const auto& [id, each] : open)
        REQUIRE(each.first > now);
    }
    REQUIRE(wheel.size() == open.size());
  }
}

} // namespace weft
