#include "actors/ecosystem/factory.hpp"

#include "actors/ecosystem/request_memory.hpp"
#include "actors/hop.hpp"
#include "runtime/base/slot.hpp"
#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::actors {

namespace {

using factory =
    typed_actor<spawned(spawn_request), bool(stop_spawned), void(hop)>;
using answers = request_memory<result<spawned>>;
using place = factory_core::place;

/// Made-up names that the supervisor may find taken before the start fails.
constexpr int names_tried_max = 100;

struct waiting_callers {
  std::uint64_t start = 0;
  std::vector<caf::typed_response_promise<spawned>> callers;
};

struct start_deadline {
  std::chrono::nanoseconds due{0};
  std::uint64_t start = 0;
  std::string request_id;
};

struct factory_state {
  static inline const char* name = "weft.factory";

  factory_options options;
  factory_seams seams;
  std::shared_ptr<kept_names> names;
  std::shared_ptr<factory_memory> memory;
  std::unordered_map<std::string, waiting_callers> waiting;
  /// When each start that was asked for is given up, the earliest first.
  std::deque<start_deadline> deadlines;
  alarm wake;
  monitors ends;
  std::uint64_t last_start = 0;
};

using factory_pointer = factory::stateful_pointer<factory_state>;

} // namespace

class factory_memory {
public:
  /// An incarnation of a child.
  struct living {
    place where;
    caf::weak_actor_ptr actor;
  };

  explicit factory_memory(const factory_options& options)
      : core{options.limits}, requests{options.answers_max} {}

  /// A function that runs `work` with the factory and its arguments in the
  /// factory that works with this memory when it is called.
  template <class Work>
  static auto into_present(const std::shared_ptr<factory_memory>& memory,
                           Work work) {
    return [memory, work](auto... arguments) {
      auto target = memory->factory.get().lock();
      if (!target)
        return;
      post(caf::actor_cast<hopping_actor>(target),
           hop{[memory, work, ... held = std::move(arguments)]() mutable {
             work(memory->self, std::move(held)...);
           }});
    };
  }

  factory_core core;
  answers requests;
  /// By the number of the incarnation.
  std::unordered_map<std::uint64_t, living> incarnations;
  std::uint64_t last_actor = 0;
  /// The factory of now, for itself and for other threads.
  factory_pointer self = nullptr;
  slot<caf::weak_actor_ptr> factory;
};

namespace {

/// A start on its way.
struct start {
  spawn_request request;
  place where;
  int names_tried = 1;
};

std::size_t content_of(const spawn_request& request) {
  std::size_t content = 0;
  for (const auto* field : {&request.type, &request.name, &request.arguments,
                            &request.restart, &request.tenant})
    content = content * 1'099'511'628'211u + std::hash<std::string>{}(*field);
  return content;
}

/// Whether the sender of the current message may start and stop actors.
/// `tenant` is empty when it is about no spaces.
result<void> check_right(factory_pointer self, const std::string& tenant) {
  auto& mine = state(self);
  const auto& sender = self->current_sender();
  if (!sender)
    return fail(errc::permission_denied,
                "a request without a sender: its node is unknown");
  if (sender->node() == self->node())
    return {};
  const auto node = mine.seams.name_of(sender->node());
  if (node.empty())
    return fail(errc::permission_denied,
                fmt::format("the sender's node is no connected member of the "
                            "cluster; node {} starts actors for members only",
                            mine.options.node));
  if (!mine.seams.may_spawn(node))
    return fail(errc::permission_denied,
                fmt::format("node {} has not the right to start or stop actors "
                            "on node {}",
                            node, mine.options.node));
  if (!tenant.empty() && !mine.seams.may_use(node, tenant))
    return fail(errc::permission_denied,
                fmt::format("node {} may not start actors for the tenant {}",
                            node, tenant));
  return {};
}

void conclude(factory_pointer self, const std::string& id,
              result<spawned> outcome) {
  auto& mine = state(self);
  const auto found = mine.waiting.find(id);
  if (found == mine.waiting.end())
    return;
  auto callers = std::move(found->second.callers);
  mine.waiting.erase(found);
  for (auto& caller : callers) {
    if (outcome)
      caller.deliver(*outcome);
    else
      caller.deliver(to_caf(outcome.error()));
  }
  mine.memory->requests.finish(id, std::move(outcome));
}

/// Answers the starts that took too long, and waits for the next of them. One
/// timer for all: a timer lives until it fires, also when the start is done.
void give_up_late_starts(factory_pointer self) {
  auto& mine = state(self);
  while (!mine.deadlines.empty()) {
    const auto next = mine.deadlines.front();
    const auto found = mine.waiting.find(next.request_id);
    const bool waiting =
        found != mine.waiting.end() && found->second.start == next.start;
    if (waiting && next.due > steady_now(self)) {
      mine.wake.set(self, next.due, [self] { give_up_late_starts(self); });
      return;
    }
    mine.deadlines.pop_front();
    if (waiting)
      conclude(self, next.request_id,
               fail(errc::timed_out,
                    "the actor was not started within "
                        + format_duration(mine.options.start_timeout)
                        + "; whether it will run is unknown"));
  }
}

registration registration_of(factory_pointer self, const start& what,
                             const caf::strong_actor_ptr& actor) {
  return {what.where.key(), what.request.type, state(self).options.node, actor,
          0};
}

std::string path_of(factory_pointer self, const place& where) {
  return state(self).options.node + '/' + where.key();
}

void watch_end(factory_pointer self, std::uint64_t number, const place& where,
               const caf::strong_actor_ptr& actor) {
  state(self).ends.watch(
      self, actor, [self, where, number](const caf::error& why) {
        const auto code = from_caf(why).code;
        const bool orderly =
            code == errc::none || why == caf::exit_reason::user_shutdown;
        auto& mine = state(self);
        mine.memory->incarnations.erase(number);
        if (mine.memory->core.ended(where, number, orderly))
          mine.seams.stop_child(path_of(self, where), [](const auto&) {});
      });
}

/// An incarnation of a child runs: the first, or one after a restart.
void runs(factory_pointer self, const start& what,
          const caf::strong_actor_ptr& actor) {
  auto& mine = state(self);
  const auto number = ++mine.memory->last_actor;
  mine.memory->core.runs(what.where, what.request.restart, number);
  mine.memory->incarnations[number] = {
      what.where, caf::actor_cast<caf::weak_actor_ptr>(actor)};
  watch_end(self, number, what.where, actor);
  if (!what.request.name.empty())
    keep_registered(self, *mine.names, mine.options.registry_timeout,
                    registration_of(self, what, actor),
                    [](const result<bool>&) {});
}

/// The name belongs to another actor of the cluster: the child goes again.
void undo(factory_pointer self, const start& what, const std::string& path,
          failure why) {
  auto& mine = state(self);
  mine.seams.stop_child(
      path, back_in(self, [self, what, path, why](const result<bool>& stopped) {
        if (stopped)
          state(self).memory->core.remove(path);
        conclude(self, what.request.request_id, tl::unexpected(why));
      }));
}

void await_name(factory_pointer self, const start& what, const spawned& child) {
  auto& mine = state(self);
  keep_registered(self, *mine.names, mine.options.registry_timeout,
                  registration_of(self, what, child.actor),
                  [self, what, child](const result<bool>& held) {
                    if (!held && held.error().code == errc::already_exists)
                      undo(self, what, child.path, held.error());
                    else
                      conclude(self, what.request.request_id, child);
                  });
}

void add_child(factory_pointer self, start what);

void child_added(factory_pointer self, start what, result<spawned> child) {
  auto& mine = state(self);
  if (child) {
    mine.memory->core.settle(what.where, child->path);
    if (what.request.name.empty())
      conclude(self, what.request.request_id, std::move(child));
    else
      await_name(self, what, *child);
    return;
  }
  mine.memory->core.release(what.where);
  if (child.error().code == errc::already_exists && what.request.name.empty()
      && what.names_tried < names_tried_max) {
    const auto& asked = what.request;
    auto next =
        mine.memory->core.reserve({asked.request_id, asked.type, asked.name,
                                   asked.arguments, asked.restart});
    if (next) {
      what.where = *next;
      ++what.names_tried;
      add_child(self, std::move(what));
      return;
    }
  }
  conclude(self, what.request.request_id, std::move(child));
}

void add_child(factory_pointer self, start what) {
  auto& mine = state(self);
  const auto& where = what.where;
  actor_order order{what.request.type, what.request.arguments, where.module,
                    where.name, what.request.tenant};
  auto tell = factory_memory::into_present(
      mine.memory,
      [what](factory_pointer present, const caf::strong_actor_ptr& actor) {
        runs(present, what, actor);
      });
  child_order child{where.module, where.name, what.request.restart,
                    [spawn = mine.seams.spawn, order,
                     tell](actor_ready ready) -> result<caf::strong_actor_ptr> {
                      auto actor = spawn(order, std::move(ready));
                      if (actor)
                        tell(*actor);
                      return actor;
                    }};
  mine.seams.add_child(std::move(child),
                       back_in(self, [self, what](result<spawned> outcome) {
                         child_added(self, what, std::move(outcome));
                       }));
}

caf::result<spawned> refuse(const failure& why) {
  return to_caf(why);
}

/// What is known of a request that came before; nothing for a fresh one.
std::optional<caf::result<spawned>> recall(factory_pointer self,
                                           const spawn_request& asked) {
  auto& mine = state(self);
  switch (mine.memory->requests.look_up(asked.request_id, content_of(asked))) {
  case answers::standing::fresh:
    return std::nullopt;
  case answers::standing::conflicting:
    return refuse({errc::invalid_argument,
                   "the request id " + asked.request_id
                       + " was used for another start: choose a new id for "
                         "each start that is wanted"});
  case answers::standing::answered: {
    const auto& outcome = mine.memory->requests.answer(asked.request_id);
    if (!outcome)
      return refuse(outcome.error());
    return caf::result<spawned>{*outcome};
  }
  case answers::standing::in_progress:
    break;
  }
  auto& callers = mine.waiting[asked.request_id].callers;
  if (callers.size() >= mine.options.waiting_max)
    return refuse({errc::exhausted,
                   fmt::format("{} callers wait for the request {} already",
                               callers.size(), asked.request_id)});
  auto answer = self->make_response_promise<spawned>();
  callers.push_back(answer);
  return caf::result<spawned>{answer};
}

caf::result<spawned> spawn(factory_pointer self, const spawn_request& asked) {
  auto& mine = state(self);
  if (auto right = check_right(self, asked.tenant); !right)
    return refuse(right.error());
  if (auto known = recall(self, asked))
    return std::move(*known);
  auto where =
      mine.memory->core.reserve({asked.request_id, asked.type, asked.name,
                                 asked.arguments, asked.restart});
  if (!where)
    return refuse(where.error());
  if (auto fits = mine.seams.check(asked.type, asked.arguments); !fits) {
    mine.memory->core.release(*where);
    return refuse(fits.error());
  }
  mine.memory->requests.begin(asked.request_id, content_of(asked));
  auto answer = self->make_response_promise<spawned>();
  mine.waiting[asked.request_id] = {++mine.last_start, {answer}};
  mine.deadlines.push_back({steady_now(self) + mine.options.start_timeout,
                            mine.last_start, asked.request_id});
  give_up_late_starts(self);
  add_child(self, {asked, std::move(*where)});
  return answer;
}

caf::result<bool> stop(factory_pointer self, const stop_spawned& asked) {
  auto& mine = state(self);
  if (auto right = check_right(self, ""); !right)
    return to_caf(right.error());
  if (!mine.memory->core.find(asked.path))
    return false;
  // Shared by the answer and the time-out: whoever is first delivers it.
  auto answer = std::make_shared<caf::typed_response_promise<bool>>(
      self->make_response_promise<bool>());
  const auto finish = [answer](const result<bool>& outcome) {
    if (!answer->pending())
      return;
    if (outcome)
      answer->deliver(*outcome);
    else
      answer->deliver(to_caf(outcome.error()));
  };
  mine.seams.stop_child(
      asked.path,
      back_in(self, [self, finish, path = asked.path](result<bool> outcome) {
        if (outcome)
          state(self).memory->core.remove(path);
        finish(outcome);
      }));
  run_after(self, mine.options.stop_timeout, [finish, path = asked.path] {
    finish(fail(errc::timed_out, path
                                     + " was not stopped in time; whether it "
                                       "will stop is unknown"));
  });
  return *answer;
}

/// Takes over what the factory before this one has left.
void go_on(factory_pointer self) {
  auto& memory = *state(self).memory;
  memory.self = self;
  memory.factory.set(caf::actor_cast<caf::weak_actor_ptr>(self));
  memory.requests.forget_unfinished();
  memory.core.forget_unsettled();
  const auto before = memory.incarnations;
  for (const auto& [number, each] : before) {
    if (auto actor = each.actor.lock()) {
      watch_end(self, number, each.where, actor);
      continue;
    }
    memory.incarnations.erase(number);
    memory.core.ended(each.where, number, false);
  }
}

factory::behavior_type run_factory(factory_pointer self,
                                   factory_options options, factory_seams seams,
                                   std::shared_ptr<kept_names> names,
                                   std::shared_ptr<factory_memory> memory) {
  auto& mine = state(self);
  mine.options = std::move(options);
  mine.seams = std::move(seams);
  mine.names = std::move(names);
  mine.memory = std::move(memory);
  go_on(self);
  return {
      [self](const spawn_request& message) { return spawn(self, message); },
      [self](const stop_spawned& message) { return stop(self, message); },
      [](const hop& work) { work.run(); },
  };
}

} // namespace

std::shared_ptr<factory_memory>
make_factory_memory(const factory_options& options) {
  return std::make_shared<factory_memory>(options);
}

factory_actor spawn_factory(caf::actor_system& system, factory_options options,
                            factory_seams seams,
                            std::shared_ptr<kept_names> names,
                            std::shared_ptr<factory_memory> memory) {
  return system.spawn(run_factory, std::move(options), std::move(seams),
                      std::move(names), std::move(memory));
}

} // namespace weft::actors
