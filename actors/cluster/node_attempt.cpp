#include "actors/cluster/node_attempt.hpp"

#include "actors/hop.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/caf/type_ids.hpp"

#include <fmt/core.h>

#include <utility>

namespace weft::actors {

namespace {

using namespace std::chrono_literals;

/// For an answer of the node watch, or of the starter.
constexpr auto answer_timeout = 5s;
constexpr int answers_max = 4;

using attempt_actor = typed_actor<caf::strong_actor_ptr(start_atom), void(hop)>;

struct attempt_state {
  static inline const char* name = "weft.node_attempt";
  std::shared_ptr<const cluster_parts> parts;
  std::string node;
  /// For a start of its process.
  std::string reason = "the node is lost";
  caf::response_promise asked;
  monitors ends;
};

using attempt_pointer = attempt_actor::stateful_pointer<attempt_state>;

void finish(attempt_pointer self, result<caf::strong_actor_ptr> outcome) {
  auto& asked = state(self).asked;
  if (!asked.pending())
    return;
  if (outcome)
    asked.deliver(*std::move(outcome));
  else
    asked.deliver(to_caf(outcome.error()));
  self->quit();
}

void await_stand_in(attempt_pointer self, bool wait,
                    std::chrono::nanoseconds timeout,
                    std::function<void(result<caf::strong_actor_ptr>)> then) {
  const auto watch = state(self).parts->handles->watch.get();
  request(self, watch, timeout, await_node{state(self).node, wait})
      .then([then](const caf::strong_actor_ptr& up) { then(up); },
            [then](const caf::error& why) {
              then(tl::unexpected(from_caf(why)));
            });
}

void start_process(attempt_pointer self, pid_t replaces);

/// Another takes the place of a process that runs and was killed, or that we do
/// not see and that does not come back by itself.
void replace_process(attempt_pointer self) {
  state(self).parts->starter.process_of(
      state(self).node, back_in(self, [self](const result<pid_t>& process) {
        if (!process)
          return finish(self, tl::unexpected(process.error()));
        start_process(self, *process);
      }));
}

void await_process(attempt_pointer self, bool runs_already) {
  const auto& options = state(self).parts->options;
  await_stand_in(
      self, true, runs_already ? options.return_timeout : options.ready_timeout,
      [self, runs_already](result<caf::strong_actor_ptr> up) {
        if (!up && runs_already)
          return replace_process(self);
        if (!up && up.error().code == errc::timed_out)
          up.error().message =
              fmt::format("node {} did not come up in time", state(self).node);
        finish(self, std::move(up));
      });
}

void start_process(attempt_pointer self, pid_t replaces) {
  state(self).parts->starter.start(
      state(self).node, state(self).reason, replaces,
      back_in(self, [self, replaces](const result<void>& outcome) {
        if (outcome)
          return await_process(self, false);
        switch (outcome.error().code) {
        case errc::already_exists:
          return await_process(self, replaces == 0);
        case errc::unavailable:
          return finish(self, caf::strong_actor_ptr{});
        default:
          return finish(self, tl::unexpected(outcome.error()));
        }
      }));
}

/// From a node that is up without a stand-in, or is lost, to one that is up.
void have_started(attempt_pointer self) {
  await_stand_in(self, false, answer_timeout,
                 [self](result<caf::strong_actor_ptr> up) {
                   if (up)
                     return finish(self, std::move(up));
                   if (up.error().code != errc::already_exists)
                     return start_process(self, 0);
                   state(self).reason = up.error().message;
                   replace_process(self);
                 });
}

attempt_actor::behavior_type attempt(attempt_pointer self,
                                     std::shared_ptr<const cluster_parts> parts,
                                     std::string node, attempt_kind kind) {
  state(self).parts = std::move(parts);
  state(self).node = std::move(node);
  return {
      [self, kind](start_atom) -> caf::result<caf::strong_actor_ptr> {
        // A promise keeps its actor alive, so nothing else would end an
        // attempt whose asker has gone.
        state(self).ends.watch(self, self->current_sender(),
                               [self](const caf::error&) { self->quit(); });
        state(self).asked = self->make_response_promise();
        if (kind == attempt_kind::start)
          have_started(self);
        else
          await_stand_in(self, false, answer_timeout,
                         [self](result<caf::strong_actor_ptr> up) {
                           finish(self, up ? *up : caf::strong_actor_ptr{});
                         });
        return caf::delegated<caf::strong_actor_ptr>{};
      },
      [](const hop& work) { work.run(); },
  };
}

} // namespace

std::chrono::nanoseconds
attempt_timeout(const cluster_supervisor_options& options) {
  return options.return_timeout + options.ready_timeout
         + answers_max * std::chrono::nanoseconds{answer_timeout};
}

void attempt_node(caf::event_based_actor& asker,
                  std::shared_ptr<const cluster_parts> parts,
                  const std::string& node, attempt_kind kind,
                  std::function<void(result<caf::strong_actor_ptr>)> done) {
  const auto limit = attempt_timeout(parts->options);
  auto runs = asker.system().spawn(attempt, parts, node, kind);
  request(&asker, runs, limit, start_atom_v)
      .then([done](const caf::strong_actor_ptr& up) { done(up); },
            [done](const caf::error& why) {
              done(tl::unexpected(from_caf(why)));
            });
}

} // namespace weft::actors
