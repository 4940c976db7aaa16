#include "apps/byzantine/core/council.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace weft::byzantine {

namespace {

using generals = std::vector<std::unique_ptr<general_core>>;

generals gather(const plan& what, const key_rings& keys,
                const treason_maker& betray) {
  generals all;
  for (general_id who = 0; who < what.generals; ++who) {
    std::unique_ptr<treason> betrayal;
    if (what.is_traitor(who))
      betrayal = betray ? betray(who) : make_treason(what, who);
    all.push_back(std::make_unique<general_core>(
        what, who, keys.empty() ? nullptr : keys[who].get(),
        std::move(betrayal)));
  }
  return all;
}

void deliver(const generals& all, const std::vector<relay>& sent) {
  for (const auto& message : sent)
    all[message.to]->receive(message.from, message);
}

} // namespace

void judge(const plan& what, outcome& how) {
  how.agreement = how.obedience = true;
  std::optional<order> common;
  for (const auto& [who, decided] : how.decisions) {
    if (who == commander || what.is_traitor(who))
      continue;
    if (!common)
      common = decided;
    how.agreement = how.agreement && decided == *common;
    how.obedience =
        how.obedience
        && (what.is_traitor(commander) || decided == what.commanded);
  }
}

outcome run_council(const plan& what, const key_rings& keys,
                    const treason_maker& betray) {
  WEFT_ASSERT(keys.empty() || keys.size() == what.generals);
  auto all = gather(what, keys, betray);
  outcome how{.decisions = {}, .rounds = what.rounds()};
  std::vector<relay> sent;
  auto collect = [&](std::vector<relay> more) {
    how.messages += more.size();
    sent.insert(sent.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  };
  for (auto& one : all)
    collect(one->start());
  while (!all.front()->finished()) {
    deliver(all, std::exchange(sent, {}));
    for (auto& one : all)
      collect(one->end_round());
  }
  for (general_id who = 0; who < what.generals; ++who) {
    how.decisions[who] = all[who]->decision();
    how.rejected_signatures += all[who]->rejected_signatures();
  }
  judge(what, how);
  return how;
}

} // namespace weft::byzantine
