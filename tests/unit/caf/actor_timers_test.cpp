#include "runtime/caf/actor_timers.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/scheduler.hpp"
#include "runtime/caf/system_config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

namespace weft {

namespace {

using number_actor = typed_actor<int(int)>;

number_actor::behavior_type doubling(number_actor::pointer) {
  return {[](int number) { return 2 * number; }};
}

/// Never answers.
number_actor::behavior_type silent(number_actor::pointer self) {
  return {[self](int) -> caf::result<int> {
    return self->make_response_promise<int>();
  }};
}

actor_timers& timers_of(caf::actor_system& system) {
  return dynamic_cast<scheduler&>(system.scheduler()).clock();
}

/// Asks `left` times, one after the other.
void ask_on(caf::event_based_actor* self, const number_actor& whom, int left,
            std::promise<std::size_t>& done) {
  if (left == 0)
    return done.set_value(timers_of(self->system()).size());
  request(self, whom, 1h, left)
      .then([=, &done](int) { ask_on(self, whom, left - 1, done); },
            [](const caf::error& error) { FAIL(from_caf(error).message); });
}

} // namespace

TEST_CASE("a request that is answered leaves no timer") {
  system_config config;
  caf::actor_system system{config};
  auto whom = system.spawn(doubling);
  std::promise<std::size_t> left;
  system.spawn(
      [&](caf::event_based_actor* self) { ask_on(self, whom, 1000, left); });
  CHECK(left.get_future().get() == 0);
}

TEST_CASE("a request that is not answered fails when its time is up") {
  system_config config;
  caf::actor_system system{config};
  auto whom = system.spawn(silent);
  std::promise<failure> got;
  const auto begun = std::chrono::steady_clock::now();
  system.spawn([&](caf::event_based_actor* self) {
    request(self, whom, 5ms, 1)
        .then([](int) {},
              [&](const caf::error& error) { got.set_value(from_caf(error)); });
  });
  CHECK(got.get_future().get().code == errc::timed_out);
  CHECK(std::chrono::steady_clock::now() - begun >= 5ms);
  caf::anon_send_exit(whom, caf::exit_reason::kill);
}

TEST_CASE("of messages that are delayed alike the first sent comes first") {
  system_config config;
  caf::actor_system system{config};
  std::vector<int> seen;
  std::promise<void> done;
  system.spawn([&](caf::event_based_actor* self) {
    for (int number = 0; number < 500; ++number)
      delayed_send(self, self, 10ms, number);
    return caf::behavior{[&, self](int number) {
      seen.push_back(number);
      if (number == 499) {
        done.set_value();
        self->quit();
      }
    }};
  });
  done.get_future().get();
  REQUIRE(seen.size() == 500);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("delayed messages come in the order of their times") {
  system_config config;
  caf::actor_system system{config};
  std::vector<int> seen;
  std::promise<void> done;
  auto receiver = system.spawn([&](caf::event_based_actor* self) {
    // The last is set first, so that the thread must be woken for the others.
    for (const int delay : {9, 6, 3})
      delayed_send(self, self, std::chrono::milliseconds{delay}, delay);
    return caf::behavior{[&, self](int delay) {
      seen.push_back(delay);
      if (delay == 9) {
        done.set_value();
        self->quit();
      }
    }};
  });
  done.get_future().get();
  CHECK(seen == std::vector{3, 6, 9});
}

TEST_CASE("the end of an actor drops its time-outs and not its messages") {
  system_config config;
  caf::actor_system system{config};
  auto whom = system.spawn(silent);
  auto client = system.spawn([&](caf::event_based_actor* self) {
    for (int count = 0; count < 100; ++count)
      request(self, whom, 1h, count).then([](int) {}, [](const caf::error&) {});
    delayed_send(self, whom, 1h, 1);
    return caf::behavior{[](int) {}};
  });
  caf::scoped_actor self{system};
  self->send_exit(client, caf::exit_reason::kill);
  self->wait_for(client);
  // The last step of an actor's end comes after those who wait for it know.
  while (timers_of(system).size() > 1)
    std::this_thread::yield();
  CHECK(timers_of(system).size() == 1);
  self->send_exit(whom, caf::exit_reason::kill);
}

} // namespace weft
