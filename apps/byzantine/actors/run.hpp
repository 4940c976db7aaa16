#pragma once

#include "actors/space/space.hpp"
#include "apps/byzantine/actors/general_actor.hpp"
#include "apps/byzantine/command/report.hpp"
#include "apps/byzantine/core/plan.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <functional>

namespace weft::byzantine {

/// Where and with whom a run takes place.
struct campaign_place {
  /// Through which the generals write to each other; used to clean up.
  space mail;
  /// Of a round.
  std::chrono::nanoseconds deadline = std::chrono::seconds{10};
  /// Starts a general, wherever that may be, and finds it.
  std::function<result<general_actor>(general_id)> start;
  /// True when nobody wants to know any more; may be empty.
  std::function<bool()> cancelled;
};

/// Starts all generals, lets them agree, collects their reports and leaves
/// nothing of the run in the space. Waits, so not for event-based actors. A
/// general that dies, or reports later than a deadline after the first one,
/// counts as a traitor; but when the space refuses their tuples, or one cannot
/// be started, the run fails as those did, and with `cancelled` when it is.
result<campaign_result> run_campaign(caf::actor_system& system,
                                     const plan& what,
                                     const campaign_place& where);

/// A run in this process, with a space of its own.
result<campaign_result> run_here(const plan& what,
                                 std::chrono::nanoseconds deadline);

} // namespace weft::byzantine
