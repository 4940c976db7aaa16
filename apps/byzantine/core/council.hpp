#pragma once

#include "apps/byzantine/core/general_core.hpp"
#include "apps/byzantine/core/plan.hpp"
#include "runtime/base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace weft::byzantine {

/// What a run came to.
struct outcome {
  std::map<general_id, order> decisions;
  /// Messages sent, those of traitors included.
  std::uint64_t messages = 0;
  /// IC1: all loyal lieutenants decide the same.
  bool agreement = false;
  /// IC2: if the commander is loyal, every loyal lieutenant obeys him.
  bool obedience = false;
  std::uint64_t rejected_signatures = 0;
  std::uint32_t rounds = 0;

  bool holds() const { return agreement && obedience; }
};

/// Sets `agreement` and `obedience` from the decisions.
void judge(const plan& what, outcome& how);

/// The keys of each general, by number; empty for oral messages.
using key_rings = std::vector<std::unique_ptr<key_ring>>;

/// Makes a traitor.
using treason_maker = std::function<std::unique_ptr<treason>(general_id)>;

/// A whole run in one loop, every message delivered within its round. The plan
/// is checked; traitors follow `betray`, or the plan's strategy if it is empty.
outcome run_council(const plan& what, const key_rings& keys,
                    const treason_maker& betray = {});

/// A run that broke a condition.
struct violation {
  std::set<general_id> traitors;
  order commanded = order::attack;
  /// What each traitor said, in the order in which it spoke.
  std::map<general_id, std::vector<lie>> lies;
  outcome how;
};

struct search_result {
  std::optional<violation> found;
  std::uint64_t runs = 0;
  /// All traitor positions and lies were tried, or would have been up to the
  /// violation; otherwise lies were drawn at random.
  bool exhaustive = false;
};

/// Looks for a run of OM(m) among `generals` in which m or fewer traitors break
/// a condition: both orders, all sets of traitors, and each traitor's every
/// message as attack, retreat or silence. If that takes more than `runs_max`
/// runs, random lies from the seed instead, as many. Fails with
/// `errc::invalid_argument` as `check` does, and for signed messages.
result<search_result> search(const plan& what, std::uint64_t runs_max);

} // namespace weft::byzantine
