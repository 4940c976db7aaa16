#include "actors/registry/followed_registry.hpp"
#include "actors/registry/service_keeper_actor.hpp"
#include "actors/registry/service_keeper_core.hpp"
#include "runtime/caf/error.hpp"

#include <utility>

namespace weft::actors {

namespace {

constexpr std::chrono::seconds heartbeat_timeout{2};

struct service_keeper_state {
  static inline const char* name = "weft.service_keeper";

  service_offer offer;
  followed_registry registry;
  std::optional<service_keeper_core> core;
  monitors ends;
  alarm wake;
};

using service_keeper_pointer =
    service_keeper_actor::stateful_pointer<service_keeper_state>;

void keep_going(service_keeper_pointer self);

void on_service_answer(service_keeper_pointer self, const result<void>& got) {
  auto& core = *state(self).core;
  const auto now = steady_now(self);
  if (got)
    core.succeeded(now);
  else if (got.error().code == errc::not_found)
    core.unknown(now);
  else
    core.failed(now);
  keep_going(self);
}

template <class Message>
void ask_registry(service_keeper_pointer self, Message message) {
  request(self, state(self).registry.handle(), heartbeat_timeout,
          std::move(message))
      .then([self](const registration&) { on_service_answer(self, {}); },
            [self](const caf::error& why) {
              on_service_answer(self, tl::unexpected(from_caf(why)));
            });
}

/// Sends what is due, and sets the clock for what comes later.
void keep_going(service_keeper_pointer self) {
  auto& mine = state(self);
  if (const auto what = mine.core->take_due(steady_now(self))) {
    auto offered = mine.offer.what;
    if (!offered.actor)
      offered.actor = caf::actor_cast<caf::strong_actor_ptr>(self);
    if (!mine.registry.reach(self, mine.ends))
      mine.core->failed(steady_now(self));
    else if (*what == service_keeper_core::action::add)
      ask_registry(self, register_name{offered});
    else
      ask_registry(self, renew_service{offered.name, offered.actor,
                                       mine.offer.report ? mine.offer.report()
                                                         : service_report{}});
  }
  if (const auto due = mine.core->next_due())
    mine.wake.set(self, *due, [self] { keep_going(self); });
}

service_keeper_actor::behavior_type service_keeper(service_keeper_pointer self,
                                                   service_offer offer) {
  auto& mine = state(self);
  mine.offer = std::move(offer);
  mine.registry = {mine.offer.find_registry, [self] {
                     state(self).core->lost(steady_now(self));
                     keep_going(self);
                   }};
  if (const auto& actor = mine.offer.what.actor)
    mine.ends.watch(self, actor, [self](const caf::error&) { self->quit(); });
  service_keeper_core::options options;
  options.every = mine.offer.what.service.lease() / 4;
  mine.core.emplace(options, steady_now(self));
  keep_going(self);
  return {[](const hop& work) { work.run(); }};
}

} // namespace

service_keeper_actor spawn_service_keeper(caf::actor_system& system,
                                          service_offer offer) {
  return system.spawn(service_keeper, std::move(offer));
}

} // namespace weft::actors
