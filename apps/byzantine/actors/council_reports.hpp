#pragma once

#include "apps/byzantine/actors/general_actor.hpp"
#include "apps/byzantine/core/relay.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace weft::byzantine {

/// What the generals of a run have told.
struct council_reports {
  std::map<general_id, general_report> told;
  /// Those that died or did not report in time.
  std::set<general_id> lost;
};

struct report_times {
  /// For the first report.
  std::chrono::nanoseconds first;
  /// For all others after that.
  std::chrono::nanoseconds others;
};

/// Lets all generals begin and waits for their reports; not for event-based
/// actors. Fails as the first general that cannot go on, and with `cancelled`
/// soon after `cancelled` (which may be empty) says so.
result<council_reports> ask_for_reports(
    caf::actor_system& system, const std::vector<general_actor>& generals,
    const report_times& times, const std::function<bool()>& cancelled);

} // namespace weft::byzantine
