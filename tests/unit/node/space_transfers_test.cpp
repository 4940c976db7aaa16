#include "runtime/node/gateway.hpp"
#include "runtime/node/space_command.hpp"
#include "runtime/node/space_transfers.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <deque>
#include <future>
#include <optional>
#include <thread>

using namespace std::chrono_literals;

namespace weft {

namespace {

using nlohmann::json;

using answers = std::vector<result<json>>;

/// A gateway whose transfers end when the test says so.
struct transfers_fixture : test::deterministic_system {
  ~transfers_fixture() {
    const auto begun = ends.size();
    ends.clear();
    drain_until([&] { return ended == begun; });
    actors.stop();
    drain();
  }

  /// Threads of transfers end in their own time.
  template <class Condition>
  void drain_until(Condition holds) {
    while (!holds()) {
      drain();
      std::this_thread::yield();
    }
    drain();
  }

  static space_transfers::answer into(answers& all) {
    return [&all](result<json> answer) { all.push_back(std::move(answer)); };
  }

  void begin() {
    auto& end = ends.emplace_back(std::in_place);
    const auto work = [this, until = end->get_future().share()] {
      until.wait();
      ++ended;
      return result<json>{json{{"ok", true}, {"tuples", 7}}};
    };
    actors.run(
        [=, this](auto* here) { transfers->begin(here, work, into(got)); });
    drain();
  }

  void await(std::uint64_t which, answers& all) {
    actors.run([=, this, &all](auto* here) {
      transfers->await(here, which, into(all));
    });
    drain();
  }

  gateway actors{system};
  std::shared_ptr<space_transfers> transfers =
      std::make_shared<space_transfers>();
  /// A transfer ends when its promise does.
  std::deque<std::optional<std::promise<void>>> ends;
  std::atomic<std::size_t> ended{0};
  answers got;
  answers other;
};

} // namespace

TEST_CASE_FIXTURE(transfers_fixture, "a long transfer is asked for again") {
  begin();
  CHECK(got.empty());
  advance(space_wait_max);
  REQUIRE(got.size() == 1);
  CHECK(got[0].value() == json{{"ok", true}, {"transfer", 1}});
  await(1, got);
  await(1, other);
  CHECK(other.at(0).error().code == errc::already_exists);
  ends[0].reset();
  drain_until([&] { return got.size() == 2; });
  CHECK(got[1].value() == json{{"ok", true}, {"tuples", 7}});
  await(1, other);
  CHECK(other.at(1).error().code == errc::not_found);
}

TEST_CASE_FIXTURE(transfers_fixture, "an outcome is kept for a while") {
  begin();
  advance(space_wait_max);
  ends[0].reset();
  drain_until([&] { return ended == 1; });
  await(1, other);
  drain_until([&] { return other.size() == 1; });
  CHECK(other[0].value()["tuples"] == 7);
}

TEST_CASE_FIXTURE(transfers_fixture, "too many transfers are refused") {
  for (std::size_t i = 0; i < space_transfers::transfers_max; ++i)
    begin();
  CHECK(got.empty());
  begin();
  REQUIRE(got.size() == 1);
  CHECK(got[0].error().code == errc::exhausted);
  // It did not begin.
  ++ended;
}

} // namespace weft
