#include "runtime/base/text.hpp"
#include "runtime/supervision/restart_policy_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace weft::supervision {

namespace {

constexpr std::size_t candidates_max = 1000;
constexpr std::size_t named_max = 5;

} // namespace

std::optional<time_point> restart_policy_core::next_deadline() const {
  if (deadlines_.empty())
    return std::nullopt;
  return deadlines_.begin()->first;
}

std::optional<any_effect> restart_policy_core::next_effect() {
  while (!effects_.empty()) {
    auto next = std::move(effects_.front());
    effects_.pop_front();
    // What happened since may have called a start off.
    const auto* start = std::get_if<effect::start>(&next);
    if (!start || is_current(*start))
      return next;
  }
  return std::nullopt;
}

bool restart_policy_core::is_current(const effect::start& what) const {
  const auto found = children_.find(what.child);
  return found != children_.end() && found->second.current == what.generation;
}

std::optional<child_key>
restart_policy_core::find(const std::string& id) const {
  if (!simple()) {
    const auto found = ids_.find(id);
    if (found == ids_.end())
      return std::nullopt;
    return found->second;
  }
  const auto dash = id.rfind('-');
  if (!template_ || dash == std::string::npos
      || id.compare(0, dash, template_->id) != 0)
    return std::nullopt;
  child_key key = 0;
  const auto* end = id.data() + id.size();
  const auto parsed = std::from_chars(id.data() + dash + 1, end, key);
  if (parsed.ptr != end || parsed.ec != std::errc{} || !children_.count(key))
    return std::nullopt;
  return key;
}

std::string restart_policy_core::unknown_child(const std::string& id) const {
  std::vector<std::string> candidates;
  for (const auto& [key, one] : children_) {
    if (candidates.size() == candidates_max)
      break;
    candidates.push_back(id_of(key, one));
  }
  auto text = fmt::format("supervisor {} has no child {}", path_, id);
  if (const auto near = nearest_spelling(id, candidates))
    text += "; did you mean " + *near + "?";
  if (candidates.empty())
    return text + "; it has none";
  candidates.resize(std::min(candidates.size(), named_max));
  text += fmt::format("; it has {}", fmt::join(candidates, ", "));
  if (children_.size() > candidates.size())
    text += fmt::format(" and {} more", children_.size() - candidates.size());
  return text;
}

std::optional<child_view> restart_policy_core::view(child_key child,
                                                    time_point now) const {
  const auto found = children_.find(child);
  if (found == children_.end())
    return std::nullopt;
  const auto& one = found->second;
  child_view result{.key = child,
                    .id = id_of(child, one),
                    .restarts = one.restarts,
                    .last_reason = one.last_reason};
  switch (one.phase) {
  case phase::stopped:
    result.state = child_state::stopped;
    break;
  case phase::starting:
    result.state = child_state::starting;
    break;
  case phase::running:
    result.state = child_state::running;
    result.uptime = std::max(duration::zero(), duration{now - one.since});
    break;
  case phase::ended:
  case phase::stopping:
    result.state = child_state::stopping;
    break;
  case phase::restarting:
    result.state = child_state::restarting;
    break;
  }
  return result;
}

std::vector<child_view> restart_policy_core::views(std::size_t limit,
                                                   time_point now) const {
  std::vector<child_view> result;
  result.reserve(std::min(limit, children_.size()));
  for (const auto& [key, one] : children_) {
    if (result.size() == limit)
      break;
    result.push_back(*view(key, now));
  }
  return result;
}

bool restart_policy_core::simple() const {
  return policy_.strategy == strategy::simple_one_for_one;
}

bool restart_policy_core::grouped() const {
  return policy_.strategy == strategy::one_for_all
         || policy_.strategy == strategy::rest_for_one;
}

bool restart_policy_core::busy(const child& one) const {
  return one.phase == phase::starting || one.phase == phase::stopping;
}

bool restart_policy_core::in_start_sequence(const child& one) const {
  // A shutdown may have replaced the sequence that wanted this start.
  return one.why == purpose::sequence && sequence_ && !sequence_->stopping;
}

std::string restart_policy_core::id_of(child_key key, const child& one) const {
  if (simple())
    return one.policy->id + "-" + std::to_string(key);
  return one.policy->id;
}

std::string restart_policy_core::called(child_ref one) const {
  return path_ + "/" + id_of(one->first, one->second);
}

restart_policy_core::child_ref
restart_policy_core::insert(std::shared_ptr<const child_policy> policy) {
  const auto key = next_key_++;
  if (!simple())
    ids_.emplace(policy->id, key);
  const auto one = children_.emplace_hint(children_.end(), key, child{});
  one->second.policy = std::move(policy);
  return one;
}

void restart_policy_core::settle(child_ref one) {
  if (simple() || one->second.policy->restart == restart_kind::temporary)
    return erase(one);
  enter(one->second, phase::stopped);
  set_deadline(one, std::nullopt);
}

void restart_policy_core::erase(child_ref one) {
  enter(one->second, phase::stopped);
  set_deadline(one, std::nullopt);
  if (!simple())
    ids_.erase(one->second.policy->id);
  effects_.push_back(effect::drop{one->first});
  children_.erase(one);
}

void restart_policy_core::enter(child& one, phase next) {
  const bool was_busy = busy(one);
  const bool was_active = one.phase != phase::stopped;
  one.phase = next;
  busy_ += static_cast<std::size_t>(busy(one)) - was_busy;
  if (one.policy->significant)
    significant_active_ +=
        static_cast<std::size_t>(next != phase::stopped) - was_active;
}

void restart_policy_core::set_deadline(child_ref one,
                                       std::optional<time_point> when) {
  auto& current = one->second.deadline;
  if (current)
    deadlines_.erase({*current, one->first});
  current = when;
  if (when)
    deadlines_.emplace(*when, one->first);
}

void restart_policy_core::report(event_kind kind, child_ref one,
                                 std::string reason) {
  effects_.push_back(effect::report{kind, id_of(one->first, one->second),
                                    std::move(reason), one->second.restarts});
}

std::string_view to_string(child_state value) noexcept {
  switch (value) {
  case child_state::stopped:
    return "stopped";
  case child_state::starting:
    return "starting";
  case child_state::running:
    return "running";
  case child_state::stopping:
    return "stopping";
  case child_state::restarting:
    return "restarting";
  case child_state::unresponsive:
    return "unresponsive";
  }
  return "unknown";
}

std::string_view to_string(event_kind value) noexcept {
  switch (value) {
  case event_kind::started:
    return "started";
  case event_kind::restarted:
    return "restarted";
  case event_kind::start_failed:
    return "start_failed";
  case event_kind::stopped:
    return "stopped";
  case event_kind::gave_up:
    return "gave_up";
  case event_kind::abandoned:
    return "abandoned";
  }
  return "unknown";
}

} // namespace weft::supervision
