#pragma once

#include "runtime/base/timer_wheel.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/atom.hpp>
#include <caf/group.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace weft {

/// The time-outs and the delayed messages of all actors of a system. Who sets
/// or cancels one does it in its own thread; the thread of the timers is woken
/// only for one that is due before all others.
///
/// CAF's own clock hands each of these steps through a queue of 64 to another
/// thread and blocks the actor while it is full.
///
/// Thread-safe. Cost: O(1), of an actor's end O(its timers).
class actor_timers : public caf::actor_clock {
public:
  actor_timers() = default;
  /// As `stop`.
  ~actor_timers() override;

  /// Starts the thread; once.
  void start();
  /// Ends the thread, drops what was not due, and what comes after.
  void stop();

  /// How many are not due yet.
  std::size_t size() const;

  void set_ordinary_timeout(time_point when, caf::abstract_actor* self,
                            caf::atom_value type, std::uint64_t id) override;
  void set_multi_timeout(time_point when, caf::abstract_actor* self,
                         caf::atom_value type, std::uint64_t id) override;
  void set_request_timeout(time_point when, caf::abstract_actor* self,
                           caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self,
                               caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self,
                              caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point when, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point when, caf::group target,
                        caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

private:
  /// A time-out that an actor set for itself.
  struct own_timeout {
    caf::atom_value type;
    std::uint64_t id;
  };
  struct request_timeout {
    caf::message_id id;
  };
  struct actor_message {
    caf::mailbox_element_ptr content;
  };
  struct group_message {
    caf::group target;
    caf::message content;
  };

  /// What happens when it is due. Holds references to actors, which may end
  /// with it and then cancel timers: never dropped while the mutex is held.
  struct event {
    /// The receiver; of a group's message the sender.
    caf::strong_actor_ptr actor;
    std::variant<std::monostate, own_timeout, request_timeout, actor_message,
                 group_message>
        what;
  };

  enum class kind : std::uint8_t { unnamed, ordinary, request };

  /// Names a timer; `actor` is 0 when it stays although the actor ends.
  struct key {
    caf::actor_id actor = caf::invalid_actor_id;
    kind what = kind::unnamed;
    std::uint64_t number = 0;

    friend bool operator==(const key&, const key&) = default;
  };
  struct key_hash {
    std::size_t operator()(const key& of) const noexcept;
  };

  /// When it is due, and which was set first.
  struct turn {
    time_point when;
    std::uint64_t number = 0;

    friend auto operator<=>(const turn&, const turn&) = default;
  };

  /// One timer, in a list with the others of its actor.
  struct entry {
    key name;
    turn comes;
    event what;
    timer_wheel::timer timer = timer_wheel::no_timer;
    entry* previous = nullptr;
    entry* next = nullptr;
  };

  void add(time_point when, key name, event what);
  void cancel(const key& name);
  event take_out(entry* which);
  event remove(entry& which);
  void link(entry& fresh);
  void unlink(entry& gone);
  void run();
  void collect_due(time_point until, std::vector<std::pair<turn, event>>& due);
  static void deliver(event& due);

  mutable std::mutex mutex_;
  std::condition_variable earlier_;
  std::pmr::unsynchronized_pool_resource memory_;
  timer_wheel wheel_;
  std::pmr::unordered_map<key, entry, key_hash> entries_{&memory_};
  std::pmr::unordered_map<caf::actor_id, entry*> newest_{&memory_};
  /// How many were set.
  std::uint64_t numbers_ = 0;
  /// When the thread looks again; nothing: when it is told.
  std::optional<time_point> looks_at_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace weft
