#include "actors/membership/membership.hpp"

#include "actors/hop.hpp"
#include "actors/membership/membership_core.hpp"
#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>

namespace weft::actors {

namespace {

namespace effect = membership_effect;

using membership =
    membership_actor::extend_with<node_entry_actor>::extend_with<hopping_actor>;

constexpr std::size_t config_bytes_max = 64 << 10;

/// An answer that the work and its time-out race for.
template <class T>
using late_answer = std::shared_ptr<caf::typed_response_promise<T>>;

template <class T>
void deliver(const late_answer<T>& to, result<T> outcome) {
  if (!to->pending())
    return;
  if (outcome)
    to->deliver(std::move(*outcome));
  else
    to->deliver(to_caf(outcome.error()));
}

struct membership_state {
  static inline const char* name = "weft.membership";

  std::optional<membership_core> core;
  membership_options options;
  membership_seams seams;
  std::shared_ptr<peer_directory> directory;
  monitors ends;
  alarm wake;
  std::map<caf::actor_addr, caf::strong_actor_ptr> watchers;
  /// Reached by a dial and not yet accepted.
  std::map<std::string, dialed> reached;
  /// Whom the core's next `attend` is about.
  peer candidate;
  std::size_t hellos = 0;
  std::size_t commands = 0;
};

using membership_pointer = membership::stateful_pointer<membership_state>;

moment now(membership_pointer self) {
  return {steady_now(self), state(self).seams.wall_clock()};
}

/// Only the first node has a registry, whatever others say.
registry_actor registry_of(membership_pointer self, const std::string& name,
                           const caf::node_id& node,
                           const caf::strong_actor_ptr& said) {
  const auto& nodes = state(self).core->settings().nodes;
  const bool counts =
      said && said->node() == node && !nodes.empty() && nodes.front() == name;
  return counts ? caf::actor_cast<registry_actor>(said) : registry_actor{};
}

node_entry_actor entry_of(const caf::strong_actor_ptr& actor) {
  return caf::actor_cast<node_entry_actor>(actor);
}

member_event to_message(const membership_event& event) {
  return {event.name,        event.state,   event.reason,
          event.incarnation, event.session, event.at.count()};
}

void carry_out(membership_pointer self);

void update(membership_pointer self) {
  carry_out(self);
  if (const auto due = state(self).core->next_wake())
    state(self).wake.set(self, *due, [self] {
      state(self).core->tick(now(self));
      update(self);
    });
}

void perform(membership_pointer self, const effect::dial& what) {
  state(self).seams.dial(
      what.name, back_in(self, [self, what](result<dialed> outcome) {
        auto& mine = state(self);
        result<void> connected;
        if (!outcome)
          connected = tl::unexpected(outcome.error());
        else if (!outcome->entry)
          connected = fail(errc::unavailable, "it publishes no entry actor");
        else
          mine.reached[what.name] = std::move(*outcome);
        mine.core->dialed(what.name, what.attempt, connected, now(self));
        update(self);
      }));
}

/// A present peer may have restarted its registry or factory since it was
/// accepted: what it says now counts.
void refresh(membership_pointer self) {
  auto& mine = state(self);
  const auto present = mine.directory->find(mine.candidate.name);
  if (present && present->entry == mine.candidate.entry)
    mine.directory->put(mine.candidate);
}

/// The outcome of a hello that we have said.
void greeted(membership_pointer self, const effect::greet& what,
             const dialed& whom, result<welcome> outcome) {
  auto& mine = state(self);
  result<introduction> answer = fail(errc::internal, "no answer");
  if (outcome) {
    mine.candidate = {
        outcome->node,
        whom.node,
        outcome->incarnation,
        entry_of(whom.entry),
        registry_of(self, outcome->node, whom.node, outcome->registry),
        caf::actor_cast<factory_actor>(outcome->factory)};
    answer = introduction{outcome->cluster,
                          outcome->node,
                          outcome->incarnation,
                          outcome->config_hash,
                          {},
                          0};
  } else {
    answer = tl::unexpected(outcome.error());
  }
  const bool answered = answer.has_value();
  mine.core->greeted(what.name, what.attempt, std::move(answer), now(self));
  update(self);
  if (answered)
    refresh(self);
}

void perform(membership_pointer self, const effect::greet& what) {
  auto& mine = state(self);
  dialed whom;
  if (const auto present = mine.directory->find(what.name);
      what.again && present)
    whom = {present->node,
            caf::actor_cast<caf::strong_actor_ptr>(present->entry)};
  else if (const auto found = mine.reached.extract(what.name); !found.empty())
    whom = found.mapped();
  if (!whom.entry)
    return;
  const auto& settings = mine.core->settings();
  hello ours{settings.cluster,
             settings.self,
             settings.incarnation,
             settings.config_hash,
             {},
             mine.core->known_incarnation(what.name),
             caf::actor_cast<caf::strong_actor_ptr>(self),
             caf::actor_cast<caf::strong_actor_ptr>(mine.seams.registry()),
             caf::actor_cast<caf::strong_actor_ptr>(mine.seams.factory())};
  if (!what.again && settings.config.size() <= config_bytes_max)
    ours.config = settings.config;
  request(self, entry_of(whom.entry), settings.hello_timeout, std::move(ours))
      .then([self, what, whom](
                const welcome& answer) { greeted(self, what, whom, answer); },
            [self, what, whom](const caf::error& why) {
              greeted(self, what, whom, tl::unexpected(from_caf(why)));
            });
}

/// CAF tells of lost connections in words of its own; a node that ends for a
/// reason gives that to its entry actor.
std::string why_lost(const caf::error& why) {
  const bool says_itself = from_caf(why).code == errc::internal;
  return (says_itself ? "it ended: " : "connection lost: ")
         + describe_exit(why);
}

void perform(membership_pointer self, const effect::attend& what) {
  auto& mine = state(self);
  mine.directory->put(mine.candidate);
  mine.ends.watch(self, mine.candidate.entry,
                  [self, what](const caf::error& why) {
                    state(self).core->lost(what.name, what.session,
                                           why_lost(why), now(self));
                    update(self);
                  });
}

void perform(membership_pointer self, const effect::dismiss& what) {
  auto& mine = state(self);
  if (const auto gone = mine.directory->find(what.name))
    mine.ends.forget(self, gone->entry);
  mine.directory->remove(what.name);
}

void perform(membership_pointer self, const effect::announce& what) {
  for (const auto& [address, watcher] : state(self).watchers)
    send(self, caf::actor_cast<member_watcher>(watcher),
         to_message(what.event));
}

void perform(membership_pointer self, const effect::fenced& what) {
  if (state(self).seams.fenced)
    state(self).seams.fenced(what.reason);
}

void carry_out(membership_pointer self) {
  for (const auto& each : state(self).core->take_effects())
    std::visit([self](const auto& what) { perform(self, what); }, each);
  for (const auto& each : state(self).core->take_reports())
    if (state(self).seams.report)
      state(self).seams.report(each);
}

/// A hello whose sender's name is known, or cannot be.
void decide(membership_pointer self, const late_answer<welcome>& answer,
            const hello& from,
            const std::optional<result<std::string>>& verified) {
  auto& mine = state(self);
  if (!answer->pending())
    return;
  --mine.hellos;
  mine.candidate = {
      from.node,
      from.entry->node(),
      from.incarnation,
      entry_of(from.entry),
      registry_of(self, from.node, from.entry->node(), from.registry),
      caf::actor_cast<factory_actor>(from.factory)};
  const auto accepted =
      mine.core->heard({from.cluster, from.node, from.incarnation,
                        from.config_hash, from.config, from.known_incarnation},
                       verified, now(self));
  update(self);
  if (!accepted) {
    deliver<welcome>(answer, tl::unexpected(accepted.error()));
    return;
  }
  refresh(self);
  const auto& settings = mine.core->settings();
  deliver<welcome>(
      answer,
      welcome{settings.cluster, settings.self, settings.incarnation,
              settings.config_hash,
              caf::actor_cast<caf::strong_actor_ptr>(mine.seams.registry()),
              caf::actor_cast<caf::strong_actor_ptr>(mine.seams.factory())});
}

caf::result<welcome> hear(membership_pointer self, const hello& from) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  if (!sender || !from.entry || from.entry->node() != sender->node())
    return to_caf({errc::permission_denied,
                   "a hello comes from the node that it speaks of, and "
                   "carries the entry actor of that node"});
  if (mine.hellos >= mine.options.hellos_max)
    return to_caf(
        {errc::exhausted,
         fmt::format("{} hellos are being checked already", mine.hellos)});
  ++mine.hellos;
  // The promise takes the sender out of the current message.
  const auto node = sender->node();
  auto answer = std::make_shared<caf::typed_response_promise<welcome>>(
      self->make_response_promise<welcome>());
  if (!mine.seams.name_of) {
    decide(self, answer, from, std::nullopt);
    return *answer;
  }
  mine.seams.name_of(node, back_in(self, [=](result<std::string> name) {
                       decide(self, answer, from, std::move(name));
                     }));
  run_after(self, mine.core->settings().hello_timeout, [=] {
    decide(self, answer, from,
           fail(errc::unavailable, "its name was not verified in time"));
  });
  return *answer;
}

bool hear_goodbye(membership_pointer self, const goodbye& from) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  if (!sender || mine.directory->name_of(sender->node()) != from.node)
    return false;
  const bool was_member = mine.core->said_goodbye(from.node, from.incarnation,
                                                  from.reason, now(self));
  update(self);
  return was_member;
}

caf::result<std::string> run(membership_pointer self,
                             const node_command& command) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  if (!sender || mine.directory->name_of(sender->node()).empty())
    return to_caf({errc::permission_denied,
                   fmt::format("node {} runs commands for members of the "
                               "cluster only",
                               mine.core->settings().self)});
  if (mine.commands >= mine.options.commands_max)
    return to_caf({errc::exhausted,
                   fmt::format("{} commands run on node {} already",
                               mine.commands, mine.core->settings().self)});
  ++mine.commands;
  auto answer = std::make_shared<caf::typed_response_promise<std::string>>(
      self->make_response_promise<std::string>());
  const auto finish = [self, answer](result<std::string> outcome) {
    if (!answer->pending())
      return;
    --state(self).commands;
    const auto bytes_max = state(self).options.command_answer_bytes_max;
    if (outcome && outcome->size() > bytes_max)
      outcome = fail(errc::exhausted,
                     fmt::format("the answer has {} bytes, at most {} are sent",
                                 outcome->size(), bytes_max));
    deliver(answer, std::move(outcome));
  };
  mine.seams.run_command(command, back_in(self, finish));
  run_after(self, mine.options.command_timeout, [self, finish, command] {
    const auto& options = state(self).options;
    finish(fail(errc::timed_out,
                fmt::format("{} on node {} took longer than {}", command.verb,
                            options.settings.self,
                            format_duration(options.command_timeout))));
  });
  return *answer;
}

caf::result<std::uint64_t> watch(membership_pointer self,
                                 const watch_members& what) {
  auto& mine = state(self);
  if (!what.watcher)
    return to_caf({errc::invalid_argument,
                   "no actor is given to be told of members: set `watcher`"});
  const auto address = caf::actor_cast<caf::actor_addr>(what.watcher);
  if (!mine.watchers.contains(address)) {
    if (mine.watchers.size() >= mine.options.watchers_max)
      return to_caf(
          {errc::exhausted, fmt::format("{} actors watch the members already",
                                        mine.watchers.size())});
    mine.watchers.emplace(address, what.watcher);
    mine.ends.watch(self, what.watcher, [self, address](const caf::error&) {
      state(self).watchers.erase(address);
    });
  }
  const auto present = mine.core->present();
  // The answer goes first, so that the watcher knows what it is to receive.
  auto answer = self->make_response_promise<std::uint64_t>();
  answer.deliver(std::uint64_t{present.size()});
  for (const auto& event : present)
    send(self, caf::actor_cast<member_watcher>(what.watcher),
         to_message(event));
  return answer;
}

std::vector<member> list(membership_pointer self) {
  auto& mine = state(self);
  std::vector<member> all;
  for (auto& view : mine.core->peers()) {
    member each{view.name,
                view.state,
                view.reason,
                {},
                {},
                {},
                view.incarnation,
                view.session,
                view.since.count(),
                view.restarts};
    const auto address = mine.options.addresses.find(view.name);
    if (address != mine.options.addresses.end())
      each.address = address->second;
    if (const auto known = mine.directory->find(view.name)) {
      each.node = known->node;
      each.entry = caf::actor_cast<caf::strong_actor_ptr>(known->entry);
    }
    all.push_back(std::move(each));
  }
  return all;
}

caf::result<std::vector<evidence>> explain(membership_pointer self,
                                           const std::string& name) {
  const auto found = state(self).core->explain(name);
  if (!found)
    return to_caf(found.error());
  std::vector<evidence> answer;
  for (const auto& each : *found)
    answer.push_back({each.kind, each.text, each.first_at.count(),
                      each.last_at.count(), each.times});
  return answer;
}

caf::result<std::uint64_t> leave(membership_pointer self,
                                 const std::string& reason) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  if (!sender || sender->node() != self->node())
    return to_caf({errc::permission_denied,
                   "only an actor of the node itself can make it leave"});
  mine.core->leave(reason, now(self));
  update(self);
  const auto& settings = mine.core->settings();
  struct progress {
    std::size_t waiting = 0;
    std::uint64_t heard = 0;
  };
  auto counted = std::make_shared<progress>();
  auto answer = std::make_shared<caf::typed_response_promise<std::uint64_t>>(
      self->make_response_promise<std::uint64_t>());
  const auto one_less = [counted, answer](bool heard) {
    counted->heard += heard ? 1 : 0;
    if (--counted->waiting == 0)
      deliver<std::uint64_t>(answer, counted->heard);
  };
  // One for this function itself, so that a node alone answers too.
  counted->waiting = 1;
  for (const auto& each : mine.directory->all()) {
    if (each.name == settings.self)
      continue;
    ++counted->waiting;
    request(self, each.entry, mine.options.goodbye_timeout,
            goodbye{settings.self, settings.incarnation, reason})
        .then([one_less](bool) { one_less(true); },
              [one_less](const caf::error&) { one_less(false); });
  }
  one_less(false);
  return *answer;
}

membership::behavior_type
run_membership(membership_pointer self, membership_options options,
               membership_seams seams,
               std::shared_ptr<peer_directory> directory) {
  auto& mine = state(self);
  mine.options = std::move(options);
  mine.seams = std::move(seams);
  mine.directory = std::move(directory);
  mine.core.emplace(mine.options.settings, now(self));
  mine.core->tick(now(self));
  update(self);
  return {
      [self](const watch_members& message) { return watch(self, message); },
      [self](const list_members&) { return list(self); },
      [self](const explain_member& message) {
        return explain(self, message.name);
      },
      [self](const leave_cluster& message) {
        return leave(self, message.reason);
      },
      [self](const hello& message) { return hear(self, message); },
      [self](const goodbye& message) { return hear_goodbye(self, message); },
      [self](const node_command& message) { return run(self, message); },
      [](const hop& work) { work.run(); },
  };
}

result<void> check(const membership_settings& settings) {
  std::set<std::string> names;
  for (const auto& name : settings.nodes)
    if (!is_name(name) || !names.insert(name).second)
      return fail(errc::invalid_argument,
                  fmt::format("membership: nodes: expected names that differ, "
                              "got \"{}\"",
                              name));
  if (!names.contains(settings.self))
    return fail(errc::invalid_argument,
                fmt::format("membership: self: expected one of the cluster's "
                            "nodes, got \"{}\"",
                            settings.self));
  if (settings.incarnation == 0)
    return fail(errc::invalid_argument,
                "membership: incarnation: expected at least 1, got 0");
  return {};
}

} // namespace

result<membership_handles>
spawn_membership(caf::actor_system& system, membership_options options,
                 membership_seams seams,
                 std::shared_ptr<peer_directory> directory) {
  if (auto checked = check(options.settings); !checked)
    return pass_on(checked);
  if (!seams.wall_clock)
    seams.wall_clock = [] {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::system_clock::now().time_since_epoch());
    };
  if (!seams.registry)
    seams.registry = [] { return registry_actor{}; };
  if (!seams.factory)
    seams.factory = [] { return factory_actor{}; };
  auto registry = seams.registry();
  auto factory = seams.factory();
  const auto self = options.settings.self;
  const auto incarnation = options.settings.incarnation;
  auto actor = system.spawn(run_membership, std::move(options),
                            std::move(seams), directory);
  node_entry_actor entry = actor;
  directory->put({self, system.node(), incarnation, entry, registry, factory});
  return membership_handles{actor, entry};
}

} // namespace weft::actors
