#pragma once

#include "runtime/supervision/restart_policy_effects.hpp"

#include <caf/all.hpp>

#include <string>

namespace weft::supervision {

/// The reason `shutdown` with a text: OTP's `{shutdown, Term}`.
caf::error shutdown_because(const std::string& text);

/// The reason `kill`, which no actor can refuse, with a text.
caf::error kill_because(const std::string& text);

/// What the policy makes of an exit reason.
end_kind classify(const caf::error& reason);

/// Tells an actor to end. The message overtakes what waits in the actor's
/// mailbox, so that a busy child ends after the handler that it is in.
/// Threads: any.
void send_exit_first(const caf::strong_actor_ptr& to,
                     const caf::strong_actor_ptr& from, caf::error reason);

} // namespace weft::supervision
