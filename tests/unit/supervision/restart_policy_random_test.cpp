#include "tests/unit/supervision/core_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

namespace weft::supervision::test {

namespace {

/// Random events on a random supervisor. The world checks at every step that
/// no child has two incarnations, that no living child is dropped, that every
/// command is answered once, and that nothing lives when it finishes.
class chaos {
public:
  explicit chaos(std::uint64_t seed) : random_{seed} {}

  void run() {
    policy_ = with(static_cast<strategy>(below(4)),
                   static_cast<std::uint32_t>(below(8)));
    if (below(2) == 0)
      policy_.backoff.first = 50ms;
    policy_.auto_shutdown = static_cast<auto_shutdown>(below(3));
    policy_.deferred_max = 3;
    std::vector<child_policy> children;
    const auto simple = policy_.strategy == strategy::simple_one_for_one;
    for (std::uint64_t i = 0; i < (simple ? 1 : 1 + below(5)); ++i)
      children.push_back(any_child(std::string(1, static_cast<char>('a' + i))));
    world w{policy_, children, random_()};
    for (int i = 0; i < 60; ++i) {
      step(w);
      check_window(w);
    }
    w.shut_down();
    w.slow.clear();
    for (int i = 0; i < 50 && !w.finished; ++i) {
      report_all(w);
      w.advance(60s);
    }
    CHECK(w.finished);
    CHECK(w.alive.empty());
    CHECK(w.replies.size() == w.last_ticket);
  }

private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  child_policy any_child(std::string id) {
    auto result = child(std::move(id), static_cast<restart_kind>(below(3)));
    if (below(4) == 0)
      result.shutdown = shutdown_policy::brutal_kill();
    result.significant = policy_.auto_shutdown != auto_shutdown::never
                         && result.restart != restart_kind::permanent
                         && below(3) == 0;
    return result;
  }

  std::string any_id(world& w) {
    const auto all = w.core.views(100, w.now);
    return all.empty() ? "a" : all[below(all.size())].id;
  }

  static void report_all(world& w) {
    const auto open = w.pending;
    for (const auto& [key, which] : open)
      if (const auto view = w.core.view(key, w.now))
        w.report_start(view->id);
    w.pending.clear();
  }

  void step(world& w) {
    const auto id = any_id(w);
    const auto key = w.core.find(id).value_or(0);
    switch (below(12)) {
    case 0:
      w.failing[id] = static_cast<int>(below(3));
      return;
    case 1:
      if (may_be_slow_)
        w.slow.insert(id);
      return;
    case 2:
      w.slow.clear();
      return report_all(w);
    case 3:
      w.stubborn.insert(id);
      return;
    case 4:
      return w.advance(std::chrono::milliseconds{below(8000)});
    case 5:
      w.terminate(id);
      return;
    case 6:
      w.restart(id);
      return;
    case 7:
      w.remove(id);
      return;
    case 8:
      if (w.core.simple())
        w.add_instance();
      else
        w.add(any_child(std::string(1, static_cast<char>('a' + below(8)))));
      return;
    default:
      if (w.alive.count(key) > 0)
        w.end(id, static_cast<end_kind>(below(3)));
    }
  }

  /// Only where a restart is reported at the time at which it is counted.
  void check_window(world& w) {
    const bool exact = (policy_.strategy == strategy::one_for_one
                        || policy_.strategy == strategy::simple_one_for_one)
                       && policy_.backoff.first == 0ns && !may_be_slow_;
    for (; seen_ < w.reports.size(); ++seen_)
      if (w.reports[seen_].kind == event_kind::restarted)
        restarts_.push_back(w.now);
    const auto within =
        std::count_if(restarts_.begin(), restarts_.end(), [&](time_point when) {
          return when >= w.now - policy_.period;
        });
    if (exact)
      CHECK(within <= policy_.intensity);
  }

  std::mt19937_64 random_;
  supervisor_policy policy_;
  const bool may_be_slow_ = below(2) == 0;
  std::size_t seen_ = 0;
  std::vector<time_point> restarts_;
};

} // namespace

TEST_CASE("no order of events breaks the supervisor's promises") {
  const char* given = std::getenv("WEFT_TEST_SEED");
  const std::uint64_t first =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  const int count = given ? 1 : 500;
  for (int i = 0; i < count; ++i) {
    const auto seed = first + static_cast<std::uint64_t>(i);
    INFO("replay: WEFT_TEST_SEED=", seed);
    chaos{seed}.run();
  }
  MESSAGE("seeds from ", first);
}

TEST_CASE("children stop in the reverse order of their start") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random{seed};
    world w{with(static_cast<strategy>(random() % 3), 50), {}};
    std::string expected;
    for (char id = 'a'; id < static_cast<char>('b' + random() % 20); ++id) {
      CHECK(w.add(child(std::string(1, id))) == "ok");
      expected = "-" + std::string(1, id) + expected;
    }
    if (w.core.size() > 0)
      w.end(std::string(1, static_cast<char>('a' + random() % w.core.size())));
    w.news();
    w.shut_down();
    CHECK(w.news() == expected);
  }
}

} // namespace weft::supervision::test
