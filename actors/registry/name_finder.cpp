#include "actors/registry/followed_registry.hpp"
#include "actors/registry/name_finder_actor.hpp"
#include "runtime/caf/error.hpp"

#include <set>
#include <utility>

namespace weft::actors {

namespace {

constexpr std::chrono::seconds look_up_timeout{5};

struct name_finder_state {
  static inline const char* name = "weft.name_finder";

  std::shared_ptr<known_names> known;
  followed_registry registry;
  monitors ends;
  /// What the registry tells of; asked for, or in the table.
  std::set<std::string> watched;
};

using finder_pointer = name_finder_actor::stateful_pointer<name_finder_state>;

void know_nothing(finder_pointer self) {
  state(self).known->clear();
  state(self).watched.clear();
}

watch_names watch_of(finder_pointer self, const std::string& name) {
  return {name, caf::actor_cast<caf::strong_actor_ptr>(self), true};
}

void stop_watching(finder_pointer self, const std::string& name) {
  auto& mine = state(self);
  mine.known->erase(name);
  if (mine.watched.erase(name) > 0 && mine.registry.handle())
    request(self, mine.registry.handle(), look_up_timeout,
            unwatch_names{watch_of(self, name)})
        .then([](bool) {}, [](const caf::error&) {});
}

/// The name is known from its first event on.
void start_watching(finder_pointer self, const std::string& name) {
  auto& mine = state(self);
  if (!mine.registry.handle() || !mine.watched.insert(name).second)
    return;
  const auto asked = mine.registry.handle();
  request(self, asked, look_up_timeout, watch_of(self, name))
      .then(
          [self, name, asked](std::uint64_t present) {
            // It went meanwhile.
            if (present == 0 && state(self).registry.handle() == asked)
              stop_watching(self, name);
          },
          [self, name, asked](const caf::error&) {
            if (state(self).registry.handle() == asked)
              stop_watching(self, name);
          });
}

void on_finders_event(finder_pointer self, const name_event& event) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  const auto& name = event.what.name;
  const auto& registry = mine.registry.handle();
  if (!sender || !registry || !mine.watched.contains(name)
      || sender != caf::actor_cast<caf::strong_actor_ptr>(registry))
    return;
  if (!event.added)
    return stop_watching(self, name);
  if (const auto left = mine.known->put(event.what))
    stop_watching(self, *left);
}

caf::result<registration> look_up(finder_pointer self,
                                  const look_up_name& what) {
  auto& mine = state(self);
  if (!mine.registry.reach(self, mine.ends))
    return to_caf({errc::unavailable, "the registry cannot be reached"});
  if (auto known = mine.known->find(what.name))
    return *std::move(known);
  auto answer = self->make_response_promise<registration>();
  request(self, mine.registry.handle(), look_up_timeout, what)
      .then(
          [self, answer,
           asked = mine.registry.handle()](registration& found) mutable {
            if (state(self).registry.handle() == asked)
              start_watching(self, found.name);
            answer.deliver(std::move(found));
          },
          [answer](const caf::error& why) mutable { answer.deliver(why); });
  return answer;
}

name_finder_actor::behavior_type
find_names(finder_pointer self, std::function<registry_actor()> find_registry,
           std::shared_ptr<known_names> known) {
  auto& mine = state(self);
  mine.known = std::move(known);
  // What another registry said counts for nothing.
  mine.registry = {std::move(find_registry), [self] { know_nothing(self); }};
  know_nothing(self);
  return {
      [self](const look_up_name& what) { return look_up(self, what); },
      [self](const name_event& event) { on_finders_event(self, event); },
  };
}

} // namespace

name_finder_actor
spawn_name_finder(caf::actor_system& system,
                  std::function<registry_actor()> find_registry,
                  std::shared_ptr<known_names> known) {
  return system.spawn(find_names, std::move(find_registry), std::move(known));
}

} // namespace weft::actors
