#pragma once

#include "apps/byzantine/core/council.hpp"
#include "apps/byzantine/core/plan.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace weft::byzantine {

/// What came of a run in which the generals were actors.
struct campaign_result {
  outcome how;
  /// Generals that never reported, as those of a node that died; they count as
  /// traitors, and have no decision.
  std::set<general_id> lost;
  /// Rounds that ended at their deadline, of the general that had most.
  std::uint32_t overdue_rounds = 0;
  /// The first trouble that a general had with the space; else empty.
  std::string trouble;
  /// Mail that nobody had taken in the end.
  std::uint64_t left_over = 0;
  double seconds = 0;
};

/// Messages of a run in which all are loyal.
std::uint64_t loyal_messages(const plan& what);

/// {ok, generals, m, algorithm, order, strategy, traitors, seed, instance,
/// decisions: {"0": "attack", ...}, messages, ic1, ic2, rejected_signatures,
/// rounds, lost, overdue_rounds, seconds}; `ok` if both conditions hold.
nlohmann::json to_json(const plan& what, const campaign_result& came);

/// The same to read.
std::string to_text(const plan& what, const campaign_result& came);

/// {ok, generals, m, algorithm, violation: null or {traitors, order, lies:
/// {"1": ["attack", "nothing", ...]}, decisions, ic1, ic2}, runs, exhaustive}.
nlohmann::json to_json(const plan& what, const search_result& found);

std::string to_text(const plan& what, const search_result& found);

} // namespace weft::byzantine
