#pragma once

#include "apps/byzantine/core/plan.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::byzantine {

/// What a user asks for, on the command line or as a job's arguments.
struct flags {
  std::uint32_t generals = 4;
  std::vector<general_id> traitors = {};
  /// "om" or "sm".
  std::string algorithm = "om";
  /// Absent: as many as there are traitors, and at least 1 where the number of
  /// generals allows that.
  std::optional<std::uint32_t> m = {};
  /// "attack" or "retreat".
  std::string order = "attack";
  /// See `strategy`.
  std::string strategy = "random";
  std::uint64_t seed = 1;
  /// Look for a violation in place of a run.
  bool search = false;
  /// Of a round.
  std::chrono::nanoseconds deadline = std::chrono::seconds{10};
};

/// A round is given at least and at most so long.
inline constexpr std::chrono::nanoseconds deadline_min =
    std::chrono::milliseconds{1};
inline constexpr std::chrono::nanoseconds deadline_max =
    std::chrono::minutes{10};

/// The plan of a run or a search, with a number of its own as the instance.
/// Fails as `parse_strategy`, `check` and, except for a search, `check_enough`
/// do, and with `errc::invalid_argument` for other words that are unknown.
result<plan> plan_of(const flags& asked);

/// Runs that a search takes at most.
inline constexpr std::uint64_t search_runs_max = 100'000;

} // namespace weft::byzantine
