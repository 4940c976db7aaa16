#include "runtime/caf/compat.hpp"
#include "runtime/caf/guest_turn.hpp"
#include "runtime/caf/scheduler.hpp"
#include "runtime/caf/system_config.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace weft {

namespace {

system_options with_threads(std::uint32_t threads) {
  return {.threads = threads};
}

/// Actors in a ring, which pass tokens on until they are used up.
class token_ring {
public:
  token_ring(caf::actor_system& system, std::size_t size, int tokens)
      : left_{tokens} {
    for (std::size_t index = 0; index < size; ++index)
      actors_.push_back(system.spawn([this, index] {
        return caf::behavior{[this, index](int hops) { pass(index, hops); }};
      }));
  }

  ~token_ring() {
    for (auto& each : actors_)
      caf::anon_send_exit(each, caf::exit_reason::kill);
  }

  void put(std::size_t at, int hops) { post(actors_[at], hops); }

  void wait() { all_used_.get_future().get(); }

private:
  void pass(std::size_t from, int hops) {
    if (hops > 0)
      put((from + 1) % actors_.size(), hops - 1);
    else if (left_.fetch_sub(1) == 1)
      all_used_.set_value();
  }

  std::vector<caf::actor> actors_;
  std::atomic<int> left_;
  std::promise<void> all_used_;
};

using relay_actor = typed_actor<void(int)>;

struct relay_state {
  static inline const char* name = "relay";
  relay_actor next;
};

/// Sends each number on to `next`, less one, from within the actor.
relay_actor::behavior_type
relay(relay_actor::stateful_pointer<relay_state> self, relay_actor next) {
  state(self).next = std::move(next);
  return {[self](int number) {
    const auto& to = state(self).next;
    send(self, to ? to : relay_actor{self}, number);
  }};
}

struct counted_state {
  static inline const char* name = "counted";
  std::shared_ptr<void> held;
};

/// Never rests; `alive` is 1 as long as its state is there.
relay_actor::behavior_type
counted(relay_actor::stateful_pointer<counted_state> self,
        std::atomic<int>* alive) {
  state(self).held = {alive, [](std::atomic<int>* count) { *count = 0; }};
  *alive = 1;
  return {[self](int number) { send(self, relay_actor{self}, number); }};
}

} // namespace

TEST_CASE("what other threads send arrives, on any number of workers") {
  for (const std::uint32_t threads : {1U, 2U, 4U}) {
    system_config config{with_threads(threads)};
    caf::actor_system system{config};
    token_ring ring{system, 50, 4 * 500};
    std::vector<std::thread> senders;
    for (std::size_t sender = 0; sender < 4; ++sender)
      senders.emplace_back([&ring, sender] {
        for (std::size_t count = 0; count < 500; ++count)
          ring.put((sender * 13 + count) % 50, 40);
      });
    for (auto& each : senders)
      each.join();
    ring.wait();
  }
}

TEST_CASE("actors that keep each other busy leave room for others") {
  system_config config{with_threads(1)};
  caf::actor_system system{config};
  // Two pairs that never stop, and one that never stops alone.
  std::vector<relay_actor> busy;
  for (int pair = 0; pair < 2; ++pair) {
    auto there = system.spawn(relay, relay_actor{});
    busy.push_back(system.spawn(relay, there));
    busy.push_back(there);
  }
  for (auto& each : busy)
    post(each, 1);
  std::promise<void> got;
  auto other = system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&got, self](int) {
      got.set_value();
      self->quit();
    }};
  });
  post(other, 1);
  got.get_future().get();
  for (auto& each : busy)
    caf::anon_send_exit(each, caf::exit_reason::kill);
}

TEST_CASE("what other threads woke has its turn beside one that never rests") {
  auto options = with_threads(1);
  options.max_throughput = 10;
  system_config config{options};
  caf::actor_system system{config};
  std::atomic<bool> all_woken = false;
  std::atomic<int> left = 200;
  std::promise<int> turns;
  auto restless = system.spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int count) {
      while (!all_woken)
        std::this_thread::yield();
      if (left > 0)
        send(self, self, count + 1);
      else
        turns.set_value(count / 10);
    }};
  });
  post(restless, 0);
  std::vector<caf::actor> others;
  for (int other = 0; other < 200; ++other) {
    others.push_back(system.spawn(
        [&left] { return caf::behavior{[&left](int) { --left; }}; }));
    post(others.back(), 1);
  }
  all_woken = true;
  CHECK(turns.get_future().get() < 20);
  others.push_back(restless);
  for (auto& each : others)
    caf::anon_send_exit(each, caf::exit_reason::kill);
}

TEST_CASE("an actor behind one that takes its time runs on another worker") {
  system_config config{with_threads(2)};
  caf::actor_system system{config};
  std::atomic<bool> ran = false;
  auto quick = system.spawn(
      [&ran] { return caf::behavior{[&ran](int) { ran = true; }}; });
  std::promise<void> done;
  auto slow = system.spawn([&](caf::event_based_actor* self) {
    send(self, quick, 1);
    // Only another worker can end this.
    while (!ran)
      std::this_thread::yield();
    done.set_value();
  });
  done.get_future().get();
  caf::anon_send_exit(quick, caf::exit_reason::kill);
}

TEST_CASE("a thread that waits runs the first actor that it wakes itself") {
  system_config config{with_threads(1)};
  caf::actor_system system{config};
  std::thread::id first, second;
  std::promise<void> done;
  const auto other = system.spawn([&] {
    return caf::behavior{[&](int) {
      second = std::this_thread::get_id();
      done.set_value();
    }};
  });
  const auto woken = system.spawn([&, other](caf::event_based_actor* self) {
    return caf::behavior{[&, other, self](int number) {
      first = std::this_thread::get_id();
      send(self, other, number);
    }};
  });
  // Both are initialised, and idle.
  std::promise<void> settled;
  auto* waits = &settled;
  system.spawn([waits] { waits->set_value(); });
  settled.get_future().get();
  {
    guest_turn turn;
    post(woken, 1);
    turn.run();
    CHECK(first == std::this_thread::get_id());
  }
  done.get_future().get();
  CHECK(second != std::this_thread::get_id());
  caf::anon_send_exit(woken, caf::exit_reason::kill);
  caf::anon_send_exit(other, caf::exit_reason::kill);
}

TEST_CASE("what a waiting thread does not run itself runs all the same") {
  system_config config{with_threads(1)};
  caf::actor_system system{config};
  std::promise<int> got;
  const auto actor = system.spawn([&] {
    return caf::behavior{[&](int number) { got.set_value(number); }};
  });
  {
    guest_turn turn;
    post(actor, 7);
  }
  CHECK(got.get_future().get() == 7);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

TEST_CASE("a system that ends drops what is ready to run") {
  std::atomic<int> alive = 0;
  {
    system_config config{with_threads(2)};
    caf::actor_system system{config};
    system.await_actors_before_shutdown(false);
    for (int count = 0; count < 1000; ++count) {
      auto held = std::shared_ptr<int>(new int{++alive}, [&alive](int* gone) {
        delete gone;
        --alive;
      });
      auto each =
          system.spawn([held] { return caf::behavior{[held](int) {}}; });
      post(each, 1);
    }
  }
  CHECK(alive == 0);
}

TEST_CASE("a system that ends destroys the state of who is ready to run") {
  std::atomic<int> alive = 0;
  {
    system_config config{with_threads(2)};
    caf::actor_system system{config};
    system.await_actors_before_shutdown(false);
    // It sends to itself, and so is ready to run whenever the system ends.
    post(system.spawn(counted, &alive), 1);
    while (alive == 0)
      std::this_thread::yield();
  }
  CHECK(alive == 0);
}

} // namespace weft
