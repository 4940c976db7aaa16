#include "runtime/node/space_transfers.hpp"

#include "runtime/node/gateway.hpp"
#include "runtime/node/space_command.hpp"

#include <fmt/format.h>

namespace weft {

void space_transfers::begin(caf::event_based_actor* self, work what,
                            answer to) {
  if (running_ >= transfers_max)
    return to(fail(errc::exhausted,
                   fmt::format("{} transfers are under way already; wait for "
                               "one to end",
                               transfers_max)));
  ++running_;
  const auto number = ++last_;
  entries_[number];
  const auto run =
      [me = shared_from_this(), number, what = std::move(what),
       here = caf::actor_cast<caf::actor>(self)](caf::event_based_actor*) {
        auto outcome = what();
        const auto tell = [me, number, outcome](caf::event_based_actor* there) {
          me->finish(there, number, outcome);
        };
        post(here, gateway_task{tell});
      };
  self->system().spawn<caf::hidden + caf::detached>(run);
  await(self, number, std::move(to));
}

void space_transfers::await(caf::event_based_actor* self, std::uint64_t which,
                            answer to) {
  const auto found = entries_.find(which);
  if (found == entries_.end())
    return to(fail(errc::not_found,
                   fmt::format("there is no transfer {}; one that has ended "
                               "is forgotten after {} min",
                               which, outcome_kept.count())));
  auto& mine = found->second;
  if (mine.outcome) {
    to(std::move(*mine.outcome));
    entries_.erase(found);
    return;
  }
  if (mine.waiting)
    return to(fail(errc::already_exists,
                   fmt::format("another waits for transfer {}", which)));
  mine.waiting = std::move(to);
  const auto asked = ++mine.asked;
  const auto time_is_up = [me = shared_from_this(), which,
                           asked](caf::event_based_actor*) {
    me->answer_later(which, asked);
  };
  delayed_send(self, self, space_wait_max, gateway_task{time_is_up});
}

/// The time of a question is up.
void space_transfers::answer_later(std::uint64_t which, std::uint64_t asked) {
  const auto found = entries_.find(which);
  if (found == entries_.end() || found->second.asked != asked
      || !found->second.waiting)
    return;
  const auto to = std::exchange(found->second.waiting, nullptr);
  to(nlohmann::json{{"ok", true}, {"transfer", which}});
}

void space_transfers::finish(caf::event_based_actor* self, std::uint64_t which,
                             result<nlohmann::json> outcome) {
  --running_;
  const auto found = entries_.find(which);
  if (const auto to = std::exchange(found->second.waiting, nullptr)) {
    entries_.erase(found);
    return to(std::move(outcome));
  }
  found->second.outcome = std::move(outcome);
  const auto forget = [me = shared_from_this(),
                       which](caf::event_based_actor*) {
    me->entries_.erase(which);
  };
  delayed_send(self, self, outcome_kept, gateway_task{forget});
}

} // namespace weft
