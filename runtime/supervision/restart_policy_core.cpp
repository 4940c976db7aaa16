#include "runtime/supervision/restart_policy_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace weft::supervision {

restart_policy_core::restart_policy_core(std::string path,
                                         supervisor_policy policy,
                                         std::uint64_t seed)
    : path_{std::move(path)}, policy_{policy},
      generator_{seed}, window_{policy.intensity, policy.period} {}

result<std::vector<child_key>>
restart_policy_core::start_up(std::vector<child_policy> children,
                              time_point now) {
  if (auto valid = check(policy_); !valid)
    return pass_on(valid);
  if (simple() && children.size() != 1)
    return fail(errc::invalid_argument,
                fmt::format("{}: a simple_one_for_one supervisor has exactly "
                            "one child, its template; got {}",
                            path_, children.size()));
  std::unordered_set<std::string_view> seen;
  for (const auto& one : children) {
    if (auto valid = check(one, policy_); !valid)
      return fail(valid.error().code, path_ + ": " + valid.error().message);
    if (!seen.insert(one.id).second)
      return fail(errc::invalid_argument,
                  fmt::format("{}: two children are called {}; each needs an "
                              "id of its own",
                              path_, one.id));
  }
  std::vector<child_key> keys;
  if (simple()) {
    template_ = std::make_shared<child_policy>(std::move(children.front()));
  } else {
    for (auto& one : children)
      keys.push_back(
          insert(std::make_shared<child_policy>(std::move(one)))->first);
  }
  sequence_ = sequence{.stopping = false, .cursor = 0};
  resume(now);
  return keys;
}

void restart_policy_core::add(ticket by, child_policy child, time_point now) {
  submit({.kind = pending::what::add,
          .by = by,
          .id = child.id,
          .policy = std::make_shared<child_policy>(child)},
         now);
}

void restart_policy_core::add_instance(ticket by, time_point now) {
  submit(
      {.kind = pending::what::add_instance, .by = by, .id = {}, .policy = {}},
      now);
}

void restart_policy_core::terminate(ticket by, const std::string& id,
                                    time_point now) {
  submit({.kind = pending::what::terminate, .by = by, .id = id, .policy = {}},
         now);
}

void restart_policy_core::terminate_instance(ticket by, child_key child,
                                             time_point now) {
  submit({.kind = pending::what::terminate_instance,
          .by = by,
          .id = {},
          .key = child,
          .policy = {}},
         now);
}

void restart_policy_core::restart(ticket by, const std::string& id,
                                  time_point now) {
  submit({.kind = pending::what::restart, .by = by, .id = id, .policy = {}},
         now);
}

void restart_policy_core::remove(ticket by, const std::string& id,
                                 time_point now) {
  submit({.kind = pending::what::remove, .by = by, .id = id, .policy = {}},
         now);
}

restart_policy_core::verdict restart_policy_core::started(child_key child,
                                                          generation which,
                                                          time_point now) {
  const auto one = children_.find(child);
  if (one == children_.end() || one->second.current != which)
    return verdict::unwanted;
  auto& state = one->second;
  switch (state.phase) {
  case phase::starting:
    start_done(one, now);
    resume(now);
    return verdict::accepted;
  case phase::stopping:
    if (!state.start_open)
      return verdict::repeated;
    state.start_open = false;
    // Until now the time of the start ran; a stop without limit has none.
    if (state.policy->shutdown.kind == shutdown_policy::how::infinite)
      set_deadline(one, std::nullopt);
    effects_.push_back(effect::stop{child, state.killed});
    return verdict::accepted;
  case phase::running:
  case phase::ended:
    return verdict::repeated;
  default:
    return verdict::unwanted;
  }
}

void restart_policy_core::not_started(child_key child, generation which,
                                      std::optional<std::string> problem,
                                      time_point now) {
  const auto one = children_.find(child);
  if (one == children_.end() || one->second.current != which)
    return;
  auto& state = one->second;
  if (state.phase == phase::stopping && state.start_open)
    stop_done(one);
  else if (state.phase != phase::starting)
    return;
  else if (problem)
    start_failed(one, std::move(*problem), now);
  else
    start_ignored(one);
  resume(now);
}

void restart_policy_core::ended(child_key child, generation which,
                                end_kind kind, std::string reason,
                                time_point now) {
  const auto one = children_.find(child);
  if (one == children_.end() || one->second.current != which)
    return;
  auto& state = one->second;
  if (state.phase == phase::stopping && !state.start_open) {
    state.last_reason = std::move(reason);
    stop_done(one);
  } else if (state.phase == phase::running) {
    state.last_reason = std::move(reason);
    state.end = kind;
    report(event_kind::stopped, one, state.last_reason);
    if (now - state.since >= policy_.period)
      state.attempts = 0;
    enter(state, phase::ended);
    if (mode_ != mode::stopping)
      submit({.kind = pending::what::end,
              .id = {},
              .key = child,
              .which = which,
              .policy = {}},
             now);
    else if (simple())
      settle(one);
  }
  resume(now);
}

void restart_policy_core::advance(time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto one = children_.find(deadlines_.begin()->second);
    set_deadline(one, std::nullopt);
    on_deadline(one, now);
  }
  resume(now);
}

void restart_policy_core::shut_down(time_point now) {
  begin_shutdown({}, now);
  resume(now);
}

void restart_policy_core::submit(pending what, time_point now) {
  const bool command = what.by != 0;
  if (command && (mode_ == mode::stopping || mode_ == mode::finished))
    return refuse(what.by, errc::cancelled,
                  "supervisor " + path_ + " is stopping");
  if (!blocked(what)) {
    execute(what, now);
    return resume(now);
  }
  if (command && deferred_commands_ >= policy_.deferred_max)
    return refuse(what.by, errc::exhausted,
                  fmt::format("supervisor {} is busy and {} commands wait "
                              "already; try again later",
                              path_, deferred_commands_));
  deferred_commands_ += command ? 1 : 0;
  deferred_.push_back(std::move(what));
}

void restart_policy_core::execute(pending& what, time_point now) {
  using kind = pending::what;
  if (what.kind == kind::add || what.kind == kind::add_instance)
    return execute_add(what, now);
  if (what.by != 0 && simple() != (what.kind == kind::terminate_instance))
    return refuse(what.by, errc::unsupported,
                  "supervisor " + path_
                      + (simple() ? " is simple_one_for_one: its children can "
                                    "only be added, and terminated by actor"
                                  : " knows its children by id, not by actor"));
  if (what.kind != kind::end && what.kind != kind::retry
      && what.kind != kind::terminate_instance)
    what.key = find(what.id).value_or(0);
  const auto one = children_.find(what.key);
  if (one == children_.end()) {
    if (what.by != 0)
      refuse(what.by, errc::not_found, unknown_child(what.id));
    return;
  }
  switch (what.kind) {
  case kind::terminate:
  case kind::terminate_instance:
    return execute_terminate(what.by, one, now);
  case kind::restart:
    return execute_restart(what.by, one, now);
  case kind::remove:
    return execute_remove(what.by, one);
  case kind::end:
    if (one->second.phase == phase::ended && one->second.current == what.which)
      handle_end(one, now);
    return;
  default:
    if (one->second.phase == phase::restarting
        && one->second.current == what.which)
      restart_child(one, one->second.counted, now);
  }
}

void restart_policy_core::execute_add(pending& what, time_point now) {
  if (simple() != (what.kind == pending::what::add_instance))
    return refuse(what.by, errc::unsupported,
                  fmt::format("supervisor {} is {}simple_one_for_one: {}",
                              path_, simple() ? "" : "not ",
                              simple() ? "add an instance of its template"
                                       : "add a child with an id"));
  if (!simple()) {
    if (auto valid = check(*what.policy, policy_); !valid)
      return refuse(what.by, valid.error().code,
                    path_ + ": " + valid.error().message);
    if (const auto found = find(what.id)) {
      const auto one = children_.find(*found);
      const bool runs = one->second.phase == phase::running;
      return refuse(what.by, errc::already_exists,
                    called(one)
                        + (runs ? " runs already"
                                : " is present but does not run; restart it "
                                  "or delete it first"));
    }
  }
  const auto one = insert(simple() ? template_ : what.policy);
  one->second.asked_by = what.by;
  effects_.push_back(effect::adopt{what.by, one->first});
  begin_start(one, purpose::add, now);
}

void restart_policy_core::execute_terminate(ticket by, child_ref one,
                                            time_point now) {
  auto& state = one->second;
  if (state.phase == phase::running || state.phase == phase::starting) {
    if (begin_stop(one, purpose::none, now)) {
      state.asked_by = by;
      return;
    }
  }
  effects_.push_back(
      effect::reply{by, one->first, state.phase == phase::ended});
  settle(one);
}

void restart_policy_core::execute_restart(ticket by, child_ref one,
                                          time_point now) {
  if (one->second.phase == phase::restarting)
    return refuse(by, errc::unavailable,
                  called(one) + " is being restarted already");
  if (one->second.phase != phase::stopped)
    return refuse(by, errc::already_exists,
                  called(one) + " runs; terminate it first");
  one->second.asked_by = by;
  begin_start(one, purpose::restart, now);
}

void restart_policy_core::execute_remove(ticket by, child_ref one) {
  if (one->second.phase == phase::restarting)
    return refuse(by, errc::unavailable,
                  called(one) + " is being restarted; terminate it first");
  if (one->second.phase != phase::stopped)
    return refuse(by, errc::already_exists,
                  called(one) + " runs; terminate it first");
  effects_.push_back(effect::reply{by, one->first, false});
  erase(one);
}

void restart_policy_core::refuse(ticket by, errc code, std::string message) {
  effects_.push_back(effect::reply{by, 0, fail(code, std::move(message))});
}

bool restart_policy_core::blocked(const pending& what) const {
  if (mode_ == mode::starting_up || sequence_ || (grouped() && busy_ > 0))
    return true;
  using kind = pending::what;
  if (what.kind == kind::end || what.kind == kind::retry)
    return false;
  const auto named = ids_.find(what.id);
  const auto found =
      children_.find(named == ids_.end() ? what.key : named->second);
  if (found == children_.end())
    return false;
  const auto state = found->second.phase;
  // A terminate need not wait for a start that it makes pointless.
  return state == phase::stopping
         || (state == phase::starting && what.kind != kind::terminate);
}

void restart_policy_core::resume(time_point now) {
  if (sequence_)
    step_sequence(now);
  if (mode_ == mode::serving && !deferred_.empty())
    run_deferred(now);
  if (mode_ == mode::stopping && !sequence_ && children_.empty())
    finish();
}

void restart_policy_core::run_deferred(time_point now) {
  for (auto left = deferred_.size(); left > 0 && mode_ == mode::serving;
       --left) {
    // Behind this barrier all wait; else only those for a busy child do.
    if (sequence_ || (grouped() && busy_ > 0))
      return;
    auto next = std::move(deferred_.front());
    deferred_.pop_front();
    if (blocked(next)) {
      deferred_.push_back(std::move(next));
      continue;
    }
    deferred_commands_ -= next.by != 0 ? 1 : 0;
    execute(next, now);
    if (sequence_)
      step_sequence(now);
  }
}

} // namespace weft::supervision
