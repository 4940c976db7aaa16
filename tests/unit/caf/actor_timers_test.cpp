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

number_actor::behavior_type refusing(number_actor::pointer) {
  return {[](int) -> caf::result<int> {
    return to_caf({errc::unavailable, "not today"});
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

/// What waits for a time that does not come: a message and two time-outs.
void set_three(actor_timers& timers, const caf::actor& whom) {
  const auto later = timers.now() + 1h;
  const auto pointer = caf::actor_cast<caf::strong_actor_ptr>(whom);
  auto* const self = caf::actor_cast<caf::abstract_actor*>(whom);
  timers.schedule_message(
      later, pointer,
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, 1));
  timers.set_ordinary_timeout(later, self, caf::receive_atom_v, 1);
  timers.set_request_timeout(later, self, caf::make_message_id(7));
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

TEST_CASE("a request that fails leaves no timer, whoever handles the error") {
  system_config config;
  caf::actor_system system{config};
  auto whom = system.spawn(refusing);
  const auto left_after = [&](bool by_actor) {
    std::promise<std::size_t> left;
    system.spawn([&](caf::event_based_actor* self) {
      const auto count = [&left, self](caf::error&) {
        left.set_value(timers_of(self->system()).size());
      };
      self->set_error_handler(count);
      auto answer = request(self, whom, 1h, 1);
      if (by_actor)
        answer.then([](int) {});
      else
        answer.then([](int) {}, count);
    });
    return left.get_future().get();
  };
  CHECK(left_after(false) == 0);
  CHECK(left_after(true) == 0);
}

TEST_CASE("an error that no handler takes ends the actor with it") {
  system_config config;
  caf::actor_system system{config};
  auto whom = system.spawn(refusing);
  std::promise<failure> ended;
  auto client = system.spawn([&](caf::event_based_actor* self) {
    self->attach_functor(
        [&](const caf::error& why) { ended.set_value(from_caf(why)); });
    request(self, whom, 1h, 1).then([](int) {});
  });
  CHECK(ended.get_future().get() == failure{errc::unavailable, "not today"});
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

TEST_CASE("an actor's own time-out can be moved and cancelled by its type") {
  system_config config;
  caf::actor_system system{config};
  actor_timers timers;
  auto whom = system.spawn([] { return caf::behavior{[](int) {}}; });
  auto* const self = caf::actor_cast<caf::abstract_actor*>(whom);
  const auto later = timers.now() + 1h;
  timers.set_ordinary_timeout(later, self, caf::receive_atom_v, 1);
  timers.set_ordinary_timeout(later + 1h, self, caf::receive_atom_v, 2);
  CHECK(timers.size() == 1);
  timers.set_ordinary_timeout(later, self, caf::tick_atom_v, 3);
  CHECK(timers.size() == 2);
  timers.cancel_ordinary_timeout(self, caf::receive_atom_v);
  CHECK(timers.size() == 1);
  timers.cancel_ordinary_timeout(self, caf::receive_atom_v);
  CHECK(timers.size() == 1);
  timers.cancel_ordinary_timeout(self, caf::tick_atom_v);
  CHECK(timers.size() == 0);
}

TEST_CASE("timers that stop drop what is not due, and whom only that kept") {
  system_config config;
  caf::actor_system system{config};
  std::promise<void> ended;
  actor_timers timers;
  timers.start();
  {
    auto whom = system.spawn([&](caf::event_based_actor* self) {
      self->attach_functor([&](const caf::error&) { ended.set_value(); });
      return caf::behavior{[](int) { FAIL("it was not due"); }};
    });
    set_three(timers, whom);
  }
  CHECK(timers.size() == 3);
  timers.stop();
  CHECK(timers.size() == 0);
  ended.get_future().get();
  auto late = system.spawn([] { return caf::behavior{[](int) {}}; });
  set_three(timers, late);
  CHECK(timers.size() == 0);
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
