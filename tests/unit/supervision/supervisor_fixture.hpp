#pragma once

#include "runtime/supervision/supervisor_actor.hpp"
#include "runtime/supervision/type_ids.hpp"
#include "tests/support/deterministic_system.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft::supervision::test {

using namespace std::chrono_literals;

/// What a worker of these tests is told.
inline const std::string crash = "crash";
inline const std::string leave = "leave";

inline caf::behavior worker(caf::event_based_actor* self) {
  return {[self](const std::string& what) {
    if (what == crash)
      throw std::runtime_error("no fuel");
    self->quit();
  }};
}

/// Answers no exit message but a kill.
inline caf::behavior stubborn(caf::event_based_actor* self) {
  self->set_exit_handler([](caf::exit_msg&) {});
  return {[self](const std::string&) { self->quit(); }};
}

/// A supervisor on a system that runs only when told to. Logs "+a" when child
/// a is started and "-a" when its actor has ended.
struct supervised
    : weft::test::deterministic_system_with<caf::id_block::weft_supervision> {
  ~supervised() {
    if (top)
      caf::anon_send_exit(top, caf::exit_reason::kill);
    drain();
  }

  /// A worker that logs; starts that are to fail are in `failing`.
  child_spec child(const std::string& id,
                   restart_kind restart = restart_kind::permanent) {
    child_spec result;
    result.id = id;
    result.restart = restart;
    result.start = start_now([this, id](caf::event_based_actor& above) {
      if (failing[id] > 0) {
        --failing[id];
        throw std::runtime_error("no room");
      }
      return logged(id, above.spawn([](caf::event_based_actor* self) {
        explain_exceptions(self);
        return worker(self);
      }));
    });
    return result;
  }

  caf::strong_actor_ptr logged(const std::string& id, const caf::actor& actor) {
    log += "+" + id;
    alive[id] = actor;
    actor->attach_functor([this, id](const caf::error&) {
      log += "-" + id;
      alive.erase(id);
    });
    return caf::actor_cast<caf::strong_actor_ptr>(actor);
  }

  void begin(supervisor_options options) {
    options.observer = [this](const supervision_event& event) {
      events.push_back(event);
    };
    auto spawned = spawn_supervisor(system, std::move(options));
    REQUIRE(spawned);
    top = *spawned;
    top->attach_functor(
        [this](const caf::error& reason) { ended = describe_exit(reason); });
    drain();
  }

  supervisor_options options(strategy how, std::vector<child_spec> children,
                             std::uint32_t intensity = 3) {
    supervisor_options result;
    result.path = "n2/hello";
    result.policy.strategy = how;
    result.policy.intensity = intensity;
    result.children = std::move(children);
    return result;
  }

  void tell(const std::string& id, const std::string& what) {
    REQUIRE(alive.count(id) == 1);
    caf::anon_send(alive.at(id), what);
    drain();
  }

  /// The log since the last call.
  std::string news() { return std::exchange(log, {}); }

  local_supervisor_actor top;
  std::map<std::string, int> failing;
  std::map<std::string, caf::actor> alive;
  std::string log;
  std::string ended;
  std::vector<supervision_event> events;
};

} // namespace weft::supervision::test
