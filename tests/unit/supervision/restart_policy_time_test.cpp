#include "runtime/base/text.hpp"
#include "tests/unit/supervision/core_world.hpp"

#include <limits>

/// What the core does beyond OTP: back-off, starts that take time, children
/// that do not end.
namespace weft::supervision::test {

namespace {

std::vector<child_policy> two() {
  return {child("a"), child("b")};
}

supervisor_policy patient(strategy how) {
  auto policy = with(how, 100);
  policy.backoff = {.first = 100ms, .max = 1s, .factor = 2, .jitter = 0};
  return policy;
}

} // namespace

TEST_CASE("each restart in a row waits longer, up to the maximum") {
  world w{patient(strategy::one_for_one), two()};
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    const auto crashed = w.now;
    w.end("a");
    CHECK(w.state("a") == "restarting");
    REQUIRE(w.core.next_deadline());
    CHECK(*w.core.next_deadline() - crashed == expected);
    w.advance_to_deadline();
    CHECK(w.state("a") == "running");
  }
}

TEST_CASE("a child that stayed up for the period waits the first delay again") {
  world w{patient(strategy::one_for_one), two()};
  w.end("a");
  w.advance_to_deadline();
  w.end("a");
  w.advance_to_deadline();
  w.advance(5s);
  w.end("a");
  CHECK(*w.core.next_deadline() - w.now == 100ms);
}

TEST_CASE("jitter only shortens, by its share at most, and follows the seed") {
  const backoff_policy policy{
      .first = 100ms, .max = 10s, .factor = 2, .jitter = 0.5};
  std::mt19937_64 one{7}, same{7}, other{8};
  bool differs = false;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const auto full =
        std::min<duration>(100ms * (1ll << std::min(i, 20u)), 10s);
    const auto delay = backoff_delay(policy, i, one);
    CHECK(delay <= full);
    CHECK(delay >= full / 2);
    CHECK(delay == backoff_delay(policy, i, same));
    differs = differs || delay != backoff_delay(policy, i, other);
  }
  CHECK(differs);
  CHECK(backoff_delay(policy, std::numeric_limits<std::uint32_t>::max(), one)
        <= 10s);
}

TEST_CASE("a group stops at once and starts after the back-off") {
  world w{patient(strategy::one_for_all), two()};
  w.news();
  w.end("b");
  CHECK(w.news() == "*b-a");
  CHECK(w.state("a") == "stopped");
  CHECK(w.state("b") == "restarting");
  w.advance(99ms);
  CHECK(w.news() == "");
  w.advance(1ms);
  CHECK(w.news() == "+a+b");
}

TEST_CASE("children start one after the other, however long each takes") {
  auto policy = with(strategy::one_for_one);
  world w{policy, {}};
  restart_policy_core core{"n2/hello", policy, 1};
  REQUIRE(core.start_up(two(), w.now));
  const auto starts = [&] {
    std::string result;
    while (auto next = core.next_effect())
      if (auto* start = std::get_if<effect::start>(&*next))
        result += std::to_string(start->child);
    return result;
  };
  CHECK(starts() == "1");
  core.started(1, 1, w.now + 1s);
  CHECK(starts() == "2");
  core.started(2, 1, w.now + 2s);
  CHECK(starts() == "");
}

TEST_CASE("while one child starts, others are restarted and commands served") {
  world w{with(strategy::one_for_one, 9), two()};
  w.slow = {"b"};
  w.end("b");
  CHECK(w.state("b") == "starting");
  w.news();
  w.end("a");
  CHECK(w.add(child("c")) == "ok");
  CHECK(w.news() == "*a+a+c");
  CHECK(w.restart("b") == "no answer yet");
  w.report_start("b");
  CHECK(w.replies.at(w.last_ticket).find("runs; terminate it first")
        != std::string::npos);
}

TEST_CASE("an end during a group restart waits for its turn") {
  world w{with(strategy::one_for_all, 9), two()};
  w.slow = {"b"};
  w.end("b");
  w.news();
  w.end("a");
  CHECK(w.add(child("c")) == "no answer yet");
  CHECK(w.news() == "*a");
  w.slow.clear();
  w.report_start("b");
  CHECK(w.news() == "+b-b+a+b+c");
  CHECK(w.replies.at(w.last_ticket) == "ok");
}

TEST_CASE("commands beyond the limit are refused while others wait") {
  auto policy = with(strategy::one_for_all, 9);
  policy.deferred_max = 2;
  world w{policy, two()};
  w.slow = {"b"};
  w.end("b");
  CHECK(w.terminate("a") == "no answer yet");
  CHECK(w.terminate("a") == "no answer yet");
  CHECK(w.terminate("a")
        == "exhausted: supervisor n2/hello is busy and 2 commands wait "
           "already; try again later");
  w.report_start("b");
  CHECK(w.replies.size() == 3);
}

TEST_CASE("a start that is not reported in time has failed") {
  world w{with(strategy::one_for_one, 9), two()};
  w.slow = {"b"};
  w.end("b");
  const auto late = w.pending.begin()->second;
  const auto key = w.pending.begin()->first;
  w.slow.clear();
  w.news();
  w.advance(30s);
  CHECK(w.reports.at(w.reports.size() - 2).reason
        == "its start was not reported within 30s");
  CHECK(w.news() == "+b");
  CHECK(w.core.started(key, late, w.now)
        == restart_policy_core::verdict::unwanted);
}

TEST_CASE("a start that is reported twice is taken once") {
  world w{with(strategy::one_for_one), two()};
  CHECK(w.core.started(1, w.alive.at(1), w.now)
        == restart_policy_core::verdict::repeated);
  CHECK(w.core.started(99, 1, w.now) == restart_policy_core::verdict::unwanted);
}

TEST_CASE("a child that ignores shutdown is killed after its time") {
  auto slow_to_end = child("a");
  slow_to_end.shutdown = shutdown_policy::within(2s);
  world w{with(strategy::one_for_one), {slow_to_end, child("b")}};
  w.stubborn = {"a"};
  w.news();
  w.shut_down();
  CHECK(w.news() == "-b");
  w.advance(1999ms);
  CHECK(w.news() == "");
  w.advance(1ms);
  CHECK(w.news() == "-a");
  CHECK(w.finished);
}

TEST_CASE("a child that cannot be killed is abandoned and fenced") {
  for (const auto brutal : {false, true}) {
    auto dead = child("a");
    dead.shutdown =
        brutal ? shutdown_policy::brutal_kill() : shutdown_policy::within(2s);
    world w{with(strategy::one_for_one), {dead, child("b")}};
    w.stuck = {"a"};
    const auto key = *w.core.find("a");
    const auto which = w.alive.at(key);
    w.news();
    CHECK(w.terminate("a") == "no answer yet");
    if (!brutal)
      w.advance(2s);
    w.advance(999ms);
    CHECK(w.news() == "");
    w.advance(1ms);
    CHECK(w.news() == "#a");
    CHECK(w.replies.at(w.last_ticket) == "ok, ran");
    CHECK(w.reports.back().reason
          == "it did not end within 1s after it was killed");
    CHECK(w.restart("a") == "ok");
    w.core.ended(key, which, end_kind::abnormal, "late", w.now);
    w.run();
    CHECK(w.state("a") == "running");
  }
}

TEST_CASE("a child without limit of its shutdown time is waited for") {
  auto supervisor = child("a");
  supervisor.shutdown = shutdown_policy::infinity();
  world w{with(strategy::one_for_one), {supervisor}};
  w.stubborn = {"a"};
  w.shut_down();
  w.advance(100h);
  CHECK_FALSE(w.finished);
  w.end("a", end_kind::shutdown);
  CHECK(w.finished);
}

TEST_CASE("a shutdown does not wait for starts longer than for stops") {
  auto brutal = child("b");
  brutal.shutdown = shutdown_policy::brutal_kill();
  world w{with(strategy::one_for_one, 9), {child("a"), brutal}};
  w.slow = {"a", "b"};
  w.end("a");
  w.end("b");
  w.shut_down();
  CHECK(w.state("b") == "stopped");
  CHECK_FALSE(w.finished);
  w.advance(5s);
  CHECK(w.finished);
  CHECK(w.core.started(1, 2, w.now) == restart_policy_core::verdict::unwanted);
}

TEST_CASE("a start that is reported during the shutdown is stopped in turn") {
  world w{with(strategy::one_for_one, 9), two()};
  w.slow = {"a"};
  w.end("a");
  w.shut_down();
  w.news();
  w.report_start("a");
  CHECK(w.news() == "+a-a");
  CHECK(w.finished);
}

TEST_CASE("a supervisor that is stopped while it starts has time without limit "
          "once its start is reported") {
  auto supervisor = child("a");
  supervisor.shutdown = shutdown_policy::infinity();
  world w{with(strategy::one_for_one, 9), {supervisor}};
  w.slow = {"a"};
  w.stubborn = {"a"};
  w.end("a");
  w.shut_down();
  w.advance(29s);
  w.report_start("a");
  w.advance(1h);
  CHECK_FALSE(w.finished);
  w.end("a", end_kind::shutdown);
  CHECK(w.finished);
}

TEST_CASE("a start that is reported while a later child still stops does not "
          "change the order of the shutdown") {
  for (const auto fails : {0, 1}) {
    world w{with(strategy::one_for_all, 9),
            {child("a"), child("b"), child("c"), child("d")}};
    w.stubborn = {"d"};
    w.slow = {"b"};
    w.end("c");
    w.advance(5s);
    CHECK(w.state("b") == "starting");
    w.slow.clear();
    w.failing["b"] = fails;
    CHECK(w.add(child("x")) == "no answer yet");
    w.news();
    w.shut_down();
    w.report_start("b");
    CHECK(w.news() == (fails ? "!b-a" : "+b-b-a"));
    CHECK(w.finished);
  }
  // The same while the shutdown waits for a child that comes after it.
  for (const auto fails : {0, 1}) {
    world w{with(strategy::one_for_one, 9), {child("a"), child("b")}};
    w.stubborn = {"b"};
    w.slow = {"a"};
    w.end("a");
    w.failing["a"] = fails;
    w.news();
    w.shut_down();
    w.report_start("a");
    CHECK(w.news() == (fails ? "!a" : "+a"));
    CHECK_FALSE(w.finished);
    w.advance(5s);
    CHECK(w.news() == (fails ? "-b" : "-b-a"));
    CHECK(w.finished);
  }
}

TEST_CASE("a shutdown calls off a group restart and all that waits") {
  world w{with(strategy::one_for_all, 9),
          {child("a"), child("b"), child("t", restart_kind::temporary)}};
  w.slow = {"b"};
  w.end("b");
  const auto asked = w.add(child("c"));
  CHECK(asked == "no answer yet");
  w.news();
  w.shut_down();
  CHECK(w.replies.at(w.last_ticket)
        == "cancelled: supervisor n2/hello is stopping");
  w.slow.clear();
  w.report_start("b");
  CHECK(w.news() == "+b-b-a");
  CHECK(w.finished);
  CHECK(w.add(child("d")) == "cancelled: supervisor n2/hello is stopping");
}

TEST_CASE("terminating a child that starts answers both who asked") {
  world w{with(strategy::one_for_one), {}};
  w.slow = {"a"};
  CHECK(w.add(child("a")) == "no answer yet");
  const auto added = w.last_ticket;
  CHECK(w.terminate("a") == "no answer yet");
  CHECK(w.replies.at(added)
        == "cancelled: n2/hello/a was stopped before its start was reported");
  w.report_start("a");
  CHECK(w.replies.at(w.last_ticket) == "ok, ran");
  CHECK(w.state("a") == "stopped");
}

} // namespace weft::supervision::test
