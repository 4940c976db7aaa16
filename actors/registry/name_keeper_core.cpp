#include "actors/registry/name_keeper_core.hpp"

#include <algorithm>

namespace weft::actors {

name_keeper_core::name_keeper_core(const name_keeper_options& options)
    : options_{options} {}

void name_keeper_core::keep(const std::string& name, std::uint64_t holder,
                            time now) {
  auto [at, fresh] = kept_.try_emplace(name);
  if (!fresh && at->second.holder == holder)
    return;
  if (!fresh)
    leave_phase(name, at->second);
  at->second.holder = holder;
  at->second.wait = options_.retry_first;
  make_due(name, at->second, now);
}

void name_keeper_core::drop(const std::string& name, std::uint64_t holder) {
  const auto found = kept_.find(name);
  if (found == kept_.end() || found->second.holder != holder)
    return;
  leave_phase(name, found->second);
  kept_.erase(found);
}

void name_keeper_core::answered(const claim& what, bool held, time now) {
  const auto found = kept_.find(what.name);
  if (found == kept_.end() || found->second.now != phase::in_flight
      || found->second.attempt != what.attempt)
    return;
  auto& name = found->second;
  leave_phase(what.name, name);
  if (held) {
    name.now = phase::held;
    name.wait = options_.retry_first;
    return;
  }
  make_due(what.name, name, now + name.wait);
  name.wait = std::min(name.wait * 2, options_.retry_max);
}

void name_keeper_core::registry_lost(time now) {
  for (auto& [name, what] : kept_) {
    if (what.now == phase::due)
      continue;
    leave_phase(name, what);
    make_due(name, what, now + what.wait);
  }
}

std::vector<name_keeper_core::claim> name_keeper_core::take_due(time now) {
  std::vector<claim> due;
  while (!queue_.empty() && queue_.begin()->first <= now
         && in_flight_ < options_.in_flight_max) {
    const auto name = queue_.begin()->second;
    queue_.erase(queue_.begin());
    auto& what = kept_.at(name);
    what.now = phase::in_flight;
    what.attempt = ++last_attempt_;
    ++in_flight_;
    due.push_back({name, what.holder, what.attempt});
  }
  return due;
}

std::optional<name_keeper_core::time> name_keeper_core::next_due() const {
  if (queue_.empty() || in_flight_ >= options_.in_flight_max)
    return std::nullopt;
  return queue_.begin()->first;
}

bool name_keeper_core::is_held(const std::string& name) const {
  const auto found = kept_.find(name);
  return found != kept_.end() && found->second.now == phase::held;
}

void name_keeper_core::make_due(const std::string& name, kept& what, time at) {
  what.now = phase::due;
  what.due_at = at;
  queue_.emplace(at, name);
}

void name_keeper_core::leave_phase(const std::string& name, const kept& what) {
  if (what.now == phase::due)
    queue_.erase({what.due_at, name});
  else if (what.now == phase::in_flight)
    --in_flight_;
}

} // namespace weft::actors
