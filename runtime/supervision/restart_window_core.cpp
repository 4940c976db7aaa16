#include "runtime/supervision/restart_window_core.hpp"

#include <algorithm>
#include <cmath>

namespace weft::supervision {

bool restart_window::add(child_key child, time_point now) {
  while (!entries_.empty() && entries_.front().when < now - period_)
    entries_.pop_front();
  entries_.push_back({child, now});
  return entries_.size() <= intensity_;
}

std::size_t restart_window::count_of(child_key child) const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [&](const entry& one) { return one.child == child; }));
}

duration backoff_delay(const backoff_policy& policy, std::uint32_t attempt,
                       std::mt19937_64& generator) {
  if (policy.first <= duration::zero())
    return duration::zero();
  const auto longest = static_cast<double>(policy.max.count());
  const double grown = static_cast<double>(policy.first.count())
                       * std::pow(policy.factor, attempt);
  // Not std::uniform_real_distribution: its results differ between libraries.
  const double random = static_cast<double>(generator() >> 11) * 0x1p-53;
  const double delay = std::min(grown, longest) * (1 - policy.jitter * random);
  return duration{static_cast<duration::rep>(delay)};
}

} // namespace weft::supervision
