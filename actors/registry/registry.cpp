#include "actors/hop.hpp"
#include "actors/registry/registry_actor.hpp"
#include "actors/registry/registry_core.hpp"
#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/core.h>

#include <map>
#include <unordered_map>
#include <utility>

namespace weft::actors {

namespace {

struct registry_state {
  static inline const char* name = "weft.registry";

  registry_core core;
  tenant_rights rights;
  alarm silence;
  monitors ends;
  registry_core::party last_party = 0;
  std::map<caf::actor_addr, registry_core::party> parties;
  std::unordered_map<registry_core::party, caf::strong_actor_ptr> actors;
};

using registry_shell = extended_actor<registry_actor, void(hop)>;
using registry_pointer = registry_shell::stateful_pointer<registry_state>;

registration without_service(const registry_state& state,
                             const registry_core::entry& what) {
  return {what.name, what.type, what.node, state.actors.at(what.holder),
          what.revision};
}

registration to_message(const registry_state& state,
                        const registry_core::entry& what) {
  auto made = without_service(state, what);
  if (what.service)
    made.service = *what.service;
  return made;
}

registry_core::entry to_entry(const registration& what,
                              registry_core::party holder) {
  registry_core::entry made{what.name, what.type, what.node, holder, 0, {}};
  if (what.service != service_info{})
    made.service = std::make_shared<const service_info>(what.service);
  return made;
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

void watch_silence(registry_pointer self);

/// Sends what the last call of the core gave rise to, and lets go of an actor
/// that neither holds a name nor watches.
void settle(registry_pointer self, registry_core::party who) {
  auto& mine = state(self);
  send_notices(self);
  watch_silence(self);
  if (mine.core.knows(who) || !mine.actors.contains(who))
    return;
  mine.ends.forget(self, mine.actors.at(who));
  forget(self, who);
}

/// Wakes when the next service was silent for too long.
void watch_silence(registry_pointer self) {
  const auto due = state(self).core.next_due();
  if (!due)
    return;
  state(self).silence.set(self, *due, [self] {
    const auto left = state(self).core.advance(steady_now(self));
    send_notices(self);
    watch_silence(self);
    for (const auto who : left)
      settle(self, who);
  });
}

/// The node that the current message comes from.
result<caf::node_id> node_of_sender(registry_pointer self) {
  const auto& sender = self->current_sender();
  if (!sender)
    return fail(errc::permission_denied,
                "a request without a sender: its node is unknown");
  return sender->node();
}

bool may_use(registry_pointer self, const caf::node_id& node,
             std::string_view tenant) {
  const auto& rights = state(self).rights;
  return rights ? rights(node, tenant) : node == self->node();
}

registry_core::may_use rights_of(registry_pointer self, caf::node_id node) {
  return [self, node = std::move(node)](std::string_view tenant) {
    return may_use(self, node, tenant);
  };
}

/// Whether a node may use the tenant of a name or prefix, if that has one.
result<void> check_tenant(registry_pointer self, const caf::node_id& node,
                          std::string_view name) {
  const auto tenant = tenant_of_name(name);
  if (tenant && !may_use(self, node, *tenant))
    return fail(errc::permission_denied,
                fmt::format("{} belongs to the tenant {}, which the node that "
                            "asks, or that of the actor, may not use",
                            shortened(name, 200), shortened(*tenant, 200)));
  return {};
}

/// Whether the sender may use the tenant of a name or prefix.
result<void> check_sender(registry_pointer self, std::string_view name) {
  auto node = node_of_sender(self);
  if (!node)
    return pass_on(node);
  return check_tenant(self, *node, name);
}

/// Whether the sender is on the node of the actor that it speaks for.
result<void> check_same_node(registry_pointer self,
                             const caf::strong_actor_ptr& actor) {
  auto node = node_of_sender(self);
  if (!node)
    return pass_on(node);
  if (actor->node() != *node)
    return fail(errc::permission_denied,
                "the actor is on another node than the sender");
  return {};
}

caf::result<registration> add(registry_pointer self, const registration& what) {
  if (!what.actor)
    return to_caf({errc::invalid_argument,
                   "cannot register a name for no actor: set `actor`"});
  if (auto allowed = check_sender(self, what.name); !allowed)
    return to_caf(allowed.error());
  if (auto fit = check_tenant(self, what.actor->node(), what.name); !fit)
    return to_caf(fit.error());
  auto& mine = state(self);
  const auto who = admit(self, what.actor);
  auto added = mine.core.add(to_entry(what, who), steady_now(self));
  if (!added) {
    settle(self, who);
    return to_caf(added.error());
  }
  auto answer = to_message(mine, *added);
  settle(self, who);
  return answer;
}

caf::result<registration> find(registry_pointer self, const std::string& name) {
  if (auto allowed = check_sender(self, name); !allowed)
    return to_caf(allowed.error());
  auto found = state(self).core.find(name);
  if (!found)
    return to_caf(found.error());
  return to_message(state(self), *found);
}

caf::result<std::vector<registration>> list(registry_pointer self,
                                            const std::string& prefix) {
  if (auto allowed = check_sender(self, prefix); !allowed)
    return to_caf(allowed.error());
  auto found =
      state(self).core.list(prefix, rights_of(self, *node_of_sender(self)));
  if (!found)
    return to_caf(found.error());
  std::vector<registration> answer;
  answer.reserve(found->size());
  for (const auto& entry : *found)
    answer.push_back(without_service(state(self), entry));
  return answer;
}

caf::result<registration> renew(registry_pointer self,
                                const renew_service& what) {
  if (!what.actor)
    return to_caf({errc::invalid_argument,
                   "a heartbeat is of the actor that is registered"});
  if (auto own = check_same_node(self, what.actor); !own)
    return to_caf(own.error());
  if (auto allowed = check_sender(self, what.name); !allowed)
    return to_caf(allowed.error());
  auto& mine = state(self);
  const auto known =
      mine.parties.find(caf::actor_cast<caf::actor_addr>(what.actor));
  const auto who =
      known == mine.parties.end() ? registry_core::party{0} : known->second;
  auto renewed = mine.core.renew(what.name, who, what.report, steady_now(self));
  if (!renewed)
    return to_caf(renewed.error());
  send_notices(self);
  return to_message(mine, *renewed);
}

caf::result<service_page> discover(registry_pointer self,
                                   const discover_services& what) {
  const auto prefix = service_prefix(what.tenant, what.name_space);
  if (!is_name(what.tenant))
    return to_caf({errc::invalid_argument, "say which tenant's services"});
  if (auto allowed = check_sender(self, prefix); !allowed)
    return to_caf(allowed.error());
  auto found =
      state(self).core.discover(prefix, what.wanted, what.after, what.limit);
  if (!found)
    return to_caf(found.error());
  service_page answer;
  answer.next = std::move(found->next);
  for (const auto& each : found->found)
    answer.found.push_back(to_message(state(self), each));
  return answer;
}

caf::result<bool> remove(registry_pointer self, const unregister_name& what) {
  if (!what.actor)
    return false;
  if (auto allowed = check_same_node(self, what.actor); !allowed)
    return to_caf(allowed.error());
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
  if (auto own = check_same_node(self, what.watcher); !own)
    return to_caf(own.error());
  if (auto allowed = check_sender(self, what.prefix); !allowed)
    return to_caf(allowed.error());
  const auto who = admit(self, what.watcher);
  auto present = state(self).core.watch({what.prefix, what.exact}, who,
                                        rights_of(self, what.watcher->node()));
  // The answer goes first, so that the watcher knows what it is to receive.
  auto answer = self->make_response_promise<std::uint64_t>();
  if (present)
    answer.deliver(*present);
  else
    answer.deliver(to_caf(present.error()));
  settle(self, who);
  return answer;
}

caf::result<bool> unwatch(registry_pointer self, const watch_names& what) {
  if (!what.watcher)
    return false;
  if (auto own = check_same_node(self, what.watcher); !own)
    return to_caf(own.error());
  auto& mine = state(self);
  const auto known =
      mine.parties.find(caf::actor_cast<caf::actor_addr>(what.watcher));
  if (known == mine.parties.end())
    return false;
  const auto who = known->second;
  const bool ended = mine.core.unwatch({what.prefix, what.exact}, who);
  settle(self, who);
  return ended;
}

registry_shell::behavior_type registry(registry_pointer self,
                                       const registry_options& options,
                                       tenant_rights rights) {
  state(self).core = registry_core{options};
  state(self).rights = std::move(rights);
  return {
      [self](const register_name& message) { return add(self, message.what); },
      [self](const look_up_name& message) { return find(self, message.name); },
      [self](const list_names& message) { return list(self, message.prefix); },
      [self](const unregister_name& message) { return remove(self, message); },
      [self](const renew_service& message) { return renew(self, message); },
      [self](const discover_services& message) {
        return discover(self, message);
      },
      [self](const watch_names& message) { return watch(self, message); },
      [self](const unwatch_names& message) {
        return unwatch(self, message.what);
      },
      [](const hop& work) { work.run(); },
  };
}

} // namespace

registry_actor spawn_registry(caf::actor_system& system,
                              const registry_options& options,
                              tenant_rights rights) {
  return system.spawn(registry, options, std::move(rights));
}

} // namespace weft::actors
