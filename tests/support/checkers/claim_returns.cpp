#include "tests/support/checkers/claim_returns.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace weft::checkers {

namespace {

/// A claim whose tuple is to come back.
struct held_claim {
  client_id holder = 0;
  tick given = 0;
  claim_return what;
};

std::unordered_set<claim_id> finished_claims(const history& what) {
  std::unordered_set<claim_id> finished;
  for (const auto& each : what.operations)
    if (each.what == verb::confirm || each.what == verb::release)
      finished.insert(each.claim);
  return finished;
}

/// By tuple; a tuple may have been held by several that died.
std::unordered_multimap<tuple_id, held_claim> held_by_dead(const history& what,
                                                           tick notice) {
  std::unordered_map<client_id, tick> deaths;
  for (const auto& each : what.deaths)
    deaths.try_emplace(each.client, each.at);
  const auto finished = finished_claims(what);
  std::unordered_multimap<tuple_id, held_claim> held;
  for (const auto& each : what.operations) {
    if (each.what != verb::claim || !each.answer
        || finished.contains(each.claim))
      continue;
    const auto died = deaths.find(each.client);
    const auto ends = later(each.responded, each.lease);
    if (died == deaths.end() || ends <= died->second)
      continue;
    const auto due = std::min(ends, later(died->second, notice));
    held.emplace(*each.answer, held_claim{each.client,
                                          each.responded,
                                          {*each.answer, died->second, due}});
  }
  return held;
}

/// Whether an answer shows that the tuple was back: a read may have come just
/// before the claim.
bool shows(const operation& sight, const held_claim& held) {
  return sight.client != held.holder && sight.responded > held.what.died
         && (sight.what != verb::read || sight.invoked > held.given);
}

} // namespace

std::vector<claim_return> claim_returns(const history& what, tick notice) {
  auto held = held_by_dead(what, notice);
  for (const auto& each : what.operations) {
    if (!each.answer)
      continue;
    const auto [first, last] = held.equal_range(*each.answer);
    for (auto at = first; at != last; ++at)
      if (shows(each, at->second))
        at->second.what.seen = std::min(at->second.what.seen, each.responded);
  }
  std::vector<claim_return> all;
  for (const auto& [tuple, each] : held)
    all.push_back(each.what);
  std::ranges::sort(all, {}, &claim_return::tuple);
  return all;
}

} // namespace weft::checkers
