#include "actors/hop.hpp"
#include "actors/registry/followed_registry.hpp"
#include "actors/registry/kept_names.hpp"
#include "actors/registry/name_keeper_actor.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/type_ids.hpp"

#include <map>
#include <set>
#include <utility>

namespace weft::actors {

namespace {

using keeper = typed_actor<bool(keep_name), void(start_atom), void(hop)>;
using promise = caf::typed_response_promise<bool>;

struct kept_actor {
  registration what;
  std::uint64_t holder = 0;
  std::vector<promise> asked;
};

struct keeper_state {
  static inline const char* name = "weft.name_keeper";

  std::shared_ptr<kept_names> names;
  name_keeper_core core;
  name_keeper_options options;
  monitors ends;
  followed_registry registry;
  std::uint64_t last_holder = 0;
  std::map<std::string, kept_actor> kept;
  std::map<caf::actor_addr, std::set<std::string>> names_of;
  alarm wake;
};

using keeper_pointer = keeper::stateful_pointer<keeper_state>;

void run_due(keeper_pointer self);

void set_timer(keeper_pointer self) {
  if (const auto due = state(self).core.next_due())
    state(self).wake.set(self, *due, [self] { run_due(self); });
}

void answer(keeper_pointer self, const name_keeper_core::claim& claim,
            const result<void>& outcome) {
  auto& mine = state(self);
  mine.core.answered(claim, outcome.has_value(), steady_now(self));
  const auto found = mine.kept.find(claim.name);
  if (found != mine.kept.end() && found->second.holder == claim.holder) {
    for (auto& waiting : std::exchange(found->second.asked, {})) {
      if (outcome)
        waiting.deliver(true);
      else
        waiting.deliver(to_caf(outcome.error()));
    }
  }
  run_due(self);
}

void run_due(keeper_pointer self) {
  auto& mine = state(self);
  const bool reachable = mine.registry.reach(self, mine.ends);
  for (auto& claim : mine.core.take_due(steady_now(self))) {
    if (!reachable) {
      // By a message, so that a round of many names is no recursion.
      post(caf::actor_cast<hopping_actor>(self), hop{[self, claim] {
             answer(self, claim,
                    fail(errc::unavailable,
                         "the registry cannot be reached now; the name "
                             + claim.name + " will be registered later"));
           }});
      continue;
    }
    request(self, mine.registry.handle(), mine.options.request_timeout,
            register_name{mine.kept.at(claim.name).what})
        .then([self, claim](const registration&) { answer(self, claim, {}); },
              [self, claim](const caf::error& why) {
                answer(self, claim, tl::unexpected(from_caf(why)));
              });
  }
  set_timer(self);
}

/// Gives the name of an actor that has ended, or is replaced, back at once, so
/// that a successor's registration behind it succeeds.
void release(keeper_pointer self, const registration& what) {
  auto& mine = state(self);
  if (mine.registry.handle())
    request(self, mine.registry.handle(), mine.options.request_timeout,
            unregister_name{what.name, what.actor})
        .then([](bool) {}, [](const caf::error&) {});
}

void drop(keeper_pointer self, const std::string& name) {
  auto& mine = state(self);
  const auto found = mine.kept.find(name);
  mine.core.drop(name, found->second.holder);
  mine.names->forget(found->second.what);
  release(self, found->second.what);
  for (auto& waiting : found->second.asked)
    waiting.deliver(to_caf({errc::cancelled, "the actor that was to be "
                                             "registered as "
                                                 + name + " has ended"}));
  mine.kept.erase(found);
}

/// Drops all names of an actor when it ends.
void watch(keeper_pointer self, const registration& what) {
  const auto address = caf::actor_cast<caf::actor_addr>(what.actor);
  auto& names = state(self).names_of[address];
  names.insert(what.name);
  if (names.size() > 1)
    return;
  state(self).ends.watch(self, what.actor, [self, address](const caf::error&) {
    const auto ended = state(self).names_of.extract(address);
    for (const auto& name : ended.mapped())
      drop(self, name);
  });
}

/// Takes a name from its actor, for another one.
void take_away(keeper_pointer self, const std::string& name) {
  auto& mine = state(self);
  const auto before = mine.kept.at(name).what.actor;
  const auto known =
      mine.names_of.find(caf::actor_cast<caf::actor_addr>(before));
  known->second.erase(name);
  if (known->second.empty()) {
    mine.names_of.erase(known);
    mine.ends.forget(self, before);
  }
  drop(self, name);
}

result<void> check_kept(const registration& what) {
  if (!what.actor)
    return fail(errc::invalid_argument,
                "cannot keep a name for no actor: set `actor`");
  return check_registry_name(what.name);
}

void begin(keeper_pointer self, const registration& what,
           std::vector<promise> asked) {
  auto& mine = state(self);
  const auto holder = ++mine.last_holder;
  mine.kept[what.name] = {what, holder, std::move(asked)};
  mine.core.keep(what.name, holder, steady_now(self));
  watch(self, what);
}

/// What was kept before, or was to be kept while nobody did.
void take_over(keeper_pointer self) {
  auto& mine = state(self);
  for (const auto& what : mine.names->living()) {
    if (mine.kept.contains(what.name))
      continue; // told of it since
    if (check_kept(what))
      begin(self, what, {});
    else
      mine.names->forget(what);
  }
  run_due(self);
}

caf::result<bool> keep(keeper_pointer self, const registration& what) {
  auto& mine = state(self);
  if (auto checked = check_kept(what); !checked) {
    mine.names->forget(what);
    return to_caf(checked.error());
  }
  const auto known = mine.kept.find(what.name);
  const bool again =
      known != mine.kept.end() && known->second.what.actor == what.actor;
  if (again && mine.core.is_held(what.name))
    return true;
  auto reply = self->make_response_promise<bool>();
  if (again) {
    known->second.asked.push_back(reply);
    return reply;
  }
  if (known != mine.kept.end())
    take_away(self, what.name);
  begin(self, what, {reply});
  run_due(self);
  return reply;
}

keeper::behavior_type name_keeper(keeper_pointer self,
                                  std::function<registry_actor()> find_registry,
                                  std::shared_ptr<kept_names> names,
                                  const name_keeper_options& options) {
  auto& mine = state(self);
  mine.names = std::move(names);
  mine.core = name_keeper_core{options};
  mine.options = options;
  // When it is lost, so are the names.
  mine.registry = {std::move(find_registry), [self] {
                     state(self).core.registry_lost(steady_now(self));
                     set_timer(self);
                   }};
  return {
      [self](const keep_name& message) { return keep(self, message.what); },
      [self](start_atom) { take_over(self); },
      [](const hop& work) { work.run(); },
  };
}

} // namespace

name_keeper_actor spawn_name_keeper(
    caf::actor_system& system, std::function<registry_actor()> find_registry,
    std::shared_ptr<kept_names> names, const name_keeper_options& options) {
  const auto made =
      system.spawn(name_keeper, std::move(find_registry), names, options);
  names->kept_by(made);
  // It looks for them only then, so that none is added without its notice.
  post(made, start_atom_v);
  return made;
}

} // namespace weft::actors
