#pragma once

#include "runtime/base/result.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/supervision/child_spec.hpp"

#include <chrono>
#include <functional>

namespace weft {

/// Reports, from any thread and at most once, how a start went on.
using start_outcome = std::function<void(result<void>)>;

/// Brings an outcome that another thread reports into a supervisor's context:
/// `finish` runs there with what was reported through the returned function,
/// or with `timed_out` after `timeout`.
start_outcome await_start(caf::event_based_actor& supervisor,
                          std::chrono::nanoseconds timeout,
                          std::function<void(result<void>)> finish);

} // namespace weft
