#include "runtime/node/start_waiter.hpp"

#include "runtime/caf/error.hpp"
#include "runtime/caf/type_ids.hpp"

namespace weft {

namespace {

/// An outcome on its way; stays in its process.
struct reported {
  result<void> outcome;
};

} // namespace

} // namespace weft

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weft::reported)

namespace weft {

namespace {

struct waiter_state {
  static inline const char* name = "weft.start_waiter";
  std::optional<result<void>> outcome;
  caf::response_promise asked;
  monitors ends;
};

void answer(caf::stateful_actor<waiter_state>* self) {
  auto& outcome = state(self).outcome;
  auto& asked = state(self).asked;
  if (!outcome || !asked.pending())
    return;
  if (*outcome)
    asked.deliver(true);
  else
    asked.deliver(to_caf(outcome->error()));
  self->quit();
}

/// Answers the supervisor's one question as soon as the outcome is there;
/// they come in either order.
caf::behavior waiter(caf::stateful_actor<waiter_state>* self) {
  return {
      [self](const reported& what) {
        state(self).outcome = what.outcome;
        answer(self);
      },
      [self](start_atom) -> caf::result<bool> {
        // A promise keeps its actor alive, so nothing else would end a waiter
        // whose asker has gone.
        const auto asker = self->current_sender();
        state(self).ends.watch(self, asker,
                               [self](const caf::error&) { self->quit(); });
        state(self).asked = self->make_response_promise();
        answer(self);
        return caf::delegated<bool>{};
      },
  };
}

} // namespace

start_outcome await_start(caf::event_based_actor& supervisor,
                          std::chrono::nanoseconds timeout,
                          std::function<void(result<void>)> finish) {
  auto asked = supervisor.system().spawn(waiter);
  weft::request(&supervisor, asked, timeout, start_atom_v)
      .then([finish](bool) { finish({}); },
            [finish, asked](const caf::error& why) {
              caf::anon_send_exit(asked, caf::exit_reason::user_shutdown);
              finish(tl::unexpected(from_caf(why)));
            });
  return [asked](result<void> outcome) { post(asked, reported{outcome}); };
}

} // namespace weft
