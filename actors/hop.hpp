#pragma once

#include "runtime/caf/compat.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace weft::actors {

/// Work that an actor does when its turn comes: the way back into an actor
/// from a callback that another thread runs, and the actor's own timer. Never
/// leaves the process. Every actor that understands it has the clause
/// `void(hop)`, which calls `run`.
struct hop {
  std::function<void()> run;
};

} // namespace weft::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::actors::hop)

namespace weft::actors {

using hopping_actor = typed_actor<void(hop)>;

/// A function that runs `work` with its arguments in the actor `self`, from
/// whatever thread it is called; without effect once the actor has ended. It
/// holds no reference that would keep the actor alive.
template <class Self, class Work>
auto back_in(Self* self, Work work) {
  auto here = caf::actor_cast<caf::weak_actor_ptr>(self);
  return [here, work = std::move(work)](auto... arguments) {
    auto target = here.lock();
    if (!target)
      return;
    post(caf::actor_cast<hopping_actor>(target),
         hop{[work, ... held = std::move(arguments)]() mutable {
           work(std::move(held)...);
         }});
  };
}

/// Runs `work` in the actor `self` after `delay` of its clock.
template <class Self, class Work>
void run_after(Self* self, std::chrono::nanoseconds delay, Work work) {
  delayed_send(self, caf::actor_cast<hopping_actor>(self), delay,
               hop{std::move(work)});
}

/// Now, on the clock that `run_after` counts on.
template <class Self>
std::chrono::nanoseconds steady_now(Self* self) {
  return self->clock().now().time_since_epoch();
}

/// One timer of an actor, which is due at the earliest time that was asked
/// for and not yet reached. A member of the actor's state.
class alarm {
public:
  /// Runs `work` in the actor `self` at `due` of its clock, or at once when
  /// that is past; does nothing while the alarm is set to an earlier time.
  template <class Self, class Work>
  void set(Self* self, std::chrono::nanoseconds due, Work work) {
    if (due_ && *due_ <= due)
      return;
    due_ = due;
    const auto delay = due - steady_now(self);
    run_after(self, std::max(delay, std::chrono::nanoseconds{0}),
              [this, due, work] {
                if (due_ == due)
                  due_.reset();
                work();
              });
  }

private:
  std::optional<std::chrono::nanoseconds> due_;
};

} // namespace weft::actors
