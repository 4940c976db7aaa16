#include "runtime/base/text.hpp"
#include "runtime/supervision/restart_policy_core.hpp"

#include <fmt/format.h>

namespace weft::supervision {

void restart_policy_core::handle_end(child_ref one, time_point now) {
  auto& state = one->second;
  const auto kind = state.policy->restart;
  if (kind == restart_kind::permanent
      || (kind == restart_kind::transient && state.end == end_kind::abnormal))
    return restart_child(one, false, now);
  const bool significant = state.policy->significant;
  const auto name = called(one);
  const auto reason = state.last_reason;
  settle(one);
  if (!significant || policy_.auto_shutdown == auto_shutdown::never
      || (policy_.auto_shutdown == auto_shutdown::all_significant
          && significant_active_ > 0))
    return;
  begin_shutdown(name + ", which is significant, ended: " + reason, now);
}

void restart_policy_core::restart_child(child_ref one, bool counted,
                                        time_point now) {
  const bool waited = one->second.phase == phase::restarting;
  if (!counted && !window_.add(one->first, now))
    return give_up(one, now);
  const auto delay = waited ? duration::zero()
                            : backoff_delay(policy_.backoff,
                                            one->second.attempts++, generator_);
  if (grouped())
    sequence_ = sequence{.from = policy_.strategy == strategy::one_for_all
                                     ? child_key{0}
                                     : one->first,
                         .cause = one->first,
                         .delay = delay};
  else if (delay > duration::zero())
    wait_for_retry(one, delay, true, now);
  else
    begin_start(one, purpose::policy, now);
}

void restart_policy_core::wait_for_retry(child_ref one, duration delay,
                                         bool counted, time_point now) {
  enter(one->second, phase::restarting);
  one->second.counted = counted;
  set_deadline(one, now + delay);
}

void restart_policy_core::give_up(child_ref one, time_point now) {
  const auto total = window_.count();
  const auto within = format_duration(policy_.period);
  const auto id = id_of(one->first, one->second);
  const auto& last = one->second.last_reason;
  auto why = window_.count_of(one->first) == total
                 ? fmt::format("supervisor {} gave up: {} ended {} times "
                               "within {}, last: {}",
                               path_, id, total, within, last)
                 : fmt::format("supervisor {} gave up: its children ended {} "
                               "times within {}, the last, {}: {}",
                               path_, total, within, id, last);
  effects_.push_back(effect::report{
      event_kind::gave_up, {}, why, static_cast<std::uint32_t>(total)});
  settle(one);
  begin_shutdown(std::move(why), now);
}

void restart_policy_core::begin_shutdown(std::string why, time_point now) {
  if (mode_ == mode::stopping || mode_ == mode::finished)
    return;
  mode_ = mode::stopping;
  finish_why_ = std::move(why);
  for (const auto& one : deferred_)
    if (one.by != 0)
      refuse(one.by, errc::cancelled, "supervisor " + path_ + " is stopping");
  deferred_.clear();
  deferred_commands_ = 0;
  sequence_.reset();
  if (simple())
    stop_all_instances(now);
  else
    sequence_ = sequence{};
}

void restart_policy_core::stop_all_instances(time_point now) {
  for (auto next = children_.begin(); next != children_.end();) {
    const auto one = next++;
    const auto state = one->second.phase;
    if (state == phase::stopping)
      continue;
    const bool runs = state == phase::running || state == phase::starting;
    if (!runs || !begin_stop(one, purpose::sequence, now))
      settle(one);
  }
}

void restart_policy_core::finish() {
  mode_ = mode::finished;
  sequence_.reset();
  effects_.push_back(effect::finish{std::move(finish_why_), was_ready_});
}

void restart_policy_core::begin_start(child_ref one, purpose why,
                                      time_point now) {
  auto& state = one->second;
  ++state.current;
  state.why = why;
  state.killed = false;
  state.start_open = false;
  enter(state, phase::starting);
  set_deadline(one, now + state.policy->start_timeout);
  effects_.push_back(effect::start{one->first, state.current});
}

void restart_policy_core::start_done(child_ref one, time_point now) {
  auto& state = one->second;
  const bool again =
      state.why == purpose::policy
      || (state.why == purpose::sequence && mode_ == mode::serving);
  state.since = now;
  state.restarts += again ? 1 : 0;
  enter(state, phase::running);
  set_deadline(one, std::nullopt);
  report(again ? event_kind::restarted : event_kind::started, one,
         again ? state.last_reason : std::string{});
  if (const auto by = std::exchange(state.asked_by, 0))
    effects_.push_back(effect::reply{by, one->first, false});
  if (in_start_sequence(state))
    sequence_->cursor = one->first + 1;
}

void restart_policy_core::start_ignored(child_ref one) {
  auto& state = one->second;
  if (const auto by = std::exchange(state.asked_by, 0))
    effects_.push_back(effect::reply{by, one->first, false});
  if (in_start_sequence(state))
    sequence_->cursor = one->first + 1;
  settle(one);
}

void restart_policy_core::start_failed(child_ref one, std::string problem,
                                       time_point now) {
  auto& state = one->second;
  state.last_reason = std::move(problem);
  report(event_kind::start_failed, one, state.last_reason);
  auto message = called(one) + " did not start: " + state.last_reason;
  if (const auto by = std::exchange(state.asked_by, 0))
    refuse(by, errc::unavailable, message);
  if (state.why == purpose::add)
    return erase(one);
  if (state.why == purpose::restart || mode_ == mode::stopping)
    return settle(one);
  if (mode_ == mode::starting_up) {
    settle(one);
    return begin_shutdown(std::move(message), now);
  }
  sequence_.reset();
  wait_for_retry(one,
                 backoff_delay(policy_.backoff, state.attempts++, generator_),
                 false, now);
}

bool restart_policy_core::begin_stop(child_ref one, purpose why,
                                     time_point now) {
  auto& state = one->second;
  const auto& policy = state.policy->shutdown;
  const bool brutal = policy.kind == shutdown_policy::how::brutal;
  const bool open = state.phase == phase::starting;
  if (const auto by = std::exchange(state.asked_by, 0))
    refuse(by, errc::cancelled,
           called(one) + " was stopped before its start was reported");
  if (open && brutal) {
    // No actor is known that could be killed; a late one is unwanted.
    ++state.current;
    state.last_reason = "stopped before its start was reported";
    report(event_kind::abandoned, one, state.last_reason);
    effects_.push_back(effect::abandon{one->first});
    return false;
  }
  state.why = why;
  state.killed = brutal;
  state.start_open = open;
  enter(state, phase::stopping);
  if (brutal)
    set_deadline(one, now + policy_.kill_timeout);
  else if (policy.kind == shutdown_policy::how::timed)
    set_deadline(one, now + policy.timeout);
  effects_.push_back(effect::stop{one->first, brutal});
  return true;
}

void restart_policy_core::stop_done(child_ref one) {
  auto& state = one->second;
  report(event_kind::stopped, one, state.last_reason);
  if (const auto by = std::exchange(state.asked_by, 0))
    effects_.push_back(effect::reply{by, one->first, true});
  settle(one);
}

void restart_policy_core::abandon(child_ref one, std::string reason) {
  auto& state = one->second;
  ++state.current;
  state.last_reason = std::move(reason);
  report(event_kind::abandoned, one, state.last_reason);
  effects_.push_back(effect::abandon{one->first});
  if (const auto by = std::exchange(state.asked_by, 0))
    effects_.push_back(effect::reply{by, one->first, true});
  settle(one);
}

void restart_policy_core::step_sequence(time_point now) {
  while (sequence_)
    if (!(sequence_->stopping ? step_stop(now) : step_start(now)))
      return;
}

bool restart_policy_core::step_stop(time_point now) {
  auto one = children_.lower_bound(sequence_->cursor);
  const bool any = one != children_.begin();
  if (any)
    --one;
  if (!any || one->first < sequence_->from) {
    if (mode_ == mode::stopping) {
      finish();
    } else if (sequence_->delay > duration::zero()) {
      const auto delay = sequence_->delay;
      const auto cause = children_.find(sequence_->cause);
      sequence_.reset();
      wait_for_retry(cause, delay, true, now);
    } else {
      sequence_->stopping = false;
      sequence_->cursor = sequence_->from;
    }
    return true;
  }
  const auto state = one->second.phase;
  if (state == phase::stopping)
    return false;
  if (state == phase::running || state == phase::starting)
    if (begin_stop(one, purpose::sequence, now))
      return false;
  sequence_->cursor = one->first;
  settle(one);
  return true;
}

bool restart_policy_core::step_start(time_point now) {
  const auto one = children_.lower_bound(sequence_->cursor);
  if (one == children_.end()) {
    sequence_.reset();
    if (mode_ == mode::starting_up) {
      mode_ = mode::serving;
      was_ready_ = true;
      effects_.push_back(effect::ready{});
    }
    return true;
  }
  if (one->second.phase == phase::stopped)
    begin_start(one, purpose::sequence, now);
  return false;
}

void restart_policy_core::on_deadline(child_ref one, time_point now) {
  auto& state = one->second;
  switch (state.phase) {
  case phase::starting:
    effects_.push_back(effect::abandon{one->first});
    return start_failed(one,
                        "its start was not reported within "
                            + format_duration(state.policy->start_timeout),
                        now);
  case phase::restarting:
    return submit({.kind = pending::what::retry,
                   .id = {},
                   .key = one->first,
                   .which = state.current,
                   .policy = {}},
                  now);
  case phase::stopping:
    if (state.start_open)
      return abandon(one, "its start was not reported in time to stop it");
    if (state.killed)
      return abandon(one, "it did not end within "
                              + format_duration(policy_.kill_timeout)
                              + " after it was killed");
    state.killed = true;
    set_deadline(one, now + policy_.kill_timeout);
    effects_.push_back(effect::stop{one->first, true});
    return;
  default:
    return;
  }
}

} // namespace weft::supervision
