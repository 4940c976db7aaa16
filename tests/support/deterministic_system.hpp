#pragma once

#include "runtime/caf/compat.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/system_config.hpp"
#include "runtime/caf/type_ids.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft::test {

/// The configuration of a deterministic system with further message types.
template <class... Blocks>
struct deterministic_config : system_config {
  deterministic_config() : system_config{options()} {
    add_types<Blocks...>(*this);
  }

  static system_options options() {
    system_options result;
    result.deterministic = true;
    return result;
  }
};

/// An actor system that runs only when told to, on a virtual clock: no thread,
/// no sleep, the same order each time. A doctest fixture; `Blocks` are the ID
/// blocks of the message types that the test needs.
template <class... Blocks>
class deterministic_system_with {
public:
  deterministic_system_with() {
    // Time zero means "never" in places of CAF.
    scheduler.clock().current_time += std::chrono::hours{1};
  }

  ~deterministic_system_with() { scheduler.run(); }

  /// Runs until no actor has a message left; timers stay where they are.
  void drain() {
    while (scheduler.try_run_once()) {
    }
  }

  /// Moves the clock, fires what is due, and drains.
  void advance(std::chrono::nanoseconds by) {
    scheduler.advance_time(
        std::chrono::duration_cast<caf::actor_clock::duration_type>(by));
    drain();
  }

  /// Sends a request and drains; the reply, or why there is none.
  template <class Reply, class Handle, class... Ts>
  result<Reply> ask(const Handle& to, Ts&&... content) {
    auto pending =
        self->request(to, caf::infinite, std::forward<Ts>(content)...);
    drain();
    result<Reply> answer = fail(errc::internal, "no reply yet");
    pending.receive(
        [&](Reply& value) { answer = std::move(value); },
        [&](caf::error& error) { answer = tl::unexpected(from_caf(error)); });
    return answer;
  }

  deterministic_config<Blocks...> config;
  caf::actor_system system{config};
  caf::scoped_actor self{system, true};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
};

using deterministic_system = deterministic_system_with<>;

/// `value` after a trip through CAF's wire format.
template <class T>
T over_the_wire(caf::actor_system& system, T value) {
  std::vector<char> buffer;
  caf::binary_serializer sink{system, buffer};
  if (auto error = sink(value))
    throw std::runtime_error(system.render(error));
  caf::binary_deserializer source{system, buffer};
  T copy{};
  if (auto error = source(copy))
    throw std::runtime_error(system.render(error));
  return copy;
}

} // namespace weft::test
