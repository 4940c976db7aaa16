#include "actors/registry/registry_actor.hpp"
#include "actors/registry/registry_core.hpp"
#include "runtime/caf/error.hpp"

#include <map>
#include <unordered_map>
#include <utility>

namespace weft::actors {

namespace {

struct registry_state {
  static inline const char* name = "weft.registry";

  registry_core core;
  monitors ends;
  registry_core::party last_party = 0;
  std::map<caf::actor_addr, registry_core::party> parties;
  std::unordered_map<registry_core::party, caf::strong_actor_ptr> actors;
};

using registry_pointer = registry_actor::stateful_pointer<registry_state>;

registration to_message(const registry_state& state,
                        const registry_core::entry& what) {
  return {what.name, what.type, what.node, state.actors.at(what.holder),
          what.revision};
}

void send_notices(registry_pointer self) {
  auto& mine = state(self);
  for (const auto& notice : mine.core.take_notices())
    send(self, caf::actor_cast<name_watcher>(mine.actors.at(notice.watcher)),
         name_event{to_message(mine, notice.what), notice.added});
}

void forget(registry_pointer self, registry_core::party who) {
  auto& mine = state(self);
  const auto found = mine.actors.find(who);
  mine.parties.erase(caf::actor_cast<caf::actor_addr>(found->second));
  mine.actors.erase(found);
}

/// The number of an actor, which is monitored from its first use on.
registry_core::party admit(registry_pointer self,
                           const caf::strong_actor_ptr& actor) {
  auto& mine = state(self);
  const auto address = caf::actor_cast<caf::actor_addr>(actor);
  const auto [known, fresh] = mine.parties.try_emplace(address, 0);
  if (!fresh)
    return known->second;
  const auto who = known->second = ++mine.last_party;
  mine.actors.emplace(who, actor);
  mine.ends.watch(self, actor, [self, who](const caf::error&) {
    state(self).core.ended(who);
    send_notices(self);
    forget(self, who);
  });
  return who;
}

/// Sends what the last call of the core gave rise to, and lets go of an actor
/// that neither holds a name nor watches.
void settle(registry_pointer self, registry_core::party who) {
  auto& mine = state(self);
  send_notices(self);
  if (mine.core.knows(who))
    return;
  mine.ends.forget(self, mine.actors.at(who));
  forget(self, who);
}

caf::result<registration> add(registry_pointer self, const registration& what) {
  if (!what.actor)
    return to_caf({errc::invalid_argument,
                   "cannot register a name for no actor: set `actor`"});
  auto& mine = state(self);
  const auto who = admit(self, what.actor);
  auto added = mine.core.add({what.name, what.type, what.node, who, 0});
  if (!added) {
    settle(self, who);
    return to_caf(added.error());
  }
  auto answer = to_message(mine, *added);
  settle(self, who);
  return answer;
}

bool remove(registry_pointer self, const unregister_name& what) {
  auto& mine = state(self);
  const auto address = caf::actor_cast<caf::actor_addr>(what.actor);
  const auto known = mine.parties.find(address);
  if (known == mine.parties.end())
    return false;
  const auto who = known->second;
  const bool removed = mine.core.remove(what.name, who);
  settle(self, who);
  return removed;
}

caf::result<std::uint64_t> watch(registry_pointer self,
                                 const watch_names& what) {
  if (!what.watcher)
    return to_caf({errc::invalid_argument,
                   "no actor is given to be told of names: set `watcher`"});
  const auto who = admit(self, what.watcher);
  auto present = state(self).core.watch(what.prefix, who);
  // The answer goes first, so that the watcher knows what it is to receive.
  auto answer = self->make_response_promise<std::uint64_t>();
  if (present)
    answer.deliver(*present);
  else
    answer.deliver(to_caf(present.error()));
  settle(self, who);
  return answer;
}

registry_actor::behavior_type registry(registry_pointer self,
                                       const registry_options& options) {
  state(self).core = registry_core{options};
  return {
      [self](const register_name& message) { return add(self, message.what); },
      [self](const look_up_name& message) -> caf::result<registration> {
        auto found = state(self).core.find(message.name);
        if (!found)
          return to_caf(found.error());
        return to_message(state(self), *found);
      },
      [self](
          const list_names& message) -> caf::result<std::vector<registration>> {
        auto found = state(self).core.list(message.prefix);
        if (!found)
          return to_caf(found.error());
        std::vector<registration> answer;
        answer.reserve(found->size());
        for (const auto& entry : *found)
          answer.push_back(to_message(state(self), entry));
        return answer;
      },
      [self](const unregister_name& message) { return remove(self, message); },
      [self](const watch_names& message) { return watch(self, message); },
  };
}

} // namespace

registry_actor spawn_registry(caf::actor_system& system,
                              const registry_options& options) {
  return system.spawn(registry, options);
}

} // namespace weft::actors
