#pragma once

#include "runtime/base/idle_workers.hpp"
#include "runtime/caf/actor_timers.hpp"
#include "runtime/caf/run_queue.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace weft {

/// The threads that run actors, in place of CAF's schedulers.
///
/// A worker has a queue of its own. An actor that the running one has made
/// ready comes next on the same worker, whose caches hold its message; other
/// workers may take it when the running actor takes its time. A worker without
/// work takes half of another's, looks around for some microseconds and then
/// sleeps. Every actor gets its turn: a chain of actors that wake each other
/// passes on after some turns, and what came from other threads is looked at
/// regularly.
///
/// CAF's sharing scheduler has one queue under one lock, and wakes a thread for
/// each message to an idle actor; its stealing one lets a busy pair of actors
/// starve all others and wakes up all the time to look for work.
class scheduler : public caf::scheduler::abstract_coordinator {
public:
  explicit scheduler(caf::actor_system& system);
  ~scheduler() override;

  void enqueue(caf::resumable* job) override;

  /// A turn of an actor on the calling thread, see `guest_turn`. The scheduler
  /// does not stop before it has ended.
  void run_guest(caf::resumable* job);

  actor_timers& clock() noexcept override { return timers_; }

  void init(caf::actor_system_config& config) override;

protected:
  void start() override;
  void stop() override;

private:
  class worker;
  class guest_unit;

  bool anything_to_do() const;
  void drop_what_is_left();

  actor_timers timers_;
  /// What other threads have made ready.
  run_queue arrivals_;
  std::atomic<bool> stopping_ = false;
  /// Turns of actors on threads of others.
  std::atomic<std::uint32_t> guests_ = 0;
  std::unique_ptr<idle_workers> idle_;
  std::vector<std::unique_ptr<worker>> workers_;
  /// Of all guests: actors keep a pointer to it after their turn.
  std::unique_ptr<guest_unit> guest_unit_;
};

} // namespace weft
