#pragma once

#include "transport/core/refusal.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace weft::transport {

/// Keeps a flood of what is refused from flooding the log: of each kind,
/// the first few in a window are logged, the rest are counted and told in one
/// line when the window is over. Pure: the time is an argument.
class refusal_log {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct limits {
    std::size_t lines_per_kind = 5;
    std::chrono::nanoseconds window = std::chrono::seconds{10};
  };

  explicit refusal_log(limits bounds) : bounds_{bounds} {}

  /// True when this refusal is to be logged; else it is counted. Call
  /// `summary` first when the window is over.
  bool admit(refusal_kind kind, time_point now);

  /// When the window that holds suppressed lines ends, if there are any.
  std::optional<time_point> due() const;

  /// Ends a window that is over at `now`, or any when `last`. Returns "495
  /// more were refused in the last 10s and not logged singly: 480 no TLS, 15
  /// deadline", or nothing when all were logged.
  std::optional<std::string> summary(time_point now, bool last = false);

private:
  limits bounds_;
  std::optional<time_point> began_;
  std::array<std::size_t, refusal_kind_count> seen_{};
};

} // namespace weft::transport
