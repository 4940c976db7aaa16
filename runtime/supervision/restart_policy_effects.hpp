#pragma once

#include "runtime/base/result.hpp"
#include "runtime/supervision/policy.hpp"
#include "runtime/supervision/restart_window_core.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace weft::supervision {

/// Counts the incarnations of one child; what an older one still says is
/// ignored.
using generation = std::uint64_t;

/// Names an operator command, chosen by the caller; answered exactly once.
using ticket = std::uint64_t;

/// What ended a child, as far as the policy cares.
enum class end_kind : std::uint8_t { normal, shutdown, abnormal };

enum class child_state : std::uint8_t {
  /// Kept, but it does not run: it ended for good or was terminated.
  stopped,
  /// Its start has not been reported yet.
  starting,
  running,
  /// Told to end, or ended and not dealt with yet.
  stopping,
  /// Waits for its next start: back-off, or a failed start.
  restarting,
  /// A supervisor that did not answer in time; only in a `tree_node`.
  unresponsive,
};

std::string_view to_string(child_state value) noexcept;

enum class event_kind : std::uint8_t {
  started,
  restarted,
  start_failed,
  stopped,
  /// The supervisor ends: too many restarts.
  gave_up,
  /// The child did not end in time; its late messages are ignored.
  abandoned,
};

std::string_view to_string(event_kind value) noexcept;

/// What the core wants done. The shell carries effects out in order.
namespace effect {

/// The specification that came with the command `by` belongs to this key now.
struct adopt {
  ticket by;
  child_key child;
};

/// Start the child; report with `started` or `not_started`.
struct start {
  child_key child;
  supervision::generation generation;
};

/// Tell the child to end, or kill it; report with `ended`. When its start has
/// not been reported yet, call the start off if that is possible; another
/// `stop` follows if it is reported all the same.
struct stop {
  child_key child;
  bool kill;
};

/// Nothing of this incarnation is of interest any more. Its actor, if there is
/// one, has been or must be killed, but nobody waits for its end.
struct abandon {
  child_key child;
};

/// The child's specification is deleted.
struct drop {
  child_key child;
};

/// Answers a command. The value is whether the child ran before the command.
struct reply {
  ticket to;
  child_key child;
  result<bool> value;
};

/// The children are started; the supervisor serves.
struct ready {};

struct report {
  event_kind kind;
  /// The child's id; empty for `gave_up`.
  std::string id;
  std::string reason;
  std::uint32_t restarts;
};

/// All children are stopped or abandoned; the supervisor ends with `shutdown`.
struct finish {
  /// Empty after an ordinary request to stop.
  std::string why;
  /// False when the supervisor never became ready.
  bool was_ready;
};

} // namespace effect

using any_effect = std::variant<effect::adopt, effect::start, effect::stop,
                                effect::abandon, effect::drop, effect::reply,
                                effect::ready, effect::report, effect::finish>;

/// A child as seen from outside.
struct child_view {
  child_key key = 0;
  std::string id;
  child_state state = child_state::stopped;
  /// Starts by the supervisor's policy since the child was added.
  std::uint32_t restarts = 0;
  /// Zero when it does not run.
  duration uptime = duration::zero();
  /// Why its last incarnation ended or did not start.
  std::string last_reason;
};

} // namespace weft::supervision
