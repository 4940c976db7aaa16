#include "runtime/module/name_waiter.hpp"

#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

namespace weft::modules {

namespace {

using waiter_shell = extended_actor<name_waiter, void(stop_atom)>;

struct waiter_state {
  static inline const char* name = "weft.name_waiter";

  // As an aggregate, CAF would try to make it from its self pointer.
  waiter_state() = default;

  actors::registry_actor registry;
  std::string wanted;
  std::chrono::nanoseconds timeout;
  caf::strong_actor_ptr predecessor;
  caf::typed_response_promise<caf::strong_actor_ptr> answer;
};

using waiter_pointer = waiter_shell::stateful_pointer<waiter_state>;

void give_up(waiter_pointer self, failure why) {
  auto& waiter = state(self);
  if (waiter.answer.pending())
    waiter.answer.deliver(to_caf(why));
  self->quit();
}

caf::result<caf::strong_actor_ptr> begin(waiter_pointer self) {
  auto& waiter = state(self);
  if (waiter.answer.pending())
    return to_caf({errc::already_exists, "it is waiting already"});
  if (!waiter.registry)
    return to_caf({errc::unavailable, "the registry cannot be reached"});
  waiter.answer = self->make_response_promise<caf::strong_actor_ptr>();
  delayed_send(self, waiter_shell{self}, waiter.timeout, stop_atom_v);
  request(self, waiter.registry, waiter.timeout,
          actors::watch_names{waiter.wanted,
                              caf::actor_cast<caf::strong_actor_ptr>(self),
                              true})
      .then([](std::uint64_t) {},
            [self](caf::error& why) { give_up(self, from_caf(why)); });
  return waiter.answer;
}

waiter_shell::behavior_type
wait(waiter_pointer self, actors::registry_actor registry, std::string wanted,
     std::chrono::nanoseconds timeout, caf::strong_actor_ptr predecessor) {
  auto& waiter = state(self);
  waiter.registry = std::move(registry);
  waiter.wanted = std::move(wanted);
  waiter.timeout = timeout;
  waiter.predecessor = std::move(predecessor);
  return {
      [self](start_atom) { return begin(self); },
      [self](const actors::name_event& event) {
        auto& own = state(self);
        const auto& sender = self->current_sender();
        if (!sender
            || sender != caf::actor_cast<caf::strong_actor_ptr>(own.registry))
          return;
        if (!event.added || event.what.name != own.wanted
            || event.what.actor == own.predecessor || !own.answer.pending())
          return;
        own.answer.deliver(event.what.actor);
        self->quit();
      },
      [self](stop_atom) {
        give_up(self, {errc::timed_out,
                       fmt::format("no actor took this name within {}",
                                   format_duration(state(self).timeout))});
      },
  };
}

} // namespace

name_waiter spawn_name_waiter(caf::actor_system& system,
                              actors::registry_actor registry, std::string name,
                              std::chrono::nanoseconds timeout,
                              caf::strong_actor_ptr predecessor) {
  // Hidden: its pending timer must not delay the end of the system.
  return system.spawn<caf::hidden>(wait, std::move(registry), std::move(name),
                                   timeout, std::move(predecessor));
}

} // namespace weft::modules
