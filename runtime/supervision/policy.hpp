#pragma once

#include "runtime/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::supervision {

/// Time in supervision is monotonic; the pure parts take it as an argument.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::nanoseconds;

/// What the end of one child means for its siblings.
enum class strategy : std::uint8_t {
  /// Only the child that ended is restarted.
  one_for_one,
  /// All other children are stopped in reverse order, then all are started.
  one_for_all,
  /// The same for the child that ended and those that come after it.
  rest_for_one,
  /// Any number of equal children, made from one template on demand.
  simple_one_for_one,
};

/// Which ends of a child are answered with a restart.
enum class restart_kind : std::uint8_t {
  /// Every end.
  permanent,
  /// Every end but `normal` and `shutdown`.
  transient,
  /// None; the child's specification is deleted at its end.
  temporary,
};

/// Whether the end of significant children ends the supervisor.
enum class auto_shutdown : std::uint8_t {
  never,
  /// The first significant child that ends without a restart.
  any_significant,
  /// The last one.
  all_significant,
};

/// What a child is, for the supervision tree.
enum class child_kind : std::uint8_t {
  worker,
  /// An actor with the interface `supervisor_actor`.
  supervisor,
  /// What stands for another process. It survives the sudden loss of the
  /// supervisor above it, and an operator's `kill_child` reaches it as the same
  /// message with an empty path, since it alone knows how to end that process.
  node,
};

/// How a child is stopped. A child that cannot be made to end is abandoned:
/// `supervisor_policy::kill_timeout` after it was killed.
struct shutdown_policy {
  enum class how : std::uint8_t { brutal, timed, infinite };

  how kind = how::timed;
  /// With `timed`: how long after the exit message the child is killed.
  duration timeout = std::chrono::seconds{5};

  /// Killed at once, without a chance to clean up.
  static constexpr shutdown_policy brutal_kill() {
    return {how::brutal, duration::zero()};
  }
  static constexpr shutdown_policy within(duration limit) {
    return {how::timed, limit};
  }
  /// Waits as long as it takes: for supervisors, which are bounded by the
  /// time-outs of their own children.
  static constexpr shutdown_policy infinity() {
    return {how::infinite, duration::zero()};
  }

  friend bool operator==(const shutdown_policy&,
                         const shutdown_policy&) = default;
};

/// The delay before a child is restarted: `first`, then each time `factor`
/// times longer up to `max`, shortened by a random part of at most `jitter`
/// of itself, so that children that failed together come back apart. A child
/// that stayed up for the supervisor's `period` begins at `first` again.
struct backoff_policy {
  /// Zero: no delay at all, as in OTP.
  duration first = duration::zero();
  duration max = std::chrono::seconds{10};
  /// >= 1
  double factor = 2;
  /// 0 to 1
  double jitter = 0.25;

  friend bool operator==(const backoff_policy&,
                         const backoff_policy&) = default;
};

struct supervisor_policy {
  supervision::strategy strategy = strategy::one_for_one;
  /// Restarts within `period` that are borne; one more and the supervisor
  /// stops its children and ends. At most `intensity_max`.
  std::uint32_t intensity = 1;
  duration period = std::chrono::seconds{5};
  supervision::auto_shutdown auto_shutdown = auto_shutdown::never;
  backoff_policy backoff = {};
  /// How long after its killing a child is waited for.
  duration kill_timeout = std::chrono::seconds{1};
  /// Operator commands that may wait for an operation in progress; one more
  /// is refused with `errc::exhausted`.
  std::uint32_t deferred_max = 4096;

  static constexpr std::uint32_t intensity_max = 1'000'000;
};

struct child_policy {
  /// Unique below its supervisor; a name (`is_name`).
  std::string id = {};
  restart_kind restart = restart_kind::permanent;
  shutdown_policy shutdown = {};
  /// Its end may end the supervisor, see `auto_shutdown`. Not for permanent
  /// children, and not below a supervisor whose auto_shutdown is `never`.
  bool significant = false;
  /// A start that has not been reported by then has failed.
  duration start_timeout = std::chrono::seconds{30};
};

/// Fails with `errc::invalid_argument` and a message that names the field.
result<void> check(const supervisor_policy& policy);

/// The same for a child below a supervisor of this policy.
result<void> check(const child_policy& child, const supervisor_policy& above);

std::string_view to_string(strategy value) noexcept;
std::string_view to_string(restart_kind value) noexcept;
std::string_view to_string(auto_shutdown value) noexcept;
std::string_view to_string(child_kind value) noexcept;

/// "permanent", "transient" or "temporary"; else `errc::invalid_argument`.
result<restart_kind> parse_restart_kind(std::string_view text);

} // namespace weft::supervision
