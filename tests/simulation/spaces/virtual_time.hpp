#pragma once

#include "spaces/limits.hpp"

#include <functional>
#include <map>
#include <random>
#include <utility>

namespace weft::spaces::simulation {

/// A clock that goes from one event to the next, and the dice of a run. Events
/// of one time come in the order in which they were planned.
class virtual_time {
public:
  explicit virtual_time(std::uint64_t seed) : random_{seed} {}

  time_point now() const { return now_; }

  /// Since the beginning, in microseconds.
  std::uint64_t microseconds() const {
    return static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::microseconds>(now_ - start).count());
  }

  void at(time_point when, std::function<void()> what) {
    events_.emplace(std::pair{std::max(when, now_), ++order_}, std::move(what));
  }
  void later(duration delay, std::function<void()> what) {
    at(now_ + delay, std::move(what));
  }

  /// Carries out what comes until then, or until `done` says so.
  template <class Done>
  void run_until(time_point end, Done done) {
    while (!done() && !events_.empty() && events_.begin()->first.first <= end) {
      auto next = events_.extract(events_.begin());
      now_ = next.key().first;
      next.mapped()();
    }
    if (!done())
      now_ = std::max(now_, end);
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  /// Of a thousand.
  bool chance(std::uint64_t promille) { return below(1000) < promille; }
  duration up_to(duration most) {
    return duration{static_cast<duration::rep>(
        below(static_cast<std::uint64_t>(most.count()) + 1))};
  }

private:
  static constexpr time_point start{std::chrono::hours{1}};

  std::mt19937_64 random_;
  time_point now_ = start;
  std::uint64_t order_ = 0;
  std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> events_;
};

} // namespace weft::spaces::simulation
