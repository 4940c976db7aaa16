#include "spaces/assignment.hpp"

#include <algorithm>

namespace weft::spaces {

assignment::assignment(std::vector<std::vector<std::size_t>> candidates)
    : candidates_{std::move(candidates)} {
  std::size_t count = 0;
  for (const auto& of_one : candidates_)
    for (const auto each : of_one)
      count = std::max(count, each + 1);
  holder_.resize(count);
  for (std::size_t asker = 0; asker < candidates_.size(); ++asker) {
    asked_.assign(candidates_.size(), false);
    if (serve(asker))
      continue;
    for (std::size_t i = 0; i < asked_.size(); ++i)
      if (asked_[i])
        short_of_.push_back(i);
    return;
  }
  outcome_.emplace(candidates_.size());
  for (std::size_t i = 0; i < holder_.size(); ++i)
    if (holder_[i])
      (*outcome_)[*holder_[i]] = i;
}

/// Gives the asker a candidate, if others can be given other ones.
bool assignment::serve(std::size_t asker) {
  asked_[asker] = true;
  for (const auto wanted : candidates_[asker]) {
    const auto holder = holder_[wanted];
    if (!holder || (!asked_[*holder] && serve(*holder))) {
      holder_[wanted] = asker;
      return true;
    }
  }
  return false;
}

} // namespace weft::spaces
